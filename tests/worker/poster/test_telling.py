"""Whoever asked is told by a mention that theirs has ended: once, where that is wanted, whatever happens meanwhile."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import CHANNEL, OWNER, Harness
from tests.worker.poster.standin import Message, Standin
from worker.contract.store import keys
from worker.contract.types.job import Job, Reason
from worker.contract.types.telling import LATE_AFTER, LATER_MESSAGES
from worker.contract.types.timings import Caps
from worker.poster.discord import BrokenError, UnreachableError
from worker.poster.errors import DoubtedError

CREATE = f"POST /channels/{CHANNEL}/messages"
BELOW = f"GET /channels/{CHANNEL}/messages"


def replies(standin: Standin) -> list[Message]:
    return [each for each in standin.messages.values() if "message_reference" in each.payload]


async def posted(harness: Harness, standin: Standin, tell: str, *, took: float = 0, **place: Any) -> int:
    """A job whose pictures are in its message; what is due then is that its owner is told. Returns that message."""
    message = standin.message()
    await harness.rendered(message=message, **place)
    if tell == "asked":
        await harness.jobs.redis.hset(keys.job("job"), "tell", tell)
    record = await harness.job()
    await harness.jobs.redis.hset(keys.job("job"), "created", record.created - round(took * 1000))
    await harness.deliver()
    return message


async def due(harness: Harness) -> Any:
    found: Any = await harness.jobs.redis.zrange(keys.OUTBOX, 0, -1)
    return found


async def test_who_asked_for_it_is_mentioned_by_a_reply_when_it_is_done(harness: Harness, standin: Standin) -> None:
    message = await posted(harness, standin, "asked")
    edits = standin.messages[message].edits
    await harness.deliver()
    (reply,) = replies(standin)
    assert reply.content == f"<@{OWNER}> Your 4 pictures are done."
    assert reply.payload["message_reference"]["message_id"] == str(message)
    assert reply.payload["allowed_mentions"] == {"users": [str(OWNER)], "replied_user": False}
    assert standin.messages[message].edits == edits  # it shows all there is
    assert await due(harness) == []
    record = await harness.job()
    assert (record.tell, record.telling) == (None, None)


async def test_who_did_not_is_not(harness: Harness, standin: Standin) -> None:
    await posted(harness, standin, "")
    assert await due(harness) == []
    assert replies(standin) == []


@pytest.mark.parametrize(
    ("took", "below", "told"),
    [
        (LATE_AFTER, 0, True),
        (LATE_AFTER - 30, 0, False),
        (LATE_AFTER - 30, LATER_MESSAGES - 1, False),
        (LATE_AFTER - 30, LATER_MESSAGES, True),
        (1, LATER_MESSAGES, False),
    ],
)
async def test_whose_habit_it_is_is_told_after_a_minute_or_ten_messages(
    harness: Harness, standin: Standin, took: float, below: int, told: bool
) -> None:
    await harness.jobs.redis.set(keys.tell(OWNER), 1)
    await posted(harness, standin, "", took=took)
    before = len(standin.messages)
    del standin.seen[:]
    standin.rule = lambda _: None
    if below:
        for _ in range(below - before):
            standin.message()
    await harness.deliver()
    assert bool(replies(standin)) is told
    assert await due(harness) == []
    if told:
        assert "under a request that waits turns this off" in replies(standin)[0].content


async def test_what_a_person_says_goes_before_what_the_server_says(harness: Harness, standin: Standin) -> None:
    await harness.jobs.redis.set(keys.tell(OWNER), 0)
    new = (await harness.admitted()).model_copy(update={"id": "2", "event": "2", "tell": "late"})
    await harness.jobs.admit(new, Caps())
    assert (await harness.job("2")).tell is None
    await harness.jobs.redis.delete(keys.tell(OWNER))
    await harness.jobs.admit(new.model_copy(update={"id": "3", "event": "3"}), Caps())
    assert (await harness.job("3")).tell == "late"


async def test_what_comes_to_nothing_is_told_too_below_the_reason(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    await harness.claimed(message=message)
    assert await harness.jobs.tell("job", wanted=True) == "done"
    assert await harness.jobs.fail("job", 1, Reason.MEMORY)
    await harness.deliver()
    (reply,) = replies(standin)
    assert reply.content == f"<@{OWNER}> Nothing came of this one; it says why."
    assert standin.messages[message].edits == 1
    assert await due(harness) == []


async def test_pictures_that_are_lost_before_they_are_posted_are_told_of_too(
    harness: Harness, standin: Standin
) -> None:
    message = standin.message()
    await harness.rendered(message=message)
    assert await harness.jobs.tell("job", wanted=True) == "done"
    async for key in harness.jobs.redis.scan_iter("easel:picture:*"):
        await harness.jobs.redis.delete(key)
    for _ in range(2):  # that they are gone, and what their message and their owner are told of it
        await harness.deliver()
    (reply,) = replies(standin)
    assert reply.content == f"<@{OWNER}> Nothing came of this one; it says why."
    assert await due(harness) == []


async def test_what_its_owner_cancels_is_told_nobody(harness: Harness, standin: Standin) -> None:
    await harness.claimed(message=standin.message())
    await harness.jobs.tell("job", wanted=True)
    await harness.jobs.cancel("job")
    await harness.deliver()
    assert (replies(standin), await due(harness)) == ([], [])


LOST = [
    (fault.DROP, UnreachableError), (fault.DROP_AFTER, UnreachableError), (fault.BROKEN, BrokenError),
    (fault.UNHEARD_OF, DoubtedError),
]  # fmt: skip


@pytest.mark.parametrize(("lost", "error"), LOST)
async def test_a_reply_whose_answer_is_lost_or_not_believed_is_made_once(
    harness: Harness, standin: Standin, lost: fault.Refused, error: type[Exception]
) -> None:
    await posted(harness, standin, "asked")
    standin.fault(CREATE, lost)
    await harness.refused(error)
    await harness.due()
    await harness.deliver()
    assert len(replies(standin)) == 1
    assert await due(harness) == []


async def test_long_after_a_lost_answer_it_is_found_again_among_others(harness: Harness, standin: Standin) -> None:
    """Two of one person read alike; which message they reply to tells them apart."""
    await posted(harness, standin, "asked")
    standin.fault(CREATE, fault.DROP_AFTER)
    await harness.refused(UnreachableError)
    standin.forget_nonces()
    await harness.age(600)
    await harness.deliver()
    assert len(replies(standin)) == 1


async def test_that_of_another_message_is_not_taken_for_it(harness: Harness, standin: Standin) -> None:
    await posted(harness, standin, "asked")
    other = standin.messages[standin.message()]
    other.payload = {
        "content": f"<@{OWNER}> Your 4 pictures are done.", "message_reference": {"message_id": "12"}
    }  # fmt: skip
    standin.fault(CREATE, fault.DROP)
    await harness.refused(UnreachableError)
    await harness.age(600)
    await harness.deliver()
    assert len(replies(standin)) == 2


async def test_where_that_is_forbidden_nobody_is_told_and_nothing_waits(harness: Harness, standin: Standin) -> None:
    await posted(harness, standin, "asked")
    standin.fault(CREATE, fault.NO_PERMISSION)
    record: Job = await harness.deliver()
    assert (record.telling, await due(harness), replies(standin)) == (None, [], [])


async def test_where_the_bot_is_no_member_there_is_nobody_to_tell(harness: Harness, standin: Standin) -> None:
    await posted(harness, standin, "asked", installed=False)
    await harness.deliver()
    assert (replies(standin), await due(harness)) == ([], [])


async def test_a_message_that_has_changed_meanwhile_is_shown_first(harness: Harness, standin: Standin) -> None:
    message = await posted(harness, standin, "asked")
    edits = standin.messages[message].edits
    await harness.jobs.redis.hincrby(keys.job("job"), "revision", 1)
    await harness.deliver()
    assert (len(replies(standin)), standin.messages[message].edits) == (1, edits + 1)


async def test_pictures_that_come_back_keep_nobody_from_being_told(harness: Harness, standin: Standin) -> None:
    """Somebody has them made larger before the reply is sent, and an edit that came late has taken them away."""
    message = await posted(harness, standin, "asked", token=None)
    late = standin.messages[message]
    late.payload, late.files = {"content": "waiting"}, []
    await harness.jobs.redis.hset(keys.job("job"), mapping={"in_flight": 1, "revision": 99})
    png = io.BytesIO()
    Image.new("RGB", (64, 64)).save(png, "PNG")
    for number in range(4):
        await harness.jobs.redis.set(keys.picture("job", 1, number), png.getvalue())
    await harness.due()
    await harness.deliver()
    assert len(standin.messages[message].files) == 4
    assert len(replies(standin)) == 1
