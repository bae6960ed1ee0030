"""Threads: started, joined and left, changed, archived when no one writes, deleted."""

from deploy.sandbox import rules
from deploy.sandbox.errors import (
    HAS_THREAD_ALREADY,
    MISSING_PERMISSIONS,
    SYSTEM_MESSAGE,
    THREAD_ARCHIVED,
    UNKNOWN_MEMBER,
    WRONG_CHANNEL_TYPE,
    ApiError,
)
from deploy.sandbox.permissions import Permission
from deploy.sandbox.serialise import created_at
from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.ids import Snowflakes
from deploy.sandbox.state.model import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    HAS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Json,
    MessageRecord,
    Thread,
)
from deploy.sandbox.state.world import World
from deploy.sandbox.validate.messages import Draft

from .announce import Announcer
from .messages import DEFAULT, REPLY, THREAD_CREATED, THREAD_STARTER, Messages, SendContext

_BY_MANAGERS = {"locked", "rate_limit_per_user"}
# Which threads a channel can have, those that start from a message first; those of forums are posts.
_TYPES_OF = {TEXT: (PUBLIC_THREAD, PRIVATE_THREAD), ANNOUNCEMENT: (ANNOUNCEMENT_THREAD,)}
_STARTERS = {DEFAULT, REPLY, 20, 23}  # types of messages that a thread can grow from


