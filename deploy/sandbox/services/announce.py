"""Announces what changed: to bots through the gateway, to the page and clients through the stream."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deploy.sandbox import serialise, views
from deploy.sandbox.gateway import guilds
from deploy.sandbox.gateway.content import without_content
from deploy.sandbox.gateway.hub import Hub
from deploy.sandbox.gateway.intents import Intent
from deploy.sandbox.recording.stream import Stream
from deploy.sandbox.state.model import Channel, Guild, InteractionRecord, Json, MessageRecord
from deploy.sandbox.state.world import World


class Announcer:
    """One method per kind of change, named after what happened."""

    def __init__(self, world: World, hub: Hub, stream: Stream) -> None:
        self.world = world
        self.hub = hub
        self.stream = stream

    def message_created(self, message: MessageRecord, nonce: str | int | None = None) -> None:
        """MESSAGE_CREATE. The nonce is in this event alone."""
        self._message("MESSAGE_CREATE", message, {"nonce": nonce} if nonce is not None else {})
        self._show("created", message)

    def message_updated(self, message: MessageRecord) -> None:
        """MESSAGE_UPDATE, with the whole message."""
        self._message("MESSAGE_UPDATE", message, {})
        self._show("updated", message)

    def message_deleted(self, message: MessageRecord) -> None:
        """MESSAGE_DELETE."""
        channel = self.world.channels[message.channel_id]
        if message.ephemeral_to is None:
            body: Json = {"id": str(message.id), "channel_id": str(channel.id)}
            self._dispatch("MESSAGE_DELETE", self._placed(body, channel), channel, self._intent(channel))
        self._show("deleted", message)

    def messages_deleted(self, channel: Channel, messages: Sequence[MessageRecord]) -> None:
        """MESSAGE_DELETE_BULK."""
        body: Json = {"ids": [str(each.id) for each in messages], "channel_id": str(channel.id)}
        self._dispatch("MESSAGE_DELETE_BULK", self._placed(body, channel), channel, self._intent(channel))
        for each in messages:
            self._show("deleted", each)

    def pins_updated(self, channel: Channel) -> None:
        """CHANNEL_PINS_UPDATE."""
        last = serialise.iso(channel.last_pin) if channel.last_pin else None
        body: Json = {"channel_id": str(channel.id), "last_pin_timestamp": last}
        intent = Intent.GUILDS if channel.guild_id else Intent.DM_MESSAGES
        self._dispatch("CHANNEL_PINS_UPDATE", self._placed(body, channel), channel, intent)

    def reaction(self, message: MessageRecord, emoji: Json, user_id: int, *, added: bool) -> None:
        """MESSAGE_REACTION_ADD or MESSAGE_REACTION_REMOVE."""
        channel = self.world.channels[message.channel_id]
        body: Json = {
            "user_id": str(user_id), "channel_id": str(channel.id), "message_id": str(message.id),
            "emoji": emoji, "burst": False, "type": 0,
        }  # fmt: skip
        guild = self.world.guild_of(channel)
        if added:
            body["message_author_id"] = str(message.author_id)
            if guild is not None and user_id in guild.members:
                body["member"] = serialise.member(guild.members[user_id], self.world.users[user_id])
        intent = Intent.GUILD_REACTIONS if guild else Intent.DM_REACTIONS
        name = "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE"
        self._dispatch(name, self._placed(body, channel), channel, intent)
        self._show("updated", message)

    def reactions_cleared(self, message: MessageRecord, emoji: Json | None = None) -> None:
        """All reactions are gone, or those with this emoji."""
        channel = self.world.channels[message.channel_id]
        body: Json = {"channel_id": str(channel.id), "message_id": str(message.id)}
        intent = Intent.GUILD_REACTIONS if channel.guild_id else Intent.DM_REACTIONS
        event = "MESSAGE_REACTION_REMOVE_ALL" if emoji is None else "MESSAGE_REACTION_REMOVE_EMOJI"
        body |= {} if emoji is None else {"emoji": emoji}
        self._dispatch(event, self._placed(body, channel), channel, intent)
        self._show("updated", message)

    def interaction_created(self, interaction: InteractionRecord, body: Json) -> None:
        """INTERACTION_CREATE with this body; it reaches the shard of its server whatever its intents are."""
        self.hub.dispatch("INTERACTION_CREATE", body, guild_id=interaction.guild_id)
        self.interaction_changed(interaction)

    def interaction_changed(self, interaction: InteractionRecord) -> None:
        """Only people and clients of the sandbox hear how an interaction stands."""
        self.stream.publish("interaction", interaction=lambda: views.interaction(interaction))

    def typing(self, channel: Channel, user_id: int, now: float) -> None:
        """TYPING_START. `now` is in seconds of the epoch."""
        body: Json = {"channel_id": str(channel.id), "user_id": str(user_id), "timestamp": int(now)}
        intent = Intent.GUILD_TYPING if channel.guild_id else Intent.DM_TYPING
        self._dispatch("TYPING_START", self._placed(body, channel), channel, intent)
        self.stream.publish("typing", channel_id=str(channel.id), user_id=str(user_id))

    def channel(self, event: str, channel: Channel) -> None:
        """`event` is CHANNEL_UPDATE or CHANNEL_DELETE, of a server's channel."""
        self._dispatch(event, serialise.channel(channel, self.world), channel, Intent.GUILDS)
        self.world_changed()

    def thread(self, event: str, thread: Channel, **more: object) -> None:
        """`event` is THREAD_CREATE, THREAD_UPDATE or THREAD_DELETE."""
        body = {**serialise.channel(thread, self.world), **more}
        if event == "THREAD_DELETE":
            body = {key: body[key] for key in ("id", "guild_id", "parent_id", "type")}
        self._dispatch(event, body, thread, Intent.GUILDS)
        self.world_changed()

    def thread_unarchived(self, thread: Channel) -> None:
        """A thread is active again; the bot may have forgotten whether it is in it."""
        self.thread("THREAD_UPDATE", thread)
        if thread.thread is not None and self.world.bot.id in thread.thread.members:
            body = {**serialise.thread_member(thread, self.world.bot.id), "guild_id": str(thread.guild_id)}
            self._dispatch("THREAD_MEMBER_UPDATE", body, thread, Intent.GUILDS)

    def thread_members(self, thread: Channel, *, added: Sequence[int] = (), removed: Sequence[int] = ()) -> None:
        """Members were added, or are about to be removed. The bot hears of others only with the members intent."""
        guild, bot_id = self.world.guild_of(thread), self.world.bot.id
        if guild is None or thread.thread is None:
            return
        body: Json = {
            "id": str(thread.id), "guild_id": str(guild.id), "member_count": min(50, len(thread.thread.members)),
            "added_members": [
                {**serialise.thread_member(thread, each), "presence": None,
                 "member": serialise.member(guild.members[each], self.world.users[each])}
                for each in added
            ],
            "removed_member_ids": [str(each) for each in removed],
        }  # fmt: skip
        about_bot = bot_id in (*added, *removed)
        if bot_id in added and thread.owner_id != bot_id:
            self._dispatch("THREAD_CREATE", serialise.channel(thread, self.world), thread, Intent.GUILDS)
        intent = Intent.GUILDS if about_bot else Intent.GUILD_MEMBERS
        self._dispatch("THREAD_MEMBERS_UPDATE", body, thread, intent)
        self.world_changed()

    @contextmanager
    def access(self, guild: Guild) -> Iterator[None]:
        """Send THREAD_LIST_SYNC with the threads in channels that it sees after this and did not see before."""
        bot_id = self.world.bot.id
        before = {each.id for each in guild.channels.values() if self.world.sees(bot_id, each)}
        yield
        gained = {e.id for e in guild.channels.values() if e.id not in before and self.world.sees(bot_id, e)}
        if gained:
            shown = [each for each in serialise.active_threads(guild, self.world) if each.parent_id in gained]
            body = {"guild_id": str(guild.id), "channel_ids": [str(each) for each in gained]}
            body |= serialise.threads(shown, self.world)
            self.hub.dispatch("THREAD_LIST_SYNC", body, guild_id=guild.id, intent=Intent.GUILDS)

    def role(self, guild: Guild, role_id: int) -> None:
        """GUILD_ROLE_UPDATE."""
        body: Json = {"guild_id": str(guild.id), "role": serialise.role(guild.roles[role_id])}
        self.hub.dispatch("GUILD_ROLE_UPDATE", body, guild_id=guild.id, intent=Intent.GUILDS)
        self.world_changed()

    def member(self, guild: Guild, user_id: int) -> None:
        """GUILD_MEMBER_UPDATE; about the bot itself it comes without the members intent."""
        body = serialise.member(guild.members[user_id], self.world.users[user_id])
        intent = None if user_id == self.world.bot.id else Intent.GUILD_MEMBERS
        self.hub.dispatch("GUILD_MEMBER_UPDATE", {**body, "guild_id": str(guild.id)}, guild_id=guild.id, intent=intent)
        self.world_changed()

    def guild_joined(self, guild: Guild, *, outage: bool = False) -> None:
        """GUILD_CREATE, each session in the form that its intents ask for; also at the end of an `outage`."""
        for session in self.hub.wanting(guild.id, Intent.GUILDS):
            self.hub.send(session, "GUILD_CREATE", guilds.create(guild, self.world, session, joined=not outage))
        self.world_changed()

    def guild_changed(self, guild: Guild) -> None:
        """GUILD_UPDATE."""
        self.hub.dispatch("GUILD_UPDATE", serialise.guild(guild), guild_id=guild.id, intent=Intent.GUILDS)
        self.world_changed()

    def commands_changed(self) -> None:
        """Only people and clients of the sandbox hear that commands were registered."""
        self.stream.publish("commands")

    def command_permissions(self, guild: Guild, target: int) -> None:
        """The rights to use a command, or all of them when `target` is the application."""
        body = serialise.command_permissions(guild.id, target, self.world)
        self.hub.dispatch("APPLICATION_COMMAND_PERMISSIONS_UPDATE", body, guild_id=guild.id)
        self.world_changed()

    def guild_left(self, guild: Guild, *, outage: bool = False) -> None:
        """GUILD_DELETE: the bot was thrown out, or in an `outage` of Discord's the server cannot be reached."""
        body = {"id": str(guild.id)} | ({"unavailable": True} if outage else {})
        self.hub.dispatch("GUILD_DELETE", body, guild_id=guild.id, intent=Intent.GUILDS)
        self.world_changed()

    def world_changed(self) -> None:
        """Tell pages and clients to read servers, channels and people again."""
        self.stream.publish("world")

    def _message(self, event: str, message: MessageRecord, extra: Json) -> None:
        if message.ephemeral_to is not None:
            return  # only the person's own client hears of it
        channel = self.world.channels[message.channel_id]
        body = self._placed({**message.data, **extra}, channel)
        guild = self.world.guild_of(channel)
        if guild is not None and message.author_id in guild.members:
            body["member"] = serialise.member(guild.members[message.author_id], self.world.users[message.author_id])
            del body["member"]["user"]
        hidden = None if guild is None else without_content(body, str(self.world.bot.id))
        self._dispatch(event, body, channel, self._intent(channel), hidden=hidden)

    def message_abandoned(self, message: MessageRecord) -> None:
        """Only people see it; Discord sends bots nothing."""
        self._show("updated", message)

    def _show(self, change: str, message: MessageRecord) -> None:
        self.stream.publish("message", change=change, message=lambda: views.message(message))

    def _dispatch(
        self, event: str, body: Json, channel: Channel, intent: Intent | None, *, hidden: Json | None = None
    ) -> None:
        """Bots hear of what happens in a channel only when they may have its messages."""
        if event.startswith("CHANNEL_") or self.world.reads(self.world.bot.id, channel):
            self.hub.dispatch(event, body, guild_id=channel.guild_id, intent=intent, hidden=hidden)

    @staticmethod
    def _placed(body: Json, channel: Channel) -> Json:
        if channel.guild_id is not None:
            body["guild_id"] = str(channel.guild_id)
        return body

    @staticmethod
    def _intent(channel: Channel) -> Intent:
        return Intent.GUILD_MESSAGES if channel.guild_id else Intent.DM_MESSAGES
