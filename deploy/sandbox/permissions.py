"""Discord's permission bits and how roles and channel overwrites add up to what someone may do."""

from enum import IntFlag

from .state.model import PRIVATE_THREAD, SPOKEN, Channel, Guild, Member


class Permission(IntFlag):
    """Permission bits, as Discord numbers them; those that the sandbox looks at."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


ALL = (1 << 53) - 1
IN_DM = int(
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.PIN_MESSAGES
)
# What `app_permissions` says where no server decides: in direct messages with the bot, and between people.
APP_IN_GROUP = int(Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE)
APP_IN_DM = APP_IN_GROUP | int(Permission.USE_EXTERNAL_EMOJIS)
TIMED_OUT = int(Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY)
_NEED_SEND = Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE


def in_guild(guild: Guild, user_id: int, now: float = 0.0) -> int:
    """What a member may do anywhere in the server at this time, before channel overwrites."""
    if guild.owner_id == user_id:
        return ALL
    member = guild.members[user_id]
    bits = guild.roles[guild.id].permissions
    for role_id in member.roles:
        bits |= guild.roles[role_id].permissions
    if bits & Permission.ADMINISTRATOR:
        return ALL
    return bits & TIMED_OUT if timed_out(member, now) else bits


def timed_out(member: Member, now: float) -> bool:
    """Whether a moderator has silenced this member until after `now`."""
    return member.timeout_until is not None and member.timeout_until > now


def in_channel(
    guild: Guild, user_id: int, channel: Channel, *, gated: bool = True, now: float = 0.0, thread: Channel | None = None
) -> int:
    """What a member may do in one channel: base, then @everyone, then roles together, then the member.

    Who cannot see a channel may do nothing there, who cannot send may not attach, and in a voice or stage channel who
    cannot connect may only see it; `gated=False` leaves that out, as for an app that answers an interaction in a
    channel that it does not see. In a thread the permissions of its channel count, except for sending.
    """
    if user_id not in guild.members:
        return 0
    bits = in_guild(guild, user_id, now)
    if bits == ALL:
        return ALL
    bits = _overwritten(bits, guild, user_id, channel)
    if timed_out(guild.members[user_id], now):
        bits &= TIMED_OUT
    if not gated:
        return bits
    if not bits & Permission.VIEW_CHANNEL or (thread is not None and not _in_thread(bits, user_id, thread)):
        return 0
    if channel.kind in SPOKEN and not bits & Permission.CONNECT:
        return int(Permission.VIEW_CHANNEL)
    sending = Permission.SEND_MESSAGES if thread is None else Permission.SEND_MESSAGES_IN_THREADS
    return bits if bits & sending else bits & ~_NEED_SEND


def _overwritten(bits: int, guild: Guild, user_id: int, channel: Channel) -> int:
    roles = set(guild.members[user_id].roles)
    everyone = channel.overwrites.get(guild.id)
    if everyone is not None:
        bits = bits & ~everyone.deny | everyone.allow
    of_roles = [each for each in channel.overwrites.values() if each.id in roles]
    for each in of_roles:
        bits &= ~each.deny
    for each in of_roles:
        bits |= each.allow
    own = channel.overwrites.get(user_id)
    return bits if own is None else bits & ~own.deny | own.allow


def _in_thread(bits: int, user_id: int, thread: Channel) -> bool:
    """Whether someone who sees the channel sees this thread of it: private ones are for members and moderators."""
    invited = thread.thread is not None and user_id in thread.thread.members
    return thread.kind != PRIVATE_THREAD or invited or bool(bits & Permission.MANAGE_THREADS)


def rank(guild: Guild, user_id: int) -> float:
    """How high someone stands: the position of their highest role; owners stand above all."""
    if guild.owner_id == user_id:
        return float("inf")
    return max((guild.roles[each].position for each in guild.members[user_id].roles), default=0)
