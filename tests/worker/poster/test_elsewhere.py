"""Results in another channel than they were asked for in: the card leads there, and nothing is posted twice."""

from typing import Any

import pytest

from tests.worker.poster.harness import CHANNEL, TOKEN, Harness
from tests.worker.poster.standin import (
    AUTOMOD,
    BROKEN,
    HTML,
    NEVER_ANSWERED,
    NO_ACCESS,
    NO_CHANNEL,
    NO_PERMISSION,
    OVERLOADED,
    TOO_LARGE,
    Message,
    Refused,
    Seen,
    Standin,
)
from worker.contract.store import keys
from worker.contract.types.job import State
from worker.poster.discord import BrokenError

THERE = 88
INTO = f"POST /channels/{THERE}/messages"


def in_channel(standin: Standin, channel: int) -> list[Message]:
    return [each for each in standin.messages.values() if each.channel == channel]


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_the_pictures_are_there_and_the_card_leads_to_them(
    harness: Harness, standin: Standin, token: str | None
) -> None:
    old = standin.message()
    await harness.rendered(message=old, token=token, results_to=THERE)
    job = await harness.deliver()
    (there,) = in_channel(standin, THERE)
    assert (job.state, job.destination.channel, job.destination.message) == (State.POSTED, THERE, there.id)
    assert (len(there.files), bool(there.payload["components"])) == (4, True)
    card = standin.messages[old]
    assert card.content.startswith("**a red apple** — <@1>\n-# Posted in https://discord.com/channels/10/88/")
    assert card.content.endswith(str(there.id))
    assert (card.payload["components"], card.files) == ([], [])
    assert (job.old_message, job.old_channel) == (None, None)
    assert await harness.outbox.redis.get(keys.message(there.id)) == b"job"


@pytest.mark.parametrize("refusal", [NO_ACCESS, NO_CHANNEL, NO_PERMISSION, AUTOMOD])
async def test_where_it_cannot_be_it_is_where_it_was_asked_for(
    harness: Harness, standin: Standin, refusal: tuple
) -> None:
    old = standin.message()
    standin.rule = lambda seen: refusal if seen.line.startswith(INTO) else None
    await harness.rendered(message=old, token=None, results_to=THERE)
    job = await harness.deliver()
    assert (job.state, job.destination.channel, job.destination.message) == (State.POSTED, CHANNEL, old)
    assert len(standin.messages[old].files) == 4
    assert in_channel(standin, THERE) == []


async def test_what_is_too_large_there_is_made_smaller_there(harness: Harness, standin: Standin) -> None:
    old, tries = standin.message(), []

    def rule(seen: Seen) -> tuple | None:
        if not seen.line.startswith(INTO):
            return None
        tries.append(seen)
        return TOO_LARGE if len(tries) == 1 else None

    standin.rule = rule
    await harness.rendered(message=old, token=None, results_to=THERE)
    job = await harness.deliver()
    assert (job.destination.channel, len(in_channel(standin, THERE))) == (THERE, 1)
    assert not standin.messages[old].files


@pytest.mark.parametrize("trouble", [BROKEN, OVERLOADED, HTML])
async def test_while_discord_has_trouble_it_waits_and_is_there_once(
    harness: Harness, standin: Standin, trouble: Refused
) -> None:
    old = standin.message()
    standin.rule = lambda seen: trouble if seen.line.startswith(INTO) else None
    await harness.rendered(message=old, token=None, results_to=THERE)
    await harness.refused(BrokenError)
    assert not standin.messages[old].files
    standin.rule = lambda seen: (503, {}) if seen.line.startswith("PATCH") and seen.line.endswith(str(old)) else None
    await harness.refused(BrokenError)  # it is there, and the card is not a link yet
    standin.rule = lambda _: None
    standin.forget_nonces()
    job = await harness.deliver()
    assert (job.state, len(in_channel(standin, THERE))) == (State.POSTED, 1)
    assert "\n-# Posted in https://discord.com/channels/10/88/" in standin.messages[old].content


NOT_MOVED: dict[str, dict[str, Any]] = {
    "only its owner sees it": {"ephemeral": True},
    "the bot is not there": {"installed": False},
    "it was asked for there": {"results_to": CHANNEL},
    "nobody wants it elsewhere": {"results_to": None},
}


@pytest.mark.parametrize("why", NOT_MOVED)
async def test_what_stays(harness: Harness, standin: Standin, why: str) -> None:
    old = standin.message()
    asked: dict[str, Any] = {"message": old, "results_to": THERE}
    await harness.rendered(**asked | NOT_MOVED[why])
    job = await harness.deliver()
    assert (job.state, job.destination.channel) == (State.POSTED, CHANNEL)
    assert in_channel(standin, THERE) == []


async def test_a_result_without_a_card_is_made_there(harness: Harness, standin: Standin) -> None:
    await harness.rendered(token=None, results_to=THERE)
    job = await harness.deliver()
    assert (job.state, job.destination.channel) == (State.POSTED, THERE)
    assert in_channel(standin, CHANNEL) == []


@pytest.mark.parametrize("answered", [True, False])
async def test_an_answer_that_nobody_has_recorded_leads_there_too(
    harness: Harness, standin: Standin, answered: bool
) -> None:
    """The bot died right after its answer, and the engine was faster than any look at the message."""
    if answered:
        standin.message(token=TOKEN, original=True)
    else:
        standin.fault(f"PATCH /webhooks/5/{TOKEN}/", NEVER_ANSWERED)
    await harness.rendered(results_to=THERE)
    job = await harness.deliver()
    (there,), (card,) = in_channel(standin, THERE), in_channel(standin, CHANNEL)
    assert (job.state, job.destination.message, len(there.files)) == (State.POSTED, there.id, 4)
    assert card.content.endswith(f"/88/{there.id}")
    assert (card.payload["components"], card.files, job.destination.token) == ([], [], None)


async def test_results_are_there_even_if_nothing_can_lead_there(harness: Harness, standin: Standin) -> None:
    standin.fault(f"PATCH /webhooks/5/{TOKEN}/", NEVER_ANSWERED)
    standin.rule = lambda seen: NO_ACCESS if f"/channels/{CHANNEL}/" in seen.line else None
    await harness.rendered(results_to=THERE)
    assert (await harness.deliver()).state is State.POSTED
    assert standin.pictures(THERE) == [4]
