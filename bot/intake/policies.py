"""The policy of whoever asks for something, where they ask: made anew for each event, of what is set now."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import discord
from redis.exceptions import RedisError

from bot.policy.ceilings import Ceilings
from bot.policy.limits import Policy
from bot.policy.permissions import may_show
from bot.policy.resolve import resolve
from worker.contract.types.server_settings import Limits, Together
from worker.contract.types.timings import Versions

from .origin import Origin
from .server_settings import ServerSettingsCache


class Policies:
    """Resolves policies.

    Args:
        ceilings: what the operator allows.
        settings: what admins and the operator have set.
        guild: a server as the gateway has told of it.
    """

    def __init__(
        self,
        ceilings: Ceilings,
        settings: ServerSettingsCache,
        guild: Callable[[int], discord.Guild | None] = lambda _: None,
    ) -> None:
        self.ceilings = ceilings
        self.settings = settings
        self._guild = guild

    async def bounds(self, server: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the operator allows in a server at most, and what holds where its admins set nothing, by dotted keys.

        Raises RedisError.
        """
        found = await self.settings.in_force(server)
        bounds = self.ceilings.of(found.operator.settings.of(server).tier)
        most = _dotted("each", bounds.each) | _dotted("together", bounds.together)
        return most, _dotted("each", bounds.unset)

    async def of(self, origin: Origin) -> Policy:
        """What holds for the person of an event, at its place. Raises RedisError."""
        place = origin.destination
        policy = await self.at(place.server, origin.place, origin.roles, origin.person)
        if policy.results_to is None or place.server is None:
            return policy
        shown = not place.ephemeral and may_show(self._guild(place.server), place.channel, policy.results_to)
        return policy if shown else replace(policy, results_to=None)

    async def soon(self, origin: Origin, patience: float) -> Policy | None:
        """What holds for the person of an event, for suggestions; None where that is not known in time."""
        try:
            async with asyncio.timeout(patience):
                return await self.of(origin)
        except (RedisError, TimeoutError):
            return None

    async def at(self, server: int | None, channel: int, roles: frozenset[int], person: int) -> Policy:
        """What holds for a person with these roles in a channel (of a thread: its parent). Raises RedisError."""
        found = await self.settings.in_force(server)
        settings = found.server.settings
        theirs = roles | {server} if server else roles  # the role of everyone has the server's id
        policy = resolve(
            self.ceilings,
            settings,
            settings.channels.get(channel),
            {role: limits for role, limits in settings.roles.items() if role in theirs},
            person,
            operator=found.operator.settings,
            place=server,
            now=time.time_ns() // 1_000_000,
        )
        return replace(policy, versions=Versions(found.server.version, found.operator.version))


def _dotted(table: str, limits: Limits | Together) -> dict[str, Any]:
    return {f"{table}.{name}": value for name, value in limits.model_dump(exclude_none=True).items()}
