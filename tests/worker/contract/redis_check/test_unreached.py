"""What was never sent is told apart from what may have been done."""

import asyncio

import pytest
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.worker.proxy import Proxy
from worker.contract.redis_check.unreached import NoConnectionError, TellingPool


def connected(url: str) -> redis.asyncio.Redis:
    """As the bot is: it tries once more."""
    retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
    return redis.asyncio.Redis.from_pool(TellingPool.from_url(url, retry=retry))


async def test_only_a_command_that_was_not_sent_came_to_nothing_for_sure(
    valkey_url: str, redis_async: redis.asyncio.Redis
) -> None:
    async with Proxy(valkey_url) as proxy, connected(proxy.url) as client:
        await client.ping()
        proxy.lose = 1  # each answer, and its connection with it
        with pytest.raises(RedisConnectionError) as broken:
            await client.incr("number")
        assert not isinstance(broken.value, NoConnectionError)
        done = await redis_async.get("number")
        assert done is not None
        proxy.lose = 0
        assert await client.ping()
        await proxy.switch("away")
        await asyncio.sleep(0.1)  # until its end has come through
        with pytest.raises(NoConnectionError):
            await client.incr("number")
        assert await redis_async.get("number") == done
