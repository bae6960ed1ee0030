"""Hears at once that a job was cancelled. A hint only: whoever misses it learns it with the next renewal."""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis

from worker.contract.store import keys
from worker.redis_client import AWAY

_AWAY_PAUSE = 0.5


class CancelHints:
    """One subscription for all attempts of a process."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._listening: dict[bytes, asyncio.Event] = {}

    def listen(self, job: str, event: asyncio.Event) -> None:
        """Have the event set when this job is cancelled."""
        self._listening[job.encode()] = event

    def forget(self, job: str) -> None:
        """Its attempt is over."""
        self._listening.pop(job.encode(), None)

    async def run(self, after: float = 0.0) -> None:
        """Listen until cancelled, from so many seconds on. Without Redis there are no hints."""
        await asyncio.sleep(after)
        while True:
            with suppress(*AWAY):
                async with self._redis.pubsub(ignore_subscribe_messages=True) as hints:
                    await hints.subscribe(keys.CANCEL_CHANNEL)
                    while True:
                        hint = await hints.get_message(timeout=5.0)
                        if hint and (event := self._listening.get(hint["data"])):
                            event.set()
            await asyncio.sleep(_AWAY_PAUSE)
