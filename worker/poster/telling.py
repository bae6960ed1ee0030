"""Tells the owner of a job that it has ended: edits of its message notify nobody."""

import logging
from contextlib import suppress
from typing import Any

from worker.contract.discord_answers import How
from worker.contract.message import tell_texts
from worker.contract.message.languages import Language
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.job import Job
from worker.contract.types.telling import LATE_AFTER, LATER_MESSAGES, Telling

from .discord import RefusedError
from .errors import NobodyError, WordsError
from .payload import NewMessage
from .refusals import Refusals
from .routes import messages_after
from .sender import Sender

log = logging.getLogger("poster")

_LOOKED_AT = 10.0  # seconds a job took at least for it to be worth a look at what was said after it


class Teller:
    """A short reply that mentions the owner, made once like every other message."""

    def __init__(self, outbox: Outbox, sender: Sender, refusals: Refusals, language: Language) -> None:
        self._outbox, self._sender, self._refusals, self._language = outbox, sender, refusals, language

    async def tell(self, entry: OutboxEntry) -> OutboxEntry:
        """Tell them, if that is due. Raises as `Deliverer.deliver` does; a refusal for good ends it."""
        job = entry.job
        if job.telling is None:
            return entry
        try:
            if await self._wanted(entry):
                await self._reply(entry)
        except RefusedError as error:
            with suppress(NobodyError, WordsError):
                await self._refusals.weigh(How.CREATE, entry, error)
            log.info("%s: its owner cannot be told: %s", job.id, error)
        return await self._outbox.owner_told(entry)

    async def _reply(self, entry: OutboxEntry) -> None:
        job = entry.job
        payload: dict[str, Any] = {
            "content": tell_texts.ended(job, self._language),
            "allowed_mentions": {"users": [str(job.owner)], "replied_user": False},
        }
        new = NewMessage("tell", payload, reply_to=job.destination.message)
        await self._sender.create(entry, job.destination.channel, new)
        log.info("%s: its owner is told", job.id)

    async def _wanted(self, entry: OutboxEntry) -> bool:
        """Whether they may have stopped looking, or asked for it. Only where the bot may write on its own."""
        job, place = entry.job, entry.job.destination
        if not place.shared or place.message is None:
            return False
        if job.tell is not Telling.LATE or _took(job) >= LATE_AFTER:
            return job.tell is not None
        if _took(job) < _LOOKED_AT:
            return False
        later = await self._sender.request(entry, messages_after(place.channel, place.message), {})
        return len(later.get("items") or ()) >= LATER_MESSAGES


def _took(job: Job) -> float:
    """Seconds from asking to the end."""
    return (job.changed - job.created) / 1000
