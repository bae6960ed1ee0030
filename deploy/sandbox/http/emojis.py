"""The application's own emojis, and those of servers (which have none here)."""

import base64
import binascii
import re

from deploy.sandbox import serialise
from deploy.sandbox.errors import TOO_MANY_EMOJIS, UNKNOWN_APP_EMOJI, UNKNOWN_APPLICATION, ApiError, Form, bad_field
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.state.files import Upload
from deploy.sandbox.state.model import Json

from .call import Answer, Call, Created, Endpoint

MOST, BYTES = 2000, 256 * 1024
NAME = re.compile(r"^\w{2,32}$", re.ASCII)
DATA = re.compile(r"^data:(image/(?:png|jpeg|gif|webp));base64,(.+)$", re.DOTALL)


def _check_application(call: Call) -> None:
    if call.id("application") != call.box.world.app_id:
        raise ApiError(UNKNOWN_APPLICATION)


def _one(call: Call) -> Json:
    _check_application(call)
    found = call.box.world.emojis.get(call.id("emoji"))
    if found is None:
        raise ApiError(UNKNOWN_APP_EMOJI)
    return found


def _check_name(call: Call) -> str:
    form, name = Form(), call.payload.get("name")
    if form.text("name", name, 2, 32) and not NAME.match(str(name)):
        form.add("name", "STRING_TYPE_REGEX", "String value did not match validation regex.")
    form.check()
    return str(name)


def _picture(call: Call) -> Upload:
    found = DATA.match(str(call.payload.get("image") or ""))
    try:
        content = base64.b64decode(found[2], validate=True) if found else b""
    except binascii.Error:
        content = b""
    if found is None or not content:
        raise bad_field("image", "IMAGE_INVALID", "Invalid image data")
    if len(content) > BYTES:
        raise bad_field("image", "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 256.0 kb.")
    return Upload(f"emoji.{found[1].rpartition('/')[2]}", content, found[1])


def listing(call: Call) -> Answer:
    """The application's emojis; unlike other listings in an object, under `items`."""
    _check_application(call)
    return {"items": list(call.box.world.emojis.values())}


def one(call: Call) -> Answer:
    """One emoji. Refuses 10014."""
    return _one(call)


def create(call: Call) -> Answer:
    """A new emoji from a data URI: a picture of 256 KiB at most (50035), 2,000 in all (30008)."""
    _check_application(call)
    world, name = call.box.world, _check_name(call)
    picture = _picture(call)
    if len(world.emojis) >= MOST:
        raise ApiError(TOO_MANY_EMOJIS)
    emoji_id = call.box.files.keep_emoji(picture)
    world.emojis[emoji_id] = {
        "id": str(emoji_id), "name": name, "roles": [], "user": serialise.user(world.bot), "require_colons": True,
        "managed": False, "animated": picture.content_type == "image/gif", "available": True,
    }  # fmt: skip
    call.box.announce.world_changed()
    return Created(world.emojis[emoji_id])


def rename(call: Call) -> Answer:
    """Change an emoji's name, which is all that can be changed."""
    found = _one(call)
    found["name"] = _check_name(call)
    call.box.announce.world_changed()
    return found


def remove(call: Call) -> Answer:
    """Delete an emoji."""
    del call.box.world.emojis[int(_one(call)["id"])]
    call.box.announce.world_changed()
    return None


def of_server(call: Call) -> Answer:
    """A server's emojis: none."""
    call.box.world.guild(call.id("guild"))
    return []


_BASE = "/applications/{application}/emojis"
_FEW = Limit(5, 5.0)
ROUTES = [
    Endpoint("GET", _BASE, listing, _FEW),
    Endpoint("POST", _BASE, create, _FEW),
    Endpoint("GET", _BASE + "/{emoji}", one, _FEW),
    Endpoint("PATCH", _BASE + "/{emoji}", rename, _FEW),
    Endpoint("DELETE", _BASE + "/{emoji}", remove, _FEW),
    Endpoint("GET", "/guilds/{guild}/emojis", of_server, _FEW, ("guild",)),
]
