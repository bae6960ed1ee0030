"""Emoji reactions on a job's message: the same verbs as its buttons, without an interaction to answer."""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands

from bot import texts
from bot.discord_io.responder import TROUBLE, explain
from bot.errors import AlreadyAsked, MissingPermissions
from bot.intake.origin import of_reaction
from bot.policy import permissions
from bot.verbs.action import READ_HISTORY, Action
from bot.verbs.delete import delete
from bot.verbs.rerun import rerun
from bot.verbs.upscale import upscale
from worker.contract.message.custom_ids import REACTIONS, CustomId, Verb

if TYPE_CHECKING:
    from bot.app import Easel

log = logging.getLogger(__name__)

_PAUSES = (0.5, 2.0, 5.0, 10.0)  # seconds between two looks at a message
TOLD_AGAIN = 60.0  # seconds in which one person hears only once about one message
TOLD_KEPT = 1000  # pairs of person and message that are remembered


class Told:
    """Who was told something about which message lately, so that playing with reactions floods nobody."""

    def __init__(self) -> None:
        self._until: OrderedDict[tuple[int, int], float] = OrderedDict()  # oldest first

    def first(self, person: int, message: int) -> bool:
        """Whether this is the first time within TOLD_AGAIN; it counts from then."""
        now = time.monotonic()
        while self._until and (len(self._until) >= TOLD_KEPT or next(iter(self._until.values())) <= now):
            self._until.popitem(last=False)
        if (person, message) in self._until:
            return False
        self._until[person, message] = now + TOLD_AGAIN
        return True


class Reactions(commands.Cog):
    """Listens for raw reactions, which come for messages of any age."""

    def __init__(self, bot: "Easel") -> None:
        self.bot = bot
        self._told = Told()

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Act on a reaction that means a verb, made by a person on one of our own messages."""
        meant = _meant(payload.emoji)
        mine = self.bot.user is not None and payload.message_author_id == self.bot.user.id
        if meant is None or not mine or self._is_bot(payload):
            return
        try:
            await self._act(payload, *meant)
        except discord.NotFound:
            log.debug("message %s is gone", payload.message_id)
        except Exception as error:  # noqa: BLE001 - explain() logs what nobody foresaw
            text = explain(error)
            if text is not None and self._told.first(payload.user_id, payload.message_id):
                await self._tell(payload.user_id, texts.reacted(text, self._link(payload)))

    def _is_bot(self, payload: discord.RawReactionActionEvent) -> bool:
        itself = self.bot.user is not None and payload.user_id == self.bot.user.id
        return itself or (payload.member is not None and payload.member.bot)

    async def _act(self, payload: discord.RawReactionActionEvent, verb: Verb, index: int) -> None:
        guild = self.bot.get_guild(payload.guild_id) if payload.guild_id else None
        message = await self._message(payload)
        control = _control(message)
        if control is None:
            return
        action = Action(
            job=control.job,
            message=message,
            origin=of_reaction(payload, verb, index, guild),
            moderator=permissions.moderates(guild, payload.channel_id, payload.member),
        )
        if verb.asks:
            if guild is not None:
                permissions.check_channel(guild, payload.channel_id)
            with contextlib.suppress(AlreadyAsked):
                await (
                    upscale(self.bot.intake, action, index) if verb is Verb.UPSCALE else rerun(self.bot.intake, action)
                )
        elif await delete(self.bot.intake, action) is None:
            await message.delete()

    async def _message(self, payload: discord.RawReactionActionEvent) -> discord.Message:
        try:
            return await self._fetch(payload)
        except discord.Forbidden:
            raise MissingPermissions([READ_HISTORY], payload.channel_id) from None

    async def _fetch(self, payload: discord.RawReactionActionEvent) -> discord.Message:
        """The message. While Discord has trouble it is asked for again: nobody makes the same reaction twice."""
        channel = self.bot.get_partial_messageable(payload.channel_id, guild_id=payload.guild_id)
        for pause in _PAUSES:
            with contextlib.suppress(*TROUBLE):
                return await channel.fetch_message(payload.message_id)
            await asyncio.sleep(pause)
        return await channel.fetch_message(payload.message_id)

    def _link(self, payload: discord.RawReactionActionEvent) -> str:
        channel = self.bot.get_partial_messageable(payload.channel_id, guild_id=payload.guild_id)
        return channel.get_partial_message(payload.message_id).jump_url

    async def _tell(self, person: int, text: str) -> None:
        """A refusal by direct message: in the channel it would be noise for everybody else."""
        try:
            dm = await self.bot.create_dm(discord.Object(person))
            await dm.send(text)
        except discord.HTTPException as error:  # closed direct messages, above all
            log.info("could not tell %s why not: status %s, code %s", person, error.status, error.code)
        except aiohttp.ClientConnectionError as error:
            log.info("could not tell %s why not: %s", person, type(error).__name__)


def _meant(emoji: discord.PartialEmoji) -> tuple[Verb, int] | None:
    """What an emoji asks for. A server's own mean nothing, and have no name once they are deleted."""
    return None if emoji.id else REACTIONS.get(emoji.name.replace("\N{VARIATION SELECTOR-16}", ""))


def _control(message: discord.Message) -> CustomId | None:
    """The first of our controls under a message, which names its job."""
    for row in message.components:
        for part in getattr(row, "children", ()):
            found = CustomId.parse(getattr(part, "custom_id", None) or "")
            if found is not None:
                return found
    return None
