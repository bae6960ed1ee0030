"""Emoji reactions on a job's message: the same verbs as its buttons, without an interaction to answer."""

import contextlib
import logging
import time
from collections import OrderedDict

import aiohttp
import discord
from discord.ext import commands

from bot import texts
from bot.discord_io.direct import NotTakenError
from bot.discord_io.responder import count_refusal, explain
from bot.errors import AlreadyAsked, MessageGone, UnknownControl
from bot.intake.admission import Intake
from bot.intake.origin import of_reaction
from bot.intake.sight import Sight
from bot.policy import permissions
from bot.result_errors import CannotReply, ClosedDms
from bot.verbs import records
from bot.verbs.action import Action, Prefilled
from bot.verbs.handlers import perform, removed
from worker.contract.discord_answers import cause_of
from worker.contract.message import verbs
from worker.contract.message.custom_ids import CustomId, from_easel, from_newer
from worker.contract.message.layout import button
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.job import Job

from . import questions

log = logging.getLogger(__name__)

TELLING = 10  # people who are told something at once
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

    def forget(self, person: int, message: int) -> None:
        """It came to nothing."""
        self._until.pop((person, message), None)


class Reactions(commands.Cog):
    """Listens for raw reactions, which come for messages of any age."""

    def __init__(self, client: discord.Client, intake: Intake) -> None:
        self._client = client
        self._intake = intake
        self._told, self._offered = Told(), Told()  # why not; a form, after which one may still hear why not
        self._telling = 0  # direct messages on their way

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Act on a reaction that means a verb, made by a person on one of our own messages."""
        meanings = _meanings(payload.emoji)
        itself = self._client.user
        if not meanings or itself is None or payload.message_author_id != itself.id or self._is_bot(payload):
            return
        try:
            await self._act(payload, meanings)
        except ClosedDms as error:
            if self._told.first(payload.user_id, payload.message_id):
                said = texts.refusal(error, self._intake.language)
                await self._intake.direct.reply_for_a_moment(payload.channel_id, payload.message_id, said)
        except (MessageGone, discord.NotFound):
            log.debug("message %s is gone", payload.message_id)
        except Exception as error:  # noqa: BLE001 - explain() logs what nobody foresaw
            count_refusal(self._intake.metrics, error)
            language = self._intake.language
            text = explain(error, language)
            if text is not None and self._told.first(payload.user_id, payload.message_id):
                await self._tell(payload.user_id, texts.reacted(text, self._message(payload).jump_url, language))

    def _is_bot(self, payload: discord.RawReactionActionEvent) -> bool:
        itself = self._client.user is not None and payload.user_id == self._client.user.id
        return itself or (payload.member is not None and payload.member.bot)

    async def _act(self, payload: discord.RawReactionActionEvent, meanings: list[tuple[Verb, int]]) -> None:
        """Do it. What Redis knows is asked first: who may, whether it was done before, and mostly whose job it is."""
        guild = self._client.get_guild(payload.guild_id) if payload.guild_id else None
        with contextlib.suppress(AlreadyAsked):
            await self._check_start(payload, meanings, guild)
            found = await self._find(payload)
            if found is None:
                return
            job, record, message = found
            verb, index = verbs.in_state(meanings, record.state if record else None)
            used = questions.used(message, verb, index) if message else None
            origin = of_reaction(payload, verb, index, guild)
            action = Action(
                job=job,
                channel=payload.channel_id,
                message_id=payload.message_id,
                message=message,
                origin=origin,
                moderator=permissions.moderates(guild, payload.channel_id, payload.member),
                record=record,
                index=index,
                asker=permissions.reacting(guild, payload.channel_id, payload.member),
                again=False,
                used=used is not None,
                made=questions.made_in(used, payload.channel_id),
                sight=Sight(
                    self._client, payload.user_id, payload.channel_id, payload.member, adults=origin.age_restricted
                ),
            )
            made = await perform(self._intake, action, verb)
            if made is None:
                await self._message(payload).delete()
                await removed(self._intake, job, payload.channel_id, payload.message_id)
            elif isinstance(made, Prefilled):
                if guild is not None:
                    permissions.check_channel(guild, payload.channel_id)
                await self._offer_form(payload, CustomId(verb, job, 0, payload.message_id))

    async def _offer_form(self, payload: discord.RawReactionActionEvent, opens: CustomId) -> None:
        """A button below that opens it, for whoever reacted; once in a while. Raises CannotReply."""
        person, message, language = payload.user_id, payload.message_id, self._intake.language
        if not self._offered.first(person, message):
            return
        text, below = texts.edit_by_button(person, language), button(opens, language)
        try:
            await self._intake.direct.reply(payload.channel_id, message, text, person, below)
        except (discord.Forbidden, NotTakenError) as error:
            self._offered.forget(person, message)  # for they have seen none yet, and the next reaction may get through
            if isinstance(error, discord.Forbidden):
                raise CannotReply(cause_of(error.status, error.code, error.text)) from error
            raise

    async def _check_start(
        self, payload: discord.RawReactionActionEvent, meanings: list[tuple[Verb, int]], guild: discord.Guild | None
    ) -> None:
        """See what stands against a new job, where the reaction can only ask for one. Raises Refusal or RedisError."""
        if not all(VERBS[verb].asks for verb, _ in meanings):
            return
        if guild is not None:
            permissions.check_channel(guild, payload.channel_id)
        asker = permissions.reacting(guild, payload.channel_id, payload.member)
        if asker is not None:
            for command in {VERBS[verb].rules_of for verb, _ in meanings}:
                await self._intake.command_rules.check(command, asker)
        await self._intake.check_start(of_reaction(payload, *meanings[0], guild))

    async def _find(
        self, payload: discord.RawReactionActionEvent
    ) -> tuple[str, Job | None, discord.Message | None] | None:
        """The job that a message shows, its record, and the message if it had to be looked at; None: it shows none."""
        jobs = self._intake.jobs
        job = await jobs.job_of(payload.message_id)
        record = await records.find(jobs, job) if job else None
        if job and record is not None:
            return job, record, None
        message = await self._intake.messages.get(payload.channel_id, payload.message_id)
        control = _control(message)
        return (control.job, await records.find(jobs, control.job), message) if control else None

    def _message(self, payload: discord.RawReactionActionEvent) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(payload.channel_id, guild_id=payload.guild_id)
        return channel.get_partial_message(payload.message_id)

    async def _tell(self, person: int, text: str) -> None:
        """A refusal by direct message: in the channel it would be noise for everybody else.

        Of a crowd that is refused all at once some hear nothing: Discord takes many messages to many people for spam.
        """
        if self._telling >= TELLING:
            log.info("could not tell %s why not: too many are told already", person)
            return
        self._telling += 1
        try:
            dm = await self._client.create_dm(discord.Object(person))
            await dm.send(text)
        except discord.HTTPException as error:  # closed direct messages, above all
            log.info("could not tell %s why not: status %s, code %s", person, error.status, error.code)
        except aiohttp.ClientConnectionError as error:
            log.info("could not tell %s why not: %s", person, type(error).__name__)
        finally:
            self._telling -= 1


def _meanings(emoji: discord.PartialEmoji) -> list[tuple[Verb, int]]:
    """What an emoji may ask for. A server's own mean nothing, and have no name once they are deleted."""
    return [] if emoji.id else verbs.of_reaction(emoji.name)


def _control(message: discord.Message) -> CustomId | None:
    """The first of our controls under a message, which names its job; None where there are none, or of another message.

    Raises UnknownControl when only another version of Easel can read those that are there.
    """
    parts = (part for row in message.components for part in getattr(row, "children", ()))
    ids = [custom_id for part in parts if from_easel(custom_id := getattr(part, "custom_id", None) or "")]
    known = [*filter(None, map(CustomId.parse, ids))]
    if ids and not known:
        raise UnknownControl(newer=any(map(from_newer, ids)))
    # A reply that only opens the form of a result is not that result: whoever deletes the one keeps the other.
    return next((each for each in known if not each.message), None)
