"""Brings one message to its desired state, by whichever way still works.

What can be wrong with a destination is decided here; what is wrong with Discord at the moment (DiscordError other
than RefusedError) goes to the caller, who tries again later: edits can be repeated, and what is created carries a
nonce by which Discord recognises it.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from worker.contract.message import texts
from worker.contract.message.job_message import card
from worker.contract.message.languages import Language
from worker.contract.store.failpoints import failpoint
from worker.contract.store.jobs import Cancelled, Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types import cause as causes
from worker.contract.types.job import Job, State

from .discord import PATIENCE, BadTokenError, Discord, RateLimitedError, RefusedError
from .encode import Encoder
from .errors import LostHoldError, NobodyError
from .limits import Route
from .payload import attachments, enlargeable, more, nonce, place_of, reference, result, shows, size
from .request_body import OverdueError, UploadFile
from .routes import (
    EDIT_CAP,
    OPEN_DM,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    How,
    Way,
    create_message,
    edit_message,
    follow_up,
    gone,
    routes,
    token_dead,
    too_large,
)
from .split import MessagePart, plans

log = logging.getLogger("poster")

_HEAVY = 4 * 1024 * 1024  # bytes of pictures; results above that are posted one at a time, to stay small
_DM_CHANNELS_KEPT = 1000
_EPHEMERAL = 1 << 6
_EDIT_CAP_WAIT = 60.0  # seconds; an old message has been edited too often


class Deliverer:
    """Delivers entries of the outbox.

    Args:
        outbox: where outcomes are recorded.
        discord: the HTTP API.
        language: of what messages say.
    """

    def __init__(self, outbox: Outbox, discord: Discord, language: Language) -> None:
        self._outbox, self._discord, self._language = outbox, discord, language
        self._jobs = Jobs(outbox.redis, outbox.timings)
        self._encoder = Encoder()
        self._heavy = asyncio.Lock()
        self._dms: dict[int, int] = {}

    async def deliver(self, entry: OutboxEntry) -> None:
        """Make the message show its job, and record that it does.

        Raises:
            DiscordError: not now (never RefusedError, but BadTokenError).
            LostHoldError: not by us.
        """
        try:
            if entry.job.state is State.RENDERED:
                async with self._heavy if size(entry.job) > _HEAVY else nullcontext():
                    await self._deliver_pictures(entry)
            else:
                await self._deliver_card(entry)
        except NobodyError as nobody:
            await self._give_up(entry, nobody)

    async def _deliver_card(self, entry: OutboxEntry) -> None:
        job = entry.job
        posted = job.state is State.POSTED
        payload = card(job, self._language, enlargeable(job, await self._jobs.upscalers()) if posted else ())
        files: tuple[UploadFile, ...] = ()
        if not posted:  # there, pictures stay as they are
            preview = await self._outbox.preview(job) if job.state is State.CLAIMED else None
            if preview:
                files = (UploadFile("preview.jpg", preview, "image/jpeg", texts.preview(self._language)),)
            payload["attachments"] = attachments(files)
        entry, _ = await self._send(entry, payload, files)
        await self._outbox.done(entry)

    async def _deliver_pictures(self, entry: OutboxEntry) -> None:
        pictures = await self._outbox.pictures(entry.job)
        if pictures is None:
            log.warning("%s: its pictures are gone", entry.job.id)
            await self._outbox.unpostable(entry, causes.pictures_expired())
            return
        upscalers = await self._jobs.upscalers()
        async for plan in plans(entry.job, pictures, self._encoder):
            first, *rest = plan
            try:
                entry, how = await self._send(entry, result(entry.job, self._language, first, upscalers), first.files)
                for part in rest:
                    await self._send_part(entry, how, part, more(entry.job, self._language, part, upscalers))
            except RefusedError as error:
                if not too_large(error):
                    raise
                log.info("%s: too large as %d message(s), trying smaller", entry.job.id, len(plan))
                continue
            if not await self._outbox.posted(entry):
                raise LostHoldError
            failpoint("posted-after")
            log.info("%s: posted", entry.job.id)
            return
        await self._outbox.unpostable(entry, causes.pictures_too_large())

    async def _send(
        self, entry: OutboxEntry, payload: Mapping[str, Any], files: Sequence[UploadFile]
    ) -> tuple[OutboxEntry, How]:
        """Edit or create the message by the first way that works; the entry then knows where it is."""
        final = entry.job.state not in {State.QUEUED, State.CLAIMED}
        for way in routes(entry.job.destination, final=final):
            try:
                return await self._by(way, entry, payload, files), way.how
            except BadTokenError:
                raise
            except RefusedError as error:
                if too_large(error):
                    raise
                self._consider(way, entry.job, error)
                if way.how is How.TOKEN:
                    entry = await self._outbox.tokenless(entry)
        raise NobodyError

    async def _by(
        self, way: Way, entry: OutboxEntry, payload: Mapping[str, Any], files: Sequence[UploadFile]
    ) -> OutboxEntry:
        place = entry.job.destination
        if way.how is How.DM:  # not recorded as the message's place: its nonce makes it one, not many
            named = {**payload, **nonce(entry.job, "0")}
            await self._request(entry, create_message(await self._dm(entry, entry.job.owner)), named, files)
            return entry
        if way.how is How.CREATE:
            return await self._create(way, entry, payload, files)
        answer = await self._request(entry, way.route, payload, files)
        return entry if place.message else await self._located(entry, answer)

    async def _create(
        self, way: Way, entry: OutboxEntry, payload: Mapping[str, Any], files: Sequence[UploadFile]
    ) -> OutboxEntry:
        named = {**payload, **nonce(entry.job, "0"), **reference(entry.job.destination.reply_to)}
        answer = await self._request(entry, way.route, named, files)
        entry = await self._located(entry, answer)
        await self._renew(entry, answer, payload, files)
        return entry

    async def _renew(
        self, entry: OutboxEntry, answer: Mapping[str, Any], payload: Mapping[str, Any], files: Sequence[UploadFile]
    ) -> None:
        """A message that an earlier try has made comes back as it was made then, so it is edited."""
        place = place_of(answer)
        if place and not shows(answer, payload, files):
            await self._request(entry, edit_message(*place), payload, files)

    async def _send_part(self, entry: OutboxEntry, how: How, part: MessagePart, named: dict[str, Any]) -> None:
        """A further message with more of the same result, beside the first."""
        place = entry.job.destination
        try:
            if how is How.TOKEN and (place.ephemeral or not place.installed):
                hidden = {"flags": _EPHEMERAL} if place.ephemeral else {}
                await self._request(entry, follow_up(place), named | hidden, part.files)
                return
            channel = await self._dm(entry, entry.job.owner) if how is How.DM else place.channel
            known = named | nonce(entry.job, str(part.first))
            answer = await self._request(entry, create_message(channel), known, part.files)
            await self._renew(entry, answer, named, part.files)  # Discord may have taken more at once before
        except RefusedError as error:
            if too_large(error) or isinstance(error, BadTokenError):
                raise
            raise NobodyError(causes.discord_says(error.message)) from error

    async def _located(self, entry: OutboxEntry, answer: Mapping[str, Any]) -> OutboxEntry:
        place = place_of(answer)
        if place is None:
            return entry
        # The bot's answer may have been a sentence for its owner alone: that Redis was away, when it was not quite.
        ephemeral = bool(int(answer.get("flags") or 0) & _EPHEMERAL)
        channel, message = place
        return await self._outbox.located(entry, message, channel, ephemeral=ephemeral)

    async def _request(
        self, entry: OutboxEntry, route: Route, payload: Mapping[str, Any], files: Sequence[UploadFile] = ()
    ) -> dict[str, Any]:
        async def guard() -> float:
            if route.bot:
                await self._rate_slot()
            asked = time.monotonic()
            held = await self._outbox.held(entry)
            if not held:
                raise LostHoldError
            failpoint("post-before")
            return asked + held

        try:
            answer = await self._discord.request(route, payload, files, guard)
        except OverdueError:
            raise LostHoldError from None
        failpoint("post-after")
        return answer

    async def _rate_slot(self) -> None:
        """Wait until Discord's limit for the bot as a whole allows another request."""
        wait = await self._outbox.rate_slot(PATIENCE)
        if wait > PATIENCE:
            raise RateLimitedError(wait)
        await asyncio.sleep(wait)

    async def _dm(self, entry: OutboxEntry, person: int) -> int:
        """The channel of direct messages with a person."""
        if person not in self._dms:
            answer = await self._request(entry, OPEN_DM, {"recipient_id": str(person)})
            if len(self._dms) >= _DM_CHANNELS_KEPT:
                self._dms.clear()
            self._dms[person] = int(answer["id"])
        return self._dms[person]

    def _consider(self, way: Way, job: Job, error: RefusedError) -> None:
        """Return when the next way is worth trying, else raise NobodyError."""
        unanswered = job.destination.message is None
        if way.how is How.TOKEN and (token_dead(error) or (unanswered and gone(error))):
            log.debug("%s: its token is dead", job.id)
            return
        if error.code == EDIT_CAP:
            raise RateLimitedError(_EDIT_CAP_WAIT) from error
        if gone(error):
            raise NobodyError(vain=error.code in {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL}) from error
        log.warning("%s: Discord refuses %s: %s", job.id, way.how, error)
        why = causes.discord_says(error.message) if error.status == 403 else causes.discord_refused(error.code)
        vain = way.how is How.CREATE and error.status == 403
        raise NobodyError(why, tell=way.how is not How.DM, vain=vain) from error

    async def _give_up(self, entry: OutboxEntry, nobody: NobodyError) -> None:
        """Record that the message cannot be reached. Pictures that nobody will see are told to their owner."""
        job = entry.job
        if job.state is State.RENDERED:
            await self._tell_owner(entry, nobody)
            log.info("%s: unpostable: %s", job.id, nobody)
            await self._outbox.unpostable(entry, nobody.why or causes.message_deleted())
        elif job.state.terminal or (nobody.vain and await self._cancel(entry, nobody)):
            await self._outbox.drop(entry)
        else:
            await self._outbox.done(entry)

    async def _cancel(self, entry: OutboxEntry, nobody: NobodyError) -> bool:
        """Spare the work. Its owner is told first: told twice, Discord knows the nonce. False when it is too late."""
        await self._tell_owner(entry, nobody)
        if await self._jobs.cancel(entry.job.id, nobody.reason) is not Cancelled.DONE:
            return False
        log.info("%s: cancelled: %s", entry.job.id, nobody)
        return True

    async def _tell_owner(self, entry: OutboxEntry, nobody: NobodyError) -> None:
        """Tell them why by direct message, if there is anything to tell."""
        if nobody.why is None or not nobody.tell:
            return
        job = entry.job
        drawn = job.state is State.RENDERED
        said = texts.cannot_post(job.destination.channel, nobody.why, self._language, drawn=drawn)
        payload = {"content": said, "allowed_mentions": {"parse": []}, **nonce(job, "told")}
        try:
            channel = await self._dm(entry, job.owner)
            await self._request(entry, create_message(channel), payload)
        except RefusedError as error:  # closed DMs, or the very channel that was refused
            log.info("%s: its owner cannot be told: %s", job.id, error)
