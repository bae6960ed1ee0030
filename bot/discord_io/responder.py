"""One interaction's answer: in time, once, and in words whatever happens. The only error handler there is."""

import asyncio
import contextlib
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import discord
from discord import app_commands
from pydantic import ValidationError
from redis.exceptions import RedisError

from bot import texts
from bot.errors import AnswerError, DeadInteractionError, DeferredError, OverCap, Refusal
from worker.contract.message.languages import Language
from worker.contract.metrics.counts import Metrics
from worker.contract.redis_check.outage import trouble
from worker.contract.store.record import DamagedRecordError

from .direct import NotTakenError
from .interactions import DEFERRED_MESSAGE, DEFERRED_UPDATE, FORM, MESSAGE, UPDATE, Body, File, Interactions

log = logging.getLogger(__name__)

TROUBLE = (discord.DiscordServerError, aiohttp.ClientConnectionError, NotTakenError)  # Discord's own
FORM_LATEST = 2.4  # seconds; a form is a first answer or none, so it is not put off before
_EPHEMERAL = 1 << 6
_KINDS = {
    MESSAGE: "message", DEFERRED_MESSAGE: "deferred", DEFERRED_UPDATE: "deferred", UPDATE: "update", FORM: "form",
}  # fmt: skip
Besides = Callable[[Exception], tuple[Body | None, Sequence[Body]]]
_NO_PINGS: dict[str, list[str]] = {"parse": []}


class Responder:
    """What a person gets back for one interaction.

    With `in_place` the answer is a change of the message whose button was pressed; otherwise it is a new message, with
    `hidden` for this person alone.

    Attributes:
        language: in which it is given.
        message: where the bot is seen to be thinking; None if it is not, or nobody knows where.
    """

    def __init__(
        self,
        interactions: Interactions,
        interaction: discord.Interaction,
        language: Language,
        *,
        in_place: bool = False,
        hidden: bool = False,
    ) -> None:
        self.language = language
        self._interactions = interactions
        self._id = interaction.id
        self._application = interaction.application_id
        self._token = interaction.token
        self._channel = interaction.channel_id
        self._in_place = in_place
        self._flags = {"flags": _EPHEMERAL} if hidden and not in_place else {}
        self._lock = asyncio.Lock()
        self._deferred = False
        self._answered = False
        self.message: int | None = None
        self._heard = time.monotonic()
        self._counted = False

    @property
    def metrics(self) -> Metrics:
        """Where answers and refusals are counted."""
        return self._interactions.metrics

    @property
    def answered(self) -> bool:
        """Whether the answer was given, and not put off."""
        return self._answered and not self._deferred

    async def show_at_once(self, shown: Body) -> int | None:
        """Answer with a message, unless the answer was put off; returns its id, as far as it is known."""
        async with self._lock:
            if self._deferred:
                return None
            try:
                message = await self._respond(MESSAGE, {**shown, **self._flags})
            except DeferredError as before:
                self._put_off(before.message)
                return None
            self._answered = True
            return message

    async def show_in_place(self, shown: Body) -> None:
        """Answer with the message, whose button was pressed, as it is now."""
        async with self._lock:
            if self._deferred:
                await self._interactions.edit_original(self._application, self._token, shown)
            else:
                await self._respond(UPDATE, shown)
            self._answered = True

    async def show_form(self, form: Body) -> bool:
        """Answer with a form. Only a first answer can be one; False: put off before, it is nothing any more."""
        async with self._lock:
            if self._deferred:
                return False
            await self._respond(FORM, form)
            self._answered = True
            return True

    async def acknowledge(self) -> None:
        """Answer nothing: the poster shows what became of it."""
        await self._defer()

    async def whisper(self, text: str, embed: Body | None = None, buttons: Sequence[Body] = ()) -> None:
        """A sentence for this person alone. After a deferral Discord makes it public, save for changes in place."""
        body = _whispered(text)
        if embed:
            body["embeds"] = [embed]
        if buttons:
            body["components"] = [{"type": 1, "components": list(buttons)}]
        await self.tell(body)

    async def tell(self, message: Body, files: Sequence[File] = ()) -> None:
        """Any message with files, for this person alone, as `whisper`."""
        body = {**message, "flags": int(message.get("flags") or 0) | _EPHEMERAL, "allowed_mentions": _NO_PINGS}
        async with self._lock:
            if self._answered or (self._deferred and self._in_place):
                await self._interactions.follow_up(self._application, self._token, body, files)
            elif self._deferred:
                await self._resolve_privately(body, files)
            else:
                try:
                    await self._respond(MESSAGE, body, files)
                except DeferredError as before:
                    self._put_off(before.message)
                    await self._resolve_privately(body, files)
            self._answered = True

    async def _resolve_privately(self, body: Body, files: Sequence[File]) -> None:
        """The sentence where the bot is seen to be thinking; a button, and what somebody typed, for them alone."""
        if self._flags or not body.get("components"):
            await self._resolve(body, files)
            return
        beside = {name: value for name, value in body.items() if name != "content"}
        await self._resolve({name: value for name, value in body.items() if name not in {"components", "embeds"}})
        with contextlib.suppress(AnswerError, DeadInteractionError):  # the sentence was what mattered
            await self._interactions.follow_up(self._application, self._token, beside)

    async def whisper_if_first(self, text: str) -> None:
        """A sentence for this person alone, unless another process has answered already, or is about to."""
        async with self._lock:
            with contextlib.suppress(DeferredError):
                await self._respond(MESSAGE, _whispered(text))
            self._answered = True

    async def remove(self) -> None:
        """Delete the message whose button was pressed. The interaction's token may, wherever the message is."""
        try:
            await self._defer()
        except DeadInteractionError as error:
            if not error.removed:
                raise
            # Another press was quicker. An answer for this person alone, deleted below, keeps Discord from
            # telling them that their press failed.
            await self._respond(DEFERRED_MESSAGE, {"flags": _EPHEMERAL})
        async with self._lock:
            await self._interactions.delete_original(self._application, self._token)
            self._answered = True

    async def defer_after(self, seconds: float) -> None:
        """Defer when nothing was answered by then, so that the three seconds are kept."""
        await asyncio.sleep(seconds)
        try:
            await self._defer()
        except (AnswerError, DeadInteractionError) as error:
            log.warning("could not defer interaction %s: %s", self._id, error)

    async def _defer(self) -> None:
        async with self._lock:
            if not self._answered and not self._deferred:
                message = await self._respond(
                    DEFERRED_UPDATE if self._in_place else DEFERRED_MESSAGE, self._flags or None
                )
                self._put_off(None if self._in_place else message)

    def _put_off(self, message: int | None) -> None:
        self._deferred, self.message = True, message

    async def _resolve(self, body: Body, files: Sequence[File] = ()) -> None:
        """Say it where the bot is seen to be thinking. Nobody else would, so a token that has died does not end it."""
        flags = int(body.get("flags") or 0) & ~_EPHEMERAL  # that it is private was said when it was put off
        body = {name: value for name, value in body.items() if name != "flags"} | ({"flags": flags} if flags else {})
        try:
            await self._interactions.edit_original(self._application, self._token, body, patient=True, files=files)
        except DeadInteractionError:
            if self.message is None or self._channel is None:
                raise
            await self._interactions.edit_message(self._channel, self.message, body)

    async def _respond(self, kind: int, data: Body | None = None, files: Sequence[File] = ()) -> int | None:
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        message = await self._interactions.respond(self._application, self._id, self._token, body, files)
        self._count(kind)
        return message

    def _count(self, kind: int) -> None:
        """One more first answer, and how long it took."""
        if not self._counted:
            self.metrics.count("easel_bot_answers_total", kind=_KINDS[kind])
            self.metrics.observe("easel_bot_answer_seconds", time.monotonic() - self._heard)
        self._counted = True


