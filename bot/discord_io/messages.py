"""Looks at messages on Discord, so that a crowd costs it no more than one person does.

Discord counts these requests for each channel: sixty people who react to one message would otherwise keep everybody
else in that channel waiting for a minute. So one look at a message serves all who mean it within seconds; that it is
gone is remembered for longer, for it never comes back; and of those who wait in a channel the newest is next.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator

import discord

from bot.errors import ChannelBusy, MessageGone, MissingPermissions

from .responder import TROUBLE

READ_HISTORY = "read_message_history"  # the permission, as Discord's API calls it
KEPT = 5.0  # seconds for which a message is taken to be as it was seen
GONE_KEPT = 600.0  # seconds, likewise of one that was deleted
REMEMBERED = 1000  # messages, the newest
AT_ONCE = 2  # requests in one channel
WAITING = 20  # more in one channel than this give up
_PAUSES = (0.5, 2.0, 5.0, 10.0)  # seconds between two looks at a message while Discord has trouble


class Turns:
    """Who may ask in one channel: AT_ONCE at a time, then the newest; beyond WAITING whoever waits longest gives up.

    The newest is the one who still looks at the screen; served in order, all would get an answer that comes too late.
    """

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: list[asyncio.Future[None]] = []  # oldest first

    @property
    def idle(self) -> bool:
        return not self._taken and not self._waiting

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and hold it. Raises ChannelBusy."""
        if self._taken < AT_ONCE:
            self._taken += 1
        else:
            await self._wait()  # whoever is done hands theirs over
        try:
            yield
        finally:
            self._hand_over()

    async def _wait(self) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if len(self._waiting) > WAITING:
            oldest = self._waiting.pop(0)
            if not oldest.done():
                oldest.set_exception(ChannelBusy())
        try:
            await mine
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif not mine.cancelled() and mine.exception() is None:
                self._hand_over()  # it was our turn in the very moment in which we were stopped
            raise

    def _hand_over(self) -> None:
        while self._waiting:
            newest = self._waiting.pop()
            if not newest.done():  # else its task was stopped, and has not run yet to take it out
                newest.set_result(None)
                return
        self._taken -= 1


class _Look:
    """One look at a message: on its way, or what came of it."""

    def __init__(self, found: asyncio.Future[discord.Message | None]) -> None:
        self.found = found
        self._until = float("inf")
        if found.done():
            self._done(found)
        else:
            found.add_done_callback(self._done)

    @property
    def fresh(self) -> bool:
        return time.monotonic() < self._until

    @property
    def gone(self) -> bool:
        """Whether it is known that there is no such message any more."""
        found = self.found
        return found.done() and not found.cancelled() and found.exception() is None and found.result() is None

    def _done(self, found: asyncio.Future[discord.Message | None]) -> None:
        if found.cancelled() or found.exception() is not None:
            self._until = 0.0  # whoever asks next tries again
        else:
            self._until = time.monotonic() + (GONE_KEPT if found.result() is None else KEPT)


class Messages:
    """Messages as Discord has them."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        # By channel and message, oldest first: a message is nothing in another channel, whoever names it there.
        self._looks: OrderedDict[tuple[int, int], _Look] = OrderedDict()
        self._turns: defaultdict[int, Turns] = defaultdict(Turns)  # by channel

    async def get(self, channel: int, message: int) -> discord.Message:
        """The message as it was within the last KEPT seconds.

        While Discord has trouble it is asked for again: nobody makes the same reaction twice.

        Raises MessageGone, MissingPermissions, ChannelBusy, or what discord.py raises for trouble that lasts.
        """
        place = channel, message
        look = self._looks.get(place)
        if look is None or not look.fresh:
            look = _Look(asyncio.create_task(self._fetch(channel, message)))
            self._keep(place, look)
        found = await asyncio.shield(look.found)  # others wait for the same one
        if found is None:
            raise MessageGone(message)
        return found

    def gone(self, channel: int, message: int) -> None:
        """It was deleted just now, so whoever means it from now on is told so, whatever was seen of it before."""
        nothing: asyncio.Future[discord.Message | None] = asyncio.get_running_loop().create_future()
        nothing.set_result(None)
        self._keep((channel, message), _Look(nothing))

    def forget(self, channel: int, message: int) -> None:
        """It may have been deleted by another process: whoever means it next has it looked at anew."""
        look = self._looks.get((channel, message))
        if look is not None and not look.gone:
            del self._looks[channel, message]

    def _keep(self, place: tuple[int, int], look: _Look) -> None:
        self._looks[place] = look
        self._looks.move_to_end(place)
        while len(self._looks) > REMEMBERED:
            self._looks.popitem(last=False)

    async def _fetch(self, channel: int, message: int) -> discord.Message | None:
        for pause in _PAUSES:
            with contextlib.suppress(*TROUBLE):
                return await self._ask(channel, message)
            await asyncio.sleep(pause)
        return await self._ask(channel, message)

    async def _ask(self, channel: int, message: int) -> discord.Message | None:
        """Ask once, when it is our turn; None: there is no such message any more."""
        turns = self._turns[channel]
        try:
            async with turns.turn():
                return await self._client.get_partial_messageable(channel).fetch_message(message)
        except discord.NotFound:
            return None
        except discord.Forbidden:
            raise MissingPermissions([READ_HISTORY], channel) from None
        finally:
            if turns.idle:
                self._turns.pop(channel, None)
