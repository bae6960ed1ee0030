"""Damaged records, in any field and any state: they end, are reported, and hold nobody up."""

import asyncio
from typing import Any

import pytest
import redis
import redis.asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worker.contract.factories import INFO, TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Admitted, Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.store.record import DamagedRecordError, NewerRecordError
from worker.contract.types.job import Job, Reason, State
from worker.contract.types.timings import Caps, Timings

CAPS = Caps(person=99, server=99, rate_person=0, rate_server=0)
FIELDS = (
    "version", "owner", "server", "model", "needs", "cost", "request", "destination", "token", "state", "revision",
    "attempt", "created", "changed", "order", "place", "place_at", "answer_due", "shown_at", "held", "holder", "lease",
    "claimed", "in_flight",
)  # fmt: skip
UNREADABLE = "\udcff"  # as bytes no text
GARBAGE = (None, "", "x", "-1", "1.5", "nan", "1e400", "{}", "[", UNREADABLE)


class Harness:
    """One victim and one innocent in line, and everybody who works on them."""

    def __init__(self, client: redis.asyncio.Redis, connection: redis.Redis) -> None:
        self.redis, self.sync = client, connection
        self.jobs, self.outbox = Jobs(client, TIMINGS), Outbox(client, TIMINGS)

    async def set_up(self, claimed: bool) -> None:
        await self.redis.flushall()
        await self.jobs.heartbeat("w", [INFO], 1)
        await self.jobs.admit(new_job("victim", owner=1), CAPS)
        await self.jobs.answered("victim", 55)
        if claimed:
            assert self.claim() == "victim-1"
        await self.jobs.admit(new_job("innocent", owner=2), CAPS)

    def claim(self) -> str | None:
        return claim(self.sync, worker="w", capabilities=["starter"], timings=TIMINGS, function="f", job_timeout=9)

    async def damage(self, field: str, value: str | None) -> None:
        name = keys.job("victim")
        if value is None:
            await self.redis.hdel(name, field)
        else:
            await self.redis.hset(name, field, value.encode(errors="surrogateescape"))

    async def work(self) -> None:
        """What slots, posters, reapers and people do, for as long as there is something to do; none may stumble."""
        for _ in range(12):
            await self.jobs.reap()
            await self.outbox.announce()
            await self.jobs.standing("victim")
            if (claimed := self.claim()) is not None:
                name, _, number = claimed.rpartition("-")
                await self.attempt(name, int(number))
            while (entry := await self.outbox.claim(30)) is not None:
                await self.outbox.done(entry)

    async def attempt(self, name: str, number: int) -> None:
        """As `Attempt` does with a record that it cannot read; all others are given up, for the reaper to see."""
        try:
            await self.jobs.get(name)
        except DamagedRecordError:
            await self.jobs.fail(name, number, Reason.DAMAGED)
        else:
            await self.jobs.give_up(name, number)


def test_no_damage_holds_anybody_up(valkey_url: str) -> None:
    """Whatever is wrong with one record, it ends or is drawn as if nothing were; the job behind it always ends well."""

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(field=st.sampled_from(FIELDS), value=st.sampled_from(GARBAGE), claimed=st.booleans(), older=st.booleans())
    def check(field: str, value: str | None, claimed: bool, older: bool) -> None:
        asyncio.run(_check(valkey_url, field, value, claimed, older))

    check()


async def _check(url: str, field: str, value: str | None, claimed: bool, older: bool) -> None:
    """`older`: the record is of a bot that knew of no needs, so its model alone says who may draw it."""
    async with redis.asyncio.Redis.from_url(url) as client:
        with redis.Redis.from_url(url) as connection:
            harness = Harness(client, connection)
            await harness.set_up(claimed)
            if older:
                await harness.damage("needs", None)
            await harness.damage(field, value)
            await harness.work()
            if older and field == "model" and value is not None:
                await harness.jobs.cancel("victim")  # nobody draws with that; it would wait for somebody who does
                await harness.work()
                before = {b"failed"} if value == UNREADABLE else set()  # where it was to be shown before that
                assert await client.hget(keys.job("victim"), "state") in {b"cancelled", *before}
                return
            for name in ("victim", "innocent"):
                assert await client.hget(keys.job(name), "state") == b"failed"
            assert await client.hget(keys.job("innocent"), "reason") == b"attempts"
            for index in (keys.LINE, keys.WAITING, keys.LEASES, keys.OUTBOX, keys.COSMETIC):
                assert not await client.exists(index), index


