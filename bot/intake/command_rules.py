"""The rules that a server's admins set for Easel's commands, as Discord holds them, remembered for a while."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.discord_io.interactions import Interactions
from bot.errors import AnswerError, CommandDenied, DeadInteractionError
from bot.policy.command_access import Asker, Rule, denied, named

log = logging.getLogger(__name__)

FRESH = 300.0  # seconds; changes are told at once, so this only bounds how long a lost event counts
AGAIN = 15.0  # seconds until Discord is asked again after it did not answer
PATIENCE = 1.0  # seconds that a press waits for Discord; it has three in all
_KEPT = 2000  # pairs of server and command
_NONE_SET = 10066  # Discord's word for a server whose admins have set nothing

_Key = tuple[int, int]  # server, and the command or the application


@dataclass(frozen=True)
class _Held:
    rules: tuple[Rule, ...]
    until: float


class CommandRules:
    """What the page *Integrations* says of Easel's commands.

    While Discord does not hand the rules out, those known last count. Where none were ever known, all may: a server
    that set no rules, as most do, must not stand still while Discord has trouble, and what a person gets by that is no
    more than pictures within every limit. Discord refuses them (403) where the application has no commands at all, so
    there nobody can have made a rule.

    Args:
        ids: the commands by name; what Discord has not told yet has no rules of its own.
    """

    def __init__(self, interactions: Interactions, application: int, ids: Mapping[str, int]) -> None:
        self._interactions = interactions
        self._application = application
        self._ids = ids
        self._held: OrderedDict[_Key, _Held] = OrderedDict()  # least recently used first
        self._reading: dict[_Key, asyncio.Task[None]] = {}

    async def check(self, command: str, asker: Asker) -> bool:
        """Raise CommandDenied when this person may not use the command there.

        Returns whether its rules let them, so that the permissions which it asks for by itself count no more.
        """
        own, general = await asyncio.gather(
            self._of(asker.server, self._ids.get(command)), self._of(asker.server, self._application)
        )
        why = denied(asker, own, general)
        if why is not None:
            raise CommandDenied(command, asker.channel, why)
        return named(asker, own)

    def learn(self, event: discord.RawAppCommandPermissionsUpdateEvent) -> None:
        """Take over what admins just changed. The gateway tells it to every bot, whatever its intents."""
        key = (event.guild.id, event.target_id)
        self._reading.pop(key, None)  # what is under way may be older
        self._keep(key, [Rule(each.type.value, each.id, each.permission) for each in event.permissions], FRESH)

    def expire(self) -> None:
        """Ask anew before the next use: a new session of the gateway does not tell what happened before it."""
        self._held = OrderedDict((key, _Held(each.rules, 0.0)) for key, each in self._held.items())

    async def close(self) -> None:
        """Look no more."""
        reading = list(self._reading.values())
        for each in reading:
            each.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    async def _of(self, server: int, target: int | None) -> tuple[Rule, ...]:
        if target is None:
            return ()
        key = (server, target)
        held = self._held.get(key)
        if held is None or held.until <= time.monotonic():
            reading = self._reading.get(key)
            if reading is None:
                reading = self._reading[key] = asyncio.create_task(self._read(key), name="command rules")
            await asyncio.wait({reading}, timeout=PATIENCE)
            held = self._held.get(key)
        if held is None:
            return ()
        self._held.move_to_end(key)
        return held.rules

    async def _read(self, key: _Key) -> None:
        """One look for all who ask meanwhile; it goes on when they wait no longer, for those who come next."""
        found: list[Rule] | None = None
        try:
            rows = await self._interactions.command_permissions(self._application, *key)
            found = [Rule(int(each["type"]), int(each["id"]), bool(each["permission"])) for each in rows]
        except AnswerError as error:
            if error.code == _NONE_SET:
                found = []
            else:
                log.warning("Discord does not tell who may use commands in server %s: %s", key[0], error)
        except (DeadInteractionError, KeyError, TypeError, ValueError) as error:
            log.warning("Discord's rules for commands in server %s are unreadable: %s", key[0], type(error).__name__)
        if self._reading.get(key) is not asyncio.current_task():
            return  # an event has told something newer
        del self._reading[key]
        if found is not None:
            self._keep(key, found, FRESH)
        else:
            before = self._held.get(key)
            self._keep(key, before.rules if before else (), AGAIN)

    def _keep(self, key: _Key, rules: Sequence[Rule], seconds: float) -> None:
        self._held[key] = _Held(tuple(rules), time.monotonic() + seconds)
        self._held.move_to_end(key)
        while len(self._held) > _KEPT:
            self._held.popitem(last=False)
