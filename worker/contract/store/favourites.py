"""The results that a person keeps: where their messages are, and nothing else of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from redis.asyncio import Redis

from . import keys

KEPT_MAX = 200  # of one person


@dataclass(frozen=True)
class Kept:
    """One message that is kept: its job, and where it is; `server` is None in a direct message."""

    server: int | None
    channel: int
    message: int
    job: str

    def __str__(self) -> str:
        return f"{self.server or 0}/{self.channel}/{self.message}/{self.job}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What Redis holds; None for what another version wrote."""
        server, _, rest = text.partition("/")
        channel, _, rest = rest.partition("/")
        message, _, job = rest.partition("/")
        if not (server.isdecimal() and channel.isdecimal() and message.isdecimal() and job):
            return None
        return cls(int(server) or None, int(channel), int(message), job)


class Favourites:
    """Of everybody, in Redis; a person's never expire, and are KEPT_MAX at most."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, person: int, kept: Kept, now: float) -> bool:
        """Keep it, as of `now` in seconds; False where there are too many already. Kept before, it stays as it is."""
        key = keys.favourites(person)
        added = await self._redis.zadd(key, {str(kept): now}, nx=True)
        if added and await self._redis.zcard(key) > KEPT_MAX:
            await self._redis.zrem(key, str(kept))
            return False
        return True

    async def remove(self, person: int, kept: Kept) -> None:
        """Keep it no longer."""
        await self._redis.zrem(keys.favourites(person), str(kept))

    async def page(self, person: int, number: int, size: int) -> tuple[Sequence[Kept], int]:
        """One page of those, the newest first, number 0 the first; and how many there are in all."""
        key = keys.favourites(person)
        found: list[Any] = await self._redis.zrevrange(key, number * size, (number + 1) * size - 1)
        read = (Kept.parse(each.decode()) for each in found)
        return [each for each in read if each is not None], int(await self._redis.zcard(key))
