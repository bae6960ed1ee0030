"""Which picture of which message something is about, for a link there."""

import re
from dataclasses import dataclass
from typing import Self

_WRITTEN = re.compile(r"([1-9][0-9]{0,19})/([1-9][0-9]{0,19})/([0-9]{1,2})")


@dataclass(frozen=True)
class PicturePlace:
    """A picture of our own, in a message that can be looked at later.

    Attributes:
        channel, message: where it is.
        number: which of that message's results it is, from 1; 0 for the only one.
    """

    channel: int
    message: int
    number: int

    def __str__(self) -> str:
        """As a job's record holds it."""
        return f"{self.channel}/{self.message}/{self.number}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `str` made; None for anything else."""
        found = _WRITTEN.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None
