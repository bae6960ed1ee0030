"""What tests of the contract may ask for."""

import pytest
import redis.asyncio

from tests.worker.contract.factories import INFO, TIMINGS
from worker.contract.store.jobs import Jobs


@pytest.fixture
async def jobs(redis_async: redis.asyncio.Redis) -> Jobs:
    """Jobs for whom everything is due at once, and a worker that can draw."""
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("w1", [INFO], 1)
    return jobs