class Threads:
    """One method per thing that the bot or a person (`user_id`) does; each checks whether they may."""

    def __init__(self, world: World, clock: Clock, ids: Snowflakes, messages: Messages, announce: Announcer) -> None:
        self._world = world
        self._clock = clock
        self._ids = ids
        self._messages = messages
        self._announce = announce
        self._checks: dict[int, float] = {}  # thread → when it is looked at next

    def start(self, user_id: int, channel: Channel, asked: Json) -> Channel:
        """A thread without a message; `asked` has been checked by `validate.threads`. Refuses 50024 for other types."""
        public = asked["type"] != PRIVATE_THREAD
        self._may_start(user_id, channel, public=public)
        if asked["type"] not in _TYPES_OF[channel.kind]:
            raise ApiError(WRONG_CHANNEL_TYPE)
        thread = self._open(self._ids.next(), user_id, channel, asked)
        if public:
            reference = {"type": 0, "channel_id": str(thread.id), "guild_id": str(thread.guild_id)}
            sending = SendContext(user_id, kind=THREAD_CREATED, extra={"message_reference": reference})
            self._messages.send(channel, Draft(content=thread.name), sending)
        return thread

    def start_from(self, user_id: int, message: MessageRecord, asked: Json) -> Channel:
        """A public thread below a message; both have the same id."""
        channel = self._world.channel(message.channel_id)
        self._may_start(user_id, channel, public=True)
        if message.id in self._world.channels:
            raise ApiError(HAS_THREAD_ALREADY)
        if message.data["type"] not in _STARTERS:
            raise ApiError(SYSTEM_MESSAGE)
        thread = self._open(message.id, user_id, channel, {**asked, "type": _TYPES_OF[channel.kind][0]})
        self._messages.mark(message, HAS_THREAD, thread)
        starter = SendContext(message.author_id, kind=THREAD_STARTER, refers_to=message)
        self._messages.send(thread, Draft(), starter)
        return thread

    def post(self, user_id: int, forum: Channel, asked: Json, draft: Draft) -> tuple[Channel, MessageRecord]:
        """A post of a forum: a thread and its first message, which has the same id. `draft` has been checked."""
        rules.require(self._world, user_id, forum, Permission.SEND_MESSAGES)
        if draft.uploads:
            rules.require(self._world, user_id, forum, Permission.ATTACH_FILES)
        thread = self._open(self._ids.next(), user_id, forum, {**asked, "type": PUBLIC_THREAD})
        return thread, self._messages.send(thread, draft, SendContext(user_id, message_id=thread.id))

    def add(self, user_id: int, thread: Channel, other_id: int) -> None:
        """Join, or add another member."""
        state = self._state(thread)
        rules.require_active(thread)
        if other_id == user_id:
            rules.require(self._world, user_id, thread)
        else:
            rules.require_sending(self._world, user_id, thread)
            if not state.invitable and not rules.manages(self._world, user_id, thread):
                raise ApiError(MISSING_PERMISSIONS)
        guild = self._world.guild_of(thread)
        if guild is None or other_id not in guild.members:
            raise ApiError(UNKNOWN_MEMBER)
        self.join(thread, other_id)

    def join(self, thread: Channel, user_id: int) -> None:
        """Add a member; nothing happens when they are one already."""
        state = self._state(thread)
        if user_id not in state.members:
            state.members[user_id] = self._clock.now()
            self._announce.thread_members(thread, added=[user_id])

    def remove(self, user_id: int, thread: Channel, other_id: int) -> None:
        """Leave, or as a moderator (or the owner of a private thread) remove someone else."""
        state = self._state(thread)
        rules.require_active(thread)
        own = thread.kind == PRIVATE_THREAD and thread.owner_id == user_id
        if other_id != user_id and not own and not rules.manages(self._world, user_id, thread):
            raise ApiError(MISSING_PERMISSIONS)
        if other_id not in state.members:
            raise ApiError(UNKNOWN_MEMBER)
        self._announce.thread_members(thread, removed=[other_id])
        del state.members[other_id]
        self._announce.world_changed()

    def change(self, user_id: int, thread: Channel, asked: Json) -> Channel:
        """Rename, archive, lock, or set its times; `asked` has been checked by `validate.threads`."""
        state = self._state(thread)
        self._may_change(user_id, thread, state, asked)
        now = self._clock.now()
        thread.name = asked.get("name", thread.name)
        thread.slowmode = asked.get("rate_limit_per_user", thread.slowmode)
        state.invitable = bool(asked.get("invitable", state.invitable))
        state.locked = bool(asked.get("locked", state.locked))
        if "auto_archive_duration" in asked:
            state.auto_archive, state.archived_at = asked["auto_archive_duration"], now
        unarchives = state.archived and asked.get("archived") is False
        if asked.get("archived", state.archived) != state.archived:
            state.archived, state.archived_at = bool(asked["archived"]), now
        if unarchives:
            self._announce.thread_unarchived(thread)
        else:
            self._announce.thread("THREAD_UPDATE", thread)
        self._schedule_check(thread)
        return thread

    def delete(self, user_id: int, thread: Channel) -> None:
        """Delete a thread; needs MANAGE_THREADS."""
        rules.require(self._world, user_id, thread, Permission.MANAGE_THREADS)
        self._announce.thread("THREAD_DELETE", thread)
        self._world.drop_channel(thread)
        self._announce.world_changed()

    def resume(self) -> None:
        """Watch over the threads of a world that was kept."""
        for guild in self._world.guilds.values():
            for thread in guild.threads.values():
                self._schedule_check(thread)

    def _schedule_check(self, thread: Channel) -> None:
        """Check again when the thread may have been quiet for long enough; an earlier check no longer counts."""
        state, now = self._state(thread), self._clock.now()
        span = state.auto_archive * 60.0
        due = now + span if state.archived else max(now + 1.0, self._last_activity(thread, state) + span)
        self._checks[thread.id] = due
        self._clock.call_later(due - now, lambda: self._check_quiet(thread, due))

    def _check_quiet(self, thread: Channel, due: float) -> None:
        if thread.id not in self._world.channels:
            self._checks.pop(thread.id, None)
        if self._checks.get(thread.id) != due:
            return
        state = self._state(thread)
        quiet = self._clock.now() - self._last_activity(thread, state)
        if not state.archived and quiet >= state.auto_archive * 60:
            state.archived, state.archived_at = True, self._clock.now()
            self._announce.thread("THREAD_UPDATE", thread)
        self._schedule_check(thread)

    @staticmethod
    def _last_activity(thread: Channel, state: Thread) -> float:
        written = created_at(thread.last_message_id) if thread.last_message_id is not None else 0.0
        return max(written, state.archived_at)

    def _may_start(self, user_id: int, channel: Channel, *, public: bool) -> None:
        needed = Permission.CREATE_PUBLIC_THREADS if public else Permission.CREATE_PRIVATE_THREADS
        rules.require(self._world, user_id, channel)
        if channel.kind not in _TYPES_OF:
            raise ApiError(WRONG_CHANNEL_TYPE)
        rules.require(self._world, user_id, channel, needed)

    def _may_change(self, user_id: int, thread: Channel, state: Thread, asked: Json) -> None:
        rules.require(self._world, user_id, thread)
        manages = rules.manages(self._world, user_id, thread)
        reopens = asked.get("archived") is False
        if state.archived and not reopens:
            raise ApiError(THREAD_ARCHIVED)
        if state.locked and not manages:
            raise ApiError(MISSING_PERMISSIONS)
        only_reopens = reopens and set(asked) == {"archived"}
        allowed = (
            manages
            or (thread.owner_id == user_id and not _BY_MANAGERS & set(asked))
            or (only_reopens and user_id in state.members)
        )
        if not allowed:
            raise ApiError(MISSING_PERMISSIONS)

    def _open(self, thread_id: int, user_id: int, channel: Channel, asked: Json) -> Channel:
        now = self._clock.now()
        state = Thread(now, now, asked.get("auto_archive_duration", 1440), invitable=asked.get("invitable", True))
        state.members[user_id] = now
        thread = Channel(
            thread_id, asked["type"], asked["name"], channel.guild_id, parent_id=channel.id, owner_id=user_id,
            thread=state, nsfw=channel.nsfw, slowmode=asked.get("rate_limit_per_user", 0),
        )  # fmt: skip
        self._world.add_thread(thread)
        self._announce.thread("THREAD_CREATE", thread, newly_created=True)
        if user_id == self._world.bot.id:
            self._announce.thread_members(thread, added=[user_id])
        self._schedule_check(thread)
        return thread

    @staticmethod
    def _state(thread: Channel) -> Thread:
        if thread.thread is None:
            raise ApiError(WRONG_CHANNEL_TYPE)
        return thread.thread
