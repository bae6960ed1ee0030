"""One state of a message: what people read and see of a job at one moment."""

import re
from dataclasses import dataclass
from enum import IntEnum

from worker.contract.types.job import Reason

from . import sentences

_FILE = re.compile(r"easel-(.+)-(\d+)\.(?:png|webp|jpg|gif)")
_SIGNATURE = re.compile(r"^.*— <@!?(\d+)>$", re.MULTILINE)  # the prompt, and whose it is
_ENDED = {"rerun", "edit"}  # one of them is under every message of a job that has ended
_CANCELLED = {"owner", "moderator", "closed"}


class Phase(IntEnum):
    """What a message says of its job, in the order in which it may say so."""

    WAITING = 1
    DRAWING = 2
    SENDING = 3
    CANCELLED = 4
    FAILED = 5
    POSTED = 6
    FORGOTTEN = 7

    @property
    def final(self) -> bool:
        return self >= Phase.CANCELLED


@dataclass(frozen=True)
class Shown:
    """One state of a message. `at` in seconds of the run's clock; files by name with their address."""

    at: float
    content: str
    files: tuple[tuple[str, str], ...]
    controls: tuple[tuple[str, str], ...]  # verb and job
    thinking: bool = False

    @property
    def pictures(self) -> dict[str, tuple[str, int]]:
        """Finished pictures: address → job and number."""
        named = ((url, _FILE.fullmatch(name)) for name, url in self.files)
        return {url: (found[1], int(found[2])) for url, found in named if found}

    @property
    def job(self) -> str | None:
        """The job that it belongs to; None when it is no job's message."""
        for _, job in self.controls:
            return job
        return next((job for job, _ in self.pictures.values()), None)

    @property
    def status(self) -> str:
        """Below the prompt."""
        signed = _SIGNATURE.search(self.content)
        return self.content[signed.end() :].strip() if signed else self.content.partition("\n")[2]

    @property
    def prompt(self) -> str:
        """The line that names it, with all that is drawn on it."""
        signed = _SIGNATURE.search(self.content)
        return signed[0] if signed else self.content.partition("\n")[0]

    @property
    def owner(self) -> int | None:
        """Whose job it is, as the message says."""
        signed = _SIGNATURE.search(self.content)
        return int(signed[1]) if signed else None

    @property
    def ending(self) -> tuple[Reason, str] | None:
        """Why the job ended without pictures, with the code of the cause; None where nothing says so."""
        return sentences.reason_of(self.status) if _ENDED & {verb for verb, _ in self.controls} else None

    @property
    def phase(self) -> Phase | None:
        """What it says; None for what is not about a job."""
        verbs = {verb for verb, _ in self.controls}
        if "cancel" in verbs:
            return Phase.WAITING if sentences.waits(self.status) else Phase.DRAWING
        if _ENDED & verbs:
            if self.pictures or sentences.went_elsewhere(self.status):
                return Phase.POSTED
            return Phase.CANCELLED if self.ending and str(self.ending[0]) in _CANCELLED else Phase.FAILED
        if "delete" in verbs:
            return Phase.FORGOTTEN
        if self.pictures:  # a further part of a result
            return Phase.POSTED
        return Phase.SENDING if sentences.sends(self.status) else None

    @property
    def place(self) -> int:
        """In line, as far as it says so; 0 where it does not."""
        return sentences.place_of(self.status) or 0 if self.phase is Phase.WAITING else 0

    @property
    def progress(self) -> tuple[int, float] | None:
        """Number of the try and share of its steps; None while no step is shown."""
        return sentences.step_of(self.status) if self.phase is Phase.DRAWING else None
