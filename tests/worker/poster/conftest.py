"""What tests of the poster may ask for."""

from collections.abc import AsyncIterator

import pytest
import redis.asyncio
from pydantic import SecretStr

from tests.worker.poster.harness import Harness
from tests.worker.poster.standin import Standin
from worker.poster.discord import Discord


@pytest.fixture
async def discord(standin: Standin) -> AsyncIterator[Discord]:
    async with Discord(standin.base, SecretStr("bot.token"), timeout=5) as client:
        yield client


@pytest.fixture
def harness(redis_async: redis.asyncio.Redis, valkey_url: str, discord: Discord) -> Harness:
    return Harness(redis_async, valkey_url, discord)
