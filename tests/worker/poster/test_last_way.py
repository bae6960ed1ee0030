"""Pictures that cannot be posted where they were asked for go to their owner, or words where that is not right."""

from unittest.mock import AsyncMock

import pytest

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import ANY, CHANNEL, DM, OWNER, Harness
from tests.worker.poster.standin import Refused, Standin
from worker.contract.store import keys
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason, State
from worker.poster.discord import UnreachableError
from worker.poster.errors import LostHoldError

FINAL = {
    "deleted": (fault.NO_CHANNEL, "was deleted"),
    "hidden": (fault.NO_ACCESS, "Mention me in the thread"),
    "forbidden": (fault.NO_PERMISSION, "attach files"),
    "locked": (fault.LOCKED, "locked by a moderator"),
}


@pytest.mark.parametrize("way", ["channel", "create"])
@pytest.mark.parametrize("refusal", FINAL)
async def test_a_final_refusal_brings_the_pictures_to_their_owner(
    harness: Harness, standin: Standin, refusal: str, way: str
) -> None:
    answer, said = FINAL[refusal]
    standin.fault(ANY, answer, times=100)
    await harness.rendered(message=None if way == "create" else standin.message(), token=None)
    job = await harness.deliver()
    assert job.state is State.POSTED
    assert standin.pictures(5000 + OWNER) == [4]
    assert said in standin.told(OWNER)[0]
    await harness.deliver()  # the card cannot be reached, which is the end of it
    assert await harness.outbox.claim(5) is None


async def test_pictures_that_an_earlier_try_put_there_do_not_come_twice(
    harness: Harness, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord took them, Redis could not record it; then the channel was closed to files."""
    await harness.rendered(message=standin.message(), token=None)
    entry = await harness.take()
    with monkeypatch.context() as unrecorded:
        unrecorded.setattr(harness.outbox, "posted", AsyncMock(return_value=False))
        with pytest.raises(LostHoldError):
            await harness.deliverer.deliver(entry)
    assert await harness.outbox.later(entry, 0)
    standin.rule = lambda seen: fault.NO_PERMISSION if seen.files and f"/channels/{CHANNEL}/" in seen.line else None
    job = await harness.deliver()
    assert (job.state, job.cause) == (State.POSTED, None)
    assert standin.pictures(CHANNEL) == [4]
    assert not standin.told(OWNER)


async def test_a_card_whose_pictures_went_elsewhere_says_so(harness: Harness, standin: Standin) -> None:
    """The bot may write there, but attach no files."""
    message = standin.message()
    standin.rule = lambda seen: fault.NO_PERMISSION if seen.files and f"/channels/{CHANNEL}/" in seen.line else None
    await harness.rendered(message=message, token=None)
    await harness.deliver()
    job = await harness.deliver()
    assert job.state is State.POSTED
    assert "went to their owner by direct message" in standin.messages[message].content


@pytest.mark.parametrize("closed", [fault.CLOSED_DMS, (403, {"code": 50278, "message": "No mutual guilds"})])
async def test_where_direct_messages_are_closed_too_it_fails_and_the_card_says_so(
    harness: Harness, standin: Standin, closed: Refused
) -> None:
    message = standin.message()
    standin.rule = lambda seen: fault.NO_PERMISSION if seen.files and f"/channels/{CHANNEL}/" in seen.line else None
    standin.fault(DM, closed, times=100)
    await harness.rendered(message=message, token=None)
    job = await harness.deliver()
    assert (job.state, job.reason) == (State.FAILED, Reason.UNPOSTED)
    assert not await harness.jobs.redis.exists(keys.person(OWNER))
    await harness.deliver()
    assert "attach files" in standin.messages[message].content


async def test_direct_messages_take_smaller_files_than_a_boosted_server(harness: Harness, standin: Standin) -> None:
    standin.fault(ANY, fault.NO_ACCESS, times=100)
    standin.rule = lambda seen: (
        fault.TOO_LARGE if "/5001/" in seen.line and any(name.endswith("png") for name, _ in seen.files) else None
    )
    await harness.rendered(token=None, message=standin.message(), upload_limit=50 * 1024 * 1024)
    assert (await harness.deliver()).state is State.POSTED
    names = [name for each in standin.messages.values() if each.channel == 5001 for name, _ in each.files]
    assert {name.rpartition(".")[2] for name in names} == {"webp"}


@pytest.mark.parametrize(
    ("answer", "restricted"), [(fault.NO_ACCESS, True), (fault.EXPLICIT, False), (fault.EXPLICIT, True)]
)
async def test_what_is_for_adults_or_objected_to_is_shown_nowhere_else(
    harness: Harness, standin: Standin, answer: Refused, restricted: bool
) -> None:
    standin.fault(ANY, answer, times=100)
    await harness.rendered(token=None, message=standin.message(), age_restricted=restricted)
    job = await harness.deliver()
    assert (job.state, job.reason) == (State.FAILED, Reason.UNPOSTED)
    assert standin.pictures(5001) == [0]
    assert "could not post them" in standin.told(OWNER)[0]


async def test_pictures_on_their_last_way_do_not_come_elsewhere_as_well(harness: Harness, standin: Standin) -> None:
    """The direct message was made, its answer was lost, and then the channel opens again."""
    standin.fault(ANY, fault.LOCKED)
    standin.fault(DM, fault.DROP_AFTER)
    await harness.rendered(token=None, message=standin.message())
    await harness.refused(UnreachableError)
    await harness.age(1800)
    standin.forget_nonces()
    job = await harness.deliver()
    assert (job.state, job.cause) == (State.POSTED, Cause(code="thread_locked"))
    assert standin.pictures(CHANNEL) == [0]
    assert standin.pictures(5001) == [4]
