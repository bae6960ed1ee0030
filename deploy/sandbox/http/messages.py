"""Messages of a channel, with the bot's token."""

from deploy.sandbox import rules
from deploy.sandbox.errors import (
    CANNOT_DM,
    MISSING_PERMISSIONS,
    NO_MUTUAL_SERVER,
    NO_REPLY_WITHOUT_HISTORY,
    NOT_ON_DM,
    NOT_THE_AUTHOR,
    SYSTEM_MESSAGE,
    TOO_FEW_OR_MANY,
    TOO_OLD_TO_DELETE,
    ApiError,
    Form,
    bad_field,
)
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.permissions import Permission
from deploy.sandbox.serialise import created_at
from deploy.sandbox.services.messages import SYSTEM, SendContext
from deploy.sandbox.state.model import EPHEMERAL, PRIVATE, SUPPRESS_EMBEDS, Channel, Json, MessageRecord
from deploy.sandbox.validate import messages
from deploy.sandbox.validate.messages import Draft

from . import guard
from .call import Answer, Call, Endpoint

NONCE = 25
FORTNIGHT = 14 * 86_400.0


def listing(call: Call) -> Answer:
    """Newest first; `around`, `before` and `after` exclude each other."""
    found = guard.readable(call.box.world, call.id("channel"))
    if not call.box.world.bits(call.box.world.bot.id, found) & Permission.READ_MESSAGE_HISTORY:
        return []
    most = call.number("limit", 50, 1, 100)
    shown = [each for each in found.messages.values() if each.ephemeral_to is None]
    return [call.box.messages.data(each) for each in reversed(_page(call, shown, most))]


