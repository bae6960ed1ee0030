"""How to split a result over messages so that Discord takes it: whole, smaller, then in parts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from worker.contract.discord_answers import FILE_TOO_LARGE
from worker.contract.discord_limits import REQUEST_MAX
from worker.contract.message.job_message import alt_text, file_name
from worker.contract.message.languages import Language
from worker.contract.types.job import Job

from .discord import DiscordError, RefusedError, SlowUploadError
from .encode import ENCODINGS, Encoder, Encoding, of
from .request_body import UploadFile

PICTURES_MAX = REQUEST_MAX - 64 * 1024  # bytes in one request, less what is not pictures


@dataclass(frozen=True)
class MessagePart:
    """The files of one message. `first`: index of its first picture, which names the message."""

    first: int
    files: tuple[UploadFile, ...]


Plan = tuple[MessagePart, ...]


def smaller_wanted(error: DiscordError) -> bool:
    """The upload must become smaller."""
    if isinstance(error, RefusedError):
        return error.status == 413 or error.code == FILE_TOO_LARGE
    return isinstance(error, SlowUploadError)


async def plans(
    job: Job, pictures: list[bytes], encoder: Encoder, language: Language, limit: int | None = None
) -> AsyncIterator[Plan]:  # fmt: skip
    """Every way to send the pictures that may fit, largest first. Each is encoded only when it is asked for.

    `limit`: bytes that a file may have, if it goes elsewhere than where it was asked for.
    """
    limit = job.destination.upload_limit if limit is None else limit
    files: list[UploadFile] = []
    for encoding in ENCODINGS:
        encoded = await encoder.encode(pictures, encoding)
        words = _alt_texts(job, len(encoded), language)
        files = [_file(job, index, content, encoding, words[index]) for index, content in enumerate(encoded)]
        if max(map(len, encoded)) <= limit and sum(map(len, encoded)) <= PICTURES_MAX:
            yield (MessagePart(0, tuple(files)),)
    if max(len(file.content) for file in files) > limit:
        return
    if len(files) > 2:
        yield _halves(files)
    if len(files) > 1:
        yield tuple(MessagePart(index, (file,)) for index, file in enumerate(files))


def _halves(files: Sequence[UploadFile]) -> Plan:
    middle = (len(files) + 1) // 2
    return MessagePart(0, tuple(files[:middle])), MessagePart(middle, tuple(files[middle:]))


def _alt_texts(job: Job, count: int, language: Language) -> list[str]:
    """What screen readers say of each picture; nothing where Discord objects to the words."""
    noise = job.result.noise if job.result else ()
    return ["" if job.wordless else alt_text(job.request, index, count, language, noise) for index in range(count)]


def _file(job: Job, index: int, content: bytes, encoding: Encoding, words: str) -> UploadFile:
    kind = of(content, encoding)
    return UploadFile(file_name(job, index, kind.extension), content, kind.content_type, words)
