"""A whole line is told its places and times in one pass, a bounded number a call."""

import math
import random
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import INFO, TIMINGS, new_job
from tests.worker.contract.store.test_leases import HELD
from worker.contract.store import keys
from worker.contract.store.jobs import Admitted, Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types.timings import Caps

WIDE = Caps(person=10**5, server=10**5, total=10**5, rate_person=0, rate_server=0)
TOLD = 50
MODELS = {"starter": 100, "quick": 7, "undrawn": None, "nobody": 40}  # with the pace that is known of each
SLOTS = 3


async def line(jobs: Jobs, count: int, seed: int = 0) -> list[str]:
    """A line of jobs of all these models, whose places were told long ago. Nobody draws with the last one any more."""
    chance = random.Random(seed)
    infos = [INFO.model_copy(update={"id": name}) for name in MODELS]
    await jobs.heartbeat("gone", infos, 5)
    await jobs.leave("gone")
    await jobs.leave("w1")
    await jobs.heartbeat("w", infos[:-1], SLOTS)
    for name, pace in MODELS.items():
        if pace:
            await jobs.redis.hset(keys.PACE, name, pace)
    names = [f"j{number}" for number in range(count)]
    for name in names:
        new = new_job(name, owner=len(name), model=chance.choice(list(MODELS)))
        request = new.request.model_copy(update={"steps": chance.randint(1, 60)})
        assert isinstance(await jobs.admit(new.model_copy(update={"request": request}), WIDE), Admitted)
    await jobs.heartbeat("w", infos[:-1], SLOTS)  # on a busy machine all that took longer than one counts
    return names


async def record(redis: Redis, name: str) -> dict[str, str]:
    found: Any = await redis.hgetall(keys.job(name))
    return {field.decode(): value.decode() for field, value in found.items()}


@pytest.mark.parametrize("seed", range(2))
async def test_what_is_told_is_what_each_would_be_told_alone(jobs: Jobs, take: Take, seed: int) -> None:
    names = await line(jobs, 240, seed)
    for _ in range(2):
        take(tuple(MODELS), HELD)
    waiting = [name for name in names if (await jobs.standing(name)).place]
    assert len(waiting) == 238
    outbox = Outbox(jobs.redis, TIMINGS)
    for _ in range(math.ceil(len(waiting) / TOLD)):
        await outbox.announce()
        await jobs.redis.delete(keys.ANNOUNCER)
    for name in waiting[::7]:
        told, alone = await record(jobs.redis, name), await jobs.standing(name)
        assert int(told["place"]) == alone.place
        assert ("eta" in told) == (alone.eta is not None) == (told["model"] not in {"nobody", "undrawn"})
        if alone.eta is not None:
            assert float(told["eta"]) == pytest.approx(alone.eta, abs=1)  # what is drawn goes on meanwhile
        assert ("stalled" in told) == (told["model"] == "nobody")


async def test_a_call_tells_fifty_and_leaves_nobody_out(jobs: Jobs) -> None:
    names = await line(jobs, 130)
    for name in names:
        await jobs.redis.hset(keys.job(name), "place_at", 1)
    outbox, told = Outbox(jobs.redis, TIMINGS), []
    for _ in range(3):  # each is due for news at every call, those who were told just now as well
        told.append(await outbox.announce())
        await jobs.redis.delete(keys.ANNOUNCER)
    assert told == [TOLD] * 3
    unheard = [name for name in names if (await record(jobs.redis, name))["place_at"] == "1"]
    assert unheard == []


async def test_who_moved_is_told_before_those_who_did_not(jobs: Jobs) -> None:
    names = await line(jobs, 120)
    for name in names:
        await jobs.redis.hset(keys.job(name), mapping={"place_at": 1})
    await jobs.redis.hset(keys.job(names[110]), "place", 1000)  # it stood there when it was told last
    await Outbox(jobs.redis, TIMINGS).announce()
    told = (await record(jobs.redis, names[110]))["place"]
    assert told == str((await jobs.standing(names[110])).place)


async def test_when_all_moved_at_once_no_more_are_told_in_a_call(jobs: Jobs) -> None:
    names = await line(jobs, 60)
    for name in names:
        await jobs.redis.hset(keys.job(name), "place", 1000)
    assert await Outbox(jobs.redis, TIMINGS).announce() == TOLD
    places = {name: (await jobs.standing(name)).place for name in names}
    front = sorted(names, key=lambda name: (places[name], name))[:TOLD]
    told = [name for name in names if (await record(jobs.redis, name))["place"] != "1000"]
    assert sorted(places[name] or 0 for name in told) == sorted(places[name] or 0 for name in front)


async def test_telling_a_line_reads_each_job_a_few_times_however_long_it_is(jobs: Jobs) -> None:
    """A crowd that was read anew for each job would be some hundred times as much."""
    await line(jobs, 300)
    await jobs.redis.config_resetstat()
    await Outbox(jobs.redis, TIMINGS).announce()
    ran = sum(each["calls"] for each in (await jobs.redis.info("commandstats")).values())
    assert ran < 300 * 7 + TOLD * 10 + 300, ran


async def test_of_those_who_stand_alike_none_is_told_in_place_of_another(jobs: Jobs) -> None:
    """Each is the first for a model of its own, and all were told at the same moment."""
    names = [f"j{number}" for number in range(TOLD)]
    await jobs.heartbeat("w", [INFO.model_copy(update={"id": name}) for name in names], SLOTS)
    for name in names:
        assert isinstance(await jobs.admit(new_job(name, model=name), WIDE), Admitted)
    await jobs.leave("w")  # so none of these lanes is another's way
    at = await jobs.now() - 1
    for name in names:
        await jobs.redis.hset(keys.job(name), mapping={"place": 1, "place_at": at, "stalled": "1"})
    assert await Outbox(jobs.redis, TIMINGS).announce() == TOLD
    assert [name for name in names if (await record(jobs.redis, name))["place_at"] == str(at)] == []


async def test_of_many_lanes_each_call_looks_at_the_fronts_of_some(jobs: Jobs) -> None:
    """A look at one costs more the more there are, and Redis does nothing else meanwhile."""
    many = [f"m{number}" for number in range(40)]
    await jobs.heartbeat("w", [INFO.model_copy(update={"id": name}) for name in many], SLOTS)
    for name in many:
        await jobs.admit(new_job(name, model=name), WIDE)
    await jobs.redis.set(f"{keys.FAIR}told", 10**9)  # the others have been looked at
    await jobs.redis.config_resetstat()
    await Outbox(jobs.redis, TIMINGS).announce()
    ran = sum(each["calls"] for each in (await jobs.redis.info("commandstats")).values())
    assert ran < 15_000, ran
