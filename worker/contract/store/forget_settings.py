"""What admins and the operator have set about one person, and who they were where they set something themselves."""

import json
import re
import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import WatchError

from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import ServerSettings

from .operator_settings import OperatorStore
from .server_settings import Conflict, ServerSettingsStore

NOBODY = 0  # in the place of their id where a line has to stay
FORGOTTEN, OPERATOR = "forgotten", "operator"  # names in the audit of a server
EVERYWHERE = "everywhere"
_TRIES = 10  # while others change the same


class BusyError(Exception):
    """Others change the settings of a server again and again."""


class ForgettingSettings:
    """Arguments are as in `Forgetting`."""

    def __init__(self, redis: Redis, person: int, *, look_only: bool, blocks: bool) -> None:
        self._redis, self._person, self._look_only, self._blocks = redis, person, look_only, blocks
        self._servers = ServerSettingsStore(redis)
        self._named = re.compile(rf"(?<!\d){person}(?!\d)")

    async def everywhere(self) -> list[str]:
        """The operator's block, where there is one. Raises BusyError."""
        store = OperatorStore(self._redis)
        for _ in range(_TRIES):
            held = await store.read()
            if self._person not in held.settings.blocked:
                return []
            if self._look_only or not self._blocks:
                return [EVERYWHERE]
            blocked = {person: each for person, each in held.settings.blocked.items() if person != self._person}
            if await store.change(held.version, held.settings.model_copy(update={"blocked": blocked})) is not None:
                return [EVERYWHERE]
        raise BusyError

    async def of_server(self, name: str) -> tuple[int, list[str]]:
        """Whether more was granted to them there, and whether they are blocked there. Raises BusyError."""
        server = int(name) if name.isdecimal() else 0
        for _ in range(_TRIES):
            held = await self._servers.read(server)
            new = self._without(held.settings)
            lines = changes_between(
                held.settings, new, by=NOBODY, by_name=OPERATOR, at=time.time_ns() // 1_000_000, how="forget"
            )
            if self._look_only or not isinstance(
                await self._servers.change(server, held.version, new, lines), Conflict
            ):
                blocked = [name] if self._person in held.settings.blocked else []
                return int(self._person in held.settings.grants), blocked
        raise BusyError

    def _without(self, held: ServerSettings) -> ServerSettings:
        blocked = {
            person: block.model_copy(update={"by": NOBODY}) if block.by == self._person else block
            for person, block in held.blocked.items()
            if person != self._person or not self._blocks
        }
        grants = {person: each for person, each in held.grants.items() if person != self._person}
        return held.model_copy(update={"blocked": blocked, "grants": grants})

    async def audit(self, key: str) -> int:
        """Take them out of the lines of an audit, which stay; returns how many named them."""
        for _ in range(_TRIES):
            async with self._redis.pipeline(transaction=True) as pipe:
                await pipe.watch(key)
                lines: Any = await pipe.lrange(key, 0, -1)
                changed = {
                    n: new for n, line in enumerate(lines) if (new := self._line(line.decode())) != line.decode()
                }
                if self._look_only or not changed:
                    return len(changed)
                pipe.multi()  # type: ignore[no-untyped-call]
                for number, new in changed.items():
                    pipe.lset(key, number, new)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return len(changed)
        raise BusyError

    def _line(self, line: str) -> str:
        try:
            told = json.loads(line)
            key = str(told["key"])
        except (ValueError, LookupError, TypeError):  # damaged; nobody reads it any more
            return self._named.sub(str(NOBODY), line)
        if not self._named.search(line):
            return line
        kept = key if key == f"blocked.{self._person}" and not self._blocks else ""  # else it would not be a block
        if told.get("by") == self._person:
            told["by_name"] = FORGOTTEN
        plain = {name: self._plain(value) for name, value in told.items()}
        return json.dumps(plain | ({"key": kept} if kept else {}), ensure_ascii=False, separators=(",", ":"))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._plain(name): self._plain(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._plain(each) for each in value]
        if isinstance(value, str):
            return self._named.sub(str(NOBODY), value)
        return NOBODY if value == self._person and not isinstance(value, bool | float) else value
