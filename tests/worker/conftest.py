"""What tests of the worker's processes may ask for."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.worker.contract.factories import INFO
from tests.worker.harness import TIMINGS, Harness, Reaper
from tests.worker.poster.standin import Standin
from worker.contract.store.jobs import Jobs


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as path:
        yield Path(path)


@pytest.fixture
async def standin() -> AsyncIterator[Standin]:
    async with Standin() as discord:
        yield discord


@pytest.fixture
async def living(redis_async: Redis) -> AsyncIterator[Jobs]:
    """Jobs that are reaped, and a worker that said it can draw."""
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("test", [INFO], 1)
    async with Reaper(redis_async, jobs):
        yield jobs


@pytest.fixture
def harness(valkey_url: str, folder: Path, standin: Standin, living: Jobs) -> Iterator[Harness]:
    """Parts of a worker as processes, on an empty Redis."""
    harness = Harness(valkey_url, folder, DISCORD_TOKEN="test.token", EASEL_DISCORD_API=standin.base)
    yield harness
    harness.close()
