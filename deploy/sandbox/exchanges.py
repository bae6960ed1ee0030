"""The log of what bots asked and what they were answered, for tests and for the page."""

import itertools
import json
from collections import Counter, deque
from dataclasses import dataclass

from .model import Json

KEPT = 3_000


@dataclass(slots=True)
class Exchange:
    """One call. Bodies are kept as they were on the wire and only read when somebody looks."""

    number: int
    at: float
    method: str
    path: str
    route: str
    status: int
    ms: float
    request: str
    files: list[str]
    response: str
    fault: int | None = None

    def facts(self) -> Json:
        return {
            "number": self.number, "at": self.at, "method": self.method, "path": self.path,
            "route": self.route, "status": self.status, "ms": round(self.ms, 3), "files": self.files,
            "fault": self.fault, "request": _read(self.request), "response": _read(self.response),
        }  # fmt: skip


def _read(text: str) -> object:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


class Exchanges:
    """The last few thousand exchanges, and how often each route was called."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.recent: deque[Exchange] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)

    def next_number(self) -> int:
        return next(self._numbers)

    def add(self, exchange: Exchange) -> None:
        self.recent.append(exchange)
        self.counts[f"{exchange.method} {exchange.route}"] += 1

    def clear(self) -> None:
        self.counts.clear()
        self.recent.clear()
