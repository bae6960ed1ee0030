"""Redis in trouble while the bot runs.

Every interaction is answered in time, in a plain sentence, and what was accepted stays accepted.
"""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio

from bot import texts
from deploy.sandbox.client import SandboxClient
from deploy.valkey import EmbeddedValkey
from tests.bot.conftest import StartBot
from tests.bot.harness import PROMPT, STARTER, Harness, until
from tests.worker.proxy import Proxy
from worker.contract.message.languages import ENGLISH
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State


@pytest.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[EmbeddedValkey]:
    """One that a test may kill, pause and misconfigure."""
    valkey = EmbeddedValkey(tmp_path / "valkey")
    valkey.start()
    yield valkey
    if valkey.process:
        valkey.process.send_signal(signal.SIGCONT)
    valkey.stop()


@pytest.fixture
async def store(valkey: EmbeddedValkey) -> AsyncIterator[redis.asyncio.Redis]:
    async with redis.asyncio.Redis.from_url(valkey.url) as client:
        yield client


@pytest.fixture
async def own(
    start_bot: StartBot, sandbox: SandboxClient, valkey: EmbeddedValkey, store: redis.asyncio.Redis
) -> Harness:
    """A bot on that Valkey."""
    harness = Harness(sandbox, await start_bot(redis_url=valkey.url, redis_timeout=2.0), store, valkey.url)
    await harness.jobs.heartbeat("w", [STARTER], 1)
    return harness


async def said(harness: Harness, person: str = "cem") -> str:
    """What a person reads who asks now, for himself alone or in place of the deferral."""
    asked = await harness.imagine(person)
    assert asked.message_id is not None
    message = await harness.discord.wait_edit(asked.message_id, lambda shown: not shown.thinking)
    assert message.raw["mentions"] == []
    return message.content


async def test_a_redis_that_dies_and_comes_back(own: Harness, valkey: EmbeddedValkey) -> None:
    job, message = await own.waiting()
    valkey.kill()
    assert await said(own) == texts.queue_unreached(ENGLISH)
    press = await own.discord.press(message.id, "1:cancel:", "bea")
    assert press.answered
    valkey.start()
    await own.redis.connection_pool.disconnect()  # the test's own, which does not try again
    assert (await own.job(job.id)).state is State.QUEUED
    assert PROMPT in (await own.answer(await own.imagine("cem"))).content


async def test_a_replica_and_a_full_redis_accept_nothing_and_say_so(own: Harness, store: redis.asyncio.Redis) -> None:
    job, message = await own.waiting()
    await store.replicaof("127.0.0.1", "1")
    assert await said(own) == texts.queue_away(ENGLISH)
    await store.replicaof("no", "one")
    await store.config_set("maxmemory", 1)
    assert await said(own) == texts.queue_away(ENGLISH)
    assert (await own.discord.press(message.id, "1:cancel:", "bea")).answered
    assert await own.state(job.id) is State.CANCELLED  # what frees memory works all the same
    await store.config_set("maxmemory", 0)
    assert PROMPT in (await own.answer(await own.imagine("cem"))).content


async def test_an_answer_that_redis_could_not_give_is_found_when_it_is_asked_again(
    start_bot: StartBot, sandbox: SandboxClient, redis_async: redis.asyncio.Redis, valkey_url: str
) -> None:
    """Every third answer is lost on its way, that to admission among them: nobody is accepted twice."""
    async with Proxy(valkey_url) as proxy:
        harness = Harness(sandbox, await start_bot(redis_url=proxy.url), redis_async, valkey_url)
        await harness.jobs.heartbeat("w", [STARTER], 1)
        proxy.lose = 3
        for person in ("bea", "cem", "dua"):
            assert (await harness.imagine(person)).answered
        proxy.lose = 0
        assert proxy.lost
        assert len(await harness.all_jobs()) <= 3


async def test_two_bots_at_once_accept_everything_once(harness: Harness, start_bot: StartBot) -> None:
    """How a bot is replaced without a gap: the new one is there before the old one goes. Both hear every event."""
    await start_bot()
    await until(harness.discord.sessions, lambda sessions: len(sessions) == 2)
    job, message = await harness.waiting()
    assert [shown.id for shown in await harness.discord.messages("gallery")] == [message.id]
    await harness.discord.press(message.id, "1:cancel:", "bea")
    await until(lambda: harness.state(job.id), lambda state: state is State.CANCELLED)
    await harness.bot.close()
    later, _ = await harness.waiting("cem")
    assert len(await harness.all_jobs()) == 2
    assert later.state is State.QUEUED


async def test_workers_in_trouble_are_told_apart_from_none(harness: Harness) -> None:
    await harness.redis.delete("easel:models", "easel:workers")
    await Jobs(harness.redis).heartbeat("w", (), 0, "3 jobs in a row failed here")
    asked = await harness.imagine()
    assert "workers here have trouble drawing right now" in (await harness.answer(asked)).content
