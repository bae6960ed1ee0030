"""The log of calls and gateway events in their order: all of it, or what touched one message."""

from collections.abc import Iterator

from deploy.sandbox.state.model import InteractionRecord, Json, MessageRecord
from deploy.sandbox.state.world import World

from .exchanges import Dispatch, Exchange, Exchanges

CALLBACK, ORIGINAL = "/callback", ("@original", "%40original")


def of_message(world: World, log: Exchanges, message: MessageRecord) -> list[Json]:
    """Calls (`kind` "http") and gateway events ("gateway") of the log that concern a message, oldest first.

    Those are the ones that name it, that answer the interaction which it comes from, or that come from its components.
    Only interaction tokens are in there; a bot's own token is a header, and headers are not kept.
    """
    related = list(_related(world, message))
    calls = [each for each in log.recent if _touches(each, message, related)]
    prefixes = tuple(_json_prefix(each) for each in (message.id, *(each.id for each in related)))
    return _in_order([*calls, *(each for each in log.events if _concerns(each, message, prefixes))])


def after(log: Exchanges, number: int) -> list[Json]:
    """All calls and gateway events with a larger number, oldest first; what the log has dropped leaves a gap."""
    found: list[Exchange | Dispatch] = [*log.recent, *log.events]
    return _in_order([each for each in found if each.number > number])


def _in_order(found: list[Exchange | Dispatch]) -> list[Json]:
    found.sort(key=lambda each: each.number)
    return [{"kind": "http" if isinstance(each, Exchange) else "gateway", **each.facts()} for each in found]


def _related(world: World, message: MessageRecord) -> Iterator[InteractionRecord]:
    """The interactions that the message answers, and those that people made with its components."""
    for each in world.interactions.values():
        if message.id in (each.original_id, each.source_id) or each.id == message.interaction_id:
            parent = each.parent
            while parent is not None and parent.source_id != message.id:  # else it comes by itself
                yield parent
                parent = parent.parent
            yield each


def _json_prefix(snowflake: int) -> str:
    """How the JSON of a thing with this id begins; what merely refers to the thing has it further in."""
    return f'{{"id": "{snowflake}"'


def _touches(call: Exchange, message: MessageRecord, related: list[InteractionRecord]) -> bool:
    if str(message.id) in call.path or call.response.startswith(_json_prefix(message.id)):
        return True
    made = next((each for each in related if each.token in call.path), None)
    if made is None:
        return False
    return call.path.endswith(CALLBACK) or (made.original_id == message.id and call.path.endswith(ORIGINAL))


def _concerns(event: Dispatch, message: MessageRecord, prefixes: tuple[str, ...]) -> bool:
    if event.event.startswith("MESSAGE_REACTION"):
        return f'"message_id": "{message.id}"' in event.text
    return event.text.startswith(prefixes)
