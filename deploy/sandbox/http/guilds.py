"""Servers, their channels and roles."""

from deploy.sandbox import serialise
from deploy.sandbox.errors import UNKNOWN_ROLE, ApiError

from .call import Answer, Call, Endpoint


def guild(call: Call) -> Answer:
    """A server that the bot is in, with `with_counts` also how many members."""
    found = call.box.world.guild(call.id("guild"))
    body = serialise.guild(found)
    if call.flag("with_counts"):
        body["approximate_member_count"] = body["approximate_presence_count"] = len(found.members)
    return body


def channels(call: Call) -> Answer:
    """All channels without threads, even those that the bot does not see."""
    world = call.box.world
    return [serialise.channel(each, world) for each in world.guild(call.id("guild")).channels.values()]


def roles(call: Call) -> Answer:
    """All roles."""
    return [serialise.role(each) for each in call.box.world.guild(call.id("guild")).roles.values()]


def preview(call: Call) -> Answer:
    """The public facts of a server."""
    found = call.box.world.guild(call.id("guild"))
    body = serialise.guild(found)
    keys = ("id", "name", "icon", "description", "home_header", "splash", "discovery_splash", "features", "emojis")
    return {
        **{key: body[key] for key in keys}, "stickers": [],
        "approximate_member_count": len(found.members), "approximate_presence_count": len(found.members),
    }  # fmt: skip


def role(call: Call) -> Answer:
    """One role. Refuses 10011."""
    roles = call.box.world.guild(call.id("guild")).roles
    wanted = call.id("role")
    if wanted not in roles:
        raise ApiError(UNKNOWN_ROLE)
    return serialise.role(roles[wanted])


def leave(call: Call) -> Answer:
    """The bot leaves a server."""
    found = call.box.world.guild(call.id("guild"))
    found.bot_installed = False
    call.box.announce.guild_left(found)
    return None


ROUTES = [
    Endpoint("GET", "/guilds/{guild}", guild, major=("guild",)),
    Endpoint("GET", "/guilds/{guild}/channels", channels, major=("guild",)),
    Endpoint("GET", "/guilds/{guild}/roles", roles, major=("guild",)),
    Endpoint("GET", "/guilds/{guild}/roles/{role}", role, major=("guild",)),
    Endpoint("GET", "/guilds/{guild}/preview", preview, major=("guild",)),
    Endpoint("DELETE", "/users/@me/guilds/{guild}", leave),
]
