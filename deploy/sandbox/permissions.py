"""Discord's permission bits and how roles and channel overwrites add up to what somebody may do."""

from enum import IntFlag

from .model import Channel, Guild


class Permission(IntFlag):
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
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    USE_EXTERNAL_APPS = 1 << 50


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
)
_NEED_SEND = Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE


def in_guild(guild: Guild, user_id: int) -> int:
    """What a member may do anywhere in the server, before channel overwrites."""
    if guild.owner_id == user_id:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role_id in guild.members[user_id].roles:
        bits |= guild.roles[role_id].permissions
    return ALL if bits & Permission.ADMINISTRATOR else bits


def in_channel(guild: Guild, user_id: int, channel: Channel, *, gated: bool = True) -> int:
    """What a member may do in one channel: base, then @everyone, then roles together, then the member.

    Who cannot see a channel may do nothing there, and who cannot send may not attach; `gated=False` leaves that
    out, as for an app that answers an interaction in a channel that it does not see.
    """
    if user_id not in guild.members:
        return 0
    bits = in_guild(guild, user_id)
    if bits == ALL:
        return ALL
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
    if own is not None:
        bits = bits & ~own.deny | own.allow
    if not gated:
        return bits
    if not bits & Permission.VIEW_CHANNEL:
        return 0
    return bits if bits & Permission.SEND_MESSAGES else bits & ~_NEED_SEND
