"""The state of the sandbox: servers, people, channels, messages, commands, and questions about them."""

from collections.abc import Iterator

from . import permissions
from .errors import MISSING_ACCESS, UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_USER, ApiError
from .model import DM, TEXT, Channel, Guild, Interaction, Json, Message, User


class World:
    """Everything that exists. Lookups refuse as Discord does when the thing is not there."""

    def __init__(self, app_id: int, bot: User) -> None:
        self.app_id = app_id
        self.bot = bot
        self.privileged_intents = False
        self.users: dict[int, User] = {bot.id: bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.commands: dict[int, Json] = {}
        self.command_syncs = 0

    @property
    def people(self) -> list[User]:
        return [user for user in self.users.values() if not user.bot]

    def user(self, user_id: int) -> User:
        found = self.users.get(user_id)
        if found is None:
            raise ApiError(UNKNOWN_USER)
        return found

    def channel(self, channel_id: int) -> Channel:
        found = self.channels.get(channel_id)
        if found is None:
            raise ApiError(UNKNOWN_CHANNEL)
        return found

    def guild(self, guild_id: int) -> Guild:
        """A server that the bot is in."""
        found = self.guilds.get(guild_id)
        if found is None:
            raise ApiError(UNKNOWN_GUILD)
        if not found.bot_installed:
            raise ApiError(MISSING_ACCESS)
        return found

    def guild_of(self, channel: Channel) -> Guild | None:
        return self.guilds[channel.guild_id] if channel.guild_id is not None else None

    def message(self, channel: Channel, message_id: int) -> Message:
        """A message that can be reached through its channel: ephemeral ones cannot."""
        found = channel.messages.get(message_id)
        if found is None or found.ephemeral_to is not None:
            raise ApiError(UNKNOWN_MESSAGE)
        return found

    def bits(self, user_id: int, channel: Channel) -> int:
        """What this user may do in this channel."""
        guild = self.guild_of(channel)
        if guild is None:
            return permissions.IN_DM if user_id in channel.recipients or user_id == self.bot.id else 0
        if user_id == self.bot.id and not guild.bot_installed:
            return 0
        return permissions.in_channel(guild, user_id, channel)

    def app_bits(self, channel: Channel) -> int:
        """What the application may do when it answers an interaction here (`app_permissions`)."""
        guild = self.guild_of(channel)
        if guild is None or not guild.bot_installed:
            return permissions.IN_DM
        return permissions.in_channel(guild, self.bot.id, channel, gated=False)

    def dm_with(self, person_id: int) -> Channel | None:
        for channel in self.channels.values():
            if channel.kind == DM and person_id in channel.recipients:
                return channel
        return None

    def can_dm(self, person_id: int) -> bool:
        shared = any(g.bot_installed and person_id in g.members for g in self.guilds.values())
        return shared and self.users[person_id].dms_open

    def command_named(self, name: str, kind: int, guild_id: int | None) -> Json | None:
        """The application command a person means: the server's own before the global one."""
        found = None
        for command in self.commands.values():
            if command["name"] == name and command["type"] == kind:
                owner = command.get("guild_id")
                if owner is not None and owner == str(guild_id):
                    return command
                if owner is None:
                    found = command
        return found

    def remember(self, message: Message) -> None:
        channel = self.channels[message.channel_id]
        channel.messages[message.id] = message
        self.messages[message.id] = message
        if message.ephemeral_to is None:
            channel.last_message_id = message.id

    def forget(self, message: Message) -> None:
        """The message is gone for everybody; the sandbox keeps it to tell its history."""
        message.deleted = True
        self.channels[message.channel_id].messages.pop(message.id, None)

    def drop_channel(self, channel: Channel) -> None:
        self.channels.pop(channel.id, None)
        guild = self.guild_of(channel)
        if guild is not None:
            guild.channels.pop(channel.id, None)

    def text_channels(self) -> Iterator[Channel]:
        return (channel for channel in self.channels.values() if channel.kind == TEXT)
