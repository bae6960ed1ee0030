"""What the buttons under a message carry: `1:<verb>:<job>:<index>`. All state is in it, so none ever expires.

Under a private answer that asked back stands `2:<verb>:<job>:<index>:<message>`: yes, do it, to that other message.

An id that Easel ever gave out is read for ever: a new shape takes the next number in front, and the old pattern stays.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from .verbs import Verb

_FIRST, VERSION = 1, 2  # of the oldest and the newest ids that are read
_WHAT = r"(?P<verb>[a-z]{1,16}):(?P<job>[A-Za-z0-9_-]{1,40}):(?P<index>[0-9]{1,2})"
_PATTERNS = (re.compile(f"1:{_WHAT}"), re.compile(f"2:{_WHAT}:(?P<message>[1-9][0-9]{{0,19}})"))
_FORM = re.compile(r"2:(?P<step>change|ask):(?P<option>[a-z_]{0,20})")
_EASELS = re.compile(r"(?P<version>[0-9]+):")  # how ids of every version begin


@dataclass(frozen=True)
class CustomId:
    """One control of one job's message; `index` is the picture that it is about, from 0, where it is about one.

    `message` is 0 for a control of the message that it stands under; else it stands under a private answer, and says
    yes to what was asked there about that message.
    """

    verb: Verb
    job: str
    index: int = 0
    message: int = 0

    def __str__(self) -> str:
        what = f"{self.verb}:{self.job}:{self.index}"
        return f"2:{what}:{self.message}" if self.message else f"1:{what}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The control behind a custom_id; None when it is not one that this Easel gives out."""
        found = _read(custom_id)
        if found is None or found["verb"] not in set(Verb):
            return None
        return cls(Verb(found["verb"]), found["job"], int(found["index"]), int(found.get("message") or 0))


class FormStep(StrEnum):
    """What a control does with the form in which options are changed after a refusal."""

    CHANGE = "change"  # the button that opens it
    ASK = "ask"  # the form itself


@dataclass(frozen=True)
class FormId:
    """`2:<step>:<option>`: of the option that was refused, "" for none. What was typed stands in the message."""

    step: FormStep
    option: str = ""

    def __str__(self) -> str:
        return f"2:{self.step}:{self.option}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The step behind a custom_id; None when it is none."""
        found = _FORM.fullmatch(custom_id)
        return cls(FormStep(found["step"]), found["option"]) if found else None


def from_easel(custom_id: str) -> bool:
    """Whether an Easel of any version may have given it out, so that whoever presses it is owed an answer."""
    return _EASELS.match(custom_id) is not None


def from_newer(custom_id: str) -> bool:
    """Whether a newer Easel gave it out: its verb is one that this one does not know, or its shape.

    In the first version there was one shape alone, so what has another is nobody's.
    """
    begins, known = _EASELS.match(custom_id), _read(custom_id)
    if begins is None:
        return False
    return known["verb"] not in set(Verb) if known else int(begins["version"]) > _FIRST


def _read(custom_id: str) -> dict[str, str] | None:
    """The parts of an id of any shape that is known here, whatever its verb."""
    return next((found.groupdict() for each in _PATTERNS if (found := each.fullmatch(custom_id))), None)
