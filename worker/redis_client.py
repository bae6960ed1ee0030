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
    ConnectionError,  # noqa: A004
    InvalidResponse,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004
)

from worker.contract.redis_check.check import Report, Role, admit, check
from worker.contract.redis_check.errors import RedisRefusedError, raise_refused, refusal
from worker.contract.redis_check.outage import trouble

# What Redis raises while it is not there, or there and serves nothing: full, a replica after a failover, its disk full,
# busy. Most of the latter have no class of their own. All of it passes, sooner or later, except what `refusal` has
# words for (missing rights, a wrong password, no Redis at all): whoever catches these asks it, or lets RedisOutage ask.
AWAY = (ConnectionError, TimeoutError, ResponseError, InvalidResponse)

_CONNECT_TIMEOUT = 2.0
_ANSWER_TIMEOUT = 10.0  # above every wait in a BLPOP


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


class RedisOutage:
    """Says once what is wrong with Redis, each trouble of several by itself, and once that it is over."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: set[str] = set()

    def away(self, error: RedisError) -> None:
        """It does not serve now. Raises RedisRefusedError where no waiting cures that."""
        raise_refused(error)
        self.note(error)

    def note(self, error: RedisError) -> None:
        """The same for who has to go on even then: there is something to lose, and a person may yet put it right."""
        words = trouble(error)
        if words in self._said:
            return
        self._said.add(words)
        if refusal(error):
            self._log.error("%s", words)
        else:
            self._log.warning("%s; waiting for it", words)

    def back(self) -> None:
        """It serves."""
        if self._said:
            self._log.info("Redis is back")
        self._said.clear()


async def wait_for_redis(
    client: Redis, role: Role, log: logging.Logger, pause: float = 0.5, *, quiet: bool = False
) -> Report:
    """Return when Redis answers and has all that this role needs.

    Says once that it is away, and, unless `quiet`, what of its configuration may cost pictures.
    Raises RedisRefusedError where Easel cannot work on it.
    """
    said = False
    while True:
        try:
            report = await check(client, role)
        except RedisError as error:
            raise_refused(error)
            if not said:
                log.warning("%s at EASEL_REDIS_URL; waiting for it", trouble(error))
            said = True
            await asyncio.sleep(pause)
            continue
        if said:
            log.info("Redis is back")
        admit(report, log, report.warnings if quiet else ())
        return report


__all__ = [
    "AWAY",
    "RedisOutage",
    "RedisRefusedError",
    "Role",
    "connect",
    "connect_sync",
    "trouble",
    "wait_for_redis",
]
