"""One look at a message serves a crowd, and of those who wait in a channel the newest is next."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, create_autospec

import discord
import pytest

from bot.discord_io import messages
from bot.discord_io.messages import AT_ONCE, WAITING, Messages, Turns
from bot.errors import ChannelBusy, MessageGone, MissingPermissions

MESSAGE, OTHER, CHANNEL = 5, 6, 1
CLIENT: Any = create_autospec(discord.Client, instance=True)
Outcome = Callable[[], Any]


class Discord:
    """Answers each request when the test says so, and notes what was asked for."""

    def __init__(self, outcome: Outcome = MagicMock) -> None:
        self.client = CLIENT
        self.client.get_partial_messageable.side_effect = lambda _: SimpleNamespace(fetch_message=self._fetch)
        self.asked: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        self.outcome = outcome

    async def _fetch(self, message: int) -> Any:
        self.asked.append(message)
        await self.open.wait()
        return self.outcome()


def refuse(kind: type[discord.HTTPException], status: int) -> Outcome:
    def raising() -> Any:
        raise kind(MagicMock(status=status), "no")

    return raising


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass."""
    now = [0.0]
    monkeypatch.setattr("bot.discord_io.messages.time", SimpleNamespace(monotonic=lambda: now[0]))

    def tick(seconds: float) -> None:
        now[0] += seconds

    return tick


async def test_a_crowd_shares_one_look_until_it_is_old(clock: Callable[[float], None]) -> None:
    box = Discord()
    seen = Messages(box.client)
    first, *others = await asyncio.gather(*(seen.get(CHANNEL, MESSAGE) for _ in range(60)))
    assert all(each is first for each in others)
    clock(messages.KEPT - 0.1)
    assert await seen.get(CHANNEL, MESSAGE) is first
    assert box.asked == [MESSAGE]
    clock(0.2)
    assert await seen.get(CHANNEL, MESSAGE) is not first


async def test_what_is_gone_is_remembered_for_long(clock: Callable[[float], None]) -> None:
    box = Discord(refuse(discord.NotFound, 404))
    seen = Messages(box.client)
    for _ in range(9):
        with pytest.raises(MessageGone):
            await seen.get(CHANNEL, MESSAGE)
        clock(messages.GONE_KEPT / 10)
    assert box.asked == [MESSAGE]


async def test_what_we_deleted_is_gone_at_once_and_nobody_is_asked(clock: Callable[[float], None]) -> None:
    box = Discord()
    seen = Messages(box.client)
    await seen.get(CHANNEL, MESSAGE)
    box.open.clear()
    late = asyncio.create_task(seen.get(CHANNEL, OTHER))  # on its way while it is deleted
    await asyncio.sleep(0)
    for each in (MESSAGE, OTHER):
        seen.gone(CHANNEL, each)
        with pytest.raises(MessageGone):
            await seen.get(CHANNEL, each)
    box.open.set()
    await late
    with pytest.raises(MessageGone):
        await seen.get(CHANNEL, OTHER)
    assert box.asked == [MESSAGE, OTHER]


async def test_what_may_have_gone_is_looked_at_anew_and_what_has_is_not(clock: Callable[[float], None]) -> None:
    box = Discord()
    seen = Messages(box.client)
    await seen.get(CHANNEL, MESSAGE)
    seen.forget(CHANNEL, MESSAGE)
    seen.forget(CHANNEL, OTHER)  # never seen
    await seen.get(CHANNEL, MESSAGE)
    seen.gone(CHANNEL, MESSAGE)
    seen.forget(CHANNEL, MESSAGE)
    with pytest.raises(MessageGone):
        await seen.get(CHANNEL, MESSAGE)
    assert box.asked == [MESSAGE, MESSAGE]


