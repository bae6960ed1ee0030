"""By which ways a message is reached, and what Discord's refusals mean for them."""

import pytest

from worker.contract.types.destination import Destination
from worker.poster.discord import RefusedError
from worker.poster.routes import How, edit_message, edit_reply, follow_up, gone, routes, token_dead, too_large

REPLY = Destination(channel=7, application=5, token="t", message=9)


@pytest.mark.parametrize(
    ("changes", "final", "ways"),
    [
        ({}, False, [How.TOKEN, How.CHANNEL]),
        ({}, True, [How.TOKEN, How.CHANNEL]),
        ({"message": None}, True, [How.TOKEN, How.CREATE]),
        ({"token": None}, True, [How.CHANNEL]),
        ({"application": None}, True, [How.CHANNEL]),
        ({"token": None, "message": None}, False, [How.CREATE]),
        ({"ephemeral": True}, False, [How.TOKEN]),
        ({"ephemeral": True}, True, [How.TOKEN, How.DM]),
        ({"installed": False}, False, [How.TOKEN]),
        ({"installed": False}, True, [How.TOKEN, How.DM]),
        ({"token": None, "installed": False}, False, []),
        ({"token": None, "installed": False}, True, [How.DM]),
    ],
)
def test_the_ways_to_a_message_best_first(changes: dict[str, object], final: bool, ways: list[How]) -> None:
    assert [way.how for way in routes(REPLY.model_copy(update=changes), final=final)] == ways


def test_interactions_are_reached_without_the_bots_token() -> None:
    assert edit_reply(REPLY).path == "/webhooks/5/t/messages/9"
    assert edit_reply(REPLY.model_copy(update={"message": None})).path == "/webhooks/5/t/messages/@original"
    assert follow_up(REPLY).path == "/webhooks/5/t?wait=true"  # else Discord answers before there is a message
    assert not edit_reply(REPLY).bot
    assert not follow_up(REPLY).bot
    assert edit_message(7, 9).bot


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (401, 50027, token_dead),
        (401, 0, token_dead),
        (400, 50027, token_dead),
        (404, 10015, token_dead),
        (400, 10015, token_dead),
        (404, 10008, gone),
        (404, 10003, gone),
        (404, 0, gone),
        (400, 10008, gone),
        (400, 10003, gone),
        (413, 40005, too_large),
        (413, 0, too_large),
        (400, 40005, too_large),
        (403, 50001, None),
        (403, 50013, None),
        (400, 50035, None),
    ],
)
def test_what_a_refusal_means(status: int, code: int, meaning: object) -> None:
    error = RefusedError(status, code, "")
    if meaning is not token_dead:
        assert not token_dead(error)
    assert gone(error) is (meaning is gone or status == 404)
    assert too_large(error) is (meaning is too_large)
    assert meaning is None or meaning(error)  # type: ignore[operator]
