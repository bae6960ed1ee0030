"""Channels and their messages, with the bot's token."""

from deploy.sandbox import wire
from deploy.sandbox.errors import CANNOT_DM, MISSING_PERMISSIONS, NOT_THE_AUTHOR, UNKNOWN_MESSAGE, ApiError, bad_field
from deploy.sandbox.messages import Sending
from deploy.sandbox.model import DM, EPHEMERAL, Channel, Message
from deploy.sandbox.permissions import Permission
from deploy.sandbox.ratelimit import Limit
from deploy.sandbox.validate import messages

from . import guard
from .call import Answer, Call, Endpoint

FIVE_IN_FIVE = Limit(5, 5.0)
NONCE = 25


def _reachable(call: Call) -> tuple[Channel, Message]:
    """A message that the bot can read through its channel."""
    channel = guard.allowed(call.box.world, call.id("channel"), Permission.READ_MESSAGE_HISTORY)
    return channel, call.box.world.message(channel, call.id("message"))


def _file_limit(call: Call, channel: Channel) -> int:
    guild = call.box.world.guild_of(channel)
    return guild.file_limit if guild else 10 * 1024 * 1024


def channel(call: Call) -> Answer:
    world = call.box.world
    return wire.channel(guard.seen(world, call.id("channel")), world)


def listing(call: Call) -> Answer:
    found = guard.seen(call.box.world, call.id("channel"))
    if not call.box.world.bits(call.box.world.bot.id, found) & Permission.READ_MESSAGE_HISTORY:
        return []
    most = call.number("limit", 50, 1, 100)
    shown = [each for each in found.messages.values() if each.ephemeral_to is None]
    if "before" in call.query:
        shown = [each for each in shown if each.id < call.number("before", 0, 0, 2**63)]
    if "after" in call.query:
        shown = [each for each in shown if each.id > call.number("after", 0, 0, 2**63)][:most]
    return [call.box.posts.data(each) for each in reversed(shown[-most:])]


def one(call: Call) -> Answer:
    return call.box.posts.data(_reachable(call)[1])


def send(call: Call) -> Answer:
    world, payload = call.box.world, call.payload
    found = guard.allowed(world, call.id("channel"), Permission.SEND_MESSAGES)
    if found.kind == DM and not world.can_dm(found.recipients[0]):
        raise ApiError(CANNOT_DM)
    nonce = payload.get("nonce")
    if nonce is not None and len(str(nonce)) > NONCE:
        raise bad_field("nonce", "BASE_TYPE_MAX_LENGTH", f"Must be {NONCE} or fewer in length.")
    if nonce is not None and payload.get("enforce_nonce"):
        first = call.box.posts.with_nonce(found, world.bot.id, nonce)
        if first is not None:
            return {**call.box.posts.data(first), "nonce": nonce}
    if call.body.uploads and not world.bits(world.bot.id, found) & Permission.ATTACH_FILES:
        raise ApiError(MISSING_PERMISSIONS)
    draft = messages.check(payload, call.body.uploads, file_limit=_file_limit(call, found))
    if (draft.flags or 0) & EPHEMERAL:
        raise bad_field("flags", "MESSAGE_FLAGS_INVALID", "Only interaction responses can be ephemeral.")
    reply_to = _reply_target(call, found)
    sent = call.box.posts.send(found, draft, Sending(world.bot.id, reply_to=reply_to, nonce=nonce))
    return {**sent.data, "nonce": nonce} if nonce is not None else sent.data


def _reply_target(call: Call, found: Channel) -> Message | None:
    wanted = messages.referenced(call.payload)
    if wanted is None:
        return None
    target = found.messages.get(wanted)
    if target is None or target.ephemeral_to is not None:
        if call.payload["message_reference"].get("fail_if_not_exists", True) is False:
            return None
        raise bad_field("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return target


def edit(call: Call) -> Answer:
    """Edit one of the bot's messages; public replies to interactions can be edited here as well."""
    world = call.box.world
    found = guard.seen(world, call.id("channel"))
    message = world.message(found, call.id("message"))
    if message.author_id != world.bot.id:
        raise ApiError(NOT_THE_AUTHOR)
    if call.body.uploads and not world.bits(world.bot.id, found) & Permission.ATTACH_FILES:
        raise ApiError(MISSING_PERMISSIONS)
    limit = _file_limit(call, found)
    draft = messages.check(call.payload, call.body.uploads, file_limit=limit, editing=message)
    return call.box.posts.edit(message, draft).data


def delete(call: Call) -> Answer:
    world = call.box.world
    found = guard.seen(world, call.id("channel"))
    message = world.message(found, call.id("message"))
    if message.author_id != world.bot.id:
        guard.allowed(world, found.id, Permission.MANAGE_MESSAGES)
        if found.kind == DM:
            raise ApiError(MISSING_PERMISSIONS)
    call.box.posts.delete(message)
    return None


def typing(call: Call) -> Answer:
    found = guard.allowed(call.box.world, call.id("channel"), Permission.SEND_MESSAGES)
    call.box.announce.typing(found, call.box.world.bot.id, call.box.clock.now())
    return None


def bulk_delete(call: Call) -> Answer:
    world = call.box.world
    found = guard.allowed(world, call.id("channel"), Permission.MANAGE_MESSAGES)
    wanted = [int(each) for each in call.payload.get("messages", ())]
    if not 2 <= len(wanted) <= 100:
        raise bad_field("messages", "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
    for message_id in wanted:
        message = found.messages.get(message_id)
        if message is None:
            raise ApiError(UNKNOWN_MESSAGE)
        call.box.posts.delete(message)
    return None


_BASE = "/channels/{channel}"
_ONE = _BASE + "/messages/{message}"
ROUTES = [
    Endpoint("GET", _BASE, channel, major=("channel",)),
    Endpoint("GET", _BASE + "/messages", listing, FIVE_IN_FIVE, ("channel",)),
    Endpoint("POST", _BASE + "/messages", send, FIVE_IN_FIVE, ("channel",)),
    Endpoint("POST", _BASE + "/messages/bulk-delete", bulk_delete, Limit(1, 1.0), ("channel",)),
    Endpoint("GET", _ONE, one, FIVE_IN_FIVE, ("channel",)),
    Endpoint("PATCH", _ONE, edit, FIVE_IN_FIVE, ("channel",)),
    Endpoint("DELETE", _ONE, delete, Limit(5, 1.0), ("channel",)),
    Endpoint("POST", _BASE + "/typing", typing, FIVE_IN_FIVE, ("channel",)),
]
