"""What goes into a message of a job besides its card, and what makes two tries at it one."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from worker.contract.card import card
from worker.contract.job import Job, State

from .body import File
from .parts import Part


def size(job: Job) -> int:
    """Bytes of all its pictures."""
    return sum(picture.size for picture in job.result.pictures) if job.result else 0


def nonce(job: Job, part: str) -> dict[str, Any]:
    """What Discord knows a new message by for a few minutes; at most 25 characters."""
    return {"nonce": "e" + hashlib.sha256(f"{job.id}/{part}".encode()).hexdigest()[:24], "enforce_nonce": True}


def reference(message: int | None) -> dict[str, Any]:
    """Which message a new one answers; it is made even if that one is gone."""
    if message is None:
        return {}
    return {"message_reference": {"message_id": str(message), "fail_if_not_exists": False}}


def shows(answer: Mapping[str, Any], payload: Mapping[str, Any], files: Sequence[File]) -> bool:
    """Is this what was sent, and not what an earlier try with the same nonce has made?"""
    same = (answer.get("content") or "") == payload.get("content", "")
    return same and len(answer.get("attachments") or ()) == len(files)


def place_of(answer: Mapping[str, Any]) -> tuple[int, int] | None:
    """Channel and id of a message as Discord answered with it; None when the answer does not say."""
    try:
        return int(answer["channel_id"]), int(answer["id"])
    except (KeyError, ValueError):
        return None


def result(job: Job, part: Part) -> dict[str, Any]:
    """The message of a job whose pictures are there."""
    return card(job.model_copy(update={"state": State.POSTED})) | {"attachments": attachments(part.files)}


def attachments(files: Sequence[File]) -> list[dict[str, Any]]:
    """The files of a message, with the words for screen readers."""
    return [{"id": index, "filename": file.name, "description": file.description} for index, file in enumerate(files)]
