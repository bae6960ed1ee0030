"""What of each limit a person has taken, all at one moment; admission counts the same (`lua/limits.lua`)."""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from . import scripts

MINUTE = 60_000  # milliseconds


@dataclass(frozen=True)
class Quota:
    """What is taken of the limits of a person in a server.

    Attributes:
        at_once, everywhere, server_at_once, total: jobs that wait or run: theirs in this server, theirs in all, the
            server's, all there are.
        pictures, ms: asked for today, and milliseconds of reference GPU time; `server_…`: by all of the server.
        filled_person, filled_member, filled_server: milliseconds of a minute by which the buckets of starts are filled:
            theirs over all servers, theirs here, the server's.
        until: when the next day begins, in seconds since the epoch.
    """

    at_once: int
    everywhere: int
    server_at_once: int
    total: int
    pictures: int
    ms: int
    server_pictures: int
    server_ms: int
    filled_person: int
    filled_member: int
    filled_server: int
    until: int

    @staticmethod
    def starts_left(filled: int, per_minute: int) -> int:
        """How many requests may be started now, of so many a minute, where the bucket is filled so far."""
        return max(0, (MINUTE - filled) * per_minute // MINUTE)


async def quota(redis: Redis, server: str, person: int) -> Quota:
    """What this person has taken. Raises RedisError.

    Args:
        redis: a client that does not decode responses.
        server: as `NewJob.server` has it.
        person: id.
    """
    answer: Any = await scripts.registered(redis, "quota")(args=[person, server])
    return Quota(*answer)
