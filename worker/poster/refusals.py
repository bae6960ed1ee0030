"""What becomes of a delivery that Discord refuses: `contract/discord_answers.py` judges, this acts on it."""

import logging

from worker.contract import discord_answers as answers
from worker.contract.discord_answers import How, Verdict, judge
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.cause import Cause
from worker.contract.types.job import State

from .discord import BadTokenError, BrokenError, RateLimitedError, RefusedError
from .errors import DoubtedError, NobodyError, WordsError
from .routes import look_at
from .sender import Sender

log = logging.getLogger("poster")

DOUBTED = 900.0  # seconds for which a way is tried that is refused for an unknown reason
_EDIT_CAP_WAIT = 60.0  # seconds; an old message has been edited too often


def cause_of(error: RefusedError) -> Cause:
    """Why, for the person who asked."""
    return answers.cause_of(error.status, error.code, error.message)


class Refusals:
    """Decides over refusals.

    Args:
        outbox: remembers for how long a way has been refused.
        sender: takes a look at messages.
    """

    def __init__(self, outbox: Outbox, sender: Sender) -> None:
        self._outbox, self._sender = outbox, sender

    async def weigh(self, how: How, entry: OutboxEntry, error: RefusedError) -> OutboxEntry:
        """Return when the next way is to be tried; the entry knows that this one is not.

        Raises:
            RefusedError: the files are too large, or the bot's own token is not accepted.
            BrokenError, RateLimitedError, DoubtedError: not now.
            WordsError: not with these words.
            NobodyError: nor in any other way.
        """
        if isinstance(error, BadTokenError):
            raise error
        self._log(how, entry, error)
        known = entry.job.destination.message is not None
        verdict = judge(how, error.status, error.code, readable=error.readable, known=known)
        if verdict is Verdict.GONE and await self._there(entry):
            verdict = Verdict.UNKNOWN
        match verdict:
            case Verdict.SMALLER:
                raise error
            case Verdict.PASSING:
                await self._passing(entry, error)
            case Verdict.UNKNOWN:
                await self._doubt(how, entry, error)
            case Verdict.WORDS if not entry.job.wordless and how is not How.DM:
                raise WordsError(cause_of(error)) from error
            case Verdict.GONE:
                raise NobodyError(gone=True) from error
            case Verdict.PICTURES:
                raise NobodyError(cause_of(error), restricted=True) from error
            case Verdict.WORDS | Verdict.FINAL:
                closed = verdict is Verdict.FINAL and (how is not How.TOKEN or entry.job.destination.installed)
                raise NobodyError(cause_of(error), closed=closed, unseen=how is How.CREATE) from error
        return await self._leave(how, entry, error)

    async def if_passing(self, entry: OutboxEntry, error: RefusedError) -> None:
        """Raise when it is worth trying again what was tried besides, or when nothing can be done at all."""
        if isinstance(error, BadTokenError):
            raise error
        if judge(How.CHANNEL, error.status, error.code, readable=error.readable) is Verdict.PASSING:
            await self._passing(entry, error)

    def _log(self, how: How, entry: OutboxEntry, error: RefusedError) -> None:
        if error.code == answers.INVALID_FORM:
            log.error("%s: Discord finds a fault in what Easel sends, please report it: %s", entry.job.id, error)
        else:
            log.info("%s: Discord refuses %s: %s", entry.job.id, how, error)
        log.debug("%s: Discord says: %r", entry.job.id, error.message)

    async def _passing(self, entry: OutboxEntry, error: RefusedError) -> None:
        if error.code == answers.EDIT_CAP:
            raise RateLimitedError(_EDIT_CAP_WAIT) from error
        await self._outbox.refused(entry, None)
        raise BrokenError(error.status, error.code) from error

    async def _doubt(self, how: How, entry: OutboxEntry, error: RefusedError) -> None:
        """Return when this way was refused for long enough."""
        refused = await self._outbox.refused(entry, how)
        hasty = refused.early and how is not How.DM  # after that way there is none
        if refused.seconds < DOUBTED and not hasty:
            raise DoubtedError(str(error)) from error
        log.warning("%s: Discord has refused %s for %.0f s: %s", entry.job.id, how, refused.seconds, error)

    async def _leave(self, how: How, entry: OutboxEntry, error: RefusedError) -> OutboxEntry:
        """This way is not tried again, unless all that the message misses is progress: a thread may be reopened."""
        if how is How.TOKEN and error.code != answers.THREAD_ARCHIVED:
            return await self._outbox.tokenless(entry)
        if entry.job.state in {State.QUEUED, State.CLAIMED}:
            return entry
        return await self._outbox.shut(entry, how)

    async def _there(self, entry: OutboxEntry) -> bool:
        """Is the message there, although Discord says that it knows none? Where nobody can look, it is believed."""
        place = entry.job.destination
        if place.message is None or not place.shared:
            return False
        try:
            await self._sender.request(entry, look_at(place.channel, place.message), {})
        except RefusedError as error:
            await self.if_passing(entry, error)
            verdict = judge(How.CHANNEL, error.status, error.code, readable=error.readable)
            if verdict is Verdict.FINAL:
                raise NobodyError(cause_of(error), closed=True) from error
            return verdict is not Verdict.GONE
        return True
