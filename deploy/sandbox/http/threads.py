"""Threads, with the bot's token: starting, listing, and who is in them. Changing one is `PATCH /channels/{id}`."""

from collections.abc import Callable
from datetime import datetime

from deploy.sandbox import serialise
from deploy.sandbox.errors import MISSING_ACCESS, UNKNOWN_MEMBER, WRONG_CHANNEL_TYPE, ApiError, bad_field
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.permissions import Permission
from deploy.sandbox.state.model import FORUM, PRIVATE_THREAD, PUBLIC_THREAD, Channel, Json, Thread
from deploy.sandbox.validate import messages
from deploy.sandbox.validate import threads as form

from . import guard
from .call import Answer, Call, Created, Endpoint


def _made(call: Call, thread: Channel) -> Created:
    return Created(serialise.channel(thread, call.box.world))


def start(call: Call) -> Answer:
    """Start a thread without a message, or a post of a forum. Refuses 50024 where there can be none."""
    channel = guard.seen(call.box.world, call.id("channel"))
    if channel.kind == FORUM:
        return _post(call, channel)
    return _made(call, call.box.threads.start(call.box.world.bot.id, channel, form.check(call.payload)))


def _post(call: Call, forum: Channel) -> Answer:
    world, payload = call.box.world, call.payload
    asked = form.check({**payload, "type": PUBLIC_THREAD})
    if not isinstance(payload.get("message"), dict):
        raise bad_field("message", "BASE_TYPE_REQUIRED", "This field is required")
    draft = messages.check(
        payload["message"], call.body.uploads, file_limit=world.file_limit(forum), path="message", emojis=world.emojis
    )
    thread, first = call.box.threads.post(world.bot.id, forum, asked, draft)
    return Created({**serialise.channel(thread, world), "message": first.data})


def start_from(call: Call) -> Answer:
    """Start a public thread from a message. Refuses 160004 when it has one."""
    world = call.box.world
    channel = guard.allowed(world, call.id("channel"), Permission.READ_MESSAGE_HISTORY)
    message = world.message(channel, call.id("message"))
    return _made(call, call.box.threads.start_from(world.bot.id, message, form.check(call.payload)))


def _thread(call: Call) -> tuple[Channel, Thread]:
    found = guard.seen(call.box.world, call.id("channel"))
    if found.thread is None:
        raise ApiError(WRONG_CHANNEL_TYPE)
    return found, found.thread


def _person(call: Call) -> int:
    world = call.box.world
    return world.user(call.id("user")).id if call.params.get("user", "@me") != "@me" else world.bot.id


def add(call: Call) -> Answer:
    """Join a thread, or add a person."""
    call.box.threads.add(call.box.world.bot.id, _thread(call)[0], _person(call))
    return None


def remove(call: Call) -> Answer:
    """Leave a thread, or remove a person."""
    call.box.threads.remove(call.box.world.bot.id, _thread(call)[0], _person(call))
    return None


def _member(call: Call, thread: Channel, user_id: int) -> Json:
    world, body = call.box.world, serialise.thread_member(thread, user_id)
    guild = world.guild_of(thread)
    if call.flag("with_member") and guild is not None and user_id in guild.members:
        body["member"] = serialise.member(guild.members[user_id], world.users[user_id])
    return body


def member(call: Call) -> Answer:
    """One member of a thread. Refuses 10007."""
    thread, state = _thread(call)
    wanted = _person(call)
    if wanted not in state.members:
        raise ApiError(UNKNOWN_MEMBER)
    return _member(call, thread, wanted)


def members(call: Call) -> Answer:
    """Members of a thread, only with the members intent."""
    thread, state = _thread(call)
    if not call.box.world.privileged_intents:
        raise ApiError(MISSING_ACCESS)
    after, most = call.number("after", 0, 0, 2**63), call.number("limit", 100, 1, 100)
    return [_member(call, thread, each) for each in sorted(state.members) if each > after][:most]


def active(call: Call) -> Answer:
    """All active threads of a server that the bot sees."""
    world = call.box.world
    return {
        **serialise.threads(serialise.active_threads(world.guild(call.id("guild")), world), world),
        "has_more": False,
    }


def _archived(kind: int, needed: int, *, joined: bool = False) -> Callable[[Call], Answer]:
    """A listing of archived threads, newest first."""

    def listing(call: Call) -> Answer:
        world = call.box.world
        channel = guard.allowed(world, call.id("channel"), Permission.READ_MESSAGE_HISTORY | needed)
        found = [
            (each.id if joined else each.thread.archived_at, each)
            for each in world.threads_of(channel)
            if each.kind == kind and each.thread is not None and each.thread.archived
            and (not joined or world.bot.id in each.thread.members)
        ]  # fmt: skip
        limit = _before(call, joined=joined)
        shown = sorted((one for one in found if limit is None or one[0] < limit), key=lambda one: -one[0])
        most = call.number("limit", 50, 1, 100)
        return {**serialise.threads([each for _, each in shown[:most]], world), "has_more": len(shown) > most}

    return listing


def _before(call: Call, *, joined: bool) -> float | None:
    given = call.query.get("before")
    if given is None:
        return None
    try:
        return int(given) if joined else datetime.fromisoformat(given).timestamp()
    except ValueError:
        raise bad_field("before", "DATETIME_TYPE_PARSE", f"Could not parse {given}. Should be ISO8601.") from None


_BASE = "/channels/{channel}"
_ARCHIVED = _BASE + "/threads/archived"
_FEW = Limit(10, 10.0)
ROUTES = [
    Endpoint("POST", _BASE + "/threads", start, _FEW, ("channel",)),
    Endpoint("POST", _BASE + "/messages/{message}/threads", start_from, _FEW, ("channel",)),
    Endpoint("PUT", _BASE + "/thread-members/@me", add, _FEW, ("channel",)),
    Endpoint("DELETE", _BASE + "/thread-members/@me", remove, _FEW, ("channel",)),
    Endpoint("GET", _BASE + "/thread-members", members, _FEW, ("channel",)),
    Endpoint("PUT", _BASE + "/thread-members/{user}", add, _FEW, ("channel",)),
    Endpoint("DELETE", _BASE + "/thread-members/{user}", remove, _FEW, ("channel",)),
    Endpoint("GET", _BASE + "/thread-members/{user}", member, _FEW, ("channel",)),
    Endpoint("GET", _ARCHIVED + "/public", _archived(PUBLIC_THREAD, 0), _FEW, ("channel",)),
    Endpoint("GET", _ARCHIVED + "/private", _archived(PRIVATE_THREAD, Permission.MANAGE_THREADS), _FEW, ("channel",)),
    Endpoint("GET", _BASE + "/users/@me/threads/archived/private", _archived(PRIVATE_THREAD, 0, joined=True), _FEW,
             ("channel",)),
    Endpoint("GET", "/guilds/{guild}/threads/active", active, _FEW, ("guild",)),
]  # fmt: skip
