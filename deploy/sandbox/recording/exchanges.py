"""The log of what bots asked, what they were answered and which events they were sent, for tests and for the page."""

import itertools
import json
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from deploy.sandbox.state.model import Json

KEPT = 3_000


@dataclass(slots=True)
class Exchange:
    """One call. Bodies are kept as they were on the wire and only read when someone looks."""

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
        """The call as JSON, with bodies read where they are JSON themselves."""
        return {
            "number": self.number, "at": self.at, "method": self.method, "path": self.path,
            "route": self.route, "status": self.status, "ms": round(self.ms, 3), "files": self.files,
            "fault": self.fault, "request": _read(self.request), "response": _read(self.response),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One event of the gateway. `sent` is false when the session had no connection and keeps it for RESUME."""

    number: int
    at: float
    event: str
    shard: int
    seq: int
    sent: bool
    text: str

    def facts(self) -> Json:
        """The event as JSON."""
        return {
            "number": self.number, "at": self.at, "event": self.event, "shard": self.shard, "seq": self.seq,
            "sent": self.sent, "data": _read(self.text),
        }  # fmt: skip


def _read(text: str) -> object:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


class Exchanges:
    """The last few thousand exchanges and events, numbered together, and how often each route was called."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.recent: deque[Exchange] = deque(maxlen=KEPT)
        self.events: deque[Dispatch] = deque(maxlen=KEPT)
        self._now = now
        self._numbers = itertools.count(1)

    def next_number(self) -> int:
        """The number of the next entry; calls and events share one count."""
        return next(self._numbers)

    def add(self, exchange: Exchange) -> None:
        """Log a call and count its route and status."""
        self.recent.append(exchange)
        self.counts[f"{exchange.method} {exchange.route}"] += 1
        self.statuses[exchange.status] += 1

    def dispatched(self, event: str, text: str, *, shard: int, seq: int, sent: bool) -> None:
        """Log an event of the gateway."""
        self.events.append(Dispatch(self.next_number(), self._now(), event, shard, seq, sent, text))

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self.counts.clear()
        self.statuses.clear()
        self.recent.clear()
        self.events.clear()
