"""The last way to somebody whose message cannot be reached where it is: by direct message to them alone."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from worker.contract.discord_answers import How
from worker.contract.discord_limits import CONTENT_MAX, FILE_MAX
from worker.contract.message import texts
from worker.contract.message.job_message import file_name, picture_index
from worker.contract.message.languages import Language
from worker.contract.store.heartbeats import model_info
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.store.record import DamagedRecordError
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.job import Job, Reason, State

from .discord import RefusedError, SlowUploadError
from .encode import Encoder
from .errors import LostHoldError, NobodyError
from .payload import Abilities, NewMessage, more, result
from .refusals import Refusals, cause_of
from .routes import look_at
from .sender import Sender
from .split import Plan, plans, smaller_wanted

log = logging.getLogger("poster")

_NO_PINGS: Mapping[str, Any] = {"allowed_mentions": {"parse": []}}


class LastWay:
    """Direct messages: with the pictures where that is right, else with words."""

    def __init__(
        self, outbox: Outbox, jobs: Jobs, sender: Sender, refusals: Refusals, encoder: Encoder, language: Language
    ) -> None:
        self._outbox, self._jobs, self._language = outbox, jobs, language
        self._sender, self._refusals, self._encoder = sender, refusals, encoder

    def begun(self, job: Job) -> NobodyError:
        """Why there is no other way for a result that is on its last one."""
        why = job.cause or (causes.refused_too_long() if job.destination.shared else None)
        return NobodyError(why, restricted=job.cause == causes.pictures_refused())

    async def take(self, entry: OutboxEntry, nobody: NobodyError) -> None:
        """Bring a result to its owner, or else end its job in words. Raises as `Deliverer.deliver` does."""
        job = entry.job
        if await self.came_before(entry):
            if not await self._outbox.posted(entry):
                raise LostHoldError
            log.info("%s: posted by an earlier try", job.id)
            return
        if job.age_restricted or nobody.restricted:  # what was drawn there, or is objected to, is shown nowhere else
            why = nobody.why or causes.message_unreachable()
            await self._tell(entry, "told", texts.cannot_post(job.destination.channel, why, self._language))
            await self._outbox.unpostable(entry, why)
            return
        await self._outbox.last(entry, nobody.why)  # whatever opens again meanwhile: they come once
        refused = await self._bring(entry, nobody.why)
        if refused is None:
            if not await self._outbox.posted(entry, nobody.why):
                raise LostHoldError
            log.info("%s: its pictures went to their owner", job.id)
        else:
            log.info("%s: unpostable: %s, %s", job.id, nobody, refused)
            await self._outbox.unpostable(entry, nobody.why or refused)

    async def came_before(self, entry: OutboxEntry) -> bool:
        """Does its message show the pictures? False where nobody can look.

        An earlier try may have brought them which could not record it (Redis was away or full). Then a refusal of the
        same edit changes nothing: sent once more, by direct message, they would come twice.
        """
        place = entry.job.destination
        if place.message is None or not place.shared:
            return False
        try:
            found = await self._sender.request(entry, look_at(place.channel, place.message), {})
        except RefusedError as error:
            await self._refusals.if_passing(entry, error)
            return False
        names = [str(each.get("filename", "")) for each in found.get("attachments") or ()]
        own = file_name(entry.job, 0).removesuffix("1.png")
        return any(name.startswith(own) and picture_index(name) is not None for name in names)

    async def _bring(self, entry: OutboxEntry, why: Cause | None) -> Cause | None:
        """Send the pictures; returns why not, if so."""
        pictures = await self._outbox.pictures(entry.job)
        if pictures is None:
            return causes.pictures_expired()
        slow: SlowUploadError | None = None
        async for plan in plans(entry.job, pictures, self._encoder, self._language, FILE_MAX):
            try:
                await self._send_plan(entry, plan, why)
            except SlowUploadError as error:
                slow = error
                continue
            except RefusedError as error:
                slow = None
                try:
                    await self._refusals.weigh(How.DM, entry, error)
                except NobodyError as nobody:
                    return nobody.why or cause_of(error)
                except RefusedError:
                    if smaller_wanted(error):
                        continue
                    raise
                return cause_of(error)
            return None
        if slow:  # nothing at all gets through, which may pass
            raise slow
        return causes.pictures_too_large()

    async def _send_plan(self, entry: OutboxEntry, plan: Plan, why: Cause | None) -> None:
        model = await model_info(self._outbox.redis, entry.job.request.model)
        able = Abilities(await self._jobs.upscalers(), model)
        channel = await self._sender.dm(entry, entry.job.owner)
        for index, part in enumerate(plan):
            payload = more(entry.job, self._language, part, able) if index else self._first(entry.job, plan, why, able)
            new = NewMessage(f"dm{part.first}", payload, part.files, first=part.first)
            await self._sender.create(entry, channel, new)

    def _first(self, job: Job, plan: Plan, why: Cause | None, able: Abilities) -> dict[str, Any]:
        """The message with the pictures, below the words for why they come this way."""
        payload = result(job, self._language, plan[0], able)
        if why is None:
            return payload
        said = f"{texts.here_instead(job.destination.channel, why, self._language)}\n{payload['content']}"
        return payload | ({"content": said} if len(said) <= CONTENT_MAX else {})

    async def tell_gathered(self, entry: OutboxEntry) -> OutboxEntry:
        """Tell one person of all their jobs that were cancelled with their channel."""
        job = entry.job
        others = [await self._read(each) for each in job.gathers if each != job.id]
        prompts = [each.request.prompt for each in (job, *others) if each]
        why = job.cause or causes.refused_too_long()
        await self._tell(entry, "closed", texts.closed(job.destination.channel, why, prompts, self._language))
        return await self._outbox.told(entry)

    async def _read(self, job: str) -> Job | None:
        try:
            return await self._jobs.get(job)
        except DamagedRecordError:
            return None

    async def tell_end(self, entry: OutboxEntry, nobody: NobodyError) -> None:
        """Tell somebody how their job ended, if its own message cannot say so and nothing else has told them."""
        job = entry.job
        told = job.gathers or job.gathered or job.reason is Reason.UNPOSTED or job.state is State.POSTED
        own = job.state is State.CANCELLED and job.reason is not Reason.CLOSED
        if nobody.gone or told or own:
            return
        reason, upscale = job.reason or Reason.ENGINE, job.request.upscale is not None
        sentence = texts.reason_sentence(reason, self._language, job.cause, job.detail, upscale=upscale)
        await self._tell(entry, "end", texts.ended(job.destination.channel, sentence, self._language))

    async def _tell(self, entry: OutboxEntry, part: str, content: str) -> None:
        """Say something by direct message. Where that is refused, nothing more can be done."""
        payload = {"content": content, **_NO_PINGS}
        try:
            channel = await self._sender.dm(entry, entry.job.owner)
            await self._sender.create(entry, channel, NewMessage(part, payload))
        except RefusedError as error:
            with suppress(NobodyError):
                await self._refusals.weigh(How.DM, entry, error)
            log.info("%s: its owner cannot be told: %s", entry.job.id, error)
