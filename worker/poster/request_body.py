"""Request bodies that must have left by a moment: what a paused process sends when it wakes may undo another's work."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload, Payload


@dataclass(frozen=True)
class UploadFile:
    """A file to upload, with the text that screen readers say."""

    name: str
    content: bytes
    content_type: str
    description: str = ""


Moment = Callable[[], float]  # of time.monotonic; it may move on while an upload takes long


class OverdueError(Exception):
    """The moment has passed; the request is broken off, so nobody heeds it."""


class PunctualBody(Payload):
    """Another body, of which nothing leaves after `until`, as that is told when the next piece is to leave.

    The clock goes on while a process is stopped, so the one pause that is not noticed lies between the last look at it
    and the system call right after.

    Attributes:
        stuck: it has begun to leave, and not all of it has.
    """

    stuck = False

    def __init__(self, body: Payload, until: Moment) -> None:
        super().__init__(body, headers=dict(body.headers))
        self._body, self._until = body, until
        self._size = body.size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The body as text."""
        return self._body.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write it all. Raises OverdueError."""
        self.stuck = True
        await self._body.write(_Punctual(writer, self._until))  # type: ignore[arg-type]  # bodies call write alone
        self.stuck = False


class _Punctual:
    def __init__(self, writer: AbstractStreamWriter, until: Moment) -> None:
        self._writer, self._until = writer, until

    async def write(self, chunk: bytes) -> None:
        if time.monotonic() > self._until():
            raise OverdueError
        await self._writer.write(chunk)


def body(payload: Mapping[str, Any], files: Sequence[UploadFile], until: Moment | None) -> Payload:
    """JSON, or a form with files, as Discord takes them."""
    plain = _form(payload, files) if files else _json(payload)
    return plain if until is None else PunctualBody(plain, until)


def _json(payload: Mapping[str, Any]) -> Payload:
    return BytesPayload(json.dumps(payload).encode(), content_type="application/json")


def _form(payload: Mapping[str, Any], files: Sequence[UploadFile]) -> Payload:
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(payload), content_type="application/json")
    for index, file in enumerate(files):
        form.add_field(f"files[{index}]", file.content, filename=file.name, content_type=file.content_type)
    return form()
