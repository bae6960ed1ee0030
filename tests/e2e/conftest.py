"""One shared Easel for all tests with the fake engine, one with the real engine and the starter."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import redis.asyncio

from deploy.sandbox.client import SandboxClient
from tests.e2e.local import Local, running
from tests.e2e.person import Easel


@pytest.fixture(scope="session")
def fake_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with running(tmp_path_factory.mktemp("e2e"), "fake") as local:
        yield local


@pytest.fixture(scope="session")
def starter_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with running(tmp_path_factory.mktemp("e2e-starter"), "real") as local:
        yield local


@asynccontextmanager
async def hands_on(local: Local) -> AsyncIterator[Easel]:
    """Everybody there at the start, nothing left over at the end; what was logged meanwhile shows on a failure."""
    begun = local.log_size
    try:
        async with (
            SandboxClient.connect(local.page) as sandbox,
            redis.asyncio.Redis.from_url(local.valkey.url) as store,
        ):
            easel = Easel(local, sandbox, store)
            await easel.ready()
            yield easel
            await sandbox.clear_faults()
            await easel.quiet()
    finally:
        for left in local.failpoints.iterdir():
            left.unlink()
        sys.stdout.write(local.log(begun))


@pytest.fixture
async def easel(fake_local: Local) -> AsyncIterator[Easel]:
    async with hands_on(fake_local) as easel:
        yield easel


@pytest.fixture
async def starter(starter_local: Local) -> AsyncIterator[Easel]:
    async with hands_on(starter_local) as easel:
        yield easel