async def test_what_is_seen_or_gone_in_one_channel_says_nothing_of_another() -> None:
    box = Discord()
    seen = Messages(box.client)
    first = await seen.get(CHANNEL, MESSAGE)
    box.outcome = refuse(discord.NotFound, 404)  # as Discord answers who names a message where it is not
    with pytest.raises(MessageGone):
        await seen.get(CHANNEL + 1, MESSAGE)
    assert await seen.get(CHANNEL, MESSAGE) is first


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [(discord.Forbidden, 403, MissingPermissions), (discord.HTTPException, 400, discord.HTTPException)],
)
async def test_a_refusal_is_not_kept(kind: type[discord.HTTPException], status: int, said: type[Exception]) -> None:
    box = Discord(refuse(kind, status))
    seen = Messages(box.client)
    for _ in range(2):
        with pytest.raises(said):
            await seen.get(CHANNEL, MESSAGE)
    assert len(box.asked) == 2


async def test_who_gives_up_takes_the_look_from_nobody() -> None:
    box = Discord()
    box.open.clear()
    seen = Messages(box.client)
    one, other = (asyncio.create_task(seen.get(CHANNEL, MESSAGE)) for _ in range(2))
    await settle()
    one.cancel()
    box.open.set()
    assert await other is not None
    assert box.asked == [MESSAGE]


async def test_a_channel_is_asked_the_newest_first_and_the_oldest_give_up() -> None:
    box = Discord()
    box.open.clear()
    seen = Messages(box.client)
    looks = []
    for message in range(AT_ONCE + WAITING + 3):
        looks.append(asyncio.create_task(seen.get(CHANNEL, message)))
        await settle()
    elsewhere = asyncio.create_task(seen.get(CHANNEL + 1, 999))
    await settle()
    assert box.asked == [*range(AT_ONCE), 999]  # another channel waits for none of this
    box.open.set()
    ended = await asyncio.gather(*looks, elsewhere, return_exceptions=True)
    gave_up = [number for number, each in enumerate(ended) if isinstance(each, ChannelBusy)]
    assert gave_up == [AT_ONCE, AT_ONCE + 1, AT_ONCE + 2]
    newest = AT_ONCE + WAITING + 2
    assert box.asked == [*range(AT_ONCE), 999, *range(newest, newest - WAITING, -1)]
    assert seen._turns == {}


async def test_turns_are_handed_over_whatever_becomes_of_those_who_wait() -> None:
    turns, order = Turns(), []

    async def take(name: str, hold: asyncio.Event) -> None:
        async with turns.turn():
            order.append(name)
            await hold.wait()

    first, rest = asyncio.Event(), asyncio.Event()
    rest.set()
    running = [asyncio.create_task(take(f"r{number}", first)) for number in range(AT_ONCE)]
    await settle()
    gone, left, chosen = (asyncio.create_task(take(name, rest)) for name in ("gone", "left", "chosen"))
    await settle()
    gone.cancel()  # while it waits
    await settle()
    first.set()
    chosen.cancel()
    await asyncio.gather(*running, gone, left, chosen, return_exceptions=True)
    assert order == [*(f"r{number}" for number in range(AT_ONCE)), "left"]
    assert turns.idle


async def test_a_turn_that_comes_in_the_moment_of_giving_up_goes_to_the_next() -> None:
    turns = Turns()
    holders = [turns.turn() for _ in range(AT_ONCE)]
    for each in holders:
        await each.__aenter__()

    async def take() -> None:
        async with turns.turn():
            pass

    left, chosen = asyncio.create_task(take()), asyncio.create_task(take())
    await settle()
    await holders[0].__aexit__(None, None, None)  # hands it to the newest
    chosen.cancel()
    await asyncio.wait_for(left, 5)
    await holders[1].__aexit__(None, None, None)
    assert turns.idle


async def test_it_remembers_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "REMEMBERED", 3)
    seen = Messages(Discord().client)
    for message in (1, 2, 3, 4, 5):
        await seen.get(CHANNEL, message)
    assert [message for _, message in seen._looks] == [3, 4, 5]


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(9):
        await asyncio.sleep(0)