@pytest.fixture
async def harness(redis_async: redis.asyncio.Redis, redis_sync: redis.Redis) -> Harness:
    harness = Harness(redis_async, redis_sync)
    await harness.set_up(claimed=False)
    return harness


async def test_the_owner_of_a_damaged_record_is_told(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    await harness.damage("request", "{")
    await harness.jobs.cancel("victim")  # so that its message is due
    shown: list[Job] = []
    while (entry := await harness.outbox.claim(30)) is not None:
        shown.append(entry.job)
        await harness.outbox.done(entry)
    told = next(job for job in shown if job.id == "victim")
    assert (told.state, told.reason, told.owner, told.destination.message) == (State.FAILED, Reason.DAMAGED, 1, 55)
    assert "victim: its record is damaged, and is set aside under easel:quarantine" in caplog.text
    assert await harness.redis.lrange(keys.QUARANTINE, 0, -1) == [b"victim"]


async def test_a_damaged_record_without_a_readable_place_is_only_logged(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    await harness.damage("destination", "{")
    await harness.jobs.cancel("victim")
    while (entry := await harness.outbox.claim(30)) is not None:
        assert entry.job.id == "innocent"
        await harness.outbox.done(entry)
    assert "victim: its record is damaged, and nobody can be told" in caplog.text


@pytest.mark.parametrize("claimed", [False, True])
async def test_what_is_no_record_at_all_holds_nobody_up(harness: Harness, claimed: bool) -> None:
    await harness.set_up(claimed)
    await harness.redis.set(keys.job("victim"), "not a hash")
    await harness.work()
    assert await harness.redis.hget(keys.job("innocent"), "state") == b"failed"
    assert isinstance(await harness.jobs.admit(new_job("next"), CAPS), Admitted)


@pytest.mark.parametrize(
    "needs", ["", "starter", "[", "{}", "[]", "7", "null", '"starter"', '["starter", 1]', "[null]"]
)
async def test_a_job_whose_needs_cannot_be_read_is_nobodys_to_draw(harness: Harness, needs: str) -> None:
    await harness.damage("needs", needs)
    assert (await harness.jobs.standing("victim")).eta is None
    await harness.outbox.announce()
    assert harness.claim() == "innocent-1"
    assert await harness.redis.hget(keys.job("victim"), "reason") == b"damaged"
    assert await harness.redis.lrange(keys.QUARANTINE, 0, -1) == [b"victim"]


async def test_damaged_beats_of_workers_stop_nobody(harness: Harness) -> None:
    await harness.redis.hset(keys.WORKERS, mapping={"a": "{", "b": "7", "c": '{"seen": "x", "slots": {}}'})
    assert (await harness.jobs.standing("victim")).place == 1
    await harness.jobs.reap()
    assert await harness.redis.hkeys(keys.WORKERS) == [b"w"]


async def newer(harness: Harness, **fields: Any) -> None:
    await harness.redis.hset(keys.job("victim"), mapping={"version": "99"} | fields)


async def test_a_newer_record_is_left_to_newer_workers_and_posters(harness: Harness) -> None:
    await newer(harness, request='{"version": 2, "sparkle": 1}')
    with pytest.raises(NewerRecordError, match="newer version"):
        await harness.jobs.get("victim")
    assert harness.claim() == "innocent-1"
    await harness.jobs.cancel("victim")
    while (entry := await harness.outbox.claim(30)) is not None:
        assert entry.job.id == "innocent"
        await harness.outbox.done(entry)
    assert await harness.redis.zscore(keys.OUTBOX, "victim") is not None
    assert not await harness.redis.exists(keys.QUARANTINE)


async def test_who_waits_since_nobody_knows_when_hides_nobody_who_waited_too_long(jobs: Jobs) -> None:
    for name in ("victim", "innocent"):
        await jobs.admit(new_job(name), CAPS)
    await jobs.redis.hdel(keys.job("victim"), "wait_start", "created")
    await Jobs(jobs.redis, Timings(wait_max=-1)).reap()
    found: list[Any] = [await jobs.redis.hget(keys.job(name), "reason") for name in ("victim", "innocent")]
    assert found == [None, Reason.WAITED.encode()]
