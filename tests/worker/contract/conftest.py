"""What tests of the contract may ask for."""

from collections.abc import Callable

import pytest
import redis
import redis.asyncio

from tests.worker.contract.factories import INFO, TIMINGS
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.types.timings import Timings

Take = Callable[..., tuple[str, int] | None]


@pytest.fixture
async def jobs(redis_async: redis.asyncio.Redis) -> Jobs:
    """Jobs for whom everything is due at once, and a worker that can draw."""
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("w1", [INFO], 1)
    return jobs


@pytest.fixture
def take(valkey_url: str) -> Take:
    """Claim the next job, as a slot does; returns (job, attempt) or None."""

    def take(models: tuple[str, ...] = ("starter",), timings: Timings = TIMINGS) -> tuple[str, int] | None:
        with redis.Redis.from_url(valkey_url) as connection:
            rq_id = claim(
                connection, worker="w1", capabilities=models, timings=timings, function="worker.x", job_timeout=60
            )
        if rq_id is None:
            return None
        job, _, number = rq_id.rpartition("-")
        return job, int(number)

    return take
