"""A judge of every sandbox, and what tests may ask for: a real Valkey, flushed before each test that uses it."""

import gc
import os
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
from tests.groups import GroupScheduling, Shared, group_of, place

# A machine that is busy with other tests is slow, which is no fault of what is tested.
settings.register_profile("easel", deadline=None)
settings.load_profile("easel")

# Several processes share the cores: a second thread of torch would wait for one at every operator. It is said before
# torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Of torch and of thousands of tests nothing ever becomes garbage, and a search through all of it takes half a second.
gc.disable()
SEARCH_AFTER = 20_000  # objects
_shared = Shared()


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> GroupScheduling:
    """Instead of xdist's own."""
    gc.enable()  # in this process nothing is collected
    return GroupScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who takes longest begins first."""
    items.sort(key=lambda item: place(item.nodeid))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """From here on garbage is looked for among what tests make."""
    gc.freeze()
    gc.set_threshold(SEARCH_AFTER, 10, 10)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What a group shares ends with its last test."""
    if nextitem is None or group_of(nextitem.nodeid) != group_of(item.nodeid):
        _shared.close()


def pytest_sessionfinish() -> None:
    """Also where the session ends early."""
    _shared.close()


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


@pytest.fixture
def group() -> Shared:
    """What the files of one group share."""
    return _shared


@pytest.fixture
def devtools(group: Shared) -> str:
    """The address of one Chromium for all tests that look at the sandbox's page."""
    return group.get("Chromium", chromium)
