"""Where further messages of a result go, and what a delivery does to Discord's limits."""

import asyncio
import time
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import redis

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import CREATE, TOKEN, Harness
from tests.worker.poster.standin import Seen, Standin
from tests.worker.poster.test_deliver import OPEN_DM
from worker.contract.store import keys
from worker.contract.types.job import State
from worker.poster import request_body
from worker.poster.discord import RateLimitedError, UnreachableError
from worker.poster.errors import LostHoldError

FOLLOW_UP = f"POST /webhooks/5/{TOKEN}"


@pytest.mark.parametrize(
    ("place", "flags"),
    [({"ephemeral": True}, 64), ({"ephemeral": True, "installed": False}, 64), ({"installed": False}, None)],
)
async def test_where_the_channel_is_no_way_further_parts_follow_up_on_the_reply(
    harness: Harness, standin: Standin, place: dict[str, Any], flags: int | None
) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    await harness.rendered(message=standin.message(), **place)
    assert (await harness.deliver()).state is State.POSTED
    assert [seen.payload.get("flags") for seen in standin.asked(FOLLOW_UP)] == [flags]
    assert all(seen.payload["allowed_mentions"] == {"parse": []} for seen in standin.seen)
    assert not standin.asked(CREATE)


async def test_a_message_that_was_edited_too_often_is_edited_later(harness: Harness, standin: Standin) -> None:
    standin.fault("PATCH", (400, {"code": 30046, "message": "Maximum number of edits reached"}))
    await harness.rendered(message=standin.message())
    with pytest.raises(RateLimitedError):
        await harness.deliverer.deliver(await harness.take())
    assert (await harness.job()).state is State.RENDERED


@pytest.mark.parametrize(("place", "counts"), [({}, False), ({"token": None}, True)])
async def test_requests_with_the_bots_token_alone_count_in_its_limit(
    harness: Harness, standin: Standin, place: dict[str, Any], counts: bool
) -> None:
    await harness.rendered(message=standin.message(), **place)
    await harness.deliver()
    assert bool(await harness.jobs.redis.exists(keys.RATE_SLOT)) is counts


async def test_a_long_wait_for_a_turn_lets_other_messages_go_first(harness: Harness, standin: Standin) -> None:
    seconds, _ = await harness.jobs.redis.time()
    await harness.jobs.redis.set(keys.RATE_SLOT, (seconds + 30) * 1000)  # more would count as damage
    await harness.rendered(message=standin.message(), token=None)
    with pytest.raises(RateLimitedError):
        async with asyncio.timeout(20):
            await harness.deliverer.deliver(await harness.take())
    assert standin.seen == []


async def test_a_channel_of_direct_messages_is_opened_once(harness: Harness, standin: Standin) -> None:
    for name in ("one", "two"):
        await harness.rendered(name, token=None, installed=False)
        assert (await harness.deliver()).state is State.POSTED
    assert len(standin.asked(OPEN_DM)) == 1


async def test_who_lost_the_message_during_the_upload_does_not_call_it_posted(
    harness: Harness, standin: Standin, redis_sync: redis.Redis
) -> None:
    def taken(_: Seen) -> None:
        redis_sync.hset(keys.job("job"), "holder", "another")

    await harness.rendered(message=standin.message())
    entry = await harness.take()
    standin.rule = taken
    with pytest.raises(LostHoldError):
        await harness.deliverer.deliver(entry)
    assert (await harness.job()).state is State.RENDERED


async def test_nothing_leaves_once_the_hold_has_ended(
    harness: Harness, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process was stopped for a quarter of an hour between its last look at the hold and its upload."""
    late = SimpleNamespace(monotonic=lambda: time.monotonic() + 900)
    monkeypatch.setattr(request_body, "time", late)
    await harness.rendered(message=standin.message())
    with pytest.raises(LostHoldError):
        await harness.deliverer.deliver(await harness.take())
    assert standin.asked("PATCH") == []


@pytest.mark.parametrize("extended", [False, True])
async def test_an_upload_takes_as_long_as_its_hold_is_extended(
    harness: Harness, standin: Standin, monkeypatch: pytest.MonkeyPatch, extended: bool
) -> None:
    """A slow line: from each piece to the next most of a hold passes, which the poster's loop extends meanwhile."""
    await harness.rendered(message=standin.message())
    entry, now = await harness.take(), 0.0

    def later() -> float:
        nonlocal now
        now = (now or entry.until.moment - 7) + 3
        if extended:
            entry.until.moment += 3
        return now

    monkeypatch.setattr(request_body, "time", SimpleNamespace(monotonic=later))
    with nullcontext() if extended else pytest.raises(LostHoldError):
        await harness.deliverer.deliver(entry)
    assert (await harness.job()).state is (State.POSTED if extended else State.RENDERED)


async def test_what_an_earlier_try_has_made_with_other_words_is_edited(harness: Harness, standin: Standin) -> None:
    standin.fault(CREATE, fault.DROP_AFTER)
    await harness.admitted(token=None)
    entry = await harness.take()
    with pytest.raises(UnreachableError):
        await harness.deliverer.deliver(entry)
    await harness.outbox.later(entry, 0)
    await harness.jobs.cancel("job")
    await harness.deliver()
    (message,) = standin.messages.values()
    assert "Cancelled" in message.content