def _whispered(text: str) -> dict[str, Any]:
    return {"content": text, "allowed_mentions": _NO_PINGS, "flags": _EPHEMERAL}


async def answer(
    responder: Responder,
    work: Callable[[Responder], Awaitable[object]],
    *,
    defer_after: float,
    besides: Besides | None = None,
) -> None:
    """Run `work`, which answers through `responder`; defer when it takes long; say in words what went wrong.

    `besides` makes, of an error, an embed and buttons that are shown with its sentence.
    """
    timer = asyncio.create_task(responder.defer_after(defer_after))
    try:
        await work(responder)
    except Exception as error:  # noqa: BLE001 - the one place where every error becomes a sentence
        await _say(responder, error, besides)
    finally:
        timer.cancel()


async def _say(responder: Responder, error: Exception, besides: Besides | None) -> None:
    count_refusal(responder.metrics, error)
    text = explain(error, responder.language)
    if text is None:
        return
    try:
        embed, buttons = besides(error) if besides else (None, ())
        await responder.whisper(text, embed, buttons)
    except (AnswerError, DeadInteractionError) as failed:
        log.warning("could not tell what went wrong: %s", failed)


def count_refusal(metrics: Metrics, error: Exception) -> None:
    """One more of what people were refused, by the error's class, and by the limit where it was one."""
    error = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(error, DeadInteractionError):
        return
    name = type(error).__name__ if isinstance(error, Refusal) else "Trouble"
    reason = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    if isinstance(error, OverCap):
        reason = f"over_cap_{error.refused.why.name.lower()}"
    metrics.count("easel_bot_refusals_total", reason=reason)


def _holds_input(error: BaseException | None) -> bool:
    """Whether a traceback would print what did not validate: a prompt may be in it."""
    while error is not None:
        if isinstance(error, ValidationError | DamagedRecordError):
            return True
        error = error.__cause__ or error.__context__
    return False


def explain(error: Exception, language: Language) -> str | None:
    """The sentence for any error; None when nobody is left to hear it."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, DeadInteractionError):
        log.warning("the interaction ended before its answer arrived")
        return None
    if isinstance(error, Refusal):
        return texts.refusal(error, language)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return texts.command_changed(language)
    if isinstance(error, RedisError):
        said = texts.queue_trouble(error, language)
        if said is not None:
            log.warning("Redis did not serve a request: %s", trouble(error))
            return said
    if isinstance(error, TROUBLE) or (isinstance(error, AnswerError) and error.passing):
        log.warning("Discord did not do what was asked of it: %s", type(error).__name__)
        return texts.discord_away(language)
    reference = secrets.token_hex(4)
    if _holds_input(error):
        log.error("error %s: %s", reference, error if isinstance(error, DamagedRecordError) else type(error).__name__)
    else:
        log.error("error %s", reference, exc_info=error)
    return texts.unknown(reference, language)
