"""What Discord refuses: tried again, in another way, or without the words. Nothing drawn is thrown away."""

from typing import Any

import pytest

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import ANY, CHANNEL, CREATE, OWNER, REPLY, THROUGH_CHANNEL, Harness
from tests.worker.poster.standin import Refused, Standin
from worker.contract.store import keys
from worker.contract.types.job import Reason, State
from worker.poster.discord import BrokenError, RateLimitedError
from worker.poster.errors import DoubtedError
from worker.poster.refusals import DOUBTED

PASSING: dict[str, Refused] = {
    "html": fault.HTML,
    "html 404": (404, fault.HTML[1]),
    "not json": (400, "no"),
    "overloaded": fault.OVERLOADED,
    "cloudflare": (403, {"code": 40333, "message": "internal network error"}),
    "408": (408, {"code": 0, "message": "408: Request Timeout"}),
    "503": (503, {}),
}
UNKNOWN: dict[str, Refused] = {
    "unheard of": fault.UNHEARD_OF,
    "bare 404": fault.BARE,
    "403 alone": (403, {"message": "Forbidden"}),
    "our own fault": (400, {"code": 50035, "message": "Invalid Form Body"}),
}
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "token": (REPLY, {}),
    "channel": (THROUGH_CHANNEL, {"token": None}),
    "create": (CREATE, {"token": None}),
}


async def rendered(harness: Harness, standin: Standin, way: str) -> int | None:
    """A result that goes the given way first; its card's message."""
    message = None if way == "create" else standin.message()
    await harness.rendered(message=message, **WAYS[way][1])
    return message


