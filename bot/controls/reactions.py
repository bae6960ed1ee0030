"""Emoji reactions on a job's message: the same verbs as its buttons, without an interaction to answer."""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict

import aiohttp
import discord
from discord.ext import commands

from bot import texts
from bot.discord_io.responder import TROUBLE, explain
from bot.errors import AlreadyAsked, MissingPermissions, UnknownControl
from bot.intake.admission import Intake
from bot.intake.origin import of_reaction
from bot.policy import permissions
from bot.verbs import records
from bot.verbs.action import READ_HISTORY, Action
from bot.verbs.handlers import perform
from worker.contract.message import verbs
from worker.contract.message.custom_ids import CustomId, from_easel, from_newer
from worker.contract.message.verbs import VERBS, Verb

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

    def __init__(self, client: discord.Client, intake: Intake) -> None:
        self._client = client
        self._intake = intake
        self._told = Told()

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Act on a reaction that means a verb, made by a person on one of our own messages."""
        meanings = _meanings(payload.emoji)
        itself = self._client.user
        if not meanings or itself is None or payload.message_author_id != itself.id or self._is_bot(payload):
            return
        try:
            await self._act(payload, meanings)
        except discord.NotFound:
            log.debug("message %s is gone", payload.message_id)
        except Exception as error:  # noqa: BLE001 - explain() logs what nobody foresaw
            language = self._intake.language
            text = explain(error, language)
            if text is not None and self._told.first(payload.user_id, payload.message_id):
                await self._tell(payload.user_id, texts.reacted(text, self._link(payload), language))

    def _is_bot(self, payload: discord.RawReactionActionEvent) -> bool:
        itself = self._client.user is not None and payload.user_id == self._client.user.id
        return itself or (payload.member is not None and payload.member.bot)

    async def _act(self, payload: discord.RawReactionActionEvent, meanings: list[tuple[Verb, int]]) -> None:
        guild = self._client.get_guild(payload.guild_id) if payload.guild_id else None
        message = await self._message(payload)
        control = _control(message)
        if control is None:
            return
        record = await records.find(self._intake.jobs, control.job)
        verb, index = verbs.in_state(meanings, record.state if record else None)
        action = Action(
            job=control.job,
            message=message,
            origin=of_reaction(payload, verb, index, guild),
            moderator=permissions.moderates(guild, payload.channel_id, payload.member),
            record=record,
            index=index,
        )
        if VERBS[verb].asks and guild is not None:
            permissions.check_channel(guild, payload.channel_id)
        with contextlib.suppress(AlreadyAsked):
            if await perform(self._intake, action, verb) is None:
                await message.delete()

    async def _message(self, payload: discord.RawReactionActionEvent) -> discord.Message:
        try:
            return await self._fetch(payload)
        except discord.Forbidden:
            raise MissingPermissions([READ_HISTORY], payload.channel_id) from None

    async def _fetch(self, payload: discord.RawReactionActionEvent) -> discord.Message:
        """The message. While Discord has trouble it is asked for again: nobody makes the same reaction twice."""
        channel = self._client.get_partial_messageable(payload.channel_id, guild_id=payload.guild_id)
        for pause in _PAUSES:
            with contextlib.suppress(*TROUBLE):
                return await channel.fetch_message(payload.message_id)
            await asyncio.sleep(pause)
        return await channel.fetch_message(payload.message_id)

    def _link(self, payload: discord.RawReactionActionEvent) -> str:
        channel = self._client.get_partial_messageable(payload.channel_id, guild_id=payload.guild_id)
        return channel.get_partial_message(payload.message_id).jump_url

    async def _tell(self, person: int, text: str) -> None:
        """A refusal by direct message: in the channel it would be noise for everybody else."""
        try:
            dm = await self._client.create_dm(discord.Object(person))
            await dm.send(text)
        except discord.HTTPException as error:  # closed direct messages, above all
            log.info("could not tell %s why not: status %s, code %s", person, error.status, error.code)
        except aiohttp.ClientConnectionError as error:
            log.info("could not tell %s why not: %s", person, type(error).__name__)


def _meanings(emoji: discord.PartialEmoji) -> list[tuple[Verb, int]]:
    """What an emoji may ask for. A server's own mean nothing, and have no name once they are deleted."""
    return [] if emoji.id else verbs.of_reaction(emoji.name)


def _control(message: discord.Message) -> CustomId | None:
    """The first of our controls under a message, which names its job; None where there are none.

    Raises UnknownControl when only another version of Easel can read those that are there.
    """
    parts = (part for row in message.components for part in getattr(row, "children", ()))
    ids = [custom_id for part in parts if from_easel(custom_id := getattr(part, "custom_id", None) or "")]
    known = next(filter(None, map(CustomId.parse, ids)), None)
    if known is None and ids:
        raise UnknownControl(newer=any(map(from_newer, ids)))
    return known
