"""What a supervisor makes of its engine's health."""

import time
from unittest.mock import create_autospec

import pytest
from redis.asyncio import Redis

from tests.worker.contract.factories import INFO, UPSCALER
from tests.worker.harness import TIMINGS
from worker.contract.store.jobs import Jobs
from worker.engine.protocol import Health
from worker.settings import Settings
from worker.slot.client import EngineAwayError, EngineClient
from worker.supervisor.heartbeat import EngineProcess, Heartbeat

READY = Health(state="ready", models=(INFO,), places=1, pid=7)


class Harness:
    """A heartbeat with an engine that says what the test says, and a clock."""

    def __init__(self, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = create_autospec(EngineClient, instance=True)
        self.pid, self.struck, self.now = 7, 0, 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self._heartbeat = Heartbeat(Settings(), redis, self.engine, EngineProcess(lambda: self.pid, self._strike))
        self.jobs = Jobs(redis, TIMINGS)

    def _strike(self) -> None:
        self.struck += 1

    async def heartbeat(self, health: Health | None, seconds: float = 0.0) -> None:
        self.now += seconds
        self.engine.health.side_effect = [health] if health else EngineAwayError("no answer")
        await self._heartbeat.heartbeat()


@pytest.fixture
def harness(redis_async: Redis, monkeypatch: pytest.MonkeyPatch) -> Harness:
    return Harness(redis_async, monkeypatch)


async def test_an_engine_in_trouble_is_told_but_draws_nothing(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await harness.heartbeat(Health(state="sick", problems=("3 jobs in a row failed here",), pid=7))
    assert await harness.jobs.models() == []
    assert await harness.jobs.troubled()
    assert "the engine is sick; 3 jobs in a row failed here" in caplog.text
    await harness.heartbeat(READY)
    assert [model.id for model in await harness.jobs.models()] == [INFO.id]
    assert not await harness.jobs.troubled()


async def test_what_an_engine_enlarges_with_is_told_too(harness: Harness) -> None:
    await harness.heartbeat(READY)
    assert await harness.jobs.upscalers() == []
    await harness.heartbeat(READY.model_copy(update={"upscaler": UPSCALER}))
    assert await harness.jobs.upscalers() == [UPSCALER]


async def test_an_engine_that_answers_no_more_is_ended_once(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    await harness.heartbeat(READY)
    await harness.heartbeat(None, 10)
    assert harness.struck == 0
    await harness.heartbeat(None, 10)
    await harness.heartbeat(None, 10)
    assert harness.struck == 1
    assert "the engine has not answered for too long; it is ended and started again" in caplog.text


async def test_an_engine_that_loads_may_be_silent_for_longer(harness: Harness) -> None:
    await harness.heartbeat(READY.model_copy(update={"state": "loading"}))
    await harness.heartbeat(None, 100)
    assert harness.struck == 0
    await harness.heartbeat(None, 100)
    assert harness.struck == 1


async def test_an_engine_that_was_never_heard_is_waited_for(harness: Harness) -> None:
    await harness.heartbeat(None, 600)
    assert harness.struck == 0


async def test_a_new_process_is_not_blamed_for_the_last_one(harness: Harness) -> None:
    await harness.heartbeat(READY)
    harness.pid = 8
    await harness.heartbeat(None, 600)
    assert harness.struck == 0
