"""What the admins of servers set, with the audit of it, and what servers used by day.

A change is a compare-and-set: whoever changes what someone else has changed meanwhile is told so. Settings carry the
number of the last change as their version, which admission compares (`lua/limits.lua`), so that a change holds at the
next request, whichever bot takes it. A document that is damaged stops nobody: what can be read of it counts, else what
the audit says, else nothing is set.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis

from worker.contract.types import server_changes
from worker.contract.types.server_settings import Change, ServerSettings
from worker.contract.types.timings import ms

from . import keys, scripts

log = logging.getLogger(__name__)

CHANGES_MAX = 1000  # that are kept of a server
AWAY = 30 * 86400.0  # seconds for which settings are kept once the bot has left a server
USAGE_DAYS = 40  # for which usage is kept
_WAIT_PARTS = 4  # sizes of waits from one to twice as long, as in `lua/counts.lua`
_SIZES = 200  # more than there can be: the last is of thousands of years


@dataclass(frozen=True)
class Untold:
    """A channel that could not be told of changes, and since when (ms since the epoch)."""

    channel: int
    since: int


@dataclass(frozen=True)
class Versioned:
    """Settings as they lie in Redis, with the number of the last change; 0: nothing was ever set.

    Attributes:
        damaged: what of them cannot be read, as dotted paths; `` where nothing could. Nothing of that counts.
        away: the bot has left the server, as far as Redis knows.
        untold: the channel that should hear of changes, where the last ones did not get there.
    """

    version: int
    settings: ServerSettings
    damaged: tuple[str, ...] = ()
    away: bool = False
    untold: Untold | None = None


@dataclass(frozen=True)
class Conflict:
    """Someone else has changed the settings meanwhile, last by this; None: it cannot be told."""

    last: Change | None


@dataclass
class Used:
    """Pictures, and milliseconds of reference GPU time."""

    pictures: int = 0
    ms: int = 0


@dataclass
class DayUsage(Used):
    """What a server used on one day (UTC), its people by id, and how many of its jobs waited how long, by size."""

    day: date = date.min
    people: dict[int, Used] = field(default_factory=dict)
    waits: dict[int, int] = field(default_factory=dict)

    @property
    def median_wait(self) -> float | None:
        """Seconds that the job in the middle waited for its turn; None where none has come."""
        below, half = 0, sum(self.waits.values()) / 2
        for size, count in sorted(self.waits.items()):
            if below + count >= half > 0:
                least, most = (2 ** (each / _WAIT_PARTS) - 1 for each in (size, size + 1))
                return least + (most - least) * (half - below) / count
            below += count
        return None


class ServerSettingsStore:
    """All that lies in Redis of servers' settings.

    Args:
        redis: a client that does not decode responses.
    """

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._change = redis.register_script(scripts.source("change_settings"))
        self._presence = redis.register_script(scripts.source("presence"))

    async def read(self, server: int) -> Versioned:
        """The settings of a server; nothing is set where there are none. Raises RedisError."""
        key = keys.server_settings(server)
        if await self.redis.type(key) not in {b"hash", b"none"}:
            found: Any = [None, b"", None, None]
        else:
            found = await self.redis.hmget(key, ["version", "doc", "left", "untold"])
        version, document, left, untold = found
        known = version_of(version)
        if document is None and not known:
            return Versioned(0, ServerSettings(), away=left is not None)
        settings, damaged = await self._readable(server, document or b"")
        return Versioned(known, settings, damaged, away=left is not None, untold=_untold(untold))

    async def _readable(self, server: int, document: bytes) -> tuple[ServerSettings, tuple[str, ...]]:
        try:
            settings, lost = server_changes.read(document.decode())
        except ValueError:
            changes = list(reversed(await self.changes(server, CHANGES_MAX)))
            whole = bool(changes) and changes[0].number == 1
            settings, lost = (server_changes.replayed(changes) if whole else ServerSettings()), [""]
        if lost:
            log.error(
                "the settings of server %s are damaged at: %s. %s",
                server, ", ".join(each or "all" for each in lost), "An admin can set them anew with /server",
            )  # fmt: skip
        return settings, tuple(lost)

    async def change(self, server: int, version: int, new: ServerSettings, changes: Sequence[Change]) -> int | Conflict:
        """Set all of it, if it is still of this version; returns the new version.

        Args:
            server: its id.
            version: of the settings that were read before.
            new: what they are from now on.
            changes: the lines of the audit, oldest first; their numbers are given here. None: nothing is done.
        """
        if not changes:
            return version
        lines = [each.model_dump_json(exclude={"number"}) for each in changes]
        document = new.model_dump_json(exclude_none=True)
        now, last = await self._change(
            args=[
                keys.server_settings(server), keys.server_changes(server), version, document, CHANGES_MAX, *lines,
            ]
        )  # fmt: skip
        return now if now >= 0 else Conflict(_change(last))

    async def changes(self, server: int, newest: int = 20) -> list[Change]:
        """The last lines of the audit, newest first. Those that cannot be read are left out."""
        key = keys.server_changes(server)
        if await self.redis.type(key) != b"list":
            return []
        lines: Any = await self.redis.lrange(key, -newest, -1)
        return [change for line in reversed(lines) if (change := _change(line))]

    async def usage(self, server: int | str, days: int = 1) -> list[DayUsage]:
        """What was used on each of the last days (UTC), today first; an upscale is one picture."""
        seconds, _ = await self.redis.time()
        today = datetime.fromtimestamp(seconds, UTC).date()
        wanted = [today - timedelta(days=back) for back in range(days)]
        async with self.redis.pipeline(transaction=False) as pipe:
            for day in wanted:
                pipe.hgetall(keys.usage(str(server), day.strftime("%Y%m%d")))
            found = await pipe.execute(raise_on_error=False)
        return [_usage(day, each if isinstance(each, dict) else {}) for day, each in zip(wanted, found, strict=True)]

    async def note_told(self, server: int, channel: int, now: int, *, told: bool) -> None:
        """Keep since when (`now`: ms since the epoch) a channel cannot be told of changes, until one is `told`."""
        key = keys.server_settings(server)
        before = _untold(await self.redis.hget(key, "untold"))
        if told and before:
            await self.redis.hdel(key, "untold")
        elif not told and (before is None or before.channel != channel):
            await self.redis.hset(key, "untold", f"{channel}:{now}")

    async def leave(self, server: int) -> None:
        """The bot was removed from a server: its settings and their audit go in 30 days."""
        await self._presence(args=["left", ms(AWAY), keys.server_settings(server), keys.server_changes(server)])

    async def rejoin(self, servers: Sequence[int]) -> None:
        """The bot is in these servers: what was set there stays."""
        for first in range(0, len(servers), 500):
            pairs = [
                key for each in servers[first : first + 500]
                for key in (keys.server_settings(each), keys.server_changes(each))
            ]  # fmt: skip
            await self._presence(args=["here", 0, *pairs])


def version_of(told: Any) -> int:
    """A version as it lies in Redis; 0 for what is none."""
    return int(told) if isinstance(told, bytes) and told.isdigit() and len(told) < 16 else 0


def _untold(told: Any) -> Untold | None:
    channel, _, since = (told or b"").decode(errors="replace").partition(":")
    return Untold(int(channel), int(since)) if f"{channel}{since}".isdecimal() and channel and since else None


def _change(line: bytes) -> Change | None:
    try:
        return Change.model_validate_json(line)
    except ValidationError:  # damaged, or there is none
        return None


def _usage(day: date, found: dict[bytes, bytes]) -> DayUsage:
    used = DayUsage(day=day)
    for name, told in found.items():
        what, _, person = name.decode(errors="replace").partition(":")
        if what == "wait" and person.isdigit() and told.isdigit() and int(person) < _SIZES:
            used.waits[int(person)] = int(told)
        if what not in {"pictures", "ms"} or not told.isdigit() or (person and not person.isdigit()):
            continue
        account = used.people.setdefault(int(person), Used()) if person else used
        setattr(account, what, int(told))
    return used
