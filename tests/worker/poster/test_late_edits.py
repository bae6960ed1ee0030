"""An edit that Discord is late with, of a poster that was lost: what is final is looked at once more afterwards."""

import asyncio
from collections.abc import Callable
from typing import Any
from unittest.mock import create_autospec

import pytest

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import CHANNEL, Harness
from tests.worker.poster.standin import Standin
from worker.contract.store import keys
from worker.contract.types.job import Reason, State
from worker.poster.deliver import Deliverer
from worker.poster.discord import BrokenError, DiscordError, RateLimitedError, UnreachableError
from worker.poster.poster import Poster

PLACES: dict[str, dict[str, Any]] = {
    "in a channel": {"token": None},
    "with a token": {},
    "for its owner alone": {"ephemeral": True},
}


async def lose(harness: Harness) -> None:
    """Whoever takes the message next is killed."""
    await harness.take()
    await harness.jobs.redis.hset(keys.job("job"), "held", 0)
    await harness.jobs.redis.zadd(keys.OUTBOX, {"job": 0})


async def over(harness: Harness) -> None:
    """Nothing can come any more."""
    assert (await harness.jobs.redis.zscore(keys.OUTBOX, "job") or 0) > await harness.jobs.now()
    await harness.jobs.redis.hset(keys.job("job"), "in_flight", 1)
    await harness.jobs.redis.zadd(keys.OUTBOX, {"job": 0})


def come_late(standin: Standin, message: int) -> None:
    """What the lost poster had sent."""
    late = standin.messages[message]
    late.payload, late.files = {"content": "waiting · place 2"}, []


async def kept(harness: Harness) -> list[bytes]:
    return [each async for each in harness.jobs.redis.scan_iter(match=keys.picture("job", 1, 0)[:-1] + "*")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("late", [False, True])
async def test_pictures_that_a_late_edit_takes_away_come_back(
    harness: Harness, standin: Standin, place: str, late: bool
) -> None:
    message = standin.message()
    await harness.rendered(message=message, **PLACES[place])
    await lose(harness)
    assert (await harness.deliver()).state is State.POSTED
    uploads = len([seen for seen in standin.seen if seen.files])
    assert len(await kept(harness)) == 4
    if late:
        come_late(standin, message)
    await over(harness)
    job = await harness.deliver()
    assert standin.pictures(CHANNEL) == [4]
    assert "waiting" not in standin.messages[message].content
    again = late or "ephemeral" in PLACES[place]  # nobody can look at those
    assert len([seen for seen in standin.seen if seen.files]) == uploads + again
    assert (job.in_flight, job.destination.token, await kept(harness)) == (0, None, [])
    assert await harness.outbox.claim(5) is None


async def test_an_end_that_a_late_edit_hides_is_shown_once_more(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    await harness.admitted(message=message)
    await lose(harness)
    await harness.jobs.cancel("job")
    await harness.deliver()
    come_late(standin, message)
    await over(harness)
    await harness.deliver()
    assert "Cancelled" in standin.messages[message].content
    assert await harness.outbox.claim(5) is None


async def test_a_link_that_a_late_edit_hides_is_set_once_more(harness: Harness, standin: Standin) -> None:
    old = standin.message()
    await harness.rendered(message=old, token=None)
    await lose(harness)
    standin.archived.add(CHANNEL)
    new = (await harness.deliver()).destination.message
    come_late(standin, old)
    await over(harness)
    job = await harness.deliver()
    assert str(new) in standin.messages[old].content
    assert (job.old_message, len(standin.messages)) == (None, 2)
    assert await harness.outbox.claim(5) is None


async def test_a_late_edit_of_a_running_job_is_followed_by_others_anyway(harness: Harness, standin: Standin) -> None:
    await harness.claimed(message=standin.message())
    await lose(harness)
    await harness.deliver()
    assert await harness.jobs.redis.zscore(keys.OUTBOX, "job") is None
    await harness.jobs.fail("job", 1, Reason.ENGINE)
    await harness.deliver()
    await over(harness)


async def test_without_a_loss_nothing_is_in_flight(harness: Harness, standin: Standin) -> None:
    await harness.rendered(message=standin.message())
    assert await harness.outbox.later(await harness.take(), 0)
    await harness.deliver()
    assert await kept(harness) == []
    assert await harness.outbox.claim(5) is None


async def test_what_was_deleted_meanwhile_is_not_handed_out_again(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    await harness.rendered(message=message)
    await lose(harness)
    await harness.deliver()
    del standin.messages[message]
    await over(harness)
    await harness.deliver()
    assert standin.messages == {}
    assert (await kept(harness), await harness.outbox.claim(5)) == ([], None)


async def test_what_easel_deleted_leaves_no_pictures(harness: Harness, standin: Standin) -> None:
    await harness.rendered(message=standin.message())
    await lose(harness)
    await harness.deliver()
    assert await harness.jobs.bury("job")
    assert (await kept(harness), await harness.outbox.claim(5)) == ([], None)


@pytest.mark.parametrize("place", ["in a channel", "for its owner alone"])
async def test_of_a_large_result_the_first_message_comes_back(harness: Harness, standin: Standin, place: str) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    message = standin.message()
    await harness.rendered(message=message, **PLACES[place])
    await lose(harness)
    await harness.deliver()
    come_late(standin, message)
    await over(harness)
    await harness.deliver()
    assert [len(each.files) for each in standin.messages.values()] == [2, 2]


@pytest.mark.parametrize(
    ("make", "in_flight"), [(lambda: UnreachableError("cut"), True), (lambda: BrokenError(504), True),
                          (lambda: BrokenError(503), False), (lambda: RateLimitedError(30.0), False)],
)  # fmt: skip
async def test_a_request_without_an_answer_may_still_arrive(
    harness: Harness, standin: Standin, make: Callable[[], DiscordError], in_flight: bool
) -> None:
    deliverer = create_autospec(Deliverer, instance=True)
    deliverer.deliver.side_effect = make()
    await harness.rendered(message=standin.message())
    stop = asyncio.Event()
    stop.set()
    await Poster(harness.outbox, deliverer, lease=5).run(stop)
    assert bool((await harness.job()).in_flight) is in_flight
    assert (await harness.job()).holder == ""
