"""For how long who waits has waited, in `easel top` and in metrics, whatever is done to Redis's clock."""

from collections.abc import Iterator

import pytest
import redis
from redis.asyncio import Redis

from deploy.top.look import Looks
from tests.redis_clock import RedisClock, settable
from tests.worker.contract.factories import INFO, WIDE, new_job
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.totals import totals
from worker.contract.types.timings import Timings

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
STEPS = [0, -10 * MINUTE, -7 * HOUR, -400 * DAY, 70.0, 9 * HOUR, 400 * DAY]
UNSEEN = 20.0  # seconds that a busy machine may take between two lines of a test
TIMINGS = Timings(lease=60)


@pytest.fixture
def clock(redis_async: Redis) -> Iterator[RedisClock]:
    with settable():
        yield RedisClock(redis_async)


@pytest.fixture
async def jobs(clock: RedisClock, redis_async: Redis) -> Jobs:
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("w", [INFO], 1)
    await jobs.reap()
    return jobs


async def told(jobs: Jobs) -> dict[str, float]:
    """Seconds that it tells of each job."""
    view = await Looks(jobs.redis).look()
    assert all(each.seconds >= 0 for each in view.workers)
    return {each.id: each.seconds for each in view.waits} | {each.id: each.seconds for each in view.drawn}


async def ask(jobs: Jobs, name: str, ago: float = 0) -> None:
    await jobs.admit(new_job(name, owner=len(name)), WIDE)
    start = int(await jobs.redis.hget(keys.job(name), "wait_start") or 0)
    await jobs.redis.hset(keys.job(name), "wait_start", int(start - 1000 * ago))


@pytest.mark.parametrize("step", STEPS)
async def test_a_clock_that_was_set_or_stood_still_for_a_night_makes_no_wait_longer_or_shorter(
    jobs: Jobs, clock: RedisClock, valkey_url: str, step: float
) -> None:
    await ask(jobs, "is-drawn", 5 * MINUTE)
    await ask(jobs, "before", 2 * MINUTE)
    with redis.Redis.from_url(valkey_url) as client:
        assert claim(client, worker="w", capabilities=[INFO.id], timings=TIMINGS, function="f", job_timeout=60)
    await clock.step(step)
    await jobs.reap()
    await ask(jobs, "after")
    found = await told(jobs)
    for name, seconds in {"is-drawn": 5 * MINUTE, "before": 2 * MINUTE, "after": 0.0}.items():
        assert seconds - 1 <= found[name] <= seconds + UNSEEN, name
    oldest = (await totals(jobs)).oldest[INFO.id]
    assert 2 * MINUTE - 1 <= oldest <= 2 * MINUTE + UNSEEN


@pytest.mark.parametrize("step", [0, -HOUR, 9 * HOUR])
async def test_of_an_older_bots_jobs_the_wall_tells_and_nobody_waits_less_than_nothing(
    jobs: Jobs, clock: RedisClock, step: float
) -> None:
    await ask(jobs, "old")
    await jobs.redis.hdel(keys.job("old"), "wait_start")
    await clock.step(step)
    assert max(0.0, step) <= (await told(jobs))["old"] <= max(0.0, step) + UNSEEN


async def test_what_nothing_is_known_of(jobs: Jobs) -> None:
    assert await jobs.waited([]) == []
    assert await jobs.waited(["gone"]) == [None]
