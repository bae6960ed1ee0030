"""The process in which people's pictures are decoded: `python -m worker.engine.service.decoding <pid of its engine>`.

Decoders are written in C, and a file that was made to can crash one. Here that ends this process and nothing else: it
holds no model and no secret, may take a bounded part of the memory, and is gone with its engine. It reads one question
after the other from its standard input and writes an answer to each; both are a header as JSON and raw bytes, behind
their lengths as in `protocol`.
"""

import signal

if __name__ == "__main__":  # a Ctrl-C in a terminal reaches it, too, and is its engine's to hear: that ends it at last
    signal.signal(signal.SIGINT, signal.SIG_IGN)

import logging
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate
from typing import Any, BinaryIO, Self

from PIL import Image
from pydantic import BaseModel, ConfigDict

from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason
from worker.contract.types.model_info import UpscalerInfo
from worker.contract.types.request import Request
from worker.engine.errors import RenderError, SourceError, UnfitError
from worker.engine.protocol import LENGTHS, pack
from worker.process import die_with

from . import source_picture, sources
from .sources import Sources

READY = b"+"  # what it writes first
_MEMORY_MAX = 4 * 2**30  # bytes of addresses; the largest picture takes about one gibibyte
_KINDS: dict[str, type[RenderError]] = {Reason.SOURCE.value: SourceError, Reason.INVALID.value: UnfitError}


class Question(BaseModel):
    """Files to decode: to upscale one, or for a request to begin with.

    Attributes:
        sizes: bytes of each file; they follow one another in the body.
        kinds: of the guides among them.
    """

    model_config = ConfigDict(frozen=True)

    sizes: tuple[int, ...]
    request: Request | None = None
    upscaler: UpscalerInfo | None = None
    kinds: tuple[str, ...] = ()


class Answer(BaseModel):
    """Pictures, or why there are none.

    Attributes:
        pictures: mode, width and height of each; their pixels follow one another in the body.
        reason, cause: of the RenderError, where that is the answer.
    """

    model_config = ConfigDict(frozen=True)

    pictures: tuple[tuple[str, int, int], ...] = ()
    adapted: tuple[str, ...] = ()
    reason: str = ""
    cause: Cause | None = None

    @classmethod
    def of(cls, found: Sources) -> Self:
        """All but their pixels."""
        made = tuple((each.mode, each.width, each.height) for each in found.pictures)
        return cls(pictures=made, adapted=found.adapted)

    def read(self, body: bytes) -> Sources:
        """What it says. Raises SourceError or UnfitError."""
        if self.cause is not None:
            raise _KINDS.get(self.reason, SourceError)(self.cause)
        found, start = [], 0
        for mode, width, height in self.pictures:
            end = start + width * height * len(Image.new(mode, (1, 1)).getbands())
            found.append(Image.frombytes(mode, (width, height), body[start:end]))
            start = end
        return Sources(tuple(found), self.adapted)


def answered(question: Question, body: bytes) -> tuple[Answer, bytes]:
    """The answer to a question, with pixels."""
    ends = list(accumulate(question.sizes))
    files = [body[end - size : end] for size, end in zip(question.sizes, ends, strict=True)]
    try:
        found = _decoded(question, files)
    except RenderError as error:
        return Answer(reason=error.reason.value, cause=error.cause), b""
    return Answer.of(found), b"".join(each.tobytes() for each in found.pictures)


def _decoded(question: Question, files: Sequence[bytes]) -> Sources:
    if question.upscaler is not None:
        return Sources((_plain(source_picture.read(files[0], question.upscaler)),))
    assert question.request is not None  # noqa: S101 - it has the one or the other
    return sources.read(files, question.request, question.kinds)


def _plain(image: Image.Image) -> Image.Image:
    """In a mode whose pixels say all: a palette, or a colour that is clear, would be lost on the way."""
    clear = image.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in image.info
    if image.mode in {"L", "RGB", "RGBA"} and not clear:
        return image
    return image.convert("RGBA" if clear else "RGB")


def main(arguments: Sequence[str]) -> int:
    """Answer until nobody asks any more. Returns the exit status."""
    die_with(int(arguments[0]))
    _bound()
    taken, given = sys.stdin.buffer, sys.stdout.buffer
    _write(given, READY)
    while lengths := taken.read(LENGTHS.size):
        header, body = (taken.read(length) for length in LENGTHS.unpack(lengths))
        answer, pixels = answered(Question.model_validate_json(header), body)
        _write(given, pack(answer.model_dump_json().encode(), pixels))
    return 0


def _write(to: BinaryIO, content: bytes) -> None:
    to.write(content)
    to.flush()


def _bound() -> None:
    bounds: dict[int, Any] = {resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: _MEMORY_MAX}
    for kind, most in bounds.items():
        with suppress(ValueError, OSError):  # a system that has no such bound, or a lower one already
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    logging.disable()  # a file's own words do not belong into a log
    os.nice(5)  # the engine goes first
    sys.exit(main(sys.argv[1:]))
