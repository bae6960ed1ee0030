"""An attempt at what begins with a picture: it is fetched just before, then goes to the engine, and is kept nowhere."""

import asyncio

import pytest
import redis.asyncio

from tests.worker.contract.factories import BEGINS, begun_job
from tests.worker.slot.harness import CDN, Harness, hand_out
from tests.worker.slot.scripted import ScriptedEngine
from worker.contract.store import keys
from worker.contract.types.cause import (
    picture_away,
    picture_elsewhere,
    picture_file_too_large,
    picture_gone,
    picture_unlinked,
    source_of_other_format,
)
from worker.contract.types.job import Reason, State
from worker.contract.types.timings import Caps
from worker.engine.protocol import RenderRefusal
from worker.slot import attempt as attempting
from worker.slot.source import SourceAwayError, SourceGoneError

LINK = f"{CDN}/ephemeral-attachments/3/4/b.png"
MARK = b"a picture of somebody's"


@pytest.fixture
async def begun(redis_async: redis.asyncio.Redis, valkey_url: str, engine: ScriptedEngine) -> Harness:
    """A claimed job that begins with a picture."""
    harness = Harness(redis_async, valkey_url, engine)
    await harness.jobs.heartbeat("w", [BEGINS], 1, capabilities=BEGINS.capabilities)
    await harness.jobs.admit(begun_job("job", LINK), Caps())
    await harness.claim()
    return harness


async def test_the_picture_goes_to_the_engine_and_nowhere_else(
    begun: Harness, engine: ScriptedEngine, redis_async: redis.asyncio.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(monkeypatch, LINK, MARK)
    assert (await begun.run()).state is State.RENDERED
    assert engine.pictures == (MARK,)
    for key in [each async for each in redis_async.scan_iter("*")]:
        assert MARK not in (await redis_async.dump(key) or b"")


@pytest.mark.parametrize("cause", [picture_gone(), picture_file_too_large(25), picture_elsewhere()])
async def test_what_cannot_be_had_fails_the_job_and_says_why(
    begun: Harness, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch, cause: object
) -> None:
    hand_out(monkeypatch, LINK, SourceGoneError(cause))  # type: ignore[arg-type] # a cause
    job = await begun.run()
    assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.SOURCE, cause)
    assert engine.calls == 0


async def test_what_does_not_come_is_fetched_by_another_attempt(
    begun: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        hand_out(monkeypatch, LINK, SourceAwayError("HTTP 500"))
        assert (await begun.run(number)).state is State.CLAIMED
        assert await begun.given_up()
        await begun.jobs.reap()
        if number < 3:
            await begun.claim()
    job = await begun.job()
    assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.SOURCE, picture_away())


async def test_what_the_engine_cannot_read_fails_at_once(
    begun: Harness, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(monkeypatch, LINK, b"<html>")
    refusal = RenderRefusal.of(Reason.SOURCE, source_of_other_format(), "")
    engine.refusals.append((422, refusal.model_dump(mode="json")))
    job = await begun.run()
    assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.SOURCE, source_of_other_format())


async def test_a_record_that_does_not_say_where_it_is_fails(begun: Harness, redis_async: redis.asyncio.Redis) -> None:
    await redis_async.hdel(keys.job("job"), "sources")
    job = await begun.run()
    assert (job.state, job.cause) == (State.FAILED, picture_unlinked())


async def test_a_cancel_ends_a_fetch_that_hangs(begun: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Event()

    async def fetch(_link: str, _cdn: str) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        return b""

    monkeypatch.setattr(attempting, "fetch", fetch)
    running = asyncio.create_task(begun.run())
    async with asyncio.timeout(10):
        await asked.wait()
        await begun.jobs.cancel("job")
        assert (await running).state is State.CANCELLED
