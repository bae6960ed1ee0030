"""Reads and changes what the operator sets while Easel runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis

from worker.contract.store import keys
from worker.contract.store.operator_settings import OperatorStore, OperatorVersion
from worker.contract.store.server_settings import DayUsage, ServerSettingsStore, Versioned
from worker.contract.types.operator_settings import DIRECT, OfServer, OperatorSettings
from worker.contract.types.server_settings import Change

_TRIES = 10  # at a change, while others make theirs


class Busy(Exception):  # noqa: N818 - it is told as it is
    """Others change the same again and again."""


class Unreadable(Exception):  # noqa: N818 - likewise
    """What was set before cannot be read, and would be lost by a change."""


@dataclass
class Line:
    """One server as it stands now; direct messages together are one."""

    server: str
    of: OfServer
    waiting: int = 0
    pictures: int = 0
    ms: int = 0
    people: int = 0


@dataclass
class Sheet:
    """All that is known of one server."""

    line: Line
    held: Versioned | None
    days: list[DayUsage] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


class OperatorDesk:
    """Args: redis, a client that does not decode responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._store = ServerSettingsStore(redis)
        self._operator = OperatorStore(redis)

    async def read(self) -> OperatorVersion:
        """What is set. Raises RedisError."""
        return await self._operator.read()

    async def change(self, make: Callable[[OperatorSettings], OperatorSettings]) -> OperatorSettings:
        """Set what `make` makes of what is set. Raises RedisError, Busy or Unreadable."""
        for _ in range(_TRIES):
            held = await self._operator.read()
            if held.damaged:
                raise Unreadable
            new = make(held.settings)
            if await self._operator.change(held.version, new) is not None:
                return new
        raise Busy

    async def of_server(self, server: str, **changes: Any) -> OfServer:
        """Set something of one server, None to take it away; returns all that is set of it. Raises as `change`."""

        def make(settings: OperatorSettings) -> OperatorSettings:
            of = settings.servers.get(server, OfServer()).model_copy(update=changes)
            kept = {name: each for name, each in settings.servers.items() if name != server}
            says = any(value is not None for value in of.model_dump().values())
            return settings.model_copy(update={"servers": kept | ({server: of} if says else {})})

        return (await self.change(make)).servers.get(server, OfServer())

    async def lines(self) -> list[Line]:
        """Servers with jobs, with usage today or with something set, who used most first."""
        held, active, used = (await self.read()).settings, await self._active(), await self._used_today()
        names = {*held.servers, *active, *used}
        lines = [await self._line(name, held.servers.get(name, OfServer()), used.get(name)) for name in names]
        return sorted(lines, key=lambda line: (-line.ms, -line.waiting, line.server))

    async def sheet(self, server: str, days: int) -> Sheet:
        """All that is known of one server, with its last days."""
        held = (await self.read()).settings
        if server == DIRECT:
            used = await self._used_today()
            return Sheet(await self._line(server, held.servers.get(server, OfServer()), used.get(server)), None)
        usage = await self._store.usage(server, days)
        line = await self._line(server, held.servers.get(server, OfServer()), usage[0])
        changes = await self._store.changes(int(server), 5)
        return Sheet(line, await self._store.read(int(server)), usage, changes)

    async def _line(self, server: str, of: OfServer, used: DayUsage | None) -> Line:
        waiting = await self._redis.scard(keys.server(server))
        used = used or DayUsage()
        return Line(
            server, of, waiting, used.pictures, used.ms, sum(1 for each in used.people.values() if each.pictures)
        )

    async def _active(self) -> set[str]:
        found: Any = await self._redis.smembers(keys.ACTIVE)
        return {each.decode() for each in found}

    async def _used_today(self) -> dict[str, DayUsage]:
        """By server, what was used today; all direct messages together."""
        today = (await self._store.usage("0"))[0].day.strftime("%Y%m%d")
        found: dict[str, DayUsage] = {}
        async for key in self._redis.scan_iter(keys.usage("*", today), count=1000):
            server = key.decode().split(":")[2]
            (used,) = await self._store.usage(server)
            group = DIRECT if server.startswith(f"{DIRECT}-") else server
            before = found.setdefault(group, DayUsage(day=used.day))
            before.pictures += used.pictures
            before.ms += used.ms
            before.people |= used.people
        return found