def _page(call: Call, shown: list[MessageRecord], most: int) -> list[MessageRecord]:
    given = [name for name in ("around", "before", "after") if name in call.query]
    if len(given) > 1:
        raise bad_field(given[1], "BASE_TYPE_EXCLUSIVE", "Only one of around, before and after may be given.")
    mark = call.number(given[0], 0, 0, 2**63) if given else 0
    match given:
        case ["before"]:
            return [each for each in shown if each.id < mark][-most:]
        case ["after"]:
            return [each for each in shown if each.id > mark][:most]
        case ["around"]:
            older = [each for each in shown if each.id < mark][-(most // 2) :]
            return older + [each for each in shown if each.id >= mark][: most - len(older)]
        case _:
            return shown[-most:]


def one(call: Call) -> Answer:
    """One message. Refuses 10008."""
    channel = guard.allowed(call.box.world, call.id("channel"), Permission.READ_MESSAGE_HISTORY)
    return call.box.messages.data(call.box.world.message(channel, call.id("message")))


def send(call: Call) -> Answer:
    """Send a message. With `enforce_nonce` a nonce that was used within five minutes is answered with its message."""
    world, payload = call.box.world, call.payload
    found = world.channel(call.id("channel"))
    rules.require_sending(world, world.bot.id, found)
    if found.kind in PRIVATE and not world.reaches(found.recipients[0]):
        raise ApiError(NO_MUTUAL_SERVER)
    if found.kind in PRIVATE and not world.users[found.recipients[0]].dms_open:
        raise ApiError(CANNOT_DM)
    nonce, form = payload.get("nonce"), Form()
    if nonce is not None:
        form.text("nonce", str(nonce) if type(nonce) is int else nonce, 0, NONCE)
    unique = form.flag("enforce_nonce", payload.get("enforce_nonce"), default=False)
    form.check()
    draft = _draft(call, found)
    if (draft.flags or 0) & EPHEMERAL:
        raise bad_field("flags", "MESSAGE_FLAGS_INVALID", "Only interaction responses can be ephemeral.")
    if nonce is not None and unique:
        first = call.box.messages.with_nonce(found, world.bot.id, nonce)
        if first is not None:
            return {**call.box.messages.data(first), "nonce": nonce}
    reply_to = _reply_target(call, found)
    sent = call.box.messages.send(found, draft, SendContext(world.bot.id, reply_to=reply_to, nonce=nonce))
    return {**sent.data, "nonce": nonce} if nonce is not None else sent.data


def _draft(call: Call, found: Channel, editing: MessageRecord | None = None) -> Draft:
    world = call.box.world
    if call.body.uploads and not world.bits(world.bot.id, found) & Permission.ATTACH_FILES:
        raise ApiError(MISSING_PERMISSIONS)
    limit = world.file_limit(found)
    return messages.check(call.payload, call.body.uploads, file_limit=limit, editing=editing, emojis=world.emojis)


def _reply_target(call: Call, found: Channel) -> MessageRecord | None:
    wanted = messages.referenced(call.payload)
    if wanted is None:
        return None
    if not call.box.world.bits(call.box.world.bot.id, found) & Permission.READ_MESSAGE_HISTORY:
        raise ApiError(NO_REPLY_WITHOUT_HISTORY)
    target = found.messages.get(wanted)
    if target is None or target.ephemeral_to is not None:
        if call.payload["message_reference"].get("fail_if_not_exists", True) is False:
            return None
        raise bad_field("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    if target.data["type"] in SYSTEM:
        raise bad_field("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
                        "Cannot reply to a system message")  # fmt: skip
    return target


def edit(call: Call) -> Answer:
    """Edit one of the bot's messages; public replies to interactions can be edited here as well."""
    world = call.box.world
    found = guard.readable(world, call.id("channel"))
    message = world.message(found, call.id("message"))
    rules.require_unlocked(world, world.bot.id, found)
    if message.author_id != world.bot.id:
        return _suppress(call, found, message)
    if message.data["type"] in SYSTEM:
        raise ApiError(SYSTEM_MESSAGE)
    draft = _draft(call, found, message)
    if call.box.limits.enabled:
        call.box.messages.charge_old_edit(message)
    return call.box.messages.edit(message, draft).data


def _suppress(call: Call, found: Channel, message: MessageRecord) -> Json:
    """Of other people's messages a moderator may hide the embeds, and nothing else."""
    flags = call.payload.get("flags")
    if set(call.payload) != {"flags"} or not isinstance(flags, int) or (flags ^ message.flags) & ~SUPPRESS_EMBEDS:
        raise ApiError(NOT_THE_AUTHOR)
    rules.require(call.box.world, call.box.world.bot.id, found, Permission.MANAGE_MESSAGES)
    return call.box.messages.edit(message, Draft(flags=flags)).data


def delete(call: Call) -> Answer:
    """Delete the bot's own message, or with MANAGE_MESSAGES anyone's."""
    world = call.box.world
    found = guard.readable(world, call.id("channel"))
    message = world.message(found, call.id("message"))
    rules.require_deletable(world, world.bot.id, found)
    if message.author_id != world.bot.id:
        rules.require(world, world.bot.id, found, Permission.MANAGE_MESSAGES)
        if found.kind in PRIVATE:
            raise ApiError(NOT_ON_DM)
    call.box.messages.delete(message)
    return None


def bulk_delete(call: Call) -> Answer:
    """Unknown ones are passed over; one that is older than two weeks refuses all."""
    world = call.box.world
    found = guard.readable(world, call.id("channel"))
    if found.kind in PRIVATE:
        raise ApiError(NOT_ON_DM)
    rules.require(world, world.bot.id, found, Permission.MANAGE_MESSAGES)
    wanted = call.snowflakes("messages")
    if not 2 <= len(wanted) <= 100:
        raise ApiError(TOO_FEW_OR_MANY)
    if len(set(wanted)) < len(wanted):
        raise bad_field("messages", "BASE_TYPE_DUPLICATE", "Message ids must be unique.")
    if any(created_at(each) < call.box.clock.now() - FORTNIGHT for each in wanted):
        raise ApiError(TOO_OLD_TO_DELETE)
    call.box.messages.delete_many(found, [found.messages[each] for each in wanted if each in found.messages])
    return None


_BASE = "/channels/{channel}/messages"
_ONE = _BASE + "/{message}"
_FIVE_IN_FIVE = Limit(5, 5.0)
ROUTES = [
    Endpoint("GET", _BASE, listing, _FIVE_IN_FIVE, ("channel",)),
    Endpoint("POST", _BASE, send, _FIVE_IN_FIVE, ("channel",)),
    Endpoint("POST", _BASE + "/bulk-delete", bulk_delete, Limit(1, 1.0), ("channel",)),
    Endpoint("GET", _ONE, one, _FIVE_IN_FIVE, ("channel",)),
    Endpoint("PATCH", _ONE, edit, _FIVE_IN_FIVE, ("channel",)),
    Endpoint("DELETE", _ONE, delete, Limit(5, 1.0), ("channel",)),
]
