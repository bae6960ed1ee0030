"""Is a worker's name free? Two workers of one name would each be taken for the other, and one's end for both's."""

import asyncio
import contextlib
import time

from redis.asyncio import Redis

from worker.contract.store import keys
from worker.redis_client import AWAY

_WATCHED = 2.5  # seconds: another worker of this name sends a heartbeat each second
_LOOK_EVERY = 0.1


async def name_taken(redis: Redis, name: str) -> bool:
    """Does another worker of this name send heartbeats? Asked before we send any.

    One that was killed has left its last behind, so a heartbeat alone says nothing: it has to be followed by another.
    A Redis that is away cannot tell, and is no reason not to start.
    """
    with contextlib.suppress(*AWAY):
        first = await redis.hget(keys.WORKERS, name)
        deadline = time.monotonic() + (_WATCHED if first else 0)
        while time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_EVERY)
            if await redis.hget(keys.WORKERS, name) not in {first, None}:
                return True
    return False
