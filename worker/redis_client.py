"""Clients for Redis, and how a worker waits for one that is away."""

import asyncio
import logging

import redis
import redis.asyncio
import redis.retry
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004
)

# What Redis raises while it is not there, or there and serves nothing: full, a replica after a failover, its disk full,
# busy. Most of the latter have no class of their own. All of it passes, sooner or later.
AWAY = (ConnectionError, TimeoutError, ResponseError)

_CONNECT_TIMEOUT = 2.0
_ANSWER_TIMEOUT = 10.0  # above every wait in a BLPOP
_SHOWN = 160  # characters of an error of Redis's own


def connect(url: str) -> Redis:
    """A client for asyncio, with short patience: who uses it decides how often to try again."""
    return redis.asyncio.Redis.from_url(
        url,
        socket_connect_timeout=_CONNECT_TIMEOUT,
        socket_timeout=_ANSWER_TIMEOUT,
        retry=Retry(ConstantBackoff(0.05), 1),
    )


def connect_sync(url: str) -> redis.Redis:
    """A client for RQ, which sets its own timeouts for answers. What an exception would cost there is an attempt."""
    retry = redis.retry.Retry(ConstantBackoff(0.1), 3)
    return redis.Redis.from_url(url, socket_connect_timeout=_CONNECT_TIMEOUT, retry=retry)


def trouble(error: RedisError) -> str:
    """What is wrong with Redis, in words for a log."""
    match error:
        case BusyLoadingError():
            return "Redis is still reading its data"
        case OutOfMemoryError():
            return "Redis is full (maxmemory) and takes nothing"
        case ReadOnlyError():
            return "Redis is a replica and takes nothing"
        case ResponseError():
            return f"Redis does not serve ({str(error)[:_SHOWN]})"
    return "Redis does not answer"


class RedisOutage:
    """Says once what is wrong with Redis, and once that it is over."""

    def __init__(self, log: logging.Logger) -> None:
        self._log, self._said = log, ""

    def away(self, error: RedisError) -> None:
        """It does not serve now."""
        words = trouble(error)
        if words != self._said:
            self._log.warning("%s; waiting for it", words)
        self._said = words

    def back(self) -> None:
        """It serves."""
        if self._said:
            self._log.info("Redis is back")
        self._said = ""


async def present(client: Redis) -> bool:
    """Does Redis answer? Raises AuthenticationError, which no waiting cures."""
    try:
        await client.ping()
    except AuthenticationError:
        raise
    except AWAY:
        return False
    return True


async def wait_for_redis(client: Redis, log: logging.Logger, pause: float = 0.5) -> None:
    """Return when Redis answers; say once that it is away. Raises AuthenticationError."""
    if await present(client):
        return
    log.warning("Redis does not answer at EASEL_REDIS_URL; waiting for it")
    while not await present(client):  # noqa: ASYNC110 - Redis sends no event when it comes back
        await asyncio.sleep(pause)
    log.info("Redis is back")


__all__ = [
    "AWAY",
    "AuthenticationError",
    "RedisOutage",
    "connect",
    "connect_sync",
    "present",
    "trouble",
    "wait_for_redis",
]
