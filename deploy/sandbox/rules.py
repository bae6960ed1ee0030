"""Who may do what where: the same rules and codes for the bot and for people."""

from .errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NOT_ON_DM,
    SEND_TO_ARCHIVED,
    THREAD_ARCHIVED,
    THREAD_LOCKED,
    ApiError,
)
from .permissions import ALL, Permission, in_guild, rank
from .state.model import Channel, Guild
from .state.world import World


def require(world: World, user_id: int, channel: Channel, needed: int = Permission.VIEW_CHANNEL) -> None:
    """Refuse 50001 where this user sees nothing, and 50013 where a permission is missing."""
    bits = world.bits(user_id, channel)
    if not bits & Permission.VIEW_CHANNEL:
        raise ApiError(MISSING_ACCESS)
    if bits & needed != needed:
        raise ApiError(MISSING_PERMISSIONS)


def require_sending(world: World, user_id: int, channel: Channel, more: int = 0) -> None:
    """What a message needs: another permission in threads, and a thread that is not locked (50083, 160005)."""
    sending = Permission.SEND_MESSAGES if channel.thread is None else Permission.SEND_MESSAGES_IN_THREADS
    require(world, user_id, channel, int(sending) | more)
    if channel.thread is not None and channel.thread.locked and not manages(world, user_id, channel):
        raise ApiError(SEND_TO_ARCHIVED if channel.thread.archived else THREAD_LOCKED)


def require_active(world: World, user_id: int, channel: Channel) -> None:
    """Edits, reactions and members need a thread that is active, and for most people not locked."""
    if channel.thread is None:
        return
    if channel.thread.archived:
        raise ApiError(THREAD_ARCHIVED)
    if channel.thread.locked and not manages(world, user_id, channel):
        raise ApiError(THREAD_LOCKED)


def require_deletable(world: World, user_id: int, channel: Channel) -> None:
    """Messages of an archived thread can be deleted, unless a moderator locked it."""
    if channel.thread is not None and channel.thread.locked and not manages(world, user_id, channel):
        require_active(world, user_id, channel)


def refuse_on_dm() -> None:
    """Refuse 50003: direct messages have no moderators."""
    raise ApiError(NOT_ON_DM)


def manages(world: World, user_id: int, thread: Channel) -> bool:
    """Whether this user moderates threads here."""
    return bool(world.bits(user_id, thread) & Permission.MANAGE_THREADS)


def require_above(world: World, user_id: int, guild: Guild, other_id: int, needed: int) -> None:
    """The right to act on another member: the permission, and a higher role than theirs. Admins are not timed out."""
    if user_id not in guild.members or not _in_guild(world, user_id, guild) & needed:
        raise ApiError(MISSING_PERMISSIONS)
    if other_id != user_id and rank(guild, user_id) <= rank(guild, other_id):
        raise ApiError(MISSING_PERMISSIONS)
    if needed == Permission.MODERATE_MEMBERS and _in_guild(world, other_id, guild) == ALL:
        raise ApiError(MISSING_PERMISSIONS)


def _in_guild(world: World, user_id: int, guild: Guild) -> int:
    return in_guild(guild, user_id, world.now())
