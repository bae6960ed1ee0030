"""What a fault may be limited to (`only`): kinds of calls that their method and path do not tell."""

from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox.errors import ApiError
from deploy.sandbox.faults.faults import FILES, FILES_INTO_V2
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import COMPONENTS_V2, Json, MessageRecord

from .bodies import read_body

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox

UPDATE = 7  # the first answer to a component that edits its message


async def conditions(box: "Sandbox", request: web.Request) -> frozenset[str]:
    """Which conditions this call meets. Its body is read, and can be read again."""
    try:
        body = await read_body(request)
    except ApiError:
        return frozenset()
    if not body.uploads:
        return frozenset()
    payload = body.payload if isinstance(body.payload, dict) else {}
    edited = _edited(box, request, payload)
    flags = payload.get("flags")
    v2 = edited is not None and (edited.flags | (flags if isinstance(flags, int) else 0)) & COMPONENTS_V2
    return frozenset({FILES, FILES_INTO_V2} if v2 else {FILES})


def _edited(box: "Sandbox", request: web.Request, payload: Json) -> MessageRecord | None:
    """The message that this call edits, if it is an edit."""
    named, token = request.match_info.get("message"), request.match_info.get("token", "")
    made = box.world.by_token.get(token)
    if made is not None and payload.get("type") == UPDATE:
        return box.world.messages.get(made.source_id or 0)
    if request.method != "PATCH" or named is None:
        return None
    if named == "@original":
        return box.world.messages.get((made.original_id if made is not None else None) or 0)
    return box.world.messages.get(snowflake(named) or 0)
