"""A message brought to its desired state, by every way and against every fault that Discord knows."""

from typing import Any

import pytest

from tests.worker.contract.factories import named
from tests.worker.poster import standin as fault
from tests.worker.poster.harness import CHANNEL, CREATE, DM, OWNER, REPLY, THROUGH_CHANNEL, TOKEN, Harness
from tests.worker.poster.standin import Standin
from worker.contract.message.job_message import file_name
from worker.contract.store import keys
from worker.contract.types import recipe
from worker.contract.types.job import Progress, Reason, State
from worker.contract.types.recipe import Recipe
from worker.poster.discord import BadTokenError, BrokenError, Discord, RateLimitedError, UnreachableError
from worker.poster.errors import LostHoldError
from worker.poster.limits import INVALID_MANY

OPEN_DM = "POST /users/@me/channels"


async def test_pictures_go_into_the_reply_by_its_token(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    new = await harness.rendered(message=message)
    job = await harness.deliver()
    assert job.state is State.POSTED
    assert job.destination.token is None
    shown = standin.messages[message]
    assert [name for name, _ in shown.files] == [file_name(job, i) for i in range(4)]
    assert [a["description"] for a in shown.payload["attachments"]] == [
        f"Picture {number} of 4: {new.request.prompt}" for number in range(1, 5)
    ]
    assert [named(c) for c in shown.payload["components"][0]["components"]] == ["🔁", "✏️", "⭐", "✉️", "More"]
    assert shown.payload["allowed_mentions"] == {"parse": []}
    assert [seen.authorization for seen in standin.seen] == [None]
    assert recipe.read(shown.files[2][1]) == Recipe(request=new.request, index=2)
    assert await harness.outbox.claim(5) is None
    assert not await harness.jobs.redis.exists(keys.picture("job", 1, 0))


async def test_progress_and_preview_are_shown(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    await harness.claimed(message=message)
    await harness.jobs.preview("job", 1, b"jpeg")
    await harness.jobs.renew("job", 1, Progress(phase="steps", step=5, steps=20))
    await harness.deliver()
    shown = standin.messages[message]
    assert "step 5 of 20" in shown.content
    assert shown.files == [("preview.jpg", b"jpeg")]


async def test_a_cancelled_job_loses_its_preview(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    standin.messages[message].files = [("preview.jpg", b"jpeg")]
    await harness.admitted(message=message)
    await harness.jobs.cancel("job", Reason.OWNER)
    await harness.deliver()
    assert standin.messages[message].files == []
    assert await harness.outbox.claim(5) is None


@pytest.mark.parametrize("dead", [fault.DEAD_TOKEN, fault.NEVER_ANSWERED])
async def test_a_dead_token_gives_way_to_the_channel(
    harness: Harness, standin: Standin, dead: tuple[int, dict[str, Any]]
) -> None:
    message = standin.message()
    standin.fault(REPLY, dead)
    await harness.rendered(message=message)
    assert (await harness.deliver()).state is State.POSTED
    assert standin.messages[message].edits == 1
    assert standin.asked(THROUGH_CHANNEL)[0].authorization == "Bot bot.token"


async def test_a_dead_token_is_tried_once(harness: Harness, standin: Standin) -> None:
    standin.fault(REPLY, fault.DEAD_TOKEN)
    await harness.claimed(message=standin.message())
    await harness.deliver()
    await harness.jobs.cancel("job", Reason.OWNER)
    await harness.deliver()
    assert len(standin.asked(REPLY)) == 1
    assert len(standin.asked(THROUGH_CHANNEL)) == 2
    assert not await harness.jobs.redis.exists(keys.TOKENS)


@pytest.mark.parametrize("place", [{"installed": False}, {"ephemeral": True}])
async def test_where_the_channel_cannot_be_used_the_owner_gets_it(
    harness: Harness, standin: Standin, place: dict[str, Any]
) -> None:
    standin.fault(REPLY, fault.DEAD_TOKEN)
    await harness.rendered(message=standin.message(), **place)
    assert (await harness.deliver()).state is State.POSTED
    assert not standin.asked(THROUGH_CHANNEL)
    assert standin.asked(OPEN_DM)[0].payload == {"recipient_id": str(OWNER)}
    assert len(standin.asked(DM)[0].files) == 4


async def test_an_answer_that_the_bot_could_not_record_is_found(harness: Harness, standin: Standin) -> None:
    message = standin.message(token=TOKEN, original=True)
    await harness.rendered()
    job = await harness.deliver()
    assert (job.state, job.destination.message) == (State.POSTED, message)


async def test_an_answer_for_the_owner_alone_stays_so_and_is_known_as_such(harness: Harness, standin: Standin) -> None:
    """The bot said in private that Redis was away, when the job had just been accepted."""
    standin.messages[standin.message(token=TOKEN, original=True)].flags = 1 << 6
    await harness.rendered()
    job = await harness.deliver()
    assert (job.state, job.destination.ephemeral) == (State.POSTED, True)


@pytest.mark.parametrize("never", [fault.NEVER_ANSWERED, fault.NO_MESSAGE])
async def test_an_answer_that_never_was_becomes_a_message(
    harness: Harness, standin: Standin, never: tuple[int, dict[str, Any]]
) -> None:
    standin.fault(REPLY, never)
    await harness.rendered()
    job = await harness.deliver()
    assert job.state is State.POSTED
    created = standin.asked(CREATE)[0].payload
    assert len(created["nonce"]) == 25
    assert created["enforce_nonce"] is True
    assert job.destination.message in standin.messages


async def test_what_a_reaction_asked_for_replies_to_its_message(harness: Harness, standin: Standin) -> None:
    await harness.rendered(token=None, reply_to=4242)
    assert (await harness.deliver()).state is State.POSTED
    reference = standin.asked(CREATE)[0].payload["message_reference"]
    assert reference == {"message_id": "4242", "fail_if_not_exists": False}


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_a_deleted_message_stays_deleted(harness: Harness, standin: Standin, token: str | None) -> None:
    await harness.rendered(message=404, token=token)
    job = await harness.deliver()
    assert (job.state, job.reason) == (State.FAILED, Reason.UNPOSTED)
    await harness.deliver()  # nor is the failure shown to anybody
    assert await harness.outbox.claim(5) is None
    assert not standin.asked("POST")


@pytest.mark.parametrize("make", ["admitted", "claimed"])
async def test_a_job_whose_message_was_deleted_is_not_drawn(harness: Harness, standin: Standin, make: str) -> None:
    await getattr(harness, make)(message=404)
    job = await harness.deliver()
    assert (job.state, job.reason) == (State.CANCELLED, Reason.MODERATOR)
    assert await harness.outbox.claim(5) is None
    assert not standin.asked("POST")


async def test_a_job_whose_channel_is_out_of_sight_is_drawn_on(harness: Harness, standin: Standin) -> None:
    standin.fault("PATCH", fault.NO_ACCESS, times=2)
    await harness.claimed(message=standin.message())
    assert (await harness.deliver()).state is State.CLAIMED


@pytest.mark.parametrize("make", ["admitted", "claimed"])
async def test_nothing_is_drawn_where_no_message_can_be_made(harness: Harness, standin: Standin, make: str) -> None:
    standin.fault(CREATE, fault.NO_PERMISSION, times=2)
    await getattr(harness, make)(token=None)
    job = await harness.deliver()
    assert (job.state, job.reason) == (State.CANCELLED, Reason.CLOSED)
    await harness.deliver()
    assert f"I can't post in <#{CHANNEL}> any more" in standin.asked(DM)[0].payload["content"]
    assert await harness.outbox.claim(5) is None


async def test_a_job_whose_result_will_go_to_its_owner_is_drawn_on(harness: Harness, standin: Standin) -> None:
    standin.fault(REPLY, fault.NEVER_ANSWERED)
    await harness.claimed(installed=False)
    assert (await harness.deliver()).state is State.CLAIMED


async def test_closed_direct_messages_are_accepted(harness: Harness, standin: Standin) -> None:
    standin.fault(CREATE, fault.NO_PERMISSION)
    standin.fault(DM, fault.CLOSED_DMS, times=2)
    await harness.rendered(token=None)
    assert (await harness.deliver()).state is State.FAILED


async def test_pictures_that_expired_are_missed_in_words(harness: Harness, standin: Standin) -> None:
    message = standin.message()
    await harness.rendered(message=message)
    await harness.jobs.redis.delete(keys.picture("job", 1, 2))
    assert (await harness.deliver()).state is State.FAILED
    await harness.deliver()
    assert "no longer kept" in standin.messages[message].content


@pytest.mark.parametrize(
    ("trouble", "error"),
    [(fault.BROKEN, BrokenError), (fault.DROP, UnreachableError), (fault.DROP_AFTER, UnreachableError)],
)
@pytest.mark.parametrize("known", [True, False])
async def test_trouble_on_the_way_is_repeated_without_a_second_message(
    harness: Harness, standin: Standin, trouble: tuple[int, dict[str, Any]], error: type[Exception], known: bool
) -> None:
    message = standin.message() if known else None
    await harness.rendered(message=message, token=None)
    standin.fault("PATCH|POST", trouble)
    entry = await harness.outbox.claim(5)
    assert entry is not None
    with pytest.raises(error):
        await harness.deliverer.deliver(entry)
    await harness.outbox.later(entry, 0)
    assert (await harness.deliver()).state is State.POSTED
    assert len(standin.messages) == 1


async def test_a_rate_limit_carries_its_wait(harness: Harness, standin: Standin) -> None:
    scope: dict[str, Any] = {"X-RateLimit-Scope": "user"}
    standin.fault("PATCH", (429, {"retry_after": 7.5, "global": False}), **scope)
    await harness.rendered(message=standin.message())
    for _ in range(2):  # the second time without asking Discord
        entry = await harness.take()
        with pytest.raises(RateLimitedError) as caught:
            await harness.deliverer.deliver(entry)
        assert 7 < caught.value.retry_after <= 7.5
        await harness.outbox.later(entry, 0)
    assert len(standin.seen) == 1


async def test_too_many_refusals_slow_posting_down_and_are_said_once(
    harness: Harness, standin: Standin, discord: Discord, caplog: pytest.LogCaptureFixture
) -> None:
    await harness.rendered(message=standin.message())
    for _ in range(INVALID_MANY):
        discord._limits.invalid()
    for _ in range(2):
        entry = await harness.take()
        with pytest.raises(RateLimitedError):
            await harness.deliverer.deliver(entry)
        await harness.outbox.later(entry, 0)
    assert standin.seen == []
    assert caplog.text.count("posting slows down") == 1


async def test_a_bad_bot_token_is_not_the_messages_fault(harness: Harness, standin: Standin) -> None:
    standin.fault("PATCH", (401, {"code": 0, "message": "401: Unauthorized"}))
    await harness.rendered(message=standin.message(), token=None)
    with pytest.raises(BadTokenError):
        await harness.deliverer.deliver(await harness.take())


async def test_nothing_is_sent_once_another_poster_holds_the_message(harness: Harness, standin: Standin) -> None:
    await harness.rendered(message=standin.message())
    stale = await harness.outbox.claim(0)
    assert stale is not None
    await harness.take()
    with pytest.raises(LostHoldError):
        await harness.deliverer.deliver(stale)
    assert standin.seen == []
