"""Brings one message to its desired state, by whichever way still works.

What can be wrong with a destination is decided here and in `refusals.py`; what is wrong with Discord at the moment goes
to the caller, who tries again later: edits can be repeated, and what is created is found again (`sender.py`).
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from typing import Any

from worker.contract.discord_answers import How
from worker.contract.message import texts
from worker.contract.message.job_message import moved_card
from worker.contract.message.languages import Language
from worker.contract.message.layout import numbered_rows
from worker.contract.message.markdown import message_link
from worker.contract.store.failpoints import failpoint
from worker.contract.store.heartbeats import model_info
from worker.contract.store.jobs import Cancelled, Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.job import Job, Reason, State
from worker.contract.types.posted_as import PostedAs, PostedPart

from .discord import Discord, RateLimitedError, RefusedError, SlowUploadError
from .elsewhere import Elsewhere
from .encode import Encoder
from .errors import LostHoldError, NobodyError, WordsError
from .last_way import LastWay
from .payload import Abilities, NewMessage, attachments, more, place_of, posted_as, posted_card, result, size
from .refusals import Refusals, cause_of
from .request_body import UploadFile
from .routes import Way, edit_message, follow_up, routes
from .sender import Sender
from .split import MessagePart, Plan, plans, smaller_wanted
from .telling import Teller

log = logging.getLogger("poster")

_HEAVY = 4 * 1024 * 1024  # bytes of pictures; results above that are posted one at a time, to stay small
_EPHEMERAL = 1 << 6
_LONG = 60.0  # seconds; Cloudflare turns a route away for up to an hour, which is as good as a refusal meanwhile


class Deliverer:
    """Delivers entries of the outbox.

    Args:
        outbox: where outcomes are recorded.
        discord: the HTTP API.
        language: of what messages say.
    """

    def __init__(self, outbox: Outbox, discord: Discord, language: Language) -> None:
        self._outbox, self._language = outbox, language
        self._jobs = Jobs(outbox.redis, outbox.timings)
        self._sender = Sender(outbox, discord)
        self._refusals = Refusals(outbox, self._sender)
        self._encoder = Encoder()
        self._last_way = LastWay(outbox, self._jobs, self._sender, self._refusals, self._encoder, language)
        self._teller = Teller(outbox, self._sender, self._refusals, language)
        self._elsewhere = Elsewhere(outbox, self._sender, self._refusals)
        self._heavy = asyncio.Lock()

    async def deliver(self, entry: OutboxEntry) -> None:
        """Make the message show its job, and record that it does.

        Raises:
            DiscordError, DoubtedError: not now (never RefusedError, but BadTokenError).
            LostHoldError: not by us.
        """
        try:
            await self._deliver(entry)
        except WordsError as objection:
            await self._without_words(entry, objection.why)
        except RateLimitedError as error:
            if error.retry_after > _LONG:
                await self._outbox.refused(entry, None)
            raise

    async def _deliver(self, entry: OutboxEntry) -> None:
        rendered = entry.job.state is State.RENDERED
        async with self._heavy if rendered and size(entry.job) > _HEAVY else nullcontext():
            try:
                await (self._deliver_pictures(entry) if rendered else self._deliver_card(entry))
            except NobodyError as nobody:
                await self._give_up(entry, nobody)

    async def _without_words(self, entry: OutboxEntry, why: Cause) -> None:
        """What is drawn is shown without its words; what is not, is not drawn, and that is what its message says."""
        job = entry.job
        if job.state in {State.QUEUED, State.CLAIMED}:
            await self._jobs.cancel(job.id, Reason.CLOSED, why, wordless=True)
            await self._outbox.done(entry)  # the end is news, so it stays due
        else:
            await self._deliver(await self._outbox.wordless(entry))

    async def _deliver_card(self, entry: OutboxEntry) -> None:
        job = entry.job
        if job.telling == job.revision:  # its message shows all there is; its owner has yet to hear of it
            await self._outbox.done(await self._teller.tell(entry))
            return
        if job.gathers:
            entry = await self._last_way.tell_gathered(entry)
        posted = job.state is State.POSTED and job.cause is None
        looks = PostedAs()
        if posted:
            looks = job.posted_as or await self._usual_looks(job)
            if job.in_flight and await self._bring_back(entry):
                return
        payload = posted_card(job, self._language, looks, await self._title(job))
        files: tuple[UploadFile, ...] = ()
        if not posted:  # there, pictures stay as they are
            preview = await self._outbox.preview(job) if job.state is State.CLAIMED else None
            if preview:
                files = (UploadFile("preview.jpg", preview, "image/jpeg", texts.preview(self._language)),)
            payload["attachments"] = attachments(files)
        entry, _ = await self._send(entry, payload, files)
        await self._show_parts(entry, looks.parts)
        await self._outbox.done(await self._teller.tell(entry))

    async def _deliver_pictures(self, entry: OutboxEntry) -> None:
        pictures = await self._outbox.pictures(entry.job)
        if pictures is None:
            log.warning("%s: its pictures are gone", entry.job.id)
            await self._outbox.unpostable(entry, causes.pictures_expired())
            return
        if entry.job.early:
            raise self._last_way.begun(entry.job)
        slow: SlowUploadError | None = None
        async for plan in plans(entry.job, pictures, self._encoder, self._language):
            try:
                looks = await self._send_plan(entry, plan)
            except (RefusedError, SlowUploadError) as error:
                if not smaller_wanted(error):
                    raise
                log.info("%s: too large as %d message(s) (%s), trying smaller", entry.job.id, len(plan), error)
                slow = error if isinstance(error, SlowUploadError) else None
                continue
            if not await self._outbox.posted(entry, looks=looks):
                raise LostHoldError
            failpoint("posted-after")
            log.info("%s: posted", entry.job.id)
            return
        if slow:  # nothing at all gets through, which may pass
            raise slow
        await self._outbox.unpostable(entry, causes.pictures_too_large())

    async def _bring_back(self, entry: OutboxEntry) -> bool:
        """Show the pictures of a posted job once more, where an edit that came late has taken them away."""
        pictures = await self._outbox.pictures(entry.job)
        if pictures is None or await self._last_way.came_before(entry):
            return False
        able = await self._able(entry.job)
        async for first, *_ in plans(entry.job, pictures, self._encoder, self._language):
            try:
                await self._send(entry, result(entry.job, self._language, first, able), first.files)
            except RefusedError as error:
                if not smaller_wanted(error):
                    raise
                continue
            log.info("%s: its pictures are back, an edit that came late had taken them away", entry.job.id)
            return await self._outbox.done(await self._teller.tell(entry))
        return False

    async def _send_plan(self, entry: OutboxEntry, plan: Plan) -> PostedAs:
        """Send all messages of a plan; returns how the first one looks."""
        able = await self._able(entry.job)
        first, *rest = plan
        shown = result(entry.job, self._language, first, able)
        if self._elsewhere.wanted(entry.job) and entry.job.destination.message is None and entry.job.destination.token:
            # The bot has answered and could not say so, or has not: the card that is to lead there is found or made.
            card = posted_card(entry.job, self._language, PostedAs(), await self._title(entry.job))
            with suppress(NobodyError):
                entry, _ = await self._send(entry, card | {"attachments": []}, ())
        moved = await self._elsewhere.post(entry, shown, first.files)
        entry, how = (await self._link_old(moved), How.CREATE) if moved else await self._send(entry, shown, first.files)
        looks = posted_as(entry.job, first, able)
        for part in rest:
            message = await self._send_part(entry, how, part, more(entry.job, self._language, part, able))
            looks = looks.with_part(message, able.enlargeable(entry.job, part), able.varied(entry.job, part))
        return looks

    async def _title(self, job: Job) -> str:
        """The title of its model, where the message names it."""
        named = job.stalled or job.state in {State.RENDERED, State.POSTED}
        info = await model_info(self._outbox.redis, job.request.model) if named else None
        return info.title if info else ""

    async def _able(self, job: Job) -> Abilities:
        return Abilities(await self._jobs.upscalers(), await model_info(self._outbox.redis, job.request.model))

    async def _usual_looks(self, job: Job) -> PostedAs:
        """Of a job whose older poster did not note how its message looked."""
        able = await self._able(job)
        return PostedAs(
            larger=able.enlargeable(job), varied=able.varied(job), beyond=able.beyond(job), draft=able.draft(job)
        )

    async def _send(
        self, entry: OutboxEntry, payload: Mapping[str, Any], files: Sequence[UploadFile]
    ) -> tuple[OutboxEntry, How]:
        """Edit or create the message by the first way that works; the entry then knows where it is."""
        why = causes.refused_too_long() if entry.job.destination.shared else None
        for way in routes(entry.job):
            try:
                entry = await self._by(way, entry, payload, files)
            except RefusedError as error:
                entry = await self._refusals.weigh(way.how, entry, error)
                why = why and cause_of(error)
            else:
                return await self._link_old(entry), way.how
        raise NobodyError(why)

    async def _by(
        self, way: Way, entry: OutboxEntry, payload: Mapping[str, Any], files: Sequence[UploadFile]
    ) -> OutboxEntry:
        place = entry.job.destination
        if way.how is not How.CREATE:
            answer = await self._sender.request(entry, way.route, payload, files)
            return entry if place.message else await self._located(entry, answer)
        if place.message is None:
            new = NewMessage("0", payload, files, reply_to=place.reply_to)
            return await self._located(entry, await self._sender.create(entry, place.channel, new))
        if entry.job.state is State.RENDERED and await self._last_way.came_before(entry):
            return entry  # the edit that is refused now was made already, by a try that could not record it
        new = NewMessage("anew", payload, files, reply_to=place.reply_to)
        found = place_of(await self._sender.create(entry, place.channel, new))
        return await self._outbox.superseded(entry, found[1], found[0]) if found else entry

    async def _send_part(self, entry: OutboxEntry, how: How, part: MessagePart, payload: dict[str, Any]) -> int | None:
        """A further message with more of the same result, beside the first; its id where it can be edited later."""
        place = entry.job.destination
        private = how is How.TOKEN and (place.ephemeral or not place.installed)
        try:
            if private:
                hidden = {"flags": _EPHEMERAL} if place.ephemeral else {}
                await self._sender.request(entry, follow_up(place), payload | hidden, part.files)
            else:
                new = NewMessage(str(part.first), payload, part.files, first=part.first)
                made = place_of(await self._sender.create(entry, place.channel, new))
                return made and made[1]
        except RefusedError as error:
            await self._refusals.weigh(How.TOKEN if private else How.CREATE, entry, error)
            raise NobodyError(None if private else cause_of(error)) from error
        return None

    async def _show_parts(self, entry: OutboxEntry, parts: Sequence[PostedPart]) -> None:
        """The buttons of further messages, which look used where their pictures were made larger."""
        for part in parts:
            payload = {"components": numbered_rows(entry.job, self._language, part.larger, part.varied)}
            try:
                await self._sender.request(entry, edit_message(entry.job.destination.channel, part.message), payload)
            except RefusedError as error:
                await self._refusals.if_passing(entry, error)
                log.info("%s: message %s stays as it was: %s", entry.job.id, part.message, error)

    async def _located(self, entry: OutboxEntry, answer: Mapping[str, Any]) -> OutboxEntry:
        place = place_of(answer)
        if place is None:
            return entry
        # The bot's answer may have been a sentence for its owner alone: that Redis was away, when it was not quite.
        ephemeral = bool(int(answer.get("flags") or 0) & _EPHEMERAL)
        channel, message = place
        return await self._outbox.located(entry, message, channel, ephemeral=ephemeral)

    async def _link_old(self, entry: OutboxEntry) -> OutboxEntry:
        """The message before becomes a link: the new one has reopened its thread, or is in the channel for results."""
        job, place = entry.job, entry.job.destination
        if job.old_message is None or place.message is None:
            return entry
        link = message_link(place.server, place.channel, place.message)
        if job.old_channel not in {None, place.channel}:
            payload = moved_card(job, link, self._language) | {"attachments": []}
        else:
            payload = {"content": texts.moved(link, self._language), "components": [], "attachments": []}
        old = edit_message(job.old_channel or place.channel, job.old_message)
        try:
            await self._sender.request(entry, old, payload)
        except RefusedError as error:
            await self._refusals.if_passing(entry, error)
            log.info("%s: its old message stays as it was: %s", job.id, error)
        return await self._outbox.linked(entry)

    async def _give_up(self, entry: OutboxEntry, nobody: NobodyError) -> None:
        """There is no way to the message where it is. What is drawn goes to its owner, unless somebody deleted it."""
        job = entry.job
        log.info("%s: no way to its message: %s", job.id, nobody)
        if nobody.closed and nobody.why:
            await self._close_channel(job, nobody.why, unseen=nobody.unseen)
        if job.state is State.RENDERED:
            if nobody.gone:
                await self._outbox.unpostable(entry, causes.message_deleted())
            else:
                await self._last_way.take(entry, nobody)
        elif job.state.terminal:
            await self._last_way.tell_end(entry, nobody)
            await self._outbox.drop(entry)
        elif nobody.gone and await self._jobs.cancel(job.id, Reason.MODERATOR) is Cancelled.DONE:
            await self._outbox.drop(entry)
        else:
            await self._outbox.done(entry)

    async def _close_channel(self, job: Job, why: Cause, *, unseen: bool) -> None:
        """Nothing can be posted there any more, so nothing more is drawn for it."""
        ended = await self._jobs.close_channel(job.destination.channel, why, job.id if unseen else "")
        if ended:
            log.info("channel %s is closed (%s): cancelled %s", job.destination.channel, why, ", ".join(ended))
