"""What makes an attempt quick, with the slow way taken away; and what it does without Redis."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis.asyncio

from tests.worker.contract.factories import INFO, new_job
from tests.worker.harness import until
from tests.worker.proxy import Proxy
from tests.worker.slot.harness import Harness
from tests.worker.slot.scripted import ScriptedEngine, Stream
from worker.contract.store import keys
from worker.contract.store.jobs import Cancelled, Jobs
from worker.contract.types.job import Reason, State
from worker.contract.types.timings import Caps, Timings
from worker.engine import protocol
from worker.redis_client import AWAY

UNRENEWED = Timings(lease=7200, renew=3600)


@pytest.fixture
async def harness(redis_async: redis.asyncio.Redis, valkey_url: str, engine: ScriptedEngine) -> Harness:
    harness = Harness(redis_async, valkey_url, engine)
    await harness.jobs.heartbeat("w", [INFO], 1)
    await harness.jobs.admit(new_job("job"), Caps())
    await harness.claim()
    return harness


async def test_the_first_step_is_shown_without_waiting_for_a_renewal(harness: Harness, engine: ScriptedEngine) -> None:
    harness.jobs = Jobs(harness.jobs.redis, UNRENEWED)
    seen = asyncio.Event()

    async def script(stream: Stream) -> None:
        await stream.send(protocol.Step(step=1, steps=20))
        await seen.wait()
        await stream.pictures()

    engine.script = script
    run = asyncio.create_task(harness.run())

    async def shown() -> bool:
        progress = (await harness.job()).progress
        return bool(progress and progress.step == 1)

    await until(shown, "first step", deadline=30)
    seen.set()
    assert (await run).state is State.RENDERED


@pytest.mark.parametrize("reason", ["draining", "sick"])
async def test_an_engine_that_will_not_draw_soon_gets_the_job_no_more(
    harness: Harness, engine: ScriptedEngine, reason: str
) -> None:
    """Patience is for one that is busy: with an hour of it only the reason can end the attempt within the deadline."""
    engine.refusals = [(503, {"reason": reason})] * 100_000
    async with asyncio.timeout(30):
        await harness.run(patience=3600)
    assert engine.calls == 1
    assert await harness.given_up()


async def test_what_was_cancelled_before_its_attempt_began_is_not_drawn(
    harness: Harness, engine: ScriptedEngine
) -> None:
    assert await harness.jobs.cancel("job", Reason.OWNER) is Cancelled.DONE
    assert (await harness.run()).state is State.CANCELLED
    assert engine.calls == 0


async def test_a_preview_is_stored_once(harness: Harness, engine: ScriptedEngine) -> None:
    over = asyncio.Event()
    client = harness.jobs.redis

    async def script(stream: Stream) -> None:
        await stream.send(protocol.Preview(step=7), b"small")
        await over.wait()
        await stream.pictures()

    engine.script = script
    run = asyncio.create_task(harness.run())

    async def stored() -> bool:
        return bool(await client.getdel(keys.preview("job")))

    await until(stored, "preview")
    for _ in range(3):
        lease = (await harness.job()).lease

        async def renewed(before: int = lease) -> bool:
            return (await harness.job()).lease > before

        await until(renewed, "renewal")
    assert not await stored()
    over.set()
    assert (await run).state is State.RENDERED


def failing(jobs: Jobs, verb: str, event: asyncio.Event) -> None:
    """Have the event set when that fails because Redis is away."""
    ask = getattr(jobs, verb)

    async def noting(*args: Any) -> Any:
        try:
            return await ask(*args)
        except AWAY:
            event.set()
            raise

    setattr(jobs, verb, noting)


@pytest.fixture
async def proxy(valkey_url: str) -> AsyncIterator[Proxy]:
    async with Proxy(valkey_url) as proxy:
        yield proxy


async def test_a_render_goes_on_and_its_outcome_waits_while_redis_is_away(
    harness: Harness, engine: ScriptedEngine, proxy: Proxy
) -> None:
    unrenewed, unstored = asyncio.Event(), asyncio.Event()
    direct = harness.jobs

    async def script(stream: Stream) -> None:
        await unrenewed.wait()
        await stream.pictures()

    engine.script = script
    async with redis.asyncio.Redis.from_url(proxy.url) as client:
        harness.jobs = Jobs(client, direct.timings)
        failing(harness.jobs, "renew", unrenewed)
        failing(harness.jobs, "store", unstored)
        run = asyncio.create_task(harness.run())
        await harness.started.wait()
        await proxy.switch("away")
        async with asyncio.timeout(30):
            await unstored.wait()
        await proxy.switch("open")
        assert (await run).state is State.RENDERED
