"""What a person can see on Discord, by their roles and the overwrites of a channel; and what Easel wrote."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import aiohttp
import discord

from bot.policy.permissions import age_restricted

PATIENCE = 1.0  # seconds to wait for who somebody is in another server


@dataclass
class Sight:
    """Of one person, for as long as one answer is made. What is not known is not seen.

    Attributes:
        client: knows servers, channels and roles.
        person: id.
        here: the channel in which they ask: they see that one.
        member: who they are in the server in which they ask.
        reads: they may read what was said here before.
        adults: here is a place for adults.
    """

    client: discord.Client
    person: int
    here: int
    member: discord.Member | None = None
    reads: bool = True
    adults: bool = False
    _members: dict[int, discord.Member | None] = field(default_factory=dict)
    _resting: dict[int, discord.Thread | None] = field(default_factory=dict)

    @classmethod
    def of(cls, interaction: discord.Interaction) -> "Sight":
        """Of whoever asks."""
        who = interaction.user
        return cls(
            interaction.client,
            who.id,
            interaction.channel_id or 0,
            who if isinstance(who, discord.Member) else None,
            reads=interaction.guild_id is None or interaction.permissions.read_message_history,
            adults=age_restricted(interaction.channel),
        )

    async def withheld(self, server: int | None, channel: int) -> bool:
        """Whether its pictures are not shown here: it is for adults, whom Discord asks at its door, and here is not."""
        return channel != self.here and not self.adults and age_restricted(await self._place(server, channel))

    async def sees(self, server: int | None, channel: int) -> bool:
        """Whether they may read the messages of a channel. Direct messages are seen only from within."""
        if channel == self.here:
            return self.reads
        guild, place = self.client.get_guild(server or 0), await self._place(server, channel)
        if guild is None or place is None or place.type is discord.ChannelType.private_thread:
            return False  # who is in a private thread is not told to the bot
        member = await self._in(guild)
        if member is None:
            return False
        granted = place.permissions_for(member)
        spoken = place.type in {discord.ChannelType.voice, discord.ChannelType.stage_voice}
        return granted.view_channel and granted.read_message_history and (granted.connect or not spoken)

    async def _place(self, server: int | None, channel: int) -> discord.Thread | discord.abc.GuildChannel | None:
        guild = self.client.get_guild(server) if server else None
        if guild is None:
            return None
        return guild.get_channel_or_thread(channel) or await self._archived(guild, channel)

    async def _archived(self, guild: discord.Guild, channel: int) -> discord.Thread | None:
        """A thread that nobody wrote in for a while: the gateway tells of none but those that are open."""
        if channel not in self._resting:
            found: object = None
            with contextlib.suppress(TimeoutError, discord.DiscordException, aiohttp.ClientError):
                async with asyncio.timeout(PATIENCE):
                    found = await self.client.fetch_channel(channel)
            theirs = isinstance(found, discord.Thread) and found.guild.id == guild.id and found.parent is not None
            self._resting[channel] = found if isinstance(found, discord.Thread) and theirs else None
        return self._resting[channel]

    async def _in(self, guild: discord.Guild) -> discord.Member | None:
        if self.member is not None and self.member.guild.id == guild.id:
            return self.member
        if guild.id not in self._members:
            found = None
            with contextlib.suppress(TimeoutError, discord.HTTPException, aiohttp.ClientError):
                async with asyncio.timeout(PATIENCE):
                    found = await guild.fetch_member(self.person)
            self._members[guild.id] = found
        return self._members[guild.id]


def is_ours(message: discord.Message, interaction: discord.Interaction) -> bool:
    """Whether Easel wrote it. The bot of an application of Discord's first years has another id than that."""
    itself = interaction.client.user
    return message.author.id in {interaction.application_id, itself.id if itself else 0}
