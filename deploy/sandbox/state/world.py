"""The state of the sandbox: servers, people, channels, messages, commands, and questions about them."""

import time
from collections.abc import Callable, Iterable

from deploy.sandbox import permissions
from deploy.sandbox.errors import (
    MISSING_ACCESS,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MESSAGE,
    UNKNOWN_USER,
    ApiError,
)
from deploy.sandbox.permissions import Permission

from .model import (
    BOT_DM,
    DM,
    IN_SERVER,
    PRIVATE,
    PRIVATE_CHANNEL,
    SPOKEN,
    Channel,
    Guild,
    InteractionRecord,
    Json,
    MessageRecord,
    User,
)

FILE_LIMIT = 10 * 1024 * 1024


class World:
    """Everything that exists. Lookups refuse as Discord does when the thing is not there."""

    def __init__(self, app_id: int, bot: User) -> None:
        self.app_id = app_id
        self.bot = bot
        self.privileged_intents = False
        self.now: Callable[[], float] = time.time  # the sandbox gives its own clock
        self.users: dict[int, User] = {bot.id: bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, MessageRecord] = {}
        self.interactions: dict[int, InteractionRecord] = {}
        self.by_token: dict[str, InteractionRecord] = {}
        self.commands: dict[int, Json] = {}
        self.command_permissions: dict[tuple[int, int], list[Json]] = {}  # server, command or application
        self.command_syncs = 0
        self.emojis: dict[int, Json] = {}

    @property
    def people(self) -> list[User]:
        """Everyone but the bot."""
        return [user for user in self.users.values() if not user.bot]

    def user(self, user_id: int) -> User:
        """A person or the bot. Refuses 10013."""
        found = self.users.get(user_id)
        if found is None:
            raise ApiError(UNKNOWN_USER)
        return found

    def channel(self, channel_id: int) -> Channel:
        """A channel, thread or direct messages. Refuses 10003."""
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
        """The server that a channel belongs to; None for direct messages."""
        return self.guilds[channel.guild_id] if channel.guild_id is not None else None

    def file_limit(self, channel: Channel) -> int:
        """Largest upload there, in bytes."""
        guild = self.guild_of(channel)
        return guild.file_limit if guild else FILE_LIMIT

    def message(self, channel: Channel, message_id: int) -> MessageRecord:
        """A message that can be reached through its channel: ephemeral ones cannot."""
        found = channel.messages.get(message_id)
        if found is None or found.ephemeral_to is not None:
            raise ApiError(UNKNOWN_MESSAGE)
        return found

    def bits(self, user_id: int, channel: Channel, *, gated: bool = True) -> int:
        """What this user may do in this channel."""
        guild = self.guild_of(channel)
        if guild is None:
            belongs = user_id in channel.recipients or (user_id == self.bot.id and self.with_bot(channel))
            return permissions.IN_DM if belongs else 0
        if user_id == self.bot.id and not guild.bot_installed:
            return 0
        thread = channel if channel.parent_id is not None else None
        where = self.channels.get(channel.parent_id or 0, channel)
        return permissions.in_channel(guild, user_id, where, gated=gated, now=self.now(), thread=thread)

    def sees(self, user_id: int, channel: Channel) -> bool:
        """Whether this user has VIEW_CHANNEL there."""
        return bool(self.bits(user_id, channel) & Permission.VIEW_CHANNEL)

    def reads(self, user_id: int, channel: Channel) -> bool:
        """Whether the messages there are for this user: in voice and stage channels that takes CONNECT."""
        needed = Permission.VIEW_CHANNEL | (Permission.CONNECT if channel.kind in SPOKEN else 0)
        return self.bits(user_id, channel) & needed == needed

    def app_bits(self, channel: Channel, person_id: int) -> int:
        """What the application may do when it answers this person's interaction here (`app_permissions`)."""
        guild = self.guild_of(channel)
        if guild is None:
            return permissions.APP_IN_DM if self.with_bot(channel) else permissions.APP_IN_GROUP
        if guild.bot_installed:
            return self.bits(self.bot.id, channel, gated=False)
        return self.bits(person_id, channel) & permissions.APP_IN_DM  # without a member of its own, the person's

    def with_bot(self, channel: Channel) -> bool:
        """Whether these are direct messages of one person and the bot."""
        return channel.kind == DM and len(channel.recipients) == 1

    def context(self, channel: Channel) -> int:
        """Where an interaction there happens: in a server, with the bot, or among people."""
        if channel.guild_id is not None:
            return IN_SERVER
        return BOT_DM if self.with_bot(channel) else PRIVATE_CHANNEL

    def private(self, people: Iterable[int]) -> Channel | None:
        """The direct messages or the group of exactly these people; of one person: with the bot."""
        wanted = set(people)
        return next((c for c in self.channels.values() if c.kind in PRIVATE and set(c.recipients) == wanted), None)

    def reaches(self, person_id: int) -> bool:
        """Whether the bot shares a server with this person, or they installed it for themselves."""
        shared = any(g.bot_installed and person_id in g.members for g in self.guilds.values())
        return shared or self.users[person_id].installed

    def remember(self, message: MessageRecord) -> None:
        """Put a message into its channel."""
        channel = self.channels[message.channel_id]
        channel.messages[message.id] = message
        self.messages[message.id] = message
        if message.ephemeral_to is None:
            channel.last_message_id = message.id

    def forget(self, message: MessageRecord) -> None:
        """The message is gone for everyone; the sandbox keeps it to tell its history."""
        message.deleted = True
        self.channels[message.channel_id].messages.pop(message.id, None)

    def add_thread(self, thread: Channel) -> None:
        """Put a thread into its server."""
        self.channels[thread.id] = self.guilds[thread.guild_id or 0].threads[thread.id] = thread

    def threads_of(self, channel: Channel) -> list[Channel]:
        """The threads below a channel, archived ones too."""
        guild = self.guild_of(channel)
        return [each for each in guild.threads.values() if each.parent_id == channel.id] if guild else []

    def drop_channel(self, channel: Channel) -> None:
        """Remove a channel with its threads."""
        for thread in self.threads_of(channel):
            self.drop_channel(thread)
        self.channels.pop(channel.id, None)
        guild = self.guild_of(channel)
        if guild is not None:
            guild.channels.pop(channel.id, None)
            guild.threads.pop(channel.id, None)
