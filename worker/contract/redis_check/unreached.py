"""Connections to Redis whose errors tell whether what was asked for can have got there."""

from typing import Any

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from .errors import refusal


class NoConnectionError(RedisConnectionError):
    """There was no connection to be had, so the command was not sent, and nothing came of it."""


class TellingPool(ConnectionPool):
    """Raises NoConnectionError where a connection fails before it has a command. Later it may be done.

    What Redis refuses for good stays as it was raised.
    """

    def maint_notifications_enabled(self) -> bool:
        """Never: with them, redis-py 8 hands out connections whose other end has gone, to which a command is lost."""
        return False

    async def get_connection(self, *given: Any, **options: Any) -> AbstractConnection:
        """One that is open. Raises NoConnectionError, or what Redis refuses."""
        try:
            found: AbstractConnection = await super().get_connection(*given, **options)  # type: ignore[no-untyped-call]
            return found
        except (RedisConnectionError, RedisTimeoutError) as error:
            if refusal(error):
                raise
            raise NoConnectionError(str(error)) from error
