"""Requests to Discord that leave only while their message is held, and new messages that are made once."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from worker.contract.discord_answers import UNREADABLE_REPLY
from worker.contract.store.failpoints import failpoint
from worker.contract.store.outbox import Outbox, OutboxEntry

from .discord import PATIENCE, BadTokenError, Discord, RateLimitedError, RefusedError
from .errors import LostHoldError
from .limits import Route
from .payload import NewMessage, is_ours, nonce, place_of, reference, shows
from .request_body import Moment, OverdueError, UploadFile
from .routes import OPEN_DM, create_message, edit_message, messages_after

log = logging.getLogger("poster")

_DM_CHANNELS_KEPT = 1000
_NONCE_TRUSTED = 120.0  # seconds for which Discord surely remembers a nonce; it keeps them for a few minutes
_DISCORD_EPOCH = 1_420_070_400_000  # milliseconds; ids begin there
_CLOCKS_APART = 300_000  # milliseconds that our clock may be ahead of Discord's
_PAGES = 10  # of a hundred messages each, that are searched for one of ours


class Sender:
    """What a deliverer asks of Discord.

    Args:
        outbox: knows who holds a message.
        discord: the HTTP API.
    """

    def __init__(self, outbox: Outbox, discord: Discord) -> None:
        self._outbox, self._discord = outbox, discord
        self._dms: dict[int, int] = {}

    async def request(
        self, entry: OutboxEntry, route: Route, payload: Mapping[str, Any], files: Sequence[UploadFile] = ()
    ) -> dict[str, Any]:
        """Send one request. Raises DiscordError, and LostHoldError when another poster has the message."""

        async def guard() -> Moment:
            if route.bot:
                await self._rate_slot()
            if not await self._outbox.held(entry):
                raise LostHoldError
            failpoint("post-before")
            return lambda: entry.until.moment  # a long upload outlasts one hold, which is extended meanwhile

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

    async def dm(self, entry: OutboxEntry, person: int) -> int:
        """The channel of direct messages with a person."""
        if person not in self._dms:
            answer = await self.request(entry, OPEN_DM, {"recipient_id": str(person)})
            if len(self._dms) >= _DM_CHANNELS_KEPT:
                self._dms.clear()
            self._dms[person] = int(answer["id"])
        return self._dms[person]

    async def create(self, entry: OutboxEntry, channel: int, new: NewMessage) -> dict[str, Any]:
        """Make a message once, and have it show what it should; returns Discord's answer.

        Where the answer to an earlier try was lost, Discord knows the nonce for a few minutes. Later the channel is
        searched for the message before another one is made.
        """
        name = nonce(entry.job, new.part)
        age = await self._outbox.posting(entry, name)
        answer = await self._made_before(entry, channel, new, age) if age >= _NONCE_TRUSTED else None
        if answer is None:
            if age >= _NONCE_TRUSTED:
                await self._outbox.posting(entry, name, anew=True)
            answer = await self._make(entry, channel, new, first=not 0 < age < _NONCE_TRUSTED)
        place = place_of(answer)
        if place and not shows(answer, new.payload, new.files):  # an earlier try has made it as things stood then
            await self.request(entry, edit_message(*place), new.payload, new.files)
        return answer

    async def _make(self, entry: OutboxEntry, channel: int, new: NewMessage, *, first: bool) -> dict[str, Any]:
        name = nonce(entry.job, new.part)
        named = {**new.payload, "nonce": name, "enforce_nonce": True, **reference(new.reply_to)}
        try:
            return await self.request(entry, create_message(channel), named, new.files)
        except (RefusedError, RateLimitedError) as error:
            if isinstance(error, RefusedError) and error.code == UNREADABLE_REPLY and new.reply_to:
                return await self._make(entry, channel, replace(new, reply_to=None), first=first)
            if first and not isinstance(error, BadTokenError):
                await self._outbox.unmade(entry, name)
            raise

    async def _made_before(
        self, entry: OutboxEntry, channel: int, new: NewMessage, age: float
    ) -> dict[str, Any] | None:
        """The message that an earlier try has made, if it has; None as well where the channel cannot be read."""
        begun = round((time.time() - age) * 1000) - _CLOCKS_APART
        after = max(0, begun - _DISCORD_EPOCH) << 22
        for _ in range(_PAGES):
            try:
                page = (await self.request(entry, messages_after(channel, after), {})).get("items") or []
            except BadTokenError:
                raise
            except RefusedError as error:
                log.info("%s: its channel cannot be searched: %s", entry.job.id, error)
                return None
            for message in page:
                known = int(message["id"]) == entry.job.destination.message
                if not known and is_ours(message, entry.job, new):
                    log.info("%s: found what an earlier try has made", entry.job.id)
                    return dict(message)
            if len(page) < 100:
                return None
            after = max(int(message["id"]) for message in page)
        return None
