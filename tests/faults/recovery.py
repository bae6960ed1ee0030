"""How long a job whose worker was struck waits until it is drawn again: from the blow to the next first step."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.record import DamagedRecordError
from worker.contract.types.job import Job, State

_LOOK = 0.1


@dataclass
class _Victim:
    blow: str
    attempt: int
    since: float


class Recovery:
    """Watches jobs that were struck.

    Attributes:
        seconds: of each job that was drawn again, with the blow.
    """

    def __init__(self, store: Redis) -> None:
        self._redis, self._jobs = store, Jobs(store)
        self._victims: dict[str, _Victim] = {}
        self.seconds: list[tuple[float, str]] = []

    async def watch(self, host: str, blow: str) -> None:
        """What this host draws is about to be struck. A job that ends in its attempt all the same does not count."""
        with suppress(RedisError):
            running: list[Any] = await self._redis.zrange(keys.LEASES, 0, -1)
            for name in running:
                job = await self._get(name.decode())
                if (
                    job
                    and job.state is State.CLAIMED
                    and await self._redis.hget(keys.job(job.id), "worker") == host.encode()
                ):
                    self._victims[job.id] = _Victim(blow, job.attempt, time.monotonic())

    async def follow(self) -> None:
        """Look after the victims until cancelled."""
        while True:
            with suppress(RedisError):
                for name in list(self._victims):
                    await self._look(name)
            await asyncio.sleep(_LOOK)

    async def _look(self, name: str) -> None:
        victim, job = self._victims[name], await self._get(name)
        if job is None or job.state.terminal or job.state is State.RENDERED:
            if job is not None and job.attempt > victim.attempt:
                self.seconds.append((time.monotonic() - victim.since, victim.blow))
            del self._victims[name]
        elif job.attempt > victim.attempt and job.progress and job.progress.step:
            self.seconds.append((time.monotonic() - victim.since, victim.blow))
            del self._victims[name]

    async def _get(self, name: str) -> Job | None:
        try:
            return await self._jobs.get(name)
        except DamagedRecordError:
            return None
