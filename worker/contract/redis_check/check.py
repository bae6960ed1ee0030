"""The whole question, for one role: may it start on this Redis, and what must be said loudly?"""

import logging
from dataclasses import dataclass

from redis.asyncio import Redis

from . import rights, server
from .errors import RedisRefusedError
from .rights import Role


@dataclass(frozen=True)
class Report:
    """What a check found: `refusals` keep a role from starting, `warnings` are said. Each is a sentence for a log."""

    about: str
    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


async def check(client: Redis, role: Role) -> Report:
    """Look at all of it. Raises RedisRefusedError where it lets nobody in, any other RedisError when it is away.

    It takes about ten commands, and leaves nothing behind.
    """
    found = await server.read(client)
    about = f"{found.brand} {found.release}".strip()
    if words := server.unfit(found):
        return Report(about, (words,))
    refusals = await rights.refused(client, role)
    return Report(about, tuple(refusals), () if refusals else tuple(server.worries(found)))


def admit(report: Report, log: logging.Logger, said: tuple[str, ...] = ()) -> None:
    """Say every warning that was not `said` before. Raises RedisRefusedError where Easel cannot work."""
    for words in report.warnings:
        if words not in said:
            log.warning("%s", words)
    if report.refusals:
        raise RedisRefusedError("; ".join(report.refusals))


__all__ = ["Report", "Role", "admit", "check"]
