"""What a person can see on Discord, by their roles and the overwrites of a channel."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import aiohttp
import discord

PATIENCE = 1.0  # seconds to wait for who somebody is in another server


@dataclass
class Sight:
    """Of one person, for as long as one answer is made. What is not known is not seen.

    Attributes:
        client: knows servers, channels and roles.
        person: id.
        here: the channel in which they ask: they see that one.
        member: who they are in the server in which they ask.
    """

    client: discord.Client
    person: int
    here: int
    member: discord.Member | None = None
    _members: dict[int, discord.Member | None] = field(default_factory=dict)

    @classmethod
    def of(cls, interaction: discord.Interaction) -> "Sight":
        """Of whoever asks."""
        who = interaction.user
        return cls(
            interaction.client, who.id, interaction.channel_id or 0, who if isinstance(who, discord.Member) else None
        )

    async def sees(self, server: int | None, channel: int) -> bool:
        """Whether they may read the messages of a channel. Direct messages are seen only from within."""
        if channel == self.here:
            return True
        guild = self.client.get_guild(server) if server else None
        place = guild.get_channel_or_thread(channel) if guild else None
        if guild is None or place is None or place.type is discord.ChannelType.private_thread:
            return False  # who is in a private thread is not told to the bot
        member = await self._in(guild)
        if member is None:
            return False
        granted = place.permissions_for(member)
        spoken = place.type in {discord.ChannelType.voice, discord.ChannelType.stage_voice}
        return granted.view_channel and granted.read_message_history and (granted.connect or not spoken)

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
