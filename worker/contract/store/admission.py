"""What admission says: accepted, known already, refused by a limit, or asked by settings no longer in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class AdmissionLimit(StrEnum):
    """Which limit an admission met."""

    PERSON = "person"  # at once, in this server
    SERVER = "server"
    EVERYWHERE = "everywhere"  # at once, of a person over all servers
    TOTAL = "total"
    RATE_PERSON = "rate_person"  # over all servers
    RATE_MEMBER = "rate_member"  # in this one
    RATE_SERVER = "rate_server"
    DAY_PICTURES = "day_pictures"
    DAY_GPU = "day_gpu"
    SERVER_DAY_PICTURES = "server_day_pictures"
    SERVER_DAY_GPU = "server_day_gpu"
    MODEL = "model"


@dataclass(frozen=True)
class Admitted:
    """Accepted just now. `place` 1 is next; `eta` in seconds until done, None when unknown."""

    job: str
    place: int
    eta: float | None = None


@dataclass(frozen=True)
class Seen:
    """The same event was accepted before, as this job."""

    job: str


@dataclass(frozen=True)
class Stale:
    """The settings from which the limits were made are no longer in force."""


@dataclass(frozen=True)
class Refused:
    """Not accepted: `count` of `limit` are taken; a place is free in about `retry_after` seconds, None if unknown.

    Of a rate, `limit` is how many may start a minute, and `retry_after` is known. Of a day, both are pictures or
    milliseconds of reference GPU time, `asked` is what this request would take, and `until` when the next day begins
    (seconds since the epoch).
    """

    why: AdmissionLimit
    limit: int = 0
    count: int = 0
    retry_after: float | None = None
    asked: int = 1
    until: int | None = None


def no_admission(answer: Sequence[Any]) -> Seen | Refused | Stale | None:
    """What a script answered, where that is no admission."""
    kind, *rest = answer
    if kind == b"seen":
        return Seen(rest[0].decode())
    if kind == b"stale":
        return Stale()
    if kind == b"refused":
        why, limit, count, wait, *more = rest
        asked, until = more or (1, None)
        return Refused(AdmissionLimit(why.decode()), limit, count, wait / 1000 if wait >= 0 else None, asked, until)
    return None
