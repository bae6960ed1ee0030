"""Redis restarts while everything runs: nothing is lost, nothing is done twice, and it is said in a line."""

from pathlib import Path
from unittest.mock import create_autospec

import pytest
import redis.asyncio

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.makers import INFO, new_job, request
from tests.worker.post.standin import Standin
from tests.worker.stack import TIMINGS, Stack, admitted, until
from worker.contract.job import State
from worker.contract.jobs import Jobs
from worker.contract.timings import Caps
from worker.engine.protocol import Health
from worker.redis_client import AWAY
from worker.render.client import EngineClient
from worker.settings import Settings
from worker.supervise.heart import Heart


async def test_a_job_survives_a_restart_of_redis(folder: Path, standin: Standin) -> None:
    valkey = EmbeddedValkey(folder / "valkey")
    valkey.start()
    stack = Stack(valkey.url, folder, DISCORD_TOKEN="test.token", EASEL_DISCORD_API=standin.base, EASEL_SLOTS="1")
    client = redis.asyncio.Redis.from_url(valkey.url)
    jobs = Jobs(client, TIMINGS)

    async def reached(*states: State) -> bool:
        try:
            job = await jobs.get("job")
        except AWAY:
            return False
        assert job is not None
        assert job.state not in {State.FAILED, State.CANCELLED}, job.reason
        return job.state in states

    async def begun() -> bool:
        job = await jobs.get("job")
        return bool(job and job.progress and job.progress.step > 1)

    try:
        stack.start("all")
        await jobs.beat("test", [INFO], 1)
        message = standin.message()
        new = new_job("job").model_copy(update={"request": request(prompt="[slow=0.1] a fig")})
        await admitted(jobs, new, Caps())
        await jobs.answered("job", message)
        await until(begun, "first steps")
        valkey.stop()
        await stack.heard("all", words="Redis does not answer")
        valkey.start()
        await until(lambda: reached(State.POSTED), "posted job")
        assert len(standin.messages) == 1
        assert len(standin.messages[message].files) == 4
        posted = await jobs.get("job")
        assert posted is not None
        assert posted.attempt == 1  # the render went on while Redis was away
        assert "Traceback" not in stack.said("all")
    finally:
        stack.close()
        await client.aclose()
        valkey.stop()


async def test_a_full_redis_stops_no_worker(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    valkey = EmbeddedValkey(folder / "valkey")
    valkey.start()
    engine = create_autospec(EngineClient, instance=True)
    engine.health.return_value = Health(state="ready", models=(INFO,), places=1)
    try:
        async with redis.asyncio.Redis.from_url(valkey.url) as client:
            heart = Heart(Settings(), client, engine)
            await client.config_set("maxmemory", 1)
            await heart.beat()
            assert "Redis is full (maxmemory) and takes nothing; waiting for it" in caplog.text
            await client.config_set("maxmemory", 0)
            await heart.beat()
            assert [model.id for model in await Jobs(client, TIMINGS).models()] == [INFO.id]
    finally:
        valkey.stop()
