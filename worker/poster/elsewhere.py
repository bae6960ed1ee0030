"""Results that a server's admins want in another channel than they were asked for in."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.job import Job

from .discord import BadTokenError, RefusedError
from .payload import NewMessage, place_of
from .refusals import Refusals
from .request_body import UploadFile
from .sender import Sender
from .split import smaller_wanted

log = logging.getLogger("poster")

PART = "results"  # names that message among all of its job


class Elsewhere:
    """Posts results in the channel that was chosen for them, once the bot has seen that they may be shown there."""

    def __init__(self, outbox: Outbox, sender: Sender, refusals: Refusals) -> None:
        self._outbox, self._sender, self._refusals = outbox, sender, refusals

    def wanted(self, job: Job) -> bool:
        """Whether its results are to be in another channel."""
        return job.results_to not in {None, job.destination.channel} and job.destination.shared

    async def post(
        self, entry: OutboxEntry, payload: Mapping[str, Any], files: Sequence[UploadFile]
    ) -> OutboxEntry | None:
        """Make the message there, which the card is then to lead to.

        None where that is not wanted, or not possible: then the pictures come where they were asked for.

        Raises RefusedError for files that are too large, else as `Refusals.if_passing` does.
        """
        place, target = entry.job.destination, entry.job.results_to
        if target is None or not self.wanted(entry.job):
            return None
        try:
            made = place_of(await self._sender.create(entry, target, NewMessage(PART, payload, files)))
        except RefusedError as error:
            if isinstance(error, BadTokenError) or smaller_wanted(error):
                raise
            await self._refusals.if_passing(entry, error)
            log.info("%s: its results cannot be in channel %s: %s", entry.job.id, target, error)
            return None
        if made is None:
            return None
        channel, message = made
        if place.message is None:
            return await self._outbox.located(entry, message, channel, ephemeral=False)
        return await self._outbox.superseded(entry, message, channel)
