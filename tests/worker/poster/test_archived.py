"""Threads that were archived or whose messages only seem to be gone."""

from unittest.mock import AsyncMock

import pytest

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import CHANNEL, TOKEN, Harness
from tests.worker.poster.standin import Standin
from worker.contract.types.job import State
from worker.poster.discord import BrokenError
from worker.poster.errors import LostHoldError


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_an_archived_thread_is_reopened_by_a_new_message_and_the_old_one_becomes_a_link(
    harness: Harness, standin: Standin, token: str | None
) -> None:
    old = standin.message()
    standin.archived.add(CHANNEL)
    await harness.rendered(message=old, token=token)
    job = await harness.deliver()
    assert job.state is State.POSTED
    new = job.destination.message
    assert new != old
    assert len(standin.messages[new or 0].files) == 4
    assert f"https://discord.com/channels/10/{CHANNEL}/{new}" in standin.messages[old].content
    assert standin.messages[old].payload["components"] == []


async def test_a_link_that_could_not_be_set_is_set_by_the_next_poster(harness: Harness, standin: Standin) -> None:
    """The new message is there once, whoever comes back to it."""
    old = standin.message()
    standin.archived.add(CHANNEL)
    await harness.rendered(message=old, token=None)
    standin.rule = lambda seen: (503, {}) if seen.line.endswith(str(old)) and CHANNEL not in standin.archived else None
    await harness.refused(BrokenError)
    standin.rule = lambda _: None
    standin.forget_nonces()
    job = await harness.deliver()
    assert job.state is State.POSTED
    assert len(standin.messages) == 2
    assert str(job.destination.message) in standin.messages[old].content


async def test_a_page_in_the_way_of_the_link_is_no_reason_to_leave_it_out(harness: Harness, standin: Standin) -> None:
    old = standin.message()
    standin.archived.add(CHANNEL)
    await harness.rendered(message=old, token=None)
    standin.rule = lambda seen: fault.HTML if seen.line.endswith(str(old)) and CHANNEL not in standin.archived else None
    await harness.refused(BrokenError)
    standin.rule = lambda _: None
    await harness.deliver()
    assert "discord.com/channels" in standin.messages[old].content


async def test_progress_reopens_no_thread(harness: Harness, standin: Standin) -> None:
    old = standin.message()
    standin.archived.add(CHANNEL)
    await harness.claimed(message=old, token=None)
    await harness.deliver()
    assert standin.archived == {CHANNEL}


@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize("most", [9, 2])
async def test_pictures_that_came_before_the_thread_was_archived_do_not_come_again(
    harness: Harness, standin: Standin, monkeypatch: pytest.MonkeyPatch, token: str | None, most: int
) -> None:
    """Discord took them, in one message or in two, and Redis could not record it."""
    old = standin.message()
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > most else None
    await harness.rendered(message=old, token=token)
    entry = await harness.take()
    with monkeypatch.context() as unrecorded:
        unrecorded.setattr(harness.outbox, "posted", AsyncMock(return_value=False))
        with pytest.raises(LostHoldError):
            await harness.deliverer.deliver(entry)
    assert await harness.outbox.later(entry, 0)
    standin.archived.add(CHANNEL)
    job = await harness.deliver()
    assert (job.state, job.destination.message) == (State.POSTED, old)
    assert sum(standin.pictures(CHANNEL)) == 4


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_what_has_its_pictures_gets_no_new_message(harness: Harness, standin: Standin, token: str | None) -> None:
    """It is shown once more, for a button that was used, say; a new message would have no pictures."""
    old = standin.message()
    await harness.rendered(message=old, token=token)
    await harness.deliver()
    standin.archived.add(CHANNEL)
    await harness.due()
    await harness.deliver()
    assert (len(standin.messages), standin.pictures(CHANNEL), standin.archived) == (1, [4], {CHANNEL})
    assert await harness.outbox.claim(5) is None
