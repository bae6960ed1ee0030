"""The jobs of one person that have not ended."""

from typing import Any

from redis.asyncio import Redis

from . import keys


async def of(redis: Redis, person: int, server: str = "") -> list[str]:
    """Their ids, in no order: in one server, or with "" wherever they are. Raises RedisError."""
    sets: list[Any] = [keys.person(person), *([keys.server(server)] if server else [])]
    found: Any = await redis.sinter(*sets)
    return sorted(each.decode() for each in found)
