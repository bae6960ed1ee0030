"""Redis restarts while everything runs: nothing is lost, nothing is done twice, and it is said in a line."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import create_autospec

import pytest
import redis.asyncio
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from deploy.valkey import EmbeddedValkey
from tests.faults.fillable_valkey import FillableValkey
from tests.worker.contract.factories import INFO, new_job, request
from tests.worker.harness import TIMINGS, Harness, admitted, until
from tests.worker.poster.standin import Standin
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State
from worker.contract.types.timings import Caps
from worker.engine.protocol import Health
from worker.redis_client import AWAY, RedisOutage
from worker.settings import Settings
from worker.slot.client import EngineClient
from worker.supervisor.heartbeat import Heartbeat


class Drawing:
    """A worker with a Redis of its own, in the middle of a job."""

    def __init__(self, folder: Path, standin: Standin) -> None:
        self.valkey = EmbeddedValkey(folder / "valkey")
        self.valkey.start()
        self.client = redis.asyncio.Redis.from_url(self.valkey.url)
        self.jobs = Jobs(self.client, TIMINGS)
        self.harness = Harness(
            self.valkey.url, folder, DISCORD_TOKEN="test.token", EASEL_DISCORD_API=standin.base, EASEL_SLOTS="1"
        )
        self.standin = standin

    async def begin(self) -> None:
        self.harness.start("all")
        await self.jobs.heartbeat("test", [INFO], 1)
        self.message = self.standin.message()
        new = new_job("job").model_copy(update={"request": request(prompt="[slow=0.25] a fig")})
        await admitted(self.jobs, new, Caps())
        await self.jobs.answered("job", self.message)
        await until(self._begun, "first steps")

    async def _begun(self) -> bool:
        job = await self.jobs.get("job")
        return bool(job and job.progress and job.progress.step > 1)

    async def posted(self) -> None:
        """It is posted once, and the render went on all the time."""

        async def reached() -> bool:
            try:
                job = await self.jobs.get("job")
            except AWAY:
                return False
            assert job is not None
            assert job.state not in {State.FAILED, State.CANCELLED}, job.reason
            return job.state is State.POSTED

        await until(reached, "posted job")
        assert len(self.standin.messages) == 1
        assert len(self.standin.messages[self.message].files) == 4
        posted = await self.jobs.get("job")
        assert posted is not None
        assert posted.attempt == 1
        assert "Traceback" not in self.harness.said("all")

    async def close(self) -> None:
        self.harness.close()
        await self.client.aclose()
        if self.valkey.process:
            self.valkey.process.send_signal(signal.SIGCONT)
        self.valkey.stop()


@pytest.fixture
async def drawing(folder: Path, standin: Standin) -> AsyncIterator[Drawing]:
    drawing = Drawing(folder, standin)
    try:
        await drawing.begin()
        yield drawing
    finally:
        await drawing.close()


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_job_survives_a_restart_of_redis(drawing: Drawing, end: str) -> None:
    getattr(drawing.valkey, end)()
    await drawing.harness.heard("all", words="Redis does not answer")
    drawing.valkey.start()
    await drawing.posted()


async def test_a_redis_that_freezes_for_longer_than_a_lease_costs_no_attempt(drawing: Drawing) -> None:
    assert drawing.valkey.process is not None
    drawing.valkey.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(3 * TIMINGS.lease)  # by its clock, which goes on, every lease has ended
    drawing.valkey.process.send_signal(signal.SIGCONT)
    await drawing.posted()


async def test_a_replica_and_a_full_redis_are_waited_for(drawing: Drawing) -> None:
    await drawing.client.replicaof("127.0.0.1", "1")
    await drawing.harness.heard("all", words="Redis is a replica and takes nothing; waiting for it")
    await drawing.client.replicaof("no", "one")
    await drawing.harness.heard("all", words="Redis is back")
    await drawing.client.config_set("maxmemory", 1)
    await drawing.harness.heard("all", words="Redis is full (maxmemory) and takes nothing; waiting for it")
    await drawing.client.config_set("maxmemory", 0)
    await drawing.posted()


async def test_a_full_redis_stops_no_worker(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    valkey = EmbeddedValkey(folder / "valkey")
    valkey.start()
    engine = create_autospec(EngineClient, instance=True)
    engine.health.return_value = Health(state="ready", models=(INFO,), places=1)
    try:
        async with redis.asyncio.Redis.from_url(valkey.url) as client:
            heart = Heartbeat(Settings(), client, engine)
            await client.config_set("maxmemory", 1)
            await heart.heartbeat()
            assert "Redis is full (maxmemory) and takes nothing; waiting for it" in caplog.text
            await client.config_set("maxmemory", 0)
            await heart.heartbeat()
            assert [model.id for model in await Jobs(client, TIMINGS).models()] == [INFO.id]
    finally:
        valkey.stop()


async def test_a_full_disk_is_said_once_by_each_process(folder: Path, standin: Standin) -> None:
    """It answers what changes nothing and refuses what does, by one script or another, again and again."""
    valkey = FillableValkey(folder / "valkey")
    valkey.start()
    harness = Harness(valkey.url, folder, DISCORD_TOKEN="test.token", EASEL_DISCORD_API=standin.base, EASEL_SLOTS="1")
    said = "Redis cannot write to its disk (File too large), and takes nothing; waiting for it"
    try:
        harness.start("all")
        harness.start("slot", "slots", "--several")
        await harness.heard("all", words="the engine is ready")
        await harness.heard("all", words="posting to")
        room = valkey.fill_disk()
        poster = f"poster WARNING {said}"
        await harness.heard("all", words=poster)
        await harness.heard("slots", words=said)
        await asyncio.sleep(3)
        told = harness.said("all")
        assert (told.count(poster), told.count(f" worker WARNING {said}")) == (1, 1), told
        assert harness.said("slots").count(said) == 1
        assert "Redis is back" not in told + harness.said("slots")
        room()
        await harness.heard("all", words="poster INFO    Redis is back")
        await harness.heard("slots", words="Redis is back")
    finally:
        harness.close()
        valkey.stop()


def test_each_trouble_is_said_once_until_redis_is_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    outage = RedisOutage(logging.getLogger("test"))
    met = [ResponseError(f"MISCONF Errors writing script: {n:040x}, on @user_script:{n}.") for n in (881, 1806)]
    for error in [*met, OutOfMemoryError(), RedisConnectionError(), RedisTimeoutError(), *met, OutOfMemoryError()]:
        outage.away(error)
    assert [each.getMessage().split(",")[0] for each in caplog.records] == [
        "Redis cannot write to its disk",
        "Redis is full (maxmemory) and takes nothing; waiting for it",
        "Redis does not answer; waiting for it",
    ]
    caplog.clear()
    for _ in range(2):
        outage.back()
    outage.away(met[0])
    assert [each.levelname for each in caplog.records] == ["INFO", "WARNING"]
