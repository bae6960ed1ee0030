"""Reactions on messages."""

from deploy.sandbox import rules, serialise
from deploy.sandbox.errors import MISSING_PERMISSIONS, ApiError
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.permissions import Permission
from deploy.sandbox.state.model import PRIVATE, MessageRecord
from deploy.sandbox.validate import emoji

from . import guard
from .call import Answer, Call, Endpoint


def _target(call: Call, needed: Permission) -> MessageRecord:
    channel = guard.allowed(call.box.world, call.id("channel"), needed)
    return call.box.world.message(channel, call.id("message"))


def _changeable(call: Call, needed: Permission) -> MessageRecord:
    message = _target(call, needed)
    if "emoji" in call.params:
        emoji.of_reaction(call.params["emoji"])
    rules.require_active(call.box.world.channels[message.channel_id])
    return message


def add(call: Call) -> Answer:
    """React as the bot. ADD_REACTIONS is needed only for the first reaction with an emoji."""
    world, name = call.box.world, call.params["emoji"]
    message = _changeable(call, Permission.READ_MESSAGE_HISTORY)
    if name not in message.reactions:
        guard.allowed(world, message.channel_id, Permission.ADD_REACTIONS)
    call.box.reactions.add(message, world.bot.id, name)
    return None


def remove_own(call: Call) -> Answer:
    """Take the bot's own reaction off."""
    message = _changeable(call, Permission.READ_MESSAGE_HISTORY)
    call.box.reactions.remove(message, call.box.world.bot.id, call.params["emoji"])
    return None


def remove_other(call: Call) -> Answer:
    """Take another person's reaction off, with MANAGE_MESSAGES; never in direct messages."""
    message = _changeable(call, Permission.MANAGE_MESSAGES)
    if call.box.world.channels[message.channel_id].kind in PRIVATE:
        raise ApiError(MISSING_PERMISSIONS)
    call.box.reactions.remove(message, call.box.world.user(call.id("user")).id, call.params["emoji"])
    return None


def people(call: Call) -> Answer:
    """Who reacted with an emoji, up to `limit`, behind `after` (a user's id)."""
    message = _target(call, Permission.READ_MESSAGE_HISTORY)
    emoji.of_reaction(call.params["emoji"])
    most = call.number("limit", 25, 1, 100)
    users = message.reactions.get(call.params["emoji"], [])
    after = call.number("after", 0, 0, 2**63)
    return [serialise.user(call.box.world.users[each]) for each in users if each > after][:most]


def clear(call: Call) -> Answer:
    """Take off all reactions, or all with one emoji."""
    call.box.reactions.clear(_changeable(call, Permission.MANAGE_MESSAGES), call.params.get("emoji"))
    return None


_BASE = "/channels/{channel}/messages/{message}/reactions"
_QUICK = Limit(1, 0.25, bucket="reactions", scope="shared")
ROUTES = [
    Endpoint("PUT", _BASE + "/{emoji}/@me", add, _QUICK, ("channel",)),
    Endpoint("DELETE", _BASE + "/{emoji}/@me", remove_own, _QUICK, ("channel",)),
    Endpoint("DELETE", _BASE + "/{emoji}/{user}", remove_other, _QUICK, ("channel",)),
    Endpoint("GET", _BASE + "/{emoji}", people, Limit(10, 5.0), ("channel",)),
    Endpoint("DELETE", _BASE + "/{emoji}", clear, _QUICK, ("channel",)),
    Endpoint("DELETE", _BASE, clear, _QUICK, ("channel",)),
]
