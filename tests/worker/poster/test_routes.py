"""By which ways a message is reached."""

from typing import Any

import pytest

from tests.worker.contract.factories import request
from worker.contract.discord_answers import How
from worker.contract.types.cause import Cause, refused_too_long
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, State
from worker.poster.routes import edit_message, edit_reply, follow_up, routes

REPLY = Destination(channel=7, application=5, token="t", message=9)
TOKEN, CHANNEL, CREATE = How.TOKEN, How.CHANNEL, How.CREATE
FINAL = (State.RENDERED, State.FAILED, State.CANCELLED)
KEPT = (State.QUEUED, State.CLAIMED, State.POSTED)  # what a message has is better than a new one with less


def ways(state: State, shut: tuple[How, ...] = (), cause: Cause | None = None, **changes: object) -> list[How]:
    job = Job(
        id="1", state=state, owner=1, server="10", request=request(), created=0, changed=0, shut=shut,
        cause=cause,
        destination=REPLY.model_copy(update=changes),
    )  # fmt: skip
    return [way.how for way in routes(job)]


@pytest.mark.parametrize(
    ("changes", "progress", "final"),
    [
        ({}, [TOKEN, CHANNEL], [TOKEN, CHANNEL, CREATE]),
        ({"message": None}, [TOKEN, CREATE], [TOKEN, CREATE]),
        ({"token": None}, [CHANNEL], [CHANNEL, CREATE]),
        ({"application": None}, [CHANNEL], [CHANNEL, CREATE]),
        ({"token": None, "message": None}, [CREATE], [CREATE]),
        ({"ephemeral": True}, [TOKEN], [TOKEN]),
        ({"installed": False}, [TOKEN], [TOKEN]),
        ({"token": None, "installed": False}, [], []),
    ],
)
def test_the_ways_to_a_message_best_first(changes: dict[str, Any], progress: list[How], final: list[How]) -> None:
    for state in KEPT:
        assert ways(state, **changes) == progress
    for state in FINAL:
        assert ways(state, **changes) == final
    assert ways(State.POSTED, cause=refused_too_long(), **changes) == final  # its pictures went elsewhere


def test_ways_that_were_left_are_not_taken_again() -> None:
    assert ways(State.RENDERED, shut=(CHANNEL,)) == [TOKEN, CREATE]
    assert ways(State.RENDERED, shut=(TOKEN, CHANNEL, CREATE)) == []


def test_interactions_are_reached_without_the_bots_token() -> None:
    assert edit_reply(REPLY).path == "/webhooks/5/t/messages/9"
    assert edit_reply(REPLY.model_copy(update={"message": None})).path == "/webhooks/5/t/messages/@original"
    assert follow_up(REPLY).path == "/webhooks/5/t?wait=true"  # else Discord answers before there is a message
    assert not edit_reply(REPLY).bot
    assert not follow_up(REPLY).bot
    assert edit_message(7, 9).bot
