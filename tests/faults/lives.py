"""Jobs and refusals as people saw them: what explanations are about, and what they look into."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from worker.contract.message.verbs import Verb

from .record import Deed, Reaction, Record, Timeline
from .rules import Rules

NEAR = 2.0  # seconds between what the plan does and what people notice of it
ANSWER = 15.0  # in which even a Redis that does not answer is told of
PICTURES = 4  # that one request may be for
SETTLES = 6.0  # from what people see of an end until caps no longer count the job
TAG = re.compile(r"\d+-\d{4}")  # in each prompt: the seed, and the number of what was asked for


@dataclass(frozen=True)
class Life:
    """One job as people saw it; `prompt` is on screen, `end` infinite where it was seen to end never."""

    job: str
    owner: int
    server: str
    channel: int
    begin: float
    end: float
    prompt: str
    lines: tuple[Timeline, ...]

    @classmethod
    def of(cls, record: Record, job: str, lines: list[Timeline]) -> "Life":
        first = min((line.shown[0] for line in lines if line.shown), key=lambda shown: shown.at)
        # A deferred answer shows nothing at first, or was a sentence about Redis.
        cards = (shown for line in lines for shown in line.shown if shown.owner)
        card = min(cards, key=lambda shown: shown.at, default=first)
        asked = record.deeds.get(int(job)) if job.isdigit() else None
        ends = (shown.at for line in lines for shown in line.shown if shown.phase and shown.phase.final)
        owner = next((line.owner for line in lines if line.owner), None) or (asked.person if asked else 0)
        begin = asked.at if asked else _reacted_at(record, lines, owner, first.at)
        return cls(
            job, owner, server_of(record, lines[0].channel, owner), lines[0].channel, begin,
            min(ends, default=float("inf")), card.prompt.replace("\\", ""), tuple(lines),
        )  # fmt: skip


def _reacted_at(record: Record, lines: list[Timeline], owner: int, shown: float) -> float:
    """When a job was asked for by reaction, which may be long before it is shown; else when that was."""
    about = next((line.reacted_to for line in lines if line.reacted_to), None)
    made = (each.at for each in record.reactions if each.asks and (each.message, each.person) == (about, owner))
    return max((at for at in made if at <= shown), default=shown)


def server_of(record: Record, channel: int, person: int) -> str:
    """What caps count under."""
    return str(record.servers.get(channel) or f"dm-{person}")


@dataclass(frozen=True)
class Book:
    """What explanations look into.

    Attributes:
        caps: how many jobs may wait or run, for `person`, `server` and `total`.
        rules: what admins had set.
        charges: ms of the workers' time that jobs take, as the product says.
        one_day: all happened on one day (UTC), by whatever clock.
    """

    record: Record
    lives: Mapping[str, Life]
    caps: Mapping[str, int]
    hosts: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)
    charges: Mapping[str, int] = field(default_factory=dict)
    one_day: bool = True


@dataclass(frozen=True)
class No:
    """A refusal: of what, to whom, when, in which place; `about` is the message that was pressed or reacted to."""

    person: int
    channel: int
    at: float
    job: str = ""
    about: int = 0
    verb: Verb | None = None

    @classmethod
    def to(cls, deed: Deed | Reaction) -> "No":
        if isinstance(deed, Reaction):
            return cls(deed.person, deed.channel, deed.at, deed.job, deed.message)
        control = deed.control
        job, verb = (control.job, control.verb) if control else ("", None)
        about = control.message if control and control.message else deed.source or 0
        return cls(deed.person, deed.channel, deed.at, job, about, verb)