async def kept(harness: Harness) -> bool:
    return bool(await harness.jobs.redis.exists(keys.picture("job", 1, 0)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
async def test_trouble_that_passes_costs_nothing(harness: Harness, standin: Standin, way: str, answer: Refused) -> None:
    standin.fault(WAYS[way][0], answer, times=3)
    await rendered(harness, standin, way)
    for _ in range(3):
        await harness.refused(BrokenError)
        await harness.age(3600)
    assert await kept(harness)
    assert (await harness.job()).tries == 3
    assert (await harness.deliver()).state is State.POSTED
    assert standin.pictures(CHANNEL) == [4]


@pytest.mark.parametrize("way", ["channel", "create"])
@pytest.mark.parametrize("answer", UNKNOWN.values(), ids=UNKNOWN)
async def test_what_nobody_knows_is_tried_for_a_while(
    harness: Harness, standin: Standin, way: str, answer: Refused
) -> None:
    standin.fault(WAYS[way][0], answer, times=2)
    await rendered(harness, standin, way)
    await harness.refused(DoubtedError)
    await harness.age(DOUBTED - 1)
    await harness.refused(DoubtedError)
    assert await kept(harness)
    assert (await harness.deliver()).state is State.POSTED
    assert standin.pictures(CHANNEL) == [4]


@pytest.mark.parametrize("answer", UNKNOWN.values(), ids=UNKNOWN)
async def test_and_then_goes_from_way_to_way_until_its_owner_has_it(
    harness: Harness, standin: Standin, answer: Refused
) -> None:
    """An edit, a new message, a direct message: each has its time. The state of it lies in Redis."""
    standin.fault(f"PATCH {ANY}|POST {ANY}", answer, times=100)
    await rendered(harness, standin, "channel")
    for _ in range(2):
        await harness.refused(DoubtedError)
        await harness.age(DOUBTED)
    job = await harness.deliver()
    assert job.state is State.POSTED
    assert standin.pictures(5000 + OWNER) == [4]
    assert f"could not post these in <#{CHANNEL}>" in standin.told(OWNER)[0]
    assert not await kept(harness)


async def test_refused_everywhere_it_fails_in_words(harness: Harness, standin: Standin) -> None:
    """… but only after all ways had their time; the quota is back, and the card says so once Discord lets it."""
    message = standin.message()
    standin.fault("PATCH|POST /channels", fault.UNHEARD_OF, times=6)
    await harness.rendered(message=message, token=None)
    for _ in range(3):
        await harness.refused(DoubtedError)
        await harness.age(DOUBTED)
    job = await harness.deliver()
    assert (job.state, job.reason) == (State.FAILED, Reason.UNPOSTED)
    assert not await harness.jobs.redis.exists(keys.person(OWNER))
    await harness.deliver()
    assert "would not take them" in standin.messages[message].content


@pytest.mark.parametrize("objection", [fault.AUTOMOD, fault.HARMFUL_LINK])
@pytest.mark.parametrize("way", ["channel", "create"])
async def test_where_discord_objects_to_the_words_the_pictures_come_without_them(
    harness: Harness, standin: Standin, way: str, objection: Refused
) -> None:
    standin.rule = lambda seen: objection if "apple" in str(seen.payload) else None
    await rendered(harness, standin, way)
    assert (await harness.deliver()).state is State.POSTED
    (shown,) = (each for each in standin.messages.values() if each.files)
    assert "may not be shown here" in shown.content
    assert "apple" not in str(shown.payload)


async def test_words_that_are_objected_to_are_not_drawn(harness: Harness, standin: Standin) -> None:
    standin.rule = lambda seen: fault.AUTOMOD if "apple" in str(seen.payload) else None
    await harness.admitted(token=None)
    job = await harness.deliver()
    assert (job.state, job.reason, job.wordless) == (State.CANCELLED, Reason.CLOSED, True)
    await harness.deliver()
    (shown,) = standin.messages.values()
    assert "AutoMod does not allow" in shown.content
    assert "apple" not in shown.content


async def test_a_message_that_discord_only_says_it_does_not_know_is_not_given_up(
    harness: Harness, standin: Standin
) -> None:
    message = standin.message()
    standin.fault(THROUGH_CHANNEL, fault.NO_MESSAGE)
    await harness.rendered(message=message, token=None)
    await harness.refused(DoubtedError)
    assert (await harness.deliver()).state is State.POSTED
    assert len(standin.messages[message].files) == 4


async def test_refused_results_leave_half_of_the_room_to_others(harness: Harness, standin: Standin) -> None:
    """The oldest go their last way at once, as many as it takes."""
    for name in ("a", "b", "c"):
        await harness.rendered(name, token=None, message=standin.message(), owner=OWNER)
    bytes_each = int(await harness.jobs.redis.hget(keys.UNPOSTED, "a") or 0)
    harness.make_room(5 * bytes_each)  # two of three make less than half of it
    standin.fault(ANY, fault.UNHEARD_OF, times=100)
    for _ in range(3):
        entry = await harness.take()
        with pytest.raises(DoubtedError):
            await harness.deliverer.deliver(entry)
        await harness.outbox.later(entry, 60, failed=True)
    assert [(await harness.job(name)).early for name in "abc"] == [True, False, False]
    await harness.due("a")
    assert (await harness.deliver()).state is State.POSTED
    assert standin.pictures(5001) == [4]
    assert await harness.jobs.redis.hlen(keys.UNPOSTED) == 2


async def test_one_refused_result_that_takes_half_of_the_room_is_not_waited_for(
    harness: Harness, standin: Standin
) -> None:
    await harness.rendered(token=None, message=standin.message())
    harness.make_room(int(await harness.jobs.redis.hget(keys.UNPOSTED, "job") or 0))
    standin.fault(ANY, fault.UNHEARD_OF, times=100)
    assert (await harness.deliver()).state is State.POSTED
    assert standin.pictures(5000 + OWNER) == [4]


async def test_a_route_that_cloudflare_turns_away_for_an_hour_counts_as_refused(
    harness: Harness, standin: Standin
) -> None:
    """Their results would fill the room as well."""
    await rendered(harness, standin, "channel")
    harness.make_room(int(await harness.jobs.redis.hget(keys.UNPOSTED, "job") or 0))
    hour: dict[str, Any] = {"Retry-After": "3600"}
    standin.fault(THROUGH_CHANNEL, (429, "error code: 1015"), **hour)
    await harness.refused(RateLimitedError)
    assert (await harness.deliver()).state is State.POSTED
    assert standin.pictures(5000 + OWNER) == [4]


async def test_a_message_that_was_edited_too_often_waits_a_minute(harness: Harness, standin: Standin) -> None:
    standin.fault(THROUGH_CHANNEL, (400, {"code": 30046, "message": "Maximum number of edits reached"}))
    await rendered(harness, standin, "channel")
    with pytest.raises(RateLimitedError) as caught:
        await harness.deliverer.deliver(await harness.take())
    assert caught.value.retry_after == 60


async def test_what_discord_calls_an_invalid_form_is_an_error_of_ours(
    harness: Harness, standin: Standin, caplog: pytest.LogCaptureFixture
) -> None:
    standin.fault(THROUGH_CHANNEL, UNKNOWN["our own fault"])
    await rendered(harness, standin, "channel")
    await harness.refused(DoubtedError)
    assert [record.levelname for record in caplog.records if "finds a fault" in record.message] == ["ERROR"]


async def test_a_reply_to_what_the_bot_may_not_read_comes_without_the_reply(harness: Harness, standin: Standin) -> None:
    unreadable = (400, {"code": 160002, "message": "Cannot reply without permission to read message history"})
    standin.rule = lambda seen: unreadable if "message_reference" in seen.payload else None
    await harness.rendered(token=None, reply_to=4242)
    assert (await harness.deliver()).state is State.POSTED
    assert standin.pictures(CHANNEL) == [4]
