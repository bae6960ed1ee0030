"""Bodies of requests: JSON, or multipart/form-data with `payload_json` and files."""

import json
from dataclasses import dataclass, field

from aiohttp import web

from deploy.sandbox.errors import INVALID_JSON, TOO_LARGE, ApiError
from deploy.sandbox.state.files import Upload
from deploy.sandbox.state.ids import LONE_SURROGATES, snowflake

from .multipart import MultipartError, parts


@dataclass(slots=True)
class Body:
    """What came with a call: JSON (None when there was nothing), and files by their index."""

    text: str = ""
    payload: object = None
    uploads: dict[int, Upload] = field(default_factory=dict)


async def read_body(request: web.Request) -> Body:
    """Read what was sent. Refuses 50109 and 40005."""
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(TOO_LARGE) from None
    if request.content_type == "multipart/form-data":
        return _cut(raw, request.headers["Content-Type"])
    return _with_json(raw.decode("utf-8", "replace"), {}) if raw else Body()


def _cut(raw: bytes, kind: str) -> Body:
    text = "{}"
    uploads: dict[int, Upload] = {}
    try:
        for part in parts(raw, kind):
            if part.filename is not None:
                index = _index(part.name, len(uploads))
                uploads[index] = Upload(part.filename, part.content, part.content_type)
            elif part.name == "payload_json":
                text = part.content.decode("utf-8", "replace") or "{}"
    except MultipartError:
        raise ApiError(INVALID_JSON) from None
    return _with_json(text, uploads)


def _index(name: str, fallback: int) -> int:
    inner = name.removeprefix("files[").removesuffix("]")
    index = snowflake(inner)
    return fallback if index is None else index


def _with_json(text: str, uploads: dict[int, Upload]) -> Body:
    try:
        payload = json.loads(text, parse_constant=_no_number)
        return Body(text, _whole(payload) if "\\ud" in text.lower() else payload, uploads)
    except (ValueError, RecursionError):
        raise ApiError(INVALID_JSON) from None


def _whole(payload: object) -> object:
    """The same with replacement characters for halves of surrogate pairs, which JSON can write and UTF-8 cannot."""
    return json.loads(LONE_SURROGATES.sub("\ufffd", json.dumps(payload, ensure_ascii=False)))


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
