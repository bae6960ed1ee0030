"""What goes into a message of a job besides its card, and what makes two tries at it one."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker.contract.discord_limits import NONCE_MAX
from worker.contract.message import texts
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import card, file_name
from worker.contract.message.languages import Language
from worker.contract.message.layout import numbered_rows
from worker.contract.types.job import Job, State
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.operation import Operation
from worker.contract.types.posted_as import PostedAs

from .request_body import UploadFile
from .split import MessagePart


@dataclass(frozen=True)
class NewMessage:
    """A message that is to be made once, however often that has to be tried.

    Attributes:
        part: names it among all messages of its job.
        payload, files: what it shows.
        first: index of its first picture.
        reply_to: id of the message that it answers.
    """

    part: str
    payload: Mapping[str, Any]
    files: Sequence[UploadFile] = ()
    first: int = 0
    reply_to: int | None = None


@dataclass(frozen=True)
class Abilities:
    """What workers can do with a job's pictures.

    Attributes:
        upscalers: those that live.
        model: that of the job, as a worker told of it last; None where none did.
    """

    upscalers: Sequence[UpscalerInfo] = ()
    model: ModelInfo | None = None

    def enlargeable(self, job: Job, part: MessagePart | None = None) -> tuple[int, ...]:
        """Which pictures, of all or of a part, an upscaler takes."""
        sizes = [(each.width, each.height) for each in job.result.pictures] if job.result else []
        return tuple(index for index in _shown(job, part) if any(each.takes(*sizes[index]) for each in self.upscalers))

    def varied(self, job: Job, part: MessagePart | None = None) -> tuple[int, ...]:
        """Which can be varied: all or none."""
        able = self.model is not None and self.model.does(Operation.IMG2IMG)
        return tuple(_shown(job, part)) if able else ()

    def draft(self, job: Job) -> bool:
        """Whether it was drawn with few steps, so that all of them show more."""
        return self.model is not None and self.model.drafted(job.request)

    def beyond(self, job: Job) -> bool:
        """Whether its picture, a single one, can go on beyond its edges."""
        single = job.result is not None and len(job.result.pictures) == 1
        return single and self.model is not None and self.model.does(Operation.OUTPAINT)


def _shown(job: Job, part: MessagePart | None) -> range:
    every = range(len(job.result.pictures) if job.result else 0)
    return range(part.first, part.first + len(part.files)) if part else every


def size(job: Job) -> int:
    """Bytes of all its pictures."""
    return sum(picture.size for picture in job.result.pictures) if job.result else 0


def nonce(job: Job, part: str) -> str:
    """What Discord knows a new message by for a few minutes, and refuses to make it twice."""
    digest = hashlib.sha256(f"{job.id}/{part}".encode()).hexdigest()
    return f"e{digest}"[:NONCE_MAX]


def reference(message: int | None) -> dict[str, Any]:
    """Which message a new one answers; it is made even if that one is gone."""
    if message is None:
        return {}
    return {"message_reference": {"message_id": str(message), "fail_if_not_exists": False}}


def shows(answer: Mapping[str, Any], payload: Mapping[str, Any], files: Sequence[UploadFile]) -> bool:
    """Is this what was sent, and not what an earlier try with the same nonce has made?"""
    same = (answer.get("content") or "") == payload.get("content", "")
    return same and len(answer.get("attachments") or ()) == len(files)


def is_ours(message: Mapping[str, Any], job: Job, new: NewMessage) -> bool:
    """Is a message, found in its channel, the one that a try whose answer was lost has made?"""
    if message.get("nonce") == nonce(job, new.part):
        return True
    if not (message.get("author") or {}).get("bot", True):
        return False
    names = [str(each.get("filename")) for each in message.get("attachments") or ()]
    if any(name.startswith(file_name(job, new.first, "")) for name in names):
        return True
    if new.first or not new.payload.get("components"):  # a further message, or mere words
        answers = str((message.get("message_reference") or {}).get("message_id") or new.reply_to) == str(new.reply_to)
        return answers and bool(new.payload.get("content")) and message.get("content") == new.payload["content"]
    rows = [part for row in message.get("components") or () for part in row.get("components") or ()]
    ids = [CustomId.parse(str(part.get("custom_id") or "")) for part in rows]
    return any(each is not None and each.job == job.id for each in ids)


def place_of(answer: Mapping[str, Any]) -> tuple[int, int] | None:
    """Channel and id of a message as Discord answered with it; None when the answer does not say."""
    try:
        return int(answer["channel_id"]), int(answer["id"])
    except (KeyError, ValueError):
        return None


def result(job: Job, language: Language, part: MessagePart, able: Abilities) -> dict[str, Any]:
    """The message of a job whose pictures are there."""
    posted = job.model_copy(update={"state": State.POSTED})
    shown = posted_card(posted, language, posted_as(job, part, able), able.model.title if able.model else "")
    return shown | {"attachments": attachments(part.files)}


def more(job: Job, language: Language, part: MessagePart, able: Abilities) -> dict[str, Any]:
    """A further message with more of the same result."""
    posted = job.model_copy(update={"state": State.POSTED})
    return {
        "components": numbered_rows(posted, language, able.enlargeable(job, part), able.varied(job, part)),
        "allowed_mentions": {"parse": []},
        "attachments": attachments(part.files),
    }


def posted_as(job: Job, part: MessagePart, able: Abilities) -> PostedAs:
    """How the message with this part looks."""
    names = {"image/webp": "WebP", "image/jpeg": "JPEG"}
    encoding = names.get(part.files[0].content_type, "")
    return PostedAs(
        larger=able.enlargeable(job, part),
        varied=able.varied(job, part),
        encoding=encoding,
        beyond=able.beyond(job),
        draft=able.draft(job),
    )


def posted_card(job: Job, language: Language, looks: PostedAs, model: str) -> dict[str, Any]:
    """The message of a posted job, without its pictures: as it looks, but for what has changed in its record."""
    note = texts.sent_as(looks.encoding, language) if looks.encoding else ""
    return card(
        job,
        language,
        looks.larger,
        note,
        model=model,
        varied=looks.varied,
        beyond=looks.beyond,
        draft=looks.draft,
    )


def attachments(files: Sequence[UploadFile]) -> list[dict[str, Any]]:
    """The files of a message, with the words for screen readers."""
    listed = []
    for index, file in enumerate(files):
        words = {"description": file.description} if file.description else {}
        listed.append({"id": index, "filename": file.name, **words})
    return listed
