"""A right that is taken away while the poster runs ends it, in words that say what to do, wherever it is missed."""

import asyncio
from unittest.mock import AsyncMock, create_autospec

import pytest
import redis
import redis.asyncio
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoPermissionError, RedisError

from tests.redis_users import users
from tests.worker.contract.factories import INFO, TIMINGS, new_job
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.timings import Caps
from worker.poster.deliver import Deliverer
from worker.poster.poster import Poster
from worker.redis_client import RedisRefusedError

WORDS = "Redis does not allow its user"
NO_RIGHT = NoPermissionError("User easel has no permissions to run the 'zadd' command")


@pytest.fixture
async def outbox(redis_async: redis.asyncio.Redis) -> Outbox:
    """With a message that is due."""
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("w", [INFO], 1)
    await jobs.admit(new_job("job"), Caps())
    await jobs.cancel("job")
    return Outbox(redis_async, TIMINGS)


def poster(outbox: Outbox, deliver: AsyncMock) -> Poster:
    deliverer = create_autospec(Deliverer, instance=True)
    deliverer.deliver = deliver
    return Poster(outbox, deliverer, lease=0.1)


@pytest.mark.parametrize("where", ["announce", "extend", "deliver", "later", "done"])
@pytest.mark.parametrize(("error", "ends"), [(NO_RIGHT, True), (RedisConnectionError("gone"), False)])
async def test_what_redis_refuses_for_good_ends_the_poster(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, where: str, error: RedisError, ends: bool
) -> None:
    tried = asyncio.Event()

    def fail(*_: object, **__: object) -> None:
        tried.set()
        raise error

    async def work(entry: OutboxEntry) -> None:
        if where == "deliver":
            fail()
        if where == "extend":
            await tried.wait()
        if where == "later":
            raise ZeroDivisionError
        await outbox.done(entry)

    if where != "deliver":
        monkeypatch.setattr(outbox, where, AsyncMock(side_effect=fail))
    stop = asyncio.Event()
    running = asyncio.create_task(poster(outbox, AsyncMock(side_effect=work)).run(stop, flush=0.0))
    async with asyncio.timeout(20):
        await tried.wait()
        if ends:
            with pytest.raises(RedisRefusedError, match=WORDS):
                await running
            return
        await asyncio.sleep(0)
        assert not running.done()
        stop.set()
        await running


async def test_a_right_that_only_news_need_is_missed(outbox: Outbox, redis_sync: redis.Redis, valkey_url: str) -> None:
    """GET is what the announcements' pause is read by, and nothing else that this poster does."""
    with users(redis_sync, valkey_url) as made:
        async with redis.asyncio.Redis.from_url(made.allow("easel-cut", "~*", "&*", "+@all", "-get")) as client:
            poorer = Outbox(client, TIMINGS)
            async with asyncio.timeout(20):
                with pytest.raises(RedisRefusedError, match=WORDS):
                    await poster(poorer, AsyncMock(side_effect=poorer.done)).run(asyncio.Event())
