"""Answers to interactions: the first one, and what its token can do for 15 minutes. No bot token is needed."""

from deploy.sandbox.errors import UNKNOWN_INTERACTION, ApiError
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.services.interactions import REPLY_NOW, UPDATE
from deploy.sandbox.state.model import EPHEMERAL, InteractionRecord, Json, MessageRecord

from .call import Answer, Call, Endpoint

FIVE_IN_TWO = Limit(5, 2.0)


def callback(call: Call) -> Answer:
    """The first answer, within three seconds. 204, or with `with_response` 200 and what became of it."""
    made = call.box.world.interactions.get(call.id("interaction"))
    if made is None or made.token != call.params["token"]:
        raise ApiError(UNKNOWN_INTERACTION)
    message = call.box.interactions.answer(made, call.payload, call.body.uploads)
    if not call.flag("with_response"):
        return None
    return _receipt(made, message)


def _receipt(made: InteractionRecord, message: MessageRecord | None) -> Json:
    body: Json = {"id": str(made.id), "type": made.kind, "channel_id": str(made.channel_id)}
    if made.guild_id is not None:
        body["guild_id"] = str(made.guild_id)
    if message is not None:
        body["response_message_id"] = str(message.id)
        body["response_message_loading"] = message.loading
        body["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    answer: Json = {"interaction": body}
    if message is not None and made.answer_type in (REPLY_NOW, UPDATE):
        answer["resource"] = {"type": made.answer_type, "message": message.data}
    return answer


def _made(call: Call) -> InteractionRecord:
    return call.box.interactions.by_token(call.id("application"), call.params["token"])


def _message(call: Call, made: InteractionRecord) -> MessageRecord:
    wanted = call.params["message"]
    return call.box.interactions.owned(made, None if wanted == "@original" else call.id("message"))


def follow_up(call: Call) -> Answer:
    """A further message, for which the token is enough."""
    return call.box.interactions.follow_up(_made(call), call.payload, call.body.uploads).data


def read(call: Call) -> Answer:
    """A message of this token's; `@original` is the first answer."""
    return call.box.messages.data(_message(call, _made(call)))


def edit(call: Call) -> Answer:
    """Edit a message of this token's. After a deferral this is the usual way to answer."""
    made = _made(call)
    message = _message(call, made)
    return call.box.interactions.edit(made, message, call.payload, call.body.uploads).data


def delete(call: Call) -> Answer:
    """Delete a message of this token's."""
    made = _made(call)
    call.box.messages.delete(_message(call, made))
    return None


_HOOK = "/webhooks/{application}/{token}"
_ONE = _HOOK + "/messages/{message}"
_MAJOR = ("application", "token")
ROUTES = [
    Endpoint("POST", "/interactions/{interaction}/{token}/callback", callback, limit=None, needs_token=False),
    Endpoint("POST", _HOOK, follow_up, FIVE_IN_TWO, _MAJOR, needs_token=False),
    Endpoint("GET", _ONE, read, FIVE_IN_TWO, _MAJOR, needs_token=False),
    Endpoint("PATCH", _ONE, edit, FIVE_IN_TWO, _MAJOR, needs_token=False),
    Endpoint("DELETE", _ONE, delete, FIVE_IN_TWO, _MAJOR, needs_token=False),
]
