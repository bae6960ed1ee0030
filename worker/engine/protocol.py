"""The engine's wire: what its clients send and read. Imports no torch, so slots may use it.

`POST /render` takes a `RenderCall` as JSON and streams frames. A frame is two unsigned 32-bit lengths in
network order (header, body), the header as JSON and the body's raw bytes. A call with pictures, to upscale or to
begin with, is such a frame itself, with their files as its body, one after the other. Closing the connection cancels at
the next step. Before the stream a refusal is a `RenderRefusal` as JSON with status 422 (invalid), 404 (no such model)
or 503 (busy, loading, draining, sick). `GET /health` answers with a `Health`, `GET /metrics` with Prometheus text.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from itertools import accumulate
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from worker.contract.discord_limits import REQUEST_MAX
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.operation import SINCE, TAKES
from worker.contract.types.request import GUIDES_MAX, Request
from worker.contract.types.versioned import since
from worker.contract.types.vocabulary_notice import VocabularyNotice

HEADER_MAX = 64 * 1024
BODY_MAX = 64 * 1024 * 1024
SOURCE_MAX = REQUEST_MAX  # bytes of a picture that is sent in: what Easel itself puts into one message at most
SOURCES_MAX = max(map(len, TAKES.values())) + GUIDES_MAX
CALL_MAX = SOURCES_MAX * SOURCE_MAX + HEADER_MAX
FRAMES = "application/x-easel-frames"
ALONE = "Easel-Alone"  # a header of a call, "1": draw it together with no other. An older engine does not look.
ID_MAX = 80
PULSE = 2.0  # seconds
EXIT_WORN = 76  # how an engine ends whose memory has grown: nothing is wrong, start a new one

LENGTHS = struct.Struct("!II")  # of a header and its body

Phase = Literal["load", "encode", "steps", "decode"]
State = Literal["loading", "ready", "sick", "draining"]


class FrameError(Exception):
    """What came over the wire is not a frame: too long, cut off or unreadable."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class RenderCall(_Wire):
    """What a client asks for.

    Attributes:
        id: names the attempt in the engine's log.
        files: bytes of each file, where more than one come with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=rf"^[A-Za-z0-9_.:-]{{1,{ID_MAX}}}$")
    request: Request
    preview: bool = True
    files: tuple[Annotated[int, Field(ge=0)], ...] = since(SINCE, ())

    def encode(self, *pictures: bytes) -> bytes:
        """The call as it goes over the wire with its pictures, at least one."""
        sizes = tuple(map(len, pictures)) if len(pictures) > 1 else ()
        return pack(self.model_copy(update={"files": sizes}).model_dump_json().encode(), b"".join(pictures))

    @classmethod
    def decode(cls, whole: bytes) -> tuple[Self, tuple[bytes, ...]]:
        """What `encode` made: the call with its pictures. Raises FrameError or pydantic.ValidationError."""
        header, body = LENGTHS.unpack_from(whole) if len(whole) >= LENGTHS.size else (0, 0)
        start = LENGTHS.size + header
        if not header or len(whole) != start + body:
            raise FrameError("the call is cut off, or no call")
        call = cls.model_validate_json(whole[LENGTHS.size : start])
        sizes = call.files or (body,)
        if sum(sizes) != body:
            raise FrameError("the files of the call are not as long as it says")
        ends = [start + end for end in accumulate(sizes)]
        return call, tuple(whole[end - size : end] for size, end in zip(sizes, ends, strict=True))

    @property
    def job(self) -> str:
        """What all attempts at one job have in common: the id without its last part."""
        return self.id.rpartition("-")[0] or self.id


class RenderRefusal(_Wire):
    """Why a render was not begun.

    Attributes:
        reason: a `Reason` value, or busy, loading, draining, sick.
        detail, code, data: as in `Failed`.
    """

    reason: str
    detail: str = ""
    code: str = since(3, "")
    data: dict[str, Any] = since(3, {})

    @property
    def cause(self) -> Cause | None:
        """More exactly why; None where nothing says so."""
        return Cause.of(self.code, self.data)

    @classmethod
    def of(cls, reason: Reason, cause: Cause, detail: str) -> Self:
        """For good, with its cause."""
        return cls(reason=reason, detail=detail, code=cause.code, data=cause.data)


class Health(_Wire):
    """What the engine is able to do now.

    Attributes:
        places: renders that it would accept now.
        warm: models and upscalers that it has loaded.
        at_once: renders that it draws together at most, as far as it has measured.
        memory: bytes: `resident`, `device_free`, `device_total`, as far as known.
        problems: what an operator should repair, in words.
    """

    state: State
    engine: str = ""
    models: tuple[ModelInfo, ...] = ()
    upscaler: UpscalerInfo | None = None
    places: int = 0
    warm: tuple[str, ...] = since(5, ())
    at_once: int = since(5, 1)
    running: int = 0
    device: str = ""
    dtype: str = ""
    memory: dict[str, int] = Field(default_factory=dict)
    pid: int = 0
    problems: tuple[str, ...] = ()

    @property
    def capabilities(self) -> tuple[str, ...]:
        """All that it can do now, as jobs need it: draw with these models, enlarge with this upscaler."""
        drawn = (each for model in self.models for each in model.capabilities)
        return (*drawn, *((self.upscaler.id,) if self.upscaler else ()))

    @classmethod
    def read(cls, text: bytes) -> Self:
        """What an engine answered, perhaps a newer one that says more. Raises pydantic.ValidationError."""
        return cls.model_validate_json(text, extra="ignore")


class Started(_Wire):
    """The GPU thread has taken the render up."""

    kind: Literal["started"] = "started"
    model: str


class PhaseChange(_Wire):
    """The render has entered a phase. With several pictures `encode` to `decode` may come more than once."""

    kind: Literal["phase"] = "phase"
    phase: Phase


class Step(_Wire):
    """`step` of `steps` is done, counted over all pictures of the request."""

    kind: Literal["step"] = "step"
    step: int
    steps: int


class Preview(_Wire):
    """Body: a JPEG of at most 256 pixels a side, of what is being drawn."""

    kind: Literal["preview"] = "preview"
    step: int


class PictureFrame(_Wire):
    """Body: one finished picture. Pictures come in any order; `index` says which it is."""

    kind: Literal["picture"] = "picture"
    index: int
    seed: int
    width: int
    height: int
    content_type: str = "image/png"


class Pulse(_Wire):
    """Nothing to tell, but the engine lives: sent when nothing else was for `PULSE` seconds."""

    kind: Literal["pulse"] = "pulse"


class Done(_Wire):
    """Every picture has been sent.

    Attributes:
        timings: milliseconds by phase, and `total`.
        notice: what of the prompt the model did not know.
        left_out, read_to, adapted, tokens, noise: as in `Result`.
    """

    kind: Literal["done"] = "done"
    timings: dict[str, float]
    engine: str
    peak_bytes: int = 0
    notice: VocabularyNotice | None = None
    left_out: tuple[str, ...] = since(4, ())
    read_to: str = since(4, "")
    adapted: tuple[str, ...] = since(SINCE, ())
    tokens: int = since(SINCE, 0)
    noise: tuple[int, ...] = since(8, ())


class Failed(_Wire):
    """The render ended without (all of) its pictures.

    Attributes:
        detail: why in English, for logs; a slot of an older Easel shows it.
        code, data: of the cause, which a person is told in words; left out where there is none.
    """

    kind: Literal["failed"] = "failed"
    reason: Reason
    detail: str = ""
    code: str = since(3, "")
    data: dict[str, Any] = since(3, {})

    @property
    def cause(self) -> Cause | None:
        """More exactly why; None where nothing says so."""
        return Cause.of(self.code, self.data)

    @classmethod
    def of(cls, reason: Reason, cause: Cause, detail: str) -> Self:
        """With its cause."""
        return cls(reason=reason, detail=detail, code=cause.code, data=cause.data)


Header = Started | PhaseChange | Step | Preview | PictureFrame | Pulse | Done | Failed
_HEADER: TypeAdapter[Header] = TypeAdapter(Annotated[Header, Field(discriminator="kind")])


class Frame(_Wire):
    """A header and the bytes that belong to it."""

    header: Header
    body: bytes = b""

    def encode(self) -> bytes:
        """The frame as it goes over the wire."""
        return pack(self.header.model_dump_json().encode(), self.body)


def pack(header: bytes, body: bytes) -> bytes:
    """Both behind their lengths."""
    return LENGTHS.pack(len(header), len(body)) + header + body


class ExactReader(Protocol):
    """What frames are read from: `asyncio.StreamReader`, or aiohttp's `response.content`."""

    async def readexactly(self, n: int, /) -> bytes:
        """Exactly `n` bytes. Raises asyncio.IncompleteReadError at the end."""
        ...


async def read_frames(reader: ExactReader) -> AsyncIterator[Frame]:
    """The frames of a stream, to its end.

    Raises:
        FrameError: a length beyond the caps, a stream that ends within a frame, a header that is none of ours.
    """
    while (lengths := await _exactly(reader, LENGTHS.size, may_end=True)) is not None:
        header_length, body_length = LENGTHS.unpack(lengths)
        if header_length > HEADER_MAX or body_length > BODY_MAX:
            raise FrameError(f"a frame of {header_length} + {body_length} bytes is longer than allowed")
        header = await _exactly(reader, header_length) or b""
        body = await _exactly(reader, body_length) if body_length else b""
        try:
            yield Frame(header=_HEADER.validate_json(header), body=body or b"")
        except ValidationError as error:
            raise FrameError(f"not a header of this protocol: {error.error_count()} errors") from error


async def _exactly(reader: ExactReader, length: int, *, may_end: bool = False) -> bytes | None:
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        if may_end and not error.partial:
            return None
        raise FrameError(f"the stream ended {length - len(error.partial)} bytes too early") from error
