"""Pinned messages: the present routes, and the older ones that libraries still call."""

from datetime import datetime

from deploy.sandbox import rules, serialise
from deploy.sandbox.errors import SYSTEM_MESSAGE, TOO_MANY_PINS, ApiError, bad_field
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.permissions import Permission
from deploy.sandbox.services.messages import SYSTEM
from deploy.sandbox.state.model import Channel, MessageRecord

from . import guard
from .call import Answer, Call, Endpoint

MOST = 250


def _pinned(call: Call) -> list[tuple[float, MessageRecord]]:
    """The pins of a channel, newest first; none without READ_MESSAGE_HISTORY."""
    world = call.box.world
    channel = guard.readable(world, call.id("channel"))
    if not world.bits(world.bot.id, channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    return sorted(_pins_of(channel), key=lambda pin: -pin[0])


def _pins_of(channel: Channel) -> list[tuple[float, MessageRecord]]:
    return [(each.pinned_at, each) for each in channel.messages.values() if each.pinned_at is not None]


def page(call: Call) -> Answer:
    """Pins with the time at which each was pinned, newest first; `before` is such a time."""
    pins, most = _pinned(call), call.number("limit", 50, 1, 50)
    before = call.query.get("before")
    if before is not None:
        try:
            limit = datetime.fromisoformat(before).timestamp()
        except ValueError:
            raise bad_field("before", "DATETIME_TYPE_PARSE", f"Could not parse {before}. Should be ISO8601.") from None
        pins = [pin for pin in pins if pin[0] < limit]
    items = [{"pinned_at": serialise.iso(at), "message": call.box.messages.data(each)} for at, each in pins[:most]]
    return {"items": items, "has_more": len(pins) > most}


def listing(call: Call) -> Answer:
    """The newest 50 pins as plain messages: the older route."""
    return [call.box.messages.data(each) for _, each in _pinned(call)[:50]]


def _target(call: Call) -> MessageRecord:
    world = call.box.world
    channel = guard.allowed(world, call.id("channel"), Permission.READ_MESSAGE_HISTORY | Permission.PIN_MESSAGES)
    rules.require_unlocked(world, world.bot.id, channel)
    return world.message(channel, call.id("message"))


def pin(call: Call) -> Answer:
    """Pin a message; 250 a channel at most (30003). Channels get a system message that says so."""
    message = _target(call)
    if message.data["type"] in SYSTEM:
        raise ApiError(SYSTEM_MESSAGE)
    if message.pinned_at is None and len(_pins_of(call.box.world.channels[message.channel_id])) >= MOST:
        raise ApiError(TOO_MANY_PINS)
    call.box.messages.pin(message, call.box.world.bot.id)
    return None


def unpin(call: Call) -> Answer:
    """Take a pin off."""
    call.box.messages.unpin(_target(call))
    return None


_NEW, _OLD = "/channels/{channel}/messages/pins", "/channels/{channel}/pins"
_FEW = Limit(5, 5.0)
ROUTES = [
    Endpoint("GET", _NEW, page, _FEW, ("channel",)),
    Endpoint("GET", _OLD, listing, _FEW, ("channel",)),
    *(Endpoint("PUT", f"{base}/{{message}}", pin, _FEW, ("channel",)) for base in (_NEW, _OLD)),
    *(Endpoint("DELETE", f"{base}/{{message}}", unpin, _FEW, ("channel",)) for base in (_NEW, _OLD)),
]
