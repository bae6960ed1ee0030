"""What happens to messages: sent, edited, pinned, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.sandbox import serialise
from deploy.sandbox.errors import TOO_MANY_OLD_EDITS, ApiError
from deploy.sandbox.permissions import Permission
from deploy.sandbox.serialise import created_at
from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.files import LINK_LIFE, Files
from deploy.sandbox.state.ids import Snowflakes
from deploy.sandbox.state.model import (
    EPHEMERAL,
    LOADING,
    AttachmentRecord,
    Channel,
    Json,
    MessageRecord,
    RevisionRecord,
    Thread,
)
from deploy.sandbox.state.world import World
from deploy.sandbox.validate.messages import Draft

from . import media, mentions
from .announce import Announcer

DEFAULT, PINNED, THREAD_CREATED, REPLY, THREAD_STARTER = 0, 6, 18, 19, 21
SYSTEM = {PINNED, THREAD_CREATED, THREAD_STARTER}
NONCE_SECONDS = 300.0
OLD = 3600.0
OLD_EDITS, OLD_EDITS_SECONDS = 3, 20.0  # per channel; Discord does not publish them, bots have measured about this
REVISIONS_KEPT = 200


@dataclass(slots=True)
class SendContext:
    """Who sends a message and what it answers to."""

    author_id: int
    kind: int = DEFAULT
    flags: int = 0
    ephemeral_to: int | None = None
    interaction_id: int | None = None
    extra: Json | None = None  # fields that come with an interaction
    reply_to: MessageRecord | None = None
    refers_to: MessageRecord | None = None  # what a system message is about
    nonce: str | int | None = None
    message_id: int | None = None  # of a post's first message: its thread's


class Messages:
    """Sends, edits, pins and deletes messages of people and the bot; rights have been checked before."""

    def __init__(self, world: World, clock: Clock, ids: Snowflakes, files: Files, announce: Announcer) -> None:
        self._world = world
        self._clock = clock
        self._ids = ids
        self._files = files
        self._announce = announce
        self._nonces: dict[tuple[int, int, str], tuple[float, MessageRecord]] = {}
        self._old_edits: dict[int, list[float]] = {}

    def with_nonce(self, channel: Channel, author_id: int, nonce: object) -> MessageRecord | None:
        """The message that was sent with this nonce in the last few minutes."""
        found = self._nonces.get((channel.id, author_id, str(nonce)))
        return found[1] if found and self._clock.now() - found[0] < NONCE_SECONDS else None

    def send(self, channel: Channel, draft: Draft, sending: SendContext) -> MessageRecord:
        """Store and announce a new message; `draft` has been checked."""
        message_id, now = sending.message_id or self._ids.next(), self._clock.now()
        flags = (draft.flags or 0) & ~EPHEMERAL | sending.flags
        message = MessageRecord(
            message_id, channel.id, sending.author_id,
            {
                "id": str(message_id), "type": REPLY if sending.reply_to else sending.kind, "content": "",
                "channel_id": str(channel.id), "author": serialise.user(self._world.users[sending.author_id]),
                "attachments": [], "embeds": [], "mentions": [], "mention_roles": [], "mention_everyone": False,
                "pinned": False, "tts": draft.tts, "timestamp": self._clock.iso(now), "edited_timestamp": None,
                "flags": flags, "components": [], **(sending.extra or {}),
            },
            ephemeral_to=sending.ephemeral_to, interaction_id=sending.interaction_id,
            urls_expire=now + LINK_LIFE / 2,
        )  # fmt: skip
        target = sending.reply_to or sending.refers_to
        if target is not None:
            self._refer(message, target)
        self._apply(message, draft)
        self._world.remember(message)
        if channel.thread is not None:
            self._count(channel, channel.thread, message)
        self._record(message)
        if sending.nonce is not None:
            self._nonces[channel.id, sending.author_id, str(sending.nonce)] = (now, message)
            self._forget_nonces(now)
        self._announce.message_created(message, sending.nonce)
        return message

    def edit(self, message: MessageRecord, draft: Draft) -> MessageRecord:
        """Change what the draft mentions and keep the rest; an answered deferral does not count as edited."""
        was_loading = message.loading
        self.data(message)  # what the edit leaves keeps links that work
        if draft.flags is not None:
            kept = message.flags & ~4  # of the flags only "suppress embeds" can be taken back
            message.data["flags"] = kept | (draft.flags & ~EPHEMERAL)
        message.data["flags"] &= ~LOADING
        message.abandoned = False
        self._apply(message, draft)
        if not was_loading:
            message.data["edited_timestamp"] = self._clock.iso()
        self._record(message)
        self._announce.message_updated(message)
        return message

    def charge_old_edit(self, message: MessageRecord) -> None:
        """Edits of messages that are older than an hour have a cap of their own (30046)."""
        now = self._clock.now()
        if created_at(message.id) > now - OLD:
            return
        recent = [at for at in self._old_edits.get(message.channel_id, ()) if at > now - OLD_EDITS_SECONDS]
        if len(recent) >= OLD_EDITS:
            wait = self._clock.to_real(recent[0] + OLD_EDITS_SECONDS - now)
            raise ApiError(TOO_MANY_OLD_EDITS, retry_after=wait)
        self._old_edits[message.channel_id] = [*recent, now]

    def pin(self, message: MessageRecord, user_id: int) -> None:
        """Pin, and leave a system message that says so; nothing happens when it is pinned already."""
        if message.pinned_at is not None:
            return
        channel = self._world.channels[message.channel_id]
        message.pinned_at = channel.last_pin = self._clock.now()
        self._repin(channel, message, pinned=True)
        self.send(channel, Draft(), SendContext(user_id, kind=PINNED, refers_to=message))

    def unpin(self, message: MessageRecord) -> None:
        """Take the pin off."""
        if message.pinned_at is not None:
            message.pinned_at = None
            self._repin(self._world.channels[message.channel_id], message, pinned=False)

    def _repin(self, channel: Channel, message: MessageRecord, *, pinned: bool) -> None:
        message.data["pinned"] = pinned
        self._announce.message_updated(message)
        self._announce.pins_updated(channel)

    def delete_many(self, channel: Channel, messages: Sequence[MessageRecord]) -> None:
        """Delete several at once, which bots hear as one event."""
        for each in messages:
            self._forget(each)
        self._announce.messages_deleted(channel, messages)

    def mark(self, message: MessageRecord, flag: int, thread: Channel) -> None:
        """The message has a thread below it from now on."""
        message.data["flags"] |= flag
        message.data["thread"] = serialise.channel(thread, self._world)
        self._announce.message_updated(message)

    def delete(self, message: MessageRecord) -> None:
        """Delete one."""
        self._forget(message)
        self._announce.message_deleted(message)

    def _forget(self, message: MessageRecord) -> None:
        self._world.forget(message)
        thread = self._world.channels[message.channel_id].thread
        if thread is not None and message.ephemeral_to is None:
            thread.message_count = max(0, thread.message_count - 1)

    def data(self, message: MessageRecord) -> Json:
        """The message as it is sent, with links that still work."""
        now = self._clock.now()
        if "thread" in message.data and message.id in self._world.channels:
            message.data["thread"] = serialise.channel(self._world.channels[message.id], self._world)
        if now > message.urls_expire:
            for part in ("attachments", "embeds", "components"):
                media.relink(message.data[part], self._files.resign)
            media.relink([each.data for each in message.files], self._files.resign)
            message.urls_expire = now + LINK_LIFE / 2
        return message.data

    def _apply(self, message: MessageRecord, draft: Draft) -> None:
        body = message.data
        files = self._attach(message, draft)
        if draft.content is not None:
            body["content"] = draft.content
        if draft.embeds is not None:
            embeds = draft.embeds if self._may(message, Permission.EMBED_LINKS) else []
            message.in_embeds, body["embeds"] = media.embed_links(embeds, files), embeds
        if draft.components is not None:
            message.in_components = media.component_links(draft.components, files, self._ids)
            body["components"] = draft.components
        message.files = files
        shown = message.in_embeds | message.in_components
        body["attachments"] = [each.data for each in files if each.id not in shown]
        body.update(self._pinged(message, draft.allowed_mentions))

    def _pinged(self, message: MessageRecord, allowed: Json | None) -> Json:
        body, replied = message.data, None
        # A reply to an interaction's answer does not ping its author, nor does one that is itself such an answer.
        if body["type"] == REPLY and message.interaction_id is None:
            target = body["referenced_message"]
            if "interaction_metadata" not in target:
                replied = self._world.users.get(int(target["author"]["id"]))
        everyone = "@" in body["content"] and self._may(message, Permission.MENTION_EVERYONE)
        return mentions.of(self._world, body["content"], allowed, everyone=everyone, replied=replied)

    def _attach(self, message: MessageRecord, draft: Draft) -> list[AttachmentRecord]:
        held = message.files
        if draft.kept is not None:
            held = [each for each in held if each.id in draft.kept]
            for each in held:
                note = draft.kept[each.id].get("description")
                if note:
                    each.data["description"] = note
        hidden = message.ephemeral_to is not None
        new = [self._files.keep(each, message.channel_id, ephemeral=hidden) for each in draft.uploads]
        return held + new

    def _may(self, message: MessageRecord, permission: Permission) -> bool:
        channel = self._world.channels[message.channel_id]
        if message.interaction_id is not None:
            person = int(message.data["interaction_metadata"]["user"]["id"])
            return bool(self._world.app_bits(channel, person) & permission)
        return bool(self._world.bits(message.author_id, channel) & permission)

    def _count(self, channel: Channel, thread: Thread, message: MessageRecord) -> None:
        """A message unarchives its thread, and makes its author a member."""
        first = message.data["type"] == THREAD_STARTER or message.id == channel.id
        if first or message.ephemeral_to is not None:
            return
        thread.message_count += 1
        thread.total_sent += 1
        if thread.archived:
            thread.archived, thread.archived_at = False, self._clock.now()
            self._announce.thread_unarchived(channel)
        if message.interaction_id is None and message.author_id not in thread.members:
            thread.members[message.author_id] = self._clock.now()
            self._announce.thread_members(channel, added=[message.author_id])

    def _refer(self, message: MessageRecord, target: MessageRecord) -> None:
        channel = self._world.channels[target.channel_id]
        reference: Json = {"type": 0, "channel_id": str(channel.id), "message_id": str(target.id)}
        if channel.guild_id is not None:
            reference["guild_id"] = str(channel.guild_id)
        message.data["message_reference"] = reference
        shown = {key: value for key, value in target.data.items() if key not in ("referenced_message", "reactions")}
        message.data["referenced_message"] = shown

    def _record(self, message: MessageRecord) -> None:
        files = [str(each.id) for each in message.files]
        now = RevisionRecord(self._clock.now(), message.data["content"], files, message.flags)
        message.revisions.append(now)
        del message.revisions[:-REVISIONS_KEPT]

    def _forget_nonces(self, now: float) -> None:
        while self._nonces:
            key = next(iter(self._nonces))
            if now - self._nonces[key][0] < NONCE_SECONDS:
                return
            del self._nonces[key]
