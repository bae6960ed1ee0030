"""Bodies of requests: JSON, or multipart/form-data with `payload_json` and files."""

import json
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from .errors import INVALID_JSON, TOO_LARGE, ApiError
from .files import Upload

READ_LIMIT = 128 * 1024 * 1024


@dataclass(slots=True)
class Body:
    """What came with a call: JSON (None when there was nothing), and files by their index."""

    text: str = ""
    payload: object = None
    uploads: dict[int, Upload] = field(default_factory=dict)


async def read_body(request: web.Request) -> Body:
    """Read what was sent. Refuses 50109 and 40005."""
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    raw = await request.read()
    return _with_json(raw.decode("utf-8", "replace"), {}) if raw else Body()


async def _read_multipart(request: web.Request) -> Body:
    text, total = "", 0
    uploads: dict[int, Upload] = {}
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            raise ApiError(INVALID_JSON)
        content = bytes(await part.read())
        total += len(content)
        if total > READ_LIMIT:
            raise ApiError(TOO_LARGE)
        if part.filename is None and part.name == "payload_json":
            text = content.decode("utf-8", "replace")
        elif part.filename is not None:
            index = _index(part.name or "", len(uploads))
            uploads[index] = Upload(part.filename, content, part.headers.get("Content-Type"))
    return _with_json(text or "{}", uploads)


def _index(name: str, fallback: int) -> int:
    inner = name.removeprefix("files[").removesuffix("]")
    return int(inner) if inner.isdigit() else fallback


def _with_json(text: str, uploads: dict[int, Upload]) -> Body:
    try:
        return Body(text, json.loads(text), uploads)
    except ValueError:
        raise ApiError(INVALID_JSON) from None
