"""What the plan has done, as spans of time: what alone may explain that somebody did not get what they asked for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """A kind of hindrance."""

    QUEUE = "the queue was away"  # or frozen, or took no writes
    ANSWERS = "Discord refused answers"  # first ones, to interactions
    SLOW_ANSWERS = "Discord took answers slowly"
    MESSAGES = "Discord refused messages"  # or what else is asked of its channels and webhooks
    CDN = "Discord handed out no pictures"  # for so few calls that whoever wants one outlasts it
    WORKER = "a worker was struck"  # at what draws; `where` is its host
    POSTER = "a poster was struck"  # likewise
    DEAF = "the bot heard nothing"  # what came meanwhile is lost to it
    FROZEN = "the bot stood still"  # or was cut off for a moment; what came meanwhile waits for it
    DIED = "the bot was killed"
    STOPPED = "the bot was told to stop"
    CLOSED = "the bot was shut out"  # `where` is the channel


@dataclass
class Span:
    """When a trouble began and ended, in seconds of the run's clock."""

    kind: Trouble
    begin: float
    end: float = float("inf")
    where: int | str = ""


class Troubles:
    """All of them, in the order in which they began."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def begin(self, kind: Trouble, where: int | str = "") -> Span:
        """From now on."""
        self.spans.append(Span(kind, time.monotonic(), where=where))
        return self.spans[-1]

    def note(self, kind: Trouble, begin: float, end: float, where: int | str = "") -> None:
        self.spans.append(Span(kind, begin, end, where))

    @contextmanager
    def lasting(self, kind: Trouble, where: int | str = "") -> Iterator[None]:
        """While the block runs."""
        span = self.begin(kind, where)
        try:
            yield
        finally:
            span.end = time.monotonic()

    def during(self, kind: Trouble, begin: float, end: float, where: int | str | None = None) -> list[Span]:
        """Those that overlap a time; with `where`, at that place."""
        return [
            each for each in self.spans
            if each.kind is kind and each.begin <= end and each.end >= begin and where in (None, each.where)
        ]  # fmt: skip
