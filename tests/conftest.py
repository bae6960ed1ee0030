"""A judge of every sandbox, and what tests may ask for: a real Valkey, flushed before each test that uses it."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio
from hypothesis import settings

from deploy.valkey import EmbeddedValkey
from tests.deploy.sandbox.browser import chromium
from tests.deploy.sandbox.openapi_watch import watching

# A machine that is busy with other tests is slow, which is no fault of what is tested.
settings.register_profile("easel", deadline=None)
settings.load_profile("easel")


@pytest.fixture(autouse=True)
def _judged() -> Iterator[None]:
    """Whatever a sandbox and a bot say to each other in a test is held against Discord's own description."""
    with watching():
        yield


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The address of a real Valkey with AOF that serves the whole session."""
    with tempfile.TemporaryDirectory(prefix="easel-valkey-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedValkey(Path(folder))
        server.start()
        yield server.url
        server.stop()


@pytest.fixture
def redis_sync(valkey_url: str) -> Iterator[redis.Redis]:
    """A synchronous client of an empty Valkey."""
    with redis.Redis.from_url(valkey_url) as client:
        client.flushall()
        yield client


@pytest.fixture
async def redis_async(valkey_url: str) -> AsyncIterator[redis.asyncio.Redis]:
    """An asynchronous client of an empty Valkey."""
    async with redis.asyncio.Redis.from_url(valkey_url) as client:
        await client.flushall()
        yield client


@pytest.fixture(scope="session")
def devtools() -> Iterator[str]:
    """The address of one Chromium for all tests that look at the sandbox's page."""
    with chromium() as address:
        yield address
