"""A claimed job and the attempt at it."""

import asyncio

import pytest
import redis
import redis.asyncio

from tests.worker.contract.factories import BEGINS, UPSCALER
from tests.worker.slot.scripted import ScriptedEngine
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import Job
from worker.contract.types.timings import Timings
from worker.slot import attempt as attempting
from worker.slot.attempt import Attempt
from worker.slot.client import EngineClient

TIMINGS = Timings(lease=5, renew=0.05, edit_every=0, answer_grace=0)
CDN = "https://cdn.discordapp.com"


class Harness:
    """A claimed job and the attempt at it."""

    def __init__(self, client: redis.asyncio.Redis, url: str, engine: ScriptedEngine) -> None:
        self.jobs, self.engine = Jobs(client, TIMINGS), engine
        self._url = url
        self.started = asyncio.Event()

    async def claim(self) -> None:
        with redis.Redis.from_url(self._url) as connection:
            models = [*BEGINS.capabilities, UPSCALER.id]
            claimed = claim(connection, worker="w", capabilities=models, timings=TIMINGS, function="f", job_timeout=60)
        assert claimed is not None

    async def run(self, number: int = 1, patience: float = 0.3, store_patience: float = 120.0) -> Job:
        """The job after its attempt, which an engine that keeps silent does not end within the deadline."""
        async with asyncio.timeout(40), EngineClient(self.engine.path, silence=3600) as client:
            await Attempt(
                self.jobs, client, "job", number, engine_patience=patience, store_patience=store_patience, cdn=CDN,
                on_started=self.started.set,
            ).run()  # fmt: skip
        return await self.job()

    async def job(self) -> Job:
        found = await self.jobs.get("job")
        assert found is not None
        return found

    async def given_up(self) -> bool:
        """The job's lease has ended before its time, so that the reaper takes it at once."""
        seconds, micros = await self.jobs.redis.time()
        return (await self.job()).lease <= seconds * 1000 + micros / 1000


def hand_out(monkeypatch: pytest.MonkeyPatch, at: str, outcome: bytes | Exception) -> None:
    """Let an attempt that asks for the picture with this link find these bytes, or meet this error."""

    async def fetch(link: str, cdn: str) -> bytes:
        assert (link, cdn) == (at, CDN)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(attempting, "fetch", fetch)
