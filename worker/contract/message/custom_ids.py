"""What the buttons under a message carry: `1:<verb>:<job>:<index>`. All state is in it, so none ever expires.

An id that Easel ever gave out is read for ever: a new shape takes the next number in front, and the old pattern stays.
"""

import re
from dataclasses import dataclass
from typing import Self

from .verbs import Verb

VERSION = 1  # of the newest ids that are read
_PATTERN = re.compile(r"1:(?P<verb>[a-z]{1,16}):(?P<job>[A-Za-z0-9_-]{1,40}):(?P<index>[0-9]{1,2})")
_EASELS = re.compile(r"(?P<version>[0-9]+):")  # how ids of every version begin


@dataclass(frozen=True)
class CustomId:
    """One control of one job's message; `index` is the picture that it is about, from 0, where it is about one."""

    verb: Verb
    job: str
    index: int = 0

    def __str__(self) -> str:
        return f"1:{self.verb}:{self.job}:{self.index}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The control behind a custom_id; None when it is not one that this Easel gives out."""
        found = _PATTERN.fullmatch(custom_id)
        if found is None or found["verb"] not in set(Verb):
            return None
        return cls(Verb(found["verb"]), found["job"], int(found["index"]))


def from_easel(custom_id: str) -> bool:
    """Whether an Easel of any version may have given it out, so that whoever presses it is owed an answer."""
    return _EASELS.match(custom_id) is not None


def from_newer(custom_id: str) -> bool:
    """Whether a newer Easel gave it out: its version, or its verb, is one that this one does not know."""
    begins = _EASELS.match(custom_id)
    known = _PATTERN.fullmatch(custom_id)
    return begins is not None and (
        int(begins["version"]) > VERSION or (known is not None and known["verb"] not in set(Verb))
    )
