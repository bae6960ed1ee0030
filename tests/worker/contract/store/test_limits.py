"""Every limit of an admission: met exactly, never exceeded by one, and by settings that are in force."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import redis.asyncio
from redis.asyncio import Redis

from tests.worker.contract.factories import TIMINGS, new_job, request
from worker.contract.store import keys
from worker.contract.store.jobs import AdmissionLimit, Admitted, Jobs, Refused, Stale
from worker.contract.store.quota import Quota, quota
from worker.contract.types.job import NewJob
from worker.contract.types.server_settings import UsedUp
from worker.contract.types.timings import Caps, DayLimits, Versions

NONE = Caps(person=0, server=0, total=10**6, rate_person=0, rate_server=0)
PICTURES = 4  # of each request
numbers: Iterator[int] = iter(range(10**9))


def asked(owner: int = 1, server: str = "10", **changes: Any) -> NewJob:
    new = new_job(f"j{next(numbers)}", owner=owner, server=server)
    return new.model_copy(update={"request": request(**changes)})


async def fill(jobs: Jobs, caps: Caps, most: int = 50, **who: Any) -> tuple[int, Refused]:
    """Ask until it is refused: how many were accepted, and the refusal."""
    for accepted in range(most):
        outcome = await jobs.admit(asked(**who), caps)
        if isinstance(outcome, Refused):
            return accepted, outcome
        assert isinstance(outcome, Admitted)
    raise AssertionError("nothing was refused")


CHARGE = 1311  # of each request, before anybody has drawn one
LIMITS = {
    AdmissionLimit.PERSON: (replace(NONE, person=3), 3),
    AdmissionLimit.EVERYWHERE: (replace(NONE, everywhere=4), 4),
    AdmissionLimit.SERVER: (replace(NONE, server=5), 5),
    AdmissionLimit.TOTAL: (replace(NONE, total=6), 6),
    AdmissionLimit.RATE_PERSON: (replace(NONE, rate_person=6), 6),
    AdmissionLimit.RATE_MEMBER: (replace(NONE, rate_member=6), 6),
    AdmissionLimit.RATE_SERVER: (replace(NONE, rate_server=6), 6),
    AdmissionLimit.DAY_PICTURES: (replace(NONE, day=DayLimits(pictures=3 * PICTURES + 3)), 3),
    AdmissionLimit.DAY_GPU: (replace(NONE, day=DayLimits(ms=3 * CHARGE)), 3),
    AdmissionLimit.SERVER_DAY_PICTURES: (replace(NONE, day=DayLimits(server_pictures=4 * PICTURES)), 4),
    AdmissionLimit.SERVER_DAY_GPU: (replace(NONE, day=DayLimits(server_ms=4 * CHARGE + 1)), 4),
}
OF_OTHERS_IN_THE_SERVER = {
    AdmissionLimit.PERSON, AdmissionLimit.EVERYWHERE, AdmissionLimit.RATE_PERSON, AdmissionLimit.RATE_MEMBER,
    AdmissionLimit.DAY_PICTURES, AdmissionLimit.DAY_GPU,
}  # fmt: skip
OF_ONE_OVER_ALL = {AdmissionLimit.EVERYWHERE, AdmissionLimit.RATE_PERSON}


def test_every_limit_is_tried() -> None:
    assert {*LIMITS, AdmissionLimit.MODEL} == set(AdmissionLimit)


@pytest.mark.parametrize("why", LIMITS)
async def test_as_much_as_a_limit_allows_is_accepted_and_no_more(jobs: Jobs, why: AdmissionLimit) -> None:
    caps, most = LIMITS[why]
    accepted, refused = await fill(jobs, caps)
    assert (accepted, refused.why) == (most, why)
    assert isinstance(await jobs.may_ask("e", 1, "10", caps), Refused) == (
        "day" not in why
        or why
        in {
            AdmissionLimit.DAY_GPU,
            AdmissionLimit.SERVER_DAY_PICTURES,
        }
    )  # of the other days, one picture or one millisecond is left


@pytest.mark.parametrize("why", LIMITS)
async def test_a_limit_holds_for_those_whom_it_is_about(jobs: Jobs, why: AdmissionLimit) -> None:
    caps, _ = LIMITS[why]
    await fill(jobs, caps)
    other = await jobs.admit(asked(owner=2), caps)
    assert isinstance(other, Admitted) == (why in OF_OTHERS_IN_THE_SERVER)
    elsewhere = await jobs.admit(asked(server="20"), caps)
    assert isinstance(elsewhere, Refused) == (why in OF_ONE_OVER_ALL)
    in_private = await jobs.admit(asked(server="dm-1"), caps)
    assert isinstance(in_private, Refused) == (why in OF_ONE_OVER_ALL)


async def test_what_a_day_has_left_is_told(jobs: Jobs) -> None:
    caps = replace(NONE, day=DayLimits(pictures=10))
    _, refused = await fill(jobs, caps)
    assert (refused.limit, refused.count, refused.asked) == (10, 8, 4)
    assert refused.until is not None
    assert refused.until % 86400 == 0
    seconds, _ = await jobs.redis.time()
    assert refused.retry_after == pytest.approx(refused.until - seconds, abs=5)
    assert isinstance(await jobs.admit(asked(count=2), caps), Admitted)
    whole = await jobs.may_ask("e", 1, "10", caps)
    assert isinstance(whole, Refused)
    assert (whole.count, whole.asked) == (10, 1)


async def test_an_upscale_is_one_picture_and_a_refusal_takes_nothing(jobs: Jobs) -> None:
    caps = replace(NONE, day=DayLimits(pictures=4))
    await jobs.admit(asked(), caps)
    for _ in range(3):
        assert isinstance(await jobs.admit(asked(), caps), Refused)
    assert await jobs.redis.hget(*(await _account(jobs.redis))) == b"4"


async def _account(client: Redis) -> tuple[str, str]:
    (key,) = await client.keys("easel:usage:*")
    return key.decode(), "pictures"


async def test_beyond_the_day_it_may_be_drawn_after_everybody_elses(jobs: Jobs) -> None:
    caps = replace(
        NONE, used_up=UsedUp.LAST, day=DayLimits(pictures=8, server_ms=5 * CHARGE), ceiling=DayLimits(pictures=16)
    )
    accepted, refused = await fill(jobs, caps)
    assert (accepted, refused.why, refused.limit) == (4, AdmissionLimit.DAY_PICTURES, 16)
    late = [await jobs.redis.hget(name, "late") for name in await _in_order(jobs)]
    assert late == [None, None, b"1", b"1"]
    await jobs.admit(asked(owner=2), caps)
    await jobs.admit(asked(owner=2), caps)
    late = [await jobs.redis.hget(name, "late") for name in await _in_order(jobs)]
    assert late[4:] == [None, b"1"]  # the server's day is over, not theirs


async def _in_order(jobs: Jobs) -> list[str]:
    found = [name async for name in jobs.redis.scan_iter("easel:job:*")]
    orders = [int(await jobs.redis.hget(name, "order") or 0) for name in found]
    return [name.decode() for _, name in sorted(zip(orders, found, strict=True))]


async def test_a_full_easel_refuses_who_holds_more_than_a_share(jobs: Jobs) -> None:
    caps = replace(NONE, total=12)
    accepted, refused = await fill(jobs, caps, server="1")
    assert (accepted, refused.why) == (12, AdmissionLimit.TOTAL)
    assert (await fill(jobs, caps, server="2", owner=2))[0] == 6
    assert (await fill(jobs, caps, server="3", owner=3))[0] == 4
    assert (await fill(jobs, caps, server="dm-4", owner=4))[0] == 2  # now it is twice the total
    _, refused = await fill(jobs, caps, server="5", owner=5)
    assert refused.count == 24
    for name in await _in_order(jobs):
        await jobs.cancel(name.removeprefix("easel:job:"))
    assert (await fill(jobs, caps, server="9", owner=9))[0] == 12


async def test_direct_messages_share_as_one_server(jobs: Jobs) -> None:
    caps = replace(NONE, total=6)
    await fill(jobs, caps, server="1")
    assert (await fill(jobs, caps, server="dm-2", owner=2))[0] == 3
    assert (await fill(jobs, caps, server="dm-3", owner=3))[0] == 0


async def test_settings_that_are_no_longer_in_force_are_told(jobs: Jobs) -> None:
    old = replace(NONE, versions=Versions(0, 0))
    assert isinstance(await jobs.admit(asked(), old), Admitted)
    await jobs.redis.hset(keys.server_settings(10), "version", 1)
    assert isinstance(await jobs.admit(asked(server="11"), old), Admitted)
    assert isinstance(await jobs.admit(asked(server="dm-1"), old), Admitted)
    for caps in (old, replace(NONE, versions=Versions(2, 0))):
        assert await jobs.admit(asked(), caps) == Stale()
        assert await jobs.may_ask("e", 1, "10", caps) == Stale()
    await jobs.redis.hset(keys.OPERATOR, "version", 3)
    assert await jobs.admit(asked(server="dm-1"), old) == Stale()
    assert isinstance(await jobs.admit(asked(), replace(NONE, versions=Versions(1, 3))), Admitted)
    assert isinstance(await jobs.admit(asked(), NONE), Admitted)


@dataclass(frozen=True)
class Accepted:
    """A job, and the limits with which a bot got it in."""

    job: str
    owner: int
    server: str
    caps: Caps


class TwoBots:
    """Two clients, each with limits of its own that it reads again when they are stale."""

    def __init__(self, url: str, chance: random.Random) -> None:
        self.clients = [redis.asyncio.Redis.from_url(url) for _ in range(2)]
        self.jobs = [Jobs(each, TIMINGS) for each in self.clients]
        self.chance = chance
        self.held: dict[tuple[int, str], Caps] = {}
        self.accepted: list[Accepted] = []

    async def read(self, server: str) -> Caps:
        """What is in force now."""
        told: Any = await self.clients[0].hmget(keys.server_settings(int(server)), ["version", "most"])
        version, most = int(told[0] or 0), int(told[1] or 3)
        return replace(
            NONE, person=most, server=most * 2, everywhere=most + 1, versions=Versions(version, 0),
            day=DayLimits(server_pictures=most * 6),
        )  # fmt: skip

    async def set(self, server: str) -> None:
        async with self.clients[0].pipeline() as pipe:
            pipe.hset(keys.server_settings(int(server)), "most", self.chance.randint(1, 4))
            pipe.hincrby(keys.server_settings(int(server)), "version", 1)
            await pipe.execute()

    async def ask(self, bot: int, owner: int, server: str) -> None:
        new = asked(owner, server)
        while True:
            if (bot, server) not in self.held:
                self.held[bot, server] = await self.read(server)
            caps = self.held[bot, server]
            outcome = await self.jobs[bot].admit(new, caps)
            if outcome == Stale():
                self.held.pop((bot, server), None)
                continue
            if isinstance(outcome, Admitted):
                self.accepted.append(Accepted(new.id, owner, server, caps))
            return

    async def in_order(self) -> list[Accepted]:
        """As the script took them in."""
        orders = [int(await self.clients[0].hget(keys.job(each.job), "order") or 0) for each in self.accepted]
        return [each for _, each in sorted(zip(orders, self.accepted, strict=True), key=lambda pair: pair[0])]

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()


def judge_from(accepted: list[Accepted], first: int) -> None:
    """Each but the first ones, which were judged before, kept to the limits in force, by all accepted before it."""
    held: Counter[object] = Counter()
    versions: dict[str, int] = {}
    for number, each in enumerate(accepted):
        person, server, caps = (each.owner, each.server), each.server, each.caps
        held.update([person, server, each.owner])
        if number < first:
            continue
        assert held[person] <= caps.person
        assert held[server] <= caps.server
        assert held[each.owner] <= caps.everywhere
        assert caps.day.server_pictures is not None
        assert held[server] * PICTURES <= caps.day.server_pictures
        assert caps.versions is not None
        assert caps.versions.server >= versions.get(server, 0)  # nobody got in by what had been replaced
        versions[server] = caps.versions.server


@pytest.mark.parametrize("seed", range(6))
async def test_two_bots_whose_settings_change_never_exceed_a_limit_by_one(
    valkey_url: str, jobs: Jobs, seed: int
) -> None:
    bots, stays, judged = TwoBots(valkey_url, random.Random(seed)), 0, 0
    try:
        for _ in range(10):
            who = [(bots.chance.randrange(2), bots.chance.randint(1, 3), bots.chance.choice(["10", "11"]))
                   for _ in range(16)]  # fmt: skip
            await asyncio.gather(*(bots.ask(*each) for each in who), bots.set("10"), bots.set("11"))
            bots.accepted = await bots.in_order()
            judge_from(bots.accepted, stays)
            judged += len(bots.accepted) - stays
            for each in bots.chance.sample(bots.accepted, min(4, len(bots.accepted))):
                await jobs.cancel(each.job)
                bots.accepted.remove(each)
            stays = len(bots.accepted)
    finally:
        await bots.close()
    assert judged > 10


async def test_a_change_holds_at_the_next_admission_of_the_other_bot(jobs: Jobs, valkey_url: str) -> None:
    bots = TwoBots(valkey_url, random.Random(0))
    try:
        for bot in (0, 1):
            await bots.ask(bot, 1, "10")
        await jobs.redis.hset(keys.server_settings(10), mapping={"most": 2, "version": 1})
        for bot in (0, 1):
            await bots.ask(bot, 1, "10")
        assert len(bots.accepted) == 2
    finally:
        await bots.close()


async def test_a_quota_tells_what_is_taken(jobs: Jobs) -> None:
    caps = replace(NONE, rate_person=20, rate_member=6, rate_server=120)
    for owner, server in ((1, "10"), (1, "10"), (1, "20"), (2, "10")):
        await jobs.admit(asked(owner, server), caps)
    await jobs.admit(asked(1, "10", count=1), caps)
    found = await quota(jobs.redis, "10", 1)
    assert (found.at_once, found.everywhere, found.server_at_once, found.total) == (3, 4, 4, 5)
    assert (found.pictures, found.server_pictures, found.ms < found.server_ms) == (9, 13, True)
    assert Quota.starts_left(found.filled_person, 20) == 16
    assert Quota.starts_left(found.filled_member, 6) == 3
    assert Quota.starts_left(found.filled_server, 120) == 116
    assert (found.until % 86400, Quota.starts_left(60_000, 6)) == (0, 0)
    nothing = await quota(jobs.redis, "dm-9", 9)
    assert (nothing.at_once, nothing.everywhere, nothing.pictures, nothing.filled_person) == (0, 0, 0, 0)
