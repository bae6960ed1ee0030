"""What the buttons under a message carry: `1:<verb>:<job>:<index>`. All state is in it, so none ever expires."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

PATTERN = re.compile(r"1:(?P<verb>[a-z]{1,16}):(?P<job>[A-Za-z0-9_-]{1,40}):(?P<index>[0-9]{1,2})")


class Verb(StrEnum):
    """What people do to a job's message, by button or by reaction."""

    RERUN = "rerun"
    CANCEL = "cancel"
    DELETE = "delete"
    UPSCALE = "upscale"

    @property
    def asks(self) -> bool:
        """Whether it asks for a new job, which anybody may, with a message of its own."""
        return self in {Verb.RERUN, Verb.UPSCALE}


# Verb and picture by emoji, without variation selectors. ❌ on a job that still waits or runs cancels it.
REACTIONS = {
    "🔁": (Verb.RERUN, 0),
    "❌": (Verb.DELETE, 0),
    **{f"{index + 1}\N{COMBINING ENCLOSING KEYCAP}": (Verb.UPSCALE, index) for index in range(4)},
}


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
        """The control behind a custom_id; None when it is not one of ours."""
        found = PATTERN.fullmatch(custom_id)
        if found is None or found["verb"] not in set(Verb):
            return None
        return cls(Verb(found["verb"]), found["job"], int(found["index"]))
