"""One call of the HTTP API, as its handler sees it, and the table row that describes a route."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, web

from deploy.sandbox.errors import INVALID_JSON, TOO_LARGE, ApiError, bad_field
from deploy.sandbox.files import Upload
from deploy.sandbox.model import Json
from deploy.sandbox.ratelimit import Limit

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox

READ_LIMIT = 128 * 1024 * 1024


@dataclass(slots=True)
class Body:
    """What came with a call: JSON, and files by their index."""

    text: str = ""
    payload: object = None
    uploads: dict[int, Upload] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    box: "Sandbox"
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Body

    def id(self, name: str) -> int:
        """A snowflake from the path."""
        value = self.params[name]
        if not value.isdigit():
            raise bad_field(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return int(value)

    @property
    def payload(self) -> Json:
        if not isinstance(self.body.payload, dict):
            raise ApiError(INVALID_JSON)
        return self.body.payload

    def snowflakes(self, name: str) -> list[int]:
        """A list of ids from the body."""
        given = self.payload.get(name) or []
        if not isinstance(given, list) or not all(str(each).isdigit() for each in given):
            raise bad_field(name, "NUMBER_TYPE_COERCE", "Value is not snowflake.")
        return [int(each) for each in given]

    def flag(self, name: str) -> bool:
        """A boolean from the query string."""
        return self.query.get(name, "").lower() in ("1", "true")

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A number from the query string."""
        value = self.query.get(name)
        if value is None:
            return default
        if not value.isdigit() or not low <= int(value) <= high:
            raise bad_field(name, "NUMBER_TYPE_MAX", f"int value should be between {low} and {high}.")
        return int(value)


Answer = object  # JSON to send with 200; None sends 204
Handler = Callable[[Call], Answer]


USUAL = Limit(50, 1.0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route. `major` names the path parameters that split its rate-limit bucket; some routes have none."""

    method: str
    path: str
    handler: Handler
    limit: Limit | None = USUAL
    major: tuple[str, ...] = ()
    needs_token: bool = True

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


async def read_body(request: web.Request) -> Body:
    """Read JSON or multipart/form-data with `payload_json` and `files[n]`. Refuses 50109 and 40005."""
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _read_multipart(request)
    raw = await request.read()
    if not raw:
        return Body()
    return _with_json(raw.decode("utf-8", "replace"), {})


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
