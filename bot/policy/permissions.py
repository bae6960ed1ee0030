"""What the bot needs in a channel before it accepts a request there, and who counts as a moderator."""

import discord

from bot.errors import MissingPermissions

_THREADS = {discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread}


def missing(granted: discord.Permissions, *, thread: bool) -> list[str]:
    """What is needed to post pictures and not granted, as Discord's API calls it."""
    needed = ("view_channel", "send_messages_in_threads" if thread else "send_messages", "attach_files")
    return [name for name in needed if not getattr(granted, name)]


def check_interaction(interaction: discord.Interaction) -> None:
    """Raise MissingPermissions when the result could not be posted where this was asked."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return  # nobody can take a bot's permissions away in a direct message
    thread = interaction.channel is not None and interaction.channel.type in _THREADS
    names = missing(interaction.app_permissions, thread=thread)
    if names:
        raise MissingPermissions(names, interaction.channel_id)


def check_channel(guild: discord.Guild, channel: int) -> None:
    """The same for a reaction, from what the gateway told about the server."""
    place = guild.get_channel_or_thread(channel)
    if place is None:
        return  # a thread we were never told of: Discord itself will say
    names = missing(place.permissions_for(guild.me), thread=place.type in _THREADS)
    if names:
        raise MissingPermissions(names, channel)


def moderates(guild: discord.Guild | None, channel: int, member: discord.Member | None) -> bool:
    """Whether the member may manage messages in that channel."""
    place = guild.get_channel_or_thread(channel) if guild else None
    return bool(place and member and place.permissions_for(member).manage_messages)
