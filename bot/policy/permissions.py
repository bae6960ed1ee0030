"""What the bot needs in a channel before it accepts a request there, and who counts as a moderator."""

from dataclasses import replace

import discord

from bot.errors import MissingPermissions

from .command_access import Asker, asker_of

_THREADS = {discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread}
_SPOKEN = {discord.ChannelType.voice, discord.ChannelType.stage_voice}  # the text in them is for those who may connect


def missing(granted: discord.Permissions, kind: discord.ChannelType | None) -> list[str]:
    """What is needed to post pictures in a channel of that kind and not granted, as Discord's API calls it."""
    send = "send_messages_in_threads" if kind in _THREADS else "send_messages"
    needed = (*_to_see(kind), send, "attach_files")
    return [name for name in needed if not getattr(granted, name)]


def _to_see(kind: discord.ChannelType | None) -> tuple[str, ...]:
    return ("view_channel", *(["connect"] if kind in _SPOKEN else []))


def check_interaction(interaction: discord.Interaction) -> None:
    """Raise MissingPermissions when the result could not be posted where this was asked."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return  # nobody can take a bot's permissions away in a direct message
    names = missing(interaction.app_permissions, interaction.channel.type if interaction.channel else None)
    if names:
        raise MissingPermissions(names, interaction.channel_id)


def asker(interaction: discord.Interaction) -> Asker | None:
    """Whom a server's rules for commands are asked about; None in a direct message."""
    server, channel, member = interaction.guild_id, interaction.channel_id, interaction.user
    if server is None or channel is None or not isinstance(member, discord.Member):
        return None
    return replace(asker_of(server, interaction.channel, channel, member), permissions=interaction.permissions)


def reacting(guild: discord.Guild | None, channel: int, member: discord.Member | None) -> Asker | None:
    """The same for a reaction."""
    if guild is None or member is None:
        return None
    return asker_of(guild.id, guild.get_channel_or_thread(channel), channel, member)


def check_channel(guild: discord.Guild, channel: int) -> None:
    """The same for a reaction, from what the gateway told about the server."""
    place = guild.get_channel_or_thread(channel)
    if place is None:
        return  # a thread we were never told of: Discord itself will say
    names = missing(place.permissions_for(guild.me), place.type)
    if names:
        raise MissingPermissions(names, channel)


def heard_of(guild: discord.Guild) -> bool:
    """Whether the gateway has told of this server yet: each has the role of everyone.

    After a start that takes a while, and where Easel is no member it never does.
    """
    return guild.get_role(guild.id) is not None


def writable(guild: discord.Guild, *, pictures: bool = False) -> frozenset[int]:
    """The text and announcement channels in which the bot can write, or also post `pictures`."""
    wanted = discord.Permissions(view_channel=True, send_messages=True, attach_files=pictures)
    return frozenset(each.id for each in guild.text_channels if each.permissions_for(guild.me) >= wanted)


def may_show(guild: discord.Guild | None, asked_in: int, target: int) -> bool:
    """Whether results of one channel may be posted in another: never where more people, or minors, would see them.

    Out of a channel that is hidden from anyone nothing goes but to one with the same permissions; private threads keep
    theirs.
    """
    source, goal = (guild.get_channel_or_thread(each) if guild else None for each in (asked_in, target))
    if guild is None or source is None or goal is None or asked_in == target:
        return False
    place, there = (each.parent if isinstance(each, discord.Thread) else each for each in (source, goal))
    if source.type is discord.ChannelType.private_thread or place is None or there is None:
        return False
    if missing(goal.permissions_for(guild.me), goal.type) or missing(source.permissions_for(guild.me), source.type):
        return False
    if age_restricted(source) and not age_restricted(goal):
        return False
    return not _hidden(place, guild) or place.overwrites == there.overwrites


def _hidden(place: discord.abc.GuildChannel, guild: discord.Guild) -> bool:
    """Whether some of the server do not see what is posted there: everybody, a role or a person."""
    needed = _to_see(place.type)
    everybody = place.permissions_for(guild.default_role)
    kept_out = [getattr(each, name) is False for each in place.overwrites.values() for name in needed]
    return any(kept_out) or not all(getattr(everybody, name) for name in needed)


def age_restricted(channel: object) -> bool:
    """Threads are as their channel; direct messages and what the gateway did not tell us of are not."""
    asked = getattr(channel, "is_nsfw", None)
    return bool(asked and asked())


def moderates(guild: discord.Guild | None, channel: int, member: discord.Member | None) -> bool:
    """Whether the member may manage messages in that channel."""
    place = guild.get_channel_or_thread(channel) if guild else None
    return bool(place and member and place.permissions_for(member).manage_messages)
