"""One shared Easel for all tests with the fake engine, one with the real engine and the starter."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager

import pytest

from tests.deploy.sandbox.openapi_watch import LogReader
from tests.e2e import starter_lora
from tests.e2e.local import Local, running
from tests.e2e.person import Easel, at
from tests.groups import Shared

_logs: dict[str, LogReader] = {}


@pytest.fixture
def fake_local(group: Shared, tmp_path_factory: pytest.TempPathFactory) -> Local:
    return group.get("fake", lambda: running(tmp_path_factory.mktemp("e2e"), "fake"))


@pytest.fixture
def starter_local(group: Shared, tmp_path_factory: pytest.TempPathFactory) -> Local:
    def started() -> AbstractContextManager[Local]:
        folder = tmp_path_factory.mktemp("e2e-starter")
        quick = {"EASEL_ENGINE_NICE": "0", "EASEL_MODELS": str(starter_lora.catalogue(folder))}
        return running(folder, "real", quick)

    return group.get("starter", started)


@asynccontextmanager
async def shared(local: Local) -> AsyncIterator[Easel]:
    """The same, with nothing left over for the next test, and all that was said as Discord describes it."""
    async with at(local) as easel:
        yield easel
        await easel.sandbox.clear_faults()
        await easel.quiet()
        await _logs.setdefault(local.page, LogReader()).check(easel.sandbox)
    for left in local.failpoints.iterdir():
        left.unlink()


@pytest.fixture
async def easel(fake_local: Local) -> AsyncIterator[Easel]:
    async with shared(fake_local) as easel:
        yield easel


@pytest.fixture
async def starter(starter_local: Local) -> AsyncIterator[Easel]:
    async with shared(starter_local) as easel:
        yield easel
