"""What the bot must be allowed before a route does anything."""

from deploy.sandbox import rules
from deploy.sandbox.permissions import Permission
from deploy.sandbox.state.model import Channel
from deploy.sandbox.state.world import World


def seen(world: World, channel_id: int) -> Channel:
    """A channel that the bot can see. Refuses 10003 and 50001."""
    return allowed(world, channel_id, Permission.VIEW_CHANNEL)


def readable(world: World, channel_id: int) -> Channel:
    """A channel whose messages the bot may have. Refuses 10003 and 50001."""
    channel = world.channel(channel_id)
    rules.require_reading(world, world.bot.id, channel)
    return channel


def allowed(world: World, channel_id: int, needed: int) -> Channel:
    """A channel where the bot has these permissions. Refuses 50013 as well."""
    channel = world.channel(channel_id)
    rules.require(world, world.bot.id, channel, needed)
    return channel
