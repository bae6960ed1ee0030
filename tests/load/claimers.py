"""Workers without engines and forks, any number of them in this process: they speak the contract as slots do."""

import asyncio
import contextlib
import io
import time
from dataclasses import dataclass, field
from typing import Self

import redis
import redis.asyncio
from PIL import Image

from tests.worker.contract.factories import INFO, RESULT
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import Progress
from worker.contract.types.timings import Timings

_BELL = 0.2  # seconds to wait for a job before looking again
_BEAT = 1.0
_STEPS = 20  # of a request that takes `seconds`


@dataclass
class Seen:
    """When a job was claimed and when its pictures were stored, in seconds of the run's clock."""

    claimed: float
    stored: float = field(default=float("inf"))


class Claimers:
    """So many workers with one slot each.

    Args:
        url: of Redis.
        count: how many.
        seconds: that each draws for 20 steps.

    Attributes:
        names: of the workers.
        seen: job → when it was taken, and when it was done.
    """

    def __init__(self, url: str, count: int, seconds: float) -> None:
        self._sync, self._client = redis.Redis.from_url(url), redis.asyncio.Redis.from_url(url)
        self._jobs, self._timings = Jobs(self._client), Timings()
        self.names = [f"claimer-{number}" for number in range(count)]
        self._seconds, self._tasks = seconds, list[asyncio.Task[None]]()
        self._picture = _png()
        self.seen: dict[str, Seen] = {}

    async def __aenter__(self) -> Self:
        for name in self.names:
            await self._jobs.heartbeat(name, [INFO], 1)
        self._tasks = [
            asyncio.create_task(self._beat()),
            *(asyncio.create_task(self._work(each)) for each in self.names),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()
        self._sync.close()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            for name in self.names:
                await self._jobs.heartbeat(name, [INFO], 1)

    async def _work(self, name: str) -> None:
        while True:
            taken = await asyncio.to_thread(self._claim, name)
            if taken is None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._client.blpop([keys.BELL], timeout=_BELL), 2 * _BELL)
                continue
            job, _, attempt = taken.rpartition("-")
            self.seen[job] = Seen(time.monotonic())
            await self._draw(job, int(attempt))
            self.seen[job].stored = time.monotonic()
            await self._forget(taken)

    def _claim(self, name: str) -> str | None:
        return claim(
            self._sync, worker=name, capabilities=[INFO.id], timings=self._timings, function="f", job_timeout=60
        )

    async def _draw(self, job: str, attempt: int) -> None:
        """Draw nothing for as long as it takes, with the signs of life that a slot gives."""
        found = await self._jobs.get(job)
        steps, count = (found.request.steps, found.request.count) if found else (_STEPS, 1)
        until = time.monotonic() + self._seconds * steps / _STEPS
        while (left := until - time.monotonic()) > 0:
            done = max(0, min(steps, round(steps * (1 - left / self._seconds))))
            await self._jobs.renew(job, attempt, Progress(phase="steps", step=done, steps=steps))
            await asyncio.sleep(min(left, self._timings.renew))
        one = RESULT.pictures[0].model_copy(update={"size": len(self._picture)})
        result = RESULT.model_copy(
            update={"pictures": (one,) * count, "timings": {"total": self._seconds * 1000 * steps / _STEPS}}
        )
        await self._jobs.store(job, attempt, result, [self._picture] * count)

    async def _forget(self, attempt: str) -> None:
        """What RQ's worker would tidy away."""
        await self._client.lrem(f"rq:queue:{keys.RQ_QUEUE}:intermediate", 1, attempt)
        await self._client.delete(f"rq:job:{attempt}")


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#5865f2").save(out, "PNG")
    return out.getvalue()
