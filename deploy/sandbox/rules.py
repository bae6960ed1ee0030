"""Who may do what where: the same rules and codes for the bot and for people."""

from .errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NOT_ON_DM,
    NOT_TEXT,
    SEND_TO_ARCHIVED,
    THREAD_ARCHIVED,
    THREAD_LOCKED,
    ApiError,
)
from .permissions import ALL, Permission, in_guild, rank
from .state.model import FORUM, Channel, Guild
from .state.world import World


def require(world: World, user_id: int, channel: Channel, needed: int = Permission.VIEW_CHANNEL) -> None:
    """Refuse 50001 where this user sees nothing, and 50013 where a permission is missing.

    In a voice or stage channel without CONNECT everything but seeing it is refused with 50001.
    """
    bits = world.bits(user_id, channel)
    if not bits & Permission.VIEW_CHANNEL:
        raise ApiError(MISSING_ACCESS)
    if bits & needed != needed:
        raise ApiError(MISSING_PERMISSIONS if world.reads(user_id, channel) else MISSING_ACCESS)


def require_reading(world: World, user_id: int, channel: Channel) -> None:
    """Refuse 50001 where this user may not have the messages."""
    if not world.reads(user_id, channel):
        raise ApiError(MISSING_ACCESS)


def require_sending(world: World, user_id: int, channel: Channel, more: int = 0) -> None:
    """What a message needs: another permission in threads, none that is locked (50083, 160005), no forum (50008)."""
    require(world, user_id, channel)
    refuse_in_forum(channel)
    sending = Permission.SEND_MESSAGES if channel.thread is None else Permission.SEND_MESSAGES_IN_THREADS
    require(world, user_id, channel, int(sending) | more)
    if channel.thread is not None and channel.thread.locked and not manages(world, user_id, channel):
        raise ApiError(SEND_TO_ARCHIVED if channel.thread.archived else THREAD_LOCKED)


def refuse_in_forum(channel: Channel) -> None:
    """Refuse 50008: a forum has posts, which are threads, and nothing is said in itself."""
    if channel.kind == FORUM:
        raise ApiError(NOT_TEXT)


def require_active(channel: Channel) -> None:
    """Refuse 50083 in an archived thread: reactions and members need an active one, which may be locked."""
    if channel.thread is not None and channel.thread.archived:
        raise ApiError(THREAD_ARCHIVED)


def require_unlocked(world: World, user_id: int, channel: Channel) -> None:
    """What edits, pins, commands and components need: a thread that is active (50083), and not locked (160005)."""
    require_active(channel)
    if channel.thread is not None and channel.thread.locked and not manages(world, user_id, channel):
        raise ApiError(THREAD_LOCKED)


def require_deletable(world: World, user_id: int, channel: Channel) -> None:
    """Messages of an archived thread can be deleted, unless a moderator locked it as well (50083)."""
    if channel.thread is not None and channel.thread.locked and not manages(world, user_id, channel):
        require_active(channel)


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
