"""What the bot must be allowed before a route does anything."""

from deploy.sandbox.errors import MISSING_ACCESS, MISSING_PERMISSIONS, ApiError
from deploy.sandbox.model import Channel
from deploy.sandbox.permissions import Permission
from deploy.sandbox.world import World


def seen(world: World, channel_id: int) -> Channel:
    """A channel that the bot can see. Refuses 10003 and 50001."""
    channel = world.channel(channel_id)
    if not world.bits(world.bot.id, channel) & Permission.VIEW_CHANNEL:
        raise ApiError(MISSING_ACCESS)
    return channel


def allowed(world: World, channel_id: int, needed: Permission) -> Channel:
    """A channel where the bot has these permissions. Refuses 50013 as well."""
    channel = seen(world, channel_id)
    if world.bits(world.bot.id, channel) & needed != needed:
        raise ApiError(MISSING_PERMISSIONS)
    return channel
