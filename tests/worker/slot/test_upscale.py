"""An attempt at an upscale: its picture is fetched, then goes to the engine."""

import asyncio

import pytest
import redis.asyncio

from tests.worker.contract.factories import INFO, UPSCALER, upscale_job
from tests.worker.slot.harness import CDN, Harness, hand_out
from tests.worker.slot.scripted import ScriptedEngine
from worker.contract.store.jobs import Cancelled
from worker.contract.types.cause import picture_away, picture_gone
from worker.contract.types.job import Reason, State
from worker.contract.types.timings import Caps
from worker.slot import attempt as attempting
from worker.slot.source import SourceAwayError, SourceGoneError

LINK = f"{CDN}/attachments/3/4/b.png"


@pytest.fixture
async def enlarging(redis_async: redis.asyncio.Redis, valkey_url: str, engine: ScriptedEngine) -> Harness:
    """A claimed upscale."""
    harness = Harness(redis_async, valkey_url, engine)
    await harness.jobs.heartbeat("w", [INFO], 1, upscaler=UPSCALER)
    await harness.jobs.admit(upscale_job("job", LINK), Caps())
    await harness.claim()
    return harness


async def test_the_picture_to_upscale_goes_to_the_engine(
    enlarging: Harness, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(monkeypatch, LINK, b"a small picture")
    assert (await enlarging.run()).state is State.RENDERED
    assert engine.pictures == (b"a small picture",)


async def test_a_picture_that_is_gone_fails_the_job_and_says_why(
    enlarging: Harness, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(monkeypatch, LINK, SourceGoneError(picture_gone()))
    job = await enlarging.run()
    assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.SOURCE, picture_gone())
    assert engine.calls == 0


async def test_a_picture_that_does_not_come_is_fetched_by_another_attempt(
    enlarging: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        hand_out(monkeypatch, LINK, SourceAwayError("HTTP 500"))
        assert (await enlarging.run(number)).state is State.CLAIMED
        assert await enlarging.given_up()
        await enlarging.jobs.reap()
        if number < 3:
            await enlarging.claim()
    job = await enlarging.job()
    assert (job.state, job.reason) == (State.FAILED, Reason.SOURCE)
    assert job.cause == picture_away()


async def test_a_cancel_ends_a_fetch_that_hangs(enlarging: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Event()

    async def fetch(_link: str, _cdn: str) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        return b""

    monkeypatch.setattr(attempting, "fetch", fetch)
    running = asyncio.create_task(enlarging.run())
    await asked.wait()
    assert await enlarging.jobs.cancel("job") is Cancelled.DONE
    assert (await running).state is State.CANCELLED
