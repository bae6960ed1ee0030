"""What a supervisor makes of its engine's health."""

import json
import time
from typing import Any, cast
from unittest.mock import create_autospec

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.worker.contract.factories import INFO, UPSCALER, new_job
from tests.worker.harness import TIMINGS
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.timings import Caps
from worker.engine.protocol import Health
from worker.settings import Settings
from worker.slot.client import EngineAwayError, EngineClient
from worker.slot.visits import SlotWatch
from worker.supervisor.heartbeat import EngineProcess, Heartbeat

READY = Health(state="ready", models=(INFO,), places=1, pid=7)


class Slots:
    """A watch that misses what the test says."""

    patience = 60.0

    def __init__(self) -> None:
        self.gone, self.forgiven = False, 0

    def missing(self) -> bool:
        return self.gone

    def forgive(self) -> None:
        self.forgiven += 1


class Harness:
    """A heartbeat with an engine that says what the test says, and a clock."""

    def __init__(self, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = create_autospec(EngineClient, instance=True)
        self.pid, self.struck, self.now = 7, 0, 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.slots = Slots()
        watch = cast("SlotWatch", self.slots)
        process = EngineProcess(lambda: self.pid, self._strike)
        self._heartbeat = Heartbeat(Settings(), redis, self.engine, process, watch)
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


async def told(harness: Harness) -> dict[str, Any]:
    beat = await harness.jobs.redis.hget(keys.WORKERS, Settings().worker)
    assert beat is not None
    found: dict[str, Any] = json.loads(beat)
    return found


async def test_a_worker_none_of_whose_slots_comes_by_is_in_trouble(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    """Its engine is ready, but nobody claims for it: who waits is told that no worker draws."""
    await harness.heartbeat(READY)
    assert not await harness.jobs.troubled()
    harness.slots.gone = True
    for _ in range(3):
        await harness.heartbeat(READY)
    assert await harness.jobs.troubled()
    assert (await told(harness))["slots"] == 0
    assert caplog.text.count("none of its slots has come by to claim for 60 s") == 1
    harness.slots.gone = False
    await harness.heartbeat(READY)
    assert not await harness.jobs.troubled()


async def test_what_is_drawn_at_once_is_drawn_by_one_device(harness: Harness) -> None:
    """Estimates count devices: each of eight that are drawn at once has an eighth of it."""
    await harness.heartbeat(READY.model_copy(update={"at_once": 8}))
    assert (await told(harness))["slots"] == 1


async def test_slots_cannot_come_by_while_redis_is_away(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> int:
        raise RedisConnectionError

    monkeypatch.setattr(Jobs, "reap", away)
    await harness.heartbeat(READY)
    assert harness.slots.forgiven == 1


async def test_what_may_cost_pictures_is_said_once_and_stays_in_the_heartbeat(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    await harness.heartbeat(READY)
    assert "warnings" not in await told(harness)
    await harness.jobs.redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        for _ in range(3):
            await harness.heartbeat(READY, seconds=61)
    finally:
        await harness.jobs.redis.config_set("maxmemory-policy", "noeviction")
    (warning,) = (await told(harness))["warnings"]
    assert "maxmemory-policy allkeys-lru" in warning
    assert caplog.text.count("maxmemory-policy allkeys-lru") == 1
    await harness.heartbeat(READY, seconds=61)
    assert "warnings" not in await told(harness)


async def test_the_engine_of_another_worker_is_not_spoken_for(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await harness.heartbeat(READY.model_copy(update={"pid": 8}))
    assert await harness.jobs.models() == []
    assert "the engine is ready" not in caplog.text
    harness.pid = 8
    await harness.heartbeat(READY.model_copy(update={"pid": 8}))
    assert len(await harness.jobs.models()) == 1


async def test_in_a_full_redis_jobs_whose_slot_has_died_come_back(harness: Harness) -> None:
    await harness.heartbeat(READY)
    await harness.jobs.admit(new_job("job"), Caps())
    await harness.jobs.redis.hset(keys.job("job"), mapping={"state": "claimed", "attempt": 1})
    await harness.jobs.redis.zadd(keys.LEASES, {"job": 0})
    await harness.jobs.redis.config_set("maxmemory", 1)
    try:
        await harness.heartbeat(READY)
        assert await harness.jobs.redis.hget(keys.job("job"), "state") == b"queued"
    finally:
        await harness.jobs.redis.config_set("maxmemory", 0)
