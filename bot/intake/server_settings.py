"""What admins and the operator have set, remembered as long as it is in force.

Each look compares the versions, in one round trip: a change holds for every bot at the next event. Admission compares
them once more (`lua/limits.lua`), for what changes in between.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from worker.contract.store import keys
from worker.contract.store.operator_settings import OperatorStore, OperatorVersion
from worker.contract.store.server_settings import ServerSettingsStore, Versioned, version_of
from worker.contract.types.operator_settings import OperatorSettings
from worker.contract.types.server_settings import ServerSettings

_KEPT = 2000  # servers
NOTHING_SET = Versioned(0, ServerSettings())  # in direct messages, too


@dataclass(frozen=True)
class InForce:
    """What was set for one place, as it is now."""

    server: Versioned
    operator: OperatorVersion


class ServerSettingsCache:
    """A copy of what Redis holds, never older than the last look."""

    def __init__(self, store: ServerSettingsStore, operator: OperatorStore) -> None:
        self.store = store
        self.operator = operator
        self._servers: OrderedDict[int, Versioned] = OrderedDict()  # least recently used first
        self._operator = OperatorVersion(0, OperatorSettings())

    async def get(self, server: int | None) -> Versioned:
        """The settings of a server, as they are now; nothing is set for None. Raises RedisError."""
        return (await self.in_force(server)).server

    async def in_force(self, server: int | None) -> InForce:
        """The same, with what the operator has set. Raises RedisError."""
        told, left, operator = await self._versions(server)
        if self._operator.version != operator:
            self._operator = await self.operator.read()
        if server is None:
            return InForce(NOTHING_SET, self._operator)
        if left:  # it was told that the bot has gone, and here it is
            await self.store.rejoin([server])
        held = self._servers.get(server)
        if held is None or held.version != told or told == 0:
            held = NOTHING_SET if told == 0 else await self.store.read(server)
        self._keep(server, held)
        return InForce(held, self._operator)

    async def _versions(self, server: int | None) -> tuple[int, bool, int]:
        """Of a server's settings, whether it is said to be left, and of the operator's."""
        async with self.store.redis.pipeline(transaction=False) as pipe:
            if server is not None:
                pipe.hmget(keys.server_settings(server), ["version", "left"])
            pipe.hget(keys.OPERATOR, "version")
            *of_server, operator = await pipe.execute(raise_on_error=False)
        found: Any = of_server[0] if of_server and isinstance(of_server[0], list) else [None, None]
        return version_of(found[0]), found[1] is not None, version_of(operator)

    def _keep(self, server: int, held: Versioned) -> None:
        self._servers[server] = held
        self._servers.move_to_end(server)
        while len(self._servers) > _KEPT:
            self._servers.popitem(last=False)
