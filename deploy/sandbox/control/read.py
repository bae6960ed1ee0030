"""Reading state."""

from dataclasses import asdict

from deploy.sandbox import serialise, views
from deploy.sandbox.errors import bad_field
from deploy.sandbox.recording import trace
from deploy.sandbox.services import command_visibility
from deploy.sandbox.state.ids import snowflake

from .request import ControlRequest, Handler


def info(request: ControlRequest) -> object:
    """Where everything is: token, API, gateway, CDN, page."""
    return request.box.info()


def world(request: ControlRequest) -> object:
    """Everything but messages; with `person` also what that person may do in each channel."""
    found = views.world(request.box.world)
    if request.get("person") is not None:
        person = request.person()
        bits = {
            str(each.id): str(request.box.world.bits(person.id, each)) for each in request.box.world.channels.values()
        }
        found["permissions"] = bits
    return found


def channel(request: ControlRequest) -> object:
    """One channel or thread, in Discord's shape."""
    return serialise.channel(request.channel(), request.box.world)


def messages(request: ControlRequest) -> object:
    """A channel's newest messages, oldest first: `limit`, `before` (an id), `person` (only what that person sees)."""
    box, channel = request.box, request.channel()
    shown = list(channel.messages.values())
    if request.get("person") is not None:
        person = request.person()
        if not box.world.reads(person.id, channel):
            shown = []
        shown = [each for each in shown if each.ephemeral_to in (None, person.id)]
    if request.get("before") is not None:
        before = _snowflake(request, "before")
        shown = [each for each in shown if each.id < before]
    shown = shown[-int(request.number("limit", 100)) :]
    for each in shown:
        box.messages.data(each)
    return [views.message(each) for each in shown]


def _snowflake(request: ControlRequest, name: str) -> int:
    value = request.need(name)
    found = snowflake(value)
    if found is None:
        raise bad_field(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return found


def message(request: ControlRequest) -> object:
    """One message, even a deleted one, with how it changed."""
    found = request.message()
    request.box.messages.data(found)
    return {**views.message(found), "history": [asdict(each) for each in found.revisions]}


def interactions(request: ControlRequest) -> object:
    """The newest interactions (`limit`), oldest first."""
    recent = list(request.box.world.interactions.values())[-int(request.number("limit", 500)) :]
    return [views.interaction(each) for each in recent]


def interaction(request: ControlRequest) -> object:
    """One interaction."""
    return views.interaction(request.interaction())


def commands(request: ControlRequest) -> object:
    """The registered commands; with `person` and `channel` those that this person is offered there."""
    world = request.box.world
    if request.get("person") is not None:
        person = request.person()
        offered = command_visibility.all_of(world, person, request.channel())
        return {
            "syncs": world.command_syncs,
            "commands": [command_visibility.in_language(each, person.locale) for each in offered],
        }
    return {"syncs": world.command_syncs, "commands": list(world.commands.values())}


def exchanges(request: ControlRequest) -> object:
    """The newest calls of the HTTP API, by `route` (a part of it) and `limit`.

    With `message` the calls and gateway events that touched that message, with `after` all that have a larger number.
    """
    if request.get("message") is not None:
        return trace.of_message(request.box.world, request.box.exchanges, request.message())
    if request.get("after") is not None:
        return trace.after(request.box.exchanges, int(request.number("after")))
    wanted = str(request.get("route") or "")
    found = [each for each in request.box.exchanges.recent if wanted in f"{each.method} {each.route}"]
    return [each.facts() for each in found[-int(request.number("limit", 200)) :]]


def counts(request: ControlRequest) -> object:
    """How often each route was called; with `by=status`, how often each status was answered."""
    found = request.box.exchanges
    return dict(found.statuses if request.get("by") == "status" else found.counts)


def sessions(request: ControlRequest) -> object:
    """The gateway's sessions, and how many IDENTIFYs there were."""
    hub = request.box.hub
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
