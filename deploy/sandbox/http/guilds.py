"""Servers, their channels, roles and members."""

from deploy.sandbox import wire
from deploy.sandbox.errors import UNKNOWN_MEMBER, ApiError
from deploy.sandbox.ratelimit import Limit

from .call import Answer, Call, Endpoint


def guild(call: Call) -> Answer:
    found = call.box.world.guild(call.id("guild"))
    body = wire.guild(found)
    if call.flag("with_counts"):
        body["approximate_member_count"] = body["approximate_presence_count"] = len(found.members)
    return body


def channels(call: Call) -> Answer:
    world = call.box.world
    return [wire.channel(each, world) for each in world.guild(call.id("guild")).channels.values()]


def roles(call: Call) -> Answer:
    return [wire.role(each) for each in call.box.world.guild(call.id("guild")).roles.values()]


def member(call: Call) -> Answer:
    world = call.box.world
    found = world.guild(call.id("guild"))
    user = world.user(call.id("user"))
    if user.id not in found.members:
        raise ApiError(UNKNOWN_MEMBER)
    return wire.member(found.members[user.id], user)


def leave(call: Call) -> Answer:
    found = call.box.world.guild(call.id("guild"))
    found.bot_installed = False
    call.box.announce.guild_left(found)
    return None


ROUTES = [
    Endpoint("GET", "/guilds/{guild}", guild, major=("guild",)),
    Endpoint("GET", "/guilds/{guild}/channels", channels, major=("guild",)),
    Endpoint("GET", "/guilds/{guild}/roles", roles, major=("guild",)),
    Endpoint("GET", "/guilds/{guild}/members/{user}", member, Limit(5, 1.0), ("guild",)),
    Endpoint("DELETE", "/users/@me/guilds/{guild}", leave),
]
