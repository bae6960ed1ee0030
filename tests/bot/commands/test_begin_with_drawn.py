"""What begins with a picture, from the command on Discord to the picture that is drawn: all but processes and posts."""

import io
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from deploy.sandbox.client import file
from tests.bot.commands.test_begin_with import able, picture
from tests.bot.harness import Harness
from tests.worker.engine.engines import EngineProcess, running
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.types import recipe
from worker.contract.types.cause import picture_away, picture_damaged, picture_gone
from worker.contract.types.job import Job, Reason, State
from worker.engine.service.fake_backend import STARTER
from worker.redis_client import connect_sync
from worker.slot import source
from worker.slot.attempt import Attempt
from worker.slot.client import EngineClient

CDN = "/cdn/ephemeral-attachments/*"


@pytest.fixture
async def engine() -> AsyncIterator[EngineProcess]:
    with tempfile.TemporaryDirectory(prefix="easel-") as folder:
        async with running(Path(folder), "--fake", EASEL_FAKE_STEP_MS="1") as found:
            yield found


async def drawn(harness: Harness, engine: EngineProcess, content: bytes, *faults: dict[str, Any]) -> tuple[Job, bytes]:
    """One attempt at what somebody asks for; the job then, and its picture."""
    await able(harness, STARTER)
    for fault in faults:
        await harness.discord.fault("GET", CDN, **fault)
    asked = await harness.imagine(image=file("photo.png", content), count=1, strength=0.5, lora="pixel:0.5", seed=3)
    with connect_sync(harness.valkey_url) as connection:
        name = claim(
            connection, worker="w", capabilities=STARTER.capabilities, timings=harness.jobs.timings, function="f",
            job_timeout=60,
        )  # fmt: skip
    assert name == f"{asked.id}-1"
    async with EngineClient(engine.client.socket) as client:
        await Attempt(harness.jobs, client, str(asked.id), 1, cdn=harness.discord.info.cdn).run()
    job = await harness.job(asked.id)
    found: Any = await harness.redis.get(keys.picture(str(asked.id), 1, 0)) if job.state is State.RENDERED else b""
    return job, bytes(found or b"")


async def test_all_the_way(harness: Harness, engine: EngineProcess):
    job, content = await drawn(harness, engine, picture())
    assert (job.state, job.request.model) == (State.RENDERED, "starter")
    found = recipe.read(content)
    assert found is not None
    assert found.request == job.request
    assert b"ephemeral-attachments" not in content
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.size == (job.request.width, job.request.height)
        red, _, blue = shown.convert("RGB").split()
    assert (min(red.tobytes()) >= 127, max(blue.tobytes()) <= 128) == (True, True)  # half of it is the red picture


async def test_troubles_of_the_cdn(harness: Harness, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch):
    """What passes costs no attempt, what is for good is told, and what lasts is left to another attempt."""
    monkeypatch.setattr(source, "_PAUSES", (0.0, 0.0))
    for faults in ([{"status": 503, "times": 1}, {"drop": "after", "times": 1}], [{"truncate": True, "times": 1}]):
        job, _ = await drawn(harness, engine, picture(), *faults)
        assert (job.state, job.attempt) == (State.RENDERED, 1)
    for content, fault, cause in (
        (picture()[:-30], {}, picture_damaged()),
        (picture(), {"status": 404, "times": None}, picture_gone()),
    ):
        job, _ = await drawn(harness, engine, content, *([fault] if fault else []))
        assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.SOURCE, cause)
    await harness.discord.clear_faults()
    job, _ = await drawn(harness, engine, picture(), {"status": 500, "times": None})
    assert (job.state, await harness.redis.hget(keys.job(job.id), "why")) == (State.CLAIMED, b"source")
    await harness.jobs.reap()
    assert (await harness.job(job.id)).state is State.QUEUED
    assert picture_away().code in str(await harness.redis.hget(keys.job(job.id), "why_cause"))
