"""Reading state."""

from dataclasses import asdict

from deploy.sandbox import serialise, views
from deploy.sandbox.errors import bad_field
from deploy.sandbox.permissions import Permission
from deploy.sandbox.recording import trace
from deploy.sandbox.services import command_visibility

from .request import Ask, Handler


def info(ask: Ask) -> object:
    return ask.box.info()


def world(ask: Ask) -> object:
    """Everything but messages; with `person` also what that person may do in each channel."""
    found = views.world(ask.box.world)
    if ask.get("person") is not None:
        person = ask.person()
        bits = {str(each.id): str(ask.box.world.bits(person.id, each)) for each in ask.box.world.channels.values()}
        found["permissions"] = bits
    return found


def channel(ask: Ask) -> object:
    return serialise.channel(ask.channel(), ask.box.world)


def messages(ask: Ask) -> object:
    """A channel's newest messages, oldest first: `limit`, `before` (an id), `person` (only what that person sees)."""
    box, channel = ask.box, ask.channel()
    shown = list(channel.messages.values())
    if ask.get("person") is not None:
        person = ask.person()
        if not box.world.bits(person.id, channel) & Permission.VIEW_CHANNEL:
            shown = []
        shown = [each for each in shown if each.ephemeral_to in (None, person.id)]
    if ask.get("before") is not None:
        before = _snowflake(ask, "before")
        shown = [each for each in shown if each.id < before]
    shown = shown[-int(ask.number("limit", 100)) :]
    for each in shown:
        box.posts.data(each)
    return [views.message(each) for each in shown]


def _snowflake(ask: Ask, name: str) -> int:
    value = str(ask.need(name))
    if not value.isdigit():
        raise bad_field(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return int(value)


def message(ask: Ask) -> object:
    """One message, even a deleted one, with how it changed."""
    found = ask.message()
    ask.box.posts.data(found)
    return {**views.message(found), "history": [asdict(each) for each in found.revisions]}


def interactions(ask: Ask) -> object:
    recent = list(ask.box.world.interactions.values())[-int(ask.number("limit", 500)) :]
    return [views.interaction(each) for each in recent]


def interaction(ask: Ask) -> object:
    return views.interaction(ask.interaction())


def commands(ask: Ask) -> object:
    """The registered commands; with `person` and `channel` those that this person is offered there."""
    world = ask.box.world
    if ask.get("person") is not None:
        person = ask.person()
        offered = command_visibility.all_of(world, person, ask.channel())
        return {
            "syncs": world.command_syncs,
            "commands": [command_visibility.in_language(each, person.locale) for each in offered],
        }
    return {"syncs": world.command_syncs, "commands": list(world.commands.values())}


def exchanges(ask: Ask) -> object:
    """The newest calls of the HTTP API, by `route` (a part of it) and `limit`.

    With `message` the calls and gateway events that touched that message, with `after` all that have a larger number.
    """
    if ask.get("message") is not None:
        return trace.of_message(ask.box.world, ask.box.exchanges, ask.message())
    if ask.get("after") is not None:
        return trace.after(ask.box.exchanges, int(ask.number("after")))
    wanted = str(ask.get("route") or "")
    found = [each for each in ask.box.exchanges.recent if wanted in f"{each.method} {each.route}"]
    return [each.facts() for each in found[-int(ask.number("limit", 200)) :]]


def counts(ask: Ask) -> object:
    """How often each route was called; with `by=status`, how often each status was answered."""
    found = ask.box.exchanges
    return dict(found.statuses if ask.get("by") == "status" else found.counts)


def sessions(ask: Ask) -> object:
    hub = ask.box.hub
    return {"identifies": hub.identifies, "sessions": [each.facts() for each in hub.sessions.values()]}


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/info", info),
    ("GET", "/world", world),
    ("GET", "/channel", channel),
    ("GET", "/messages", messages),
    ("GET", "/messages/{message}", message),
    ("GET", "/interactions", interactions),
    ("GET", "/interactions/{interaction}", interaction),
    ("GET", "/commands", commands),
    ("GET", "/exchanges", exchanges),
    ("GET", "/counts", counts),
    ("GET", "/gateway", sessions),
]
