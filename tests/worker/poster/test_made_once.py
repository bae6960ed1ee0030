"""New messages whose answer was lost: each is there once, however late the next try."""

import pytest

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import CHANNEL, CREATE, Harness
from tests.worker.poster.standin import Standin
from worker.contract.types.job import State
from worker.poster.discord import BrokenError, UnreachableError


@pytest.mark.parametrize("part", ["whole", "parts"])
async def test_a_message_whose_answer_was_lost_half_an_hour_ago_is_there_once(
    harness: Harness, standin: Standin, part: str
) -> None:
    """Done, the answer dropped, and Discord has forgotten the nonce when the next poster comes by."""
    if part == "parts":
        standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 1 else None
    message = standin.message() if part == "parts" else None
    standin.fault(CREATE, fault.DROP_AFTER)
    await harness.rendered(token=None, message=message)
    await harness.refused(UnreachableError)
    standin.forget_nonces()
    await harness.age(1800)
    assert (await harness.deliver()).state is State.POSTED
    assert sorted(standin.pictures(CHANNEL)) == ([1, 1, 1, 1] if part == "parts" else [4])


async def test_within_two_minutes_the_nonce_is_enough(harness: Harness, standin: Standin) -> None:
    standin.fault(CREATE, fault.DROP_AFTER)
    await harness.rendered(token=None)
    await harness.refused(UnreachableError)
    await harness.age(100)
    assert (await harness.deliver()).state is State.POSTED
    assert not standin.asked("GET")
    assert standin.pictures(CHANNEL) == [4]


async def test_what_never_arrived_is_made_after_a_look(harness: Harness, standin: Standin) -> None:
    standin.fault(CREATE, fault.DROP)
    standin.message()  # another one, of another job
    await harness.rendered(token=None)
    await harness.refused(UnreachableError)
    await harness.age(1800)
    assert (await harness.deliver()).state is State.POSTED
    assert len(standin.asked("GET")) == 1
    assert sorted(standin.pictures(CHANNEL)) == [0, 4]


async def test_what_was_refused_needs_no_look(harness: Harness, standin: Standin) -> None:
    standin.fault(CREATE, fault.HTML)
    await harness.rendered(token=None)
    await harness.refused(BrokenError)
    await harness.age(1800)
    assert (await harness.deliver()).state is State.POSTED
    assert not standin.asked("GET")
