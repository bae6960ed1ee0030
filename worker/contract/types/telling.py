"""When the owner of a job is told that it has ended, by a reply that mentions them."""

from enum import StrEnum


class Telling(StrEnum):
    """What was said of one job, or of all that a person or a server asks for."""

    ASKED = "asked"  # of this one, by a press: it is told whenever it ends
    LATE = "late"  # of all: where they may have stopped looking


LATE_AFTER = 60.0  # seconds from asking to the end, after which that is
LATER_MESSAGES = 10  # in the channel, after which it is as well
