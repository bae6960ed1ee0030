"""Channels and threads themselves: reading, changing, deleting, typing in them."""

from deploy.sandbox import rules, serialise
from deploy.sandbox.errors import Form
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.permissions import Permission
from deploy.sandbox.state.model import PRIVATE, Channel
from deploy.sandbox.validate import threads as thread_form

from . import guard
from .call import Answer, Call, Endpoint

TOPIC = 1024


def read(call: Call) -> Answer:
    """A channel that the bot sees."""
    world = call.box.world
    return serialise.channel(guard.seen(world, call.id("channel")), world)


def change(call: Call) -> Answer:
    """A thread's state, or a channel's name, topic, age restriction and slow mode."""
    world = call.box.world
    found = guard.seen(world, call.id("channel"))
    if found.thread is not None:
        call.box.threads.change(world.bot.id, found, thread_form.check(call.payload, new=False))
    else:
        rules.require(world, world.bot.id, found, Permission.MANAGE_CHANNELS)
        _rewrite(call, found)
        call.box.announce.channel("CHANNEL_UPDATE", found)
    return serialise.channel(found, world)


def _rewrite(call: Call, found: Channel) -> None:
    asked, form = call.payload, Form()
    if "name" in asked:
        form.text("name", asked["name"], 1, 100)
    if asked.get("topic") is not None:
        form.text("topic", asked["topic"], 0, TOPIC)
    if asked.get("rate_limit_per_user") is not None:
        form.number("rate_limit_per_user", asked["rate_limit_per_user"], 0, thread_form.SLOWEST)
    form.check()
    found.name = asked.get("name", found.name)
    found.topic = asked.get("topic", found.topic)
    found.nsfw = bool(asked.get("nsfw", found.nsfw))
    found.slowmode = asked.get("rate_limit_per_user", found.slowmode) or 0


def delete(call: Call) -> Answer:
    """Delete a thread or a channel; direct messages are closed, which the bot alone notices."""
    world = call.box.world
    found = guard.seen(world, call.id("channel"))
    body = serialise.channel(found, world)
    if found.thread is not None:
        call.box.threads.delete(world.bot.id, found)
    elif found.kind not in PRIVATE:
        rules.require(world, world.bot.id, found, Permission.MANAGE_CHANNELS)
        call.box.announce.channel("CHANNEL_DELETE", found)
        world.drop_channel(found)
        call.box.announce.world_changed()
    return body


def typing(call: Call) -> Answer:
    """Show the bot as typing. Refuses where it may not send."""
    world = call.box.world
    found = guard.seen(world, call.id("channel"))
    rules.require_sending(world, world.bot.id, found)
    call.box.announce.typing(found, world.bot.id, call.box.clock.now())
    return None


_BASE = "/channels/{channel}"
_FIVE_IN_FIVE = Limit(5, 5.0)
ROUTES = [
    Endpoint("GET", _BASE, read, major=("channel",)),
    Endpoint("PATCH", _BASE, change, Limit(5, 15.0), ("channel",)),
    Endpoint("DELETE", _BASE, delete, _FIVE_IN_FIVE, ("channel",)),
    Endpoint("POST", _BASE + "/typing", typing, _FIVE_IN_FIVE, ("channel",)),
]
