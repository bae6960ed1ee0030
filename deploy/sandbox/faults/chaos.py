"""Chaos with a seed: calls and the gateway go wrong now and then, and the same way when the same things happen again.

Each decision follows from the seed, from where it is taken (a route, or the gateway of one shard) and from how many
were taken there before. So what happens on other routes, and when, changes nothing, and a run can be repeated.
"""

import random
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deploy.sandbox.errors import bad_field
from deploy.sandbox.gateway.codes import Close
from deploy.sandbox.gateway.hub import Hub
from deploy.sandbox.gateway.session import Session
from deploy.sandbox.state.model import Json

from .faults import Fault

KEPT = 10_000
MOST = 0.9  # of all calls; something has to get through

# How many of all calls, and of all events, at intensity 1.
CALLS = {
    "slow": 0.05, "server_error": 0.02, "rate_limited": 0.02, "dropped_before": 0.01, "dropped_after": 0.01,
    "truncated": 0.005, "outage": 0.005,
}  # fmt: skip
EVENTS = {"late": 0.02, "cut": 0.005, "reconnect": 0.003, "invalidate": 0.002}
RATES = CALLS | EVENTS


@dataclass(slots=True)
class ChaosPlan:
    """One run of chaos: its seed and rates, and what it has done. `seconds` are real ones."""

    seed: str
    rates: dict[str, float]
    started: float
    seconds: float | None = None
    counts: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    log: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))

    @property
    def left(self) -> float | None:
        """Seconds until it ends by itself."""
        return None if self.seconds is None else max(0.0, self.started + self.seconds - time.monotonic())

    def draw(self, where: str, kinds: Mapping[str, float]) -> tuple[str, random.Random] | None:
        """What happens here this time, and where its details come from."""
        self.counts[where] += 1
        rng = random.Random(f"{self.seed}|{where}|{self.counts[where]}")
        roll = rng.random()
        for kind in kinds:
            roll -= self.rates[kind]
            if roll < 0:
                return kind, rng
        return None

    def note(self, where: str, kind: str, what: str) -> None:
        """Write down what was done, for `GET /chaos`."""
        self.done[kind] += 1
        at = round(time.monotonic() - self.started, 3)
        self.log.append({"at": at, "where": where, "nth": self.counts[where], "kind": kind, "what": what})


class Chaos:
    """Draws what goes wrong, for calls and for events, while a plan runs."""

    def __init__(self) -> None:
        self._plan: ChaosPlan | None = None

    def start(
        self, seed: str | None = None, intensity: float = 1.0, rates: Mapping[str, float] | None = None,
        seconds: float | None = None,
    ) -> None:  # fmt: skip
        """Start (over). `rates` (shares of calls or events, by kind) go before `intensity` times the usual ones."""
        wanted = {kind: share * intensity for kind, share in RATES.items()} | dict(rates or {})
        for kind, share in wanted.items():
            if kind not in RATES:
                raise bad_field(f"rates.{kind}", "UNKNOWN_FIELD", f"Chaos has: {', '.join(RATES)}.")
            if not 0 <= share <= 1:
                raise bad_field(f"rates.{kind}", "NUMBER_TYPE_MAX", "A rate is between 0 and 1.")
        for kinds in (CALLS, EVENTS):
            if sum(wanted[kind] for kind in kinds) > MOST:
                raise bad_field("rates", "NUMBER_TYPE_MAX", f"Together at most {MOST}: {', '.join(kinds)}.")
        self._plan = ChaosPlan(seed or secrets.token_hex(4), wanted, time.monotonic(), seconds)

    def stop(self) -> None:
        """No more of it. What it did can still be read."""
        if self._plan is not None:
            self._plan.seconds = 0.0

    def call(self, method: str, route: str) -> Fault | None:
        """How this call goes wrong, if it does."""
        plan = self._running()
        drawn = plan.draw(f"{method} {route}", CALLS) if plan is not None else None
        if plan is None or drawn is None:
            return None
        kind, rng = drawn
        what, fault = CALL_FAULTS[kind](rng)
        plan.note(f"{method} {route}", kind, what)
        return fault

    def event(self, hub: Hub, session: Session) -> None:
        """Draw whether this session's connection is disturbed, now that it was sent an event."""
        plan = self._running()
        if plan is None or session.link is None:
            return
        where = f"gateway of shard {session.shard}"
        if (drawn := plan.draw(where, EVENTS)) is not None:
            kind, rng = drawn
            plan.note(where, kind, EVENT_FAULTS[kind](hub, session, rng))

    def facts(self) -> Json:
        """What it is set to, and what it has done so far."""
        plan = self._plan
        if plan is None:
            return {"running": False}
        return {
            "running": self._running() is not None, "seed": plan.seed, "rates": plan.rates, "left": plan.left,
            "looked_at": plan.counts.total(), "done": dict(plan.done), "log": list(plan.log),
        }  # fmt: skip

    def _running(self) -> ChaosPlan | None:
        return self._plan if self._plan is not None and self._plan.left != 0.0 else None


def _slow(rng: random.Random) -> tuple[str, Fault]:
    delay = round(rng.uniform(0.1, 2.0), 3)
    return f"{delay} s late", Fault(delay=delay)


def _server_error(rng: random.Random) -> tuple[str, Fault]:
    status, applied = rng.choice((500, 502, 503)), rng.random() < 0.5
    return f"{status}{', though it was done' if applied else ''}", Fault(status=status, applied=applied)


def _rate_limited(rng: random.Random) -> tuple[str, Fault]:
    wait, scope = round(rng.uniform(0.2, 2.0), 3), rng.choice(("user", "shared", "global"))
    return f"429 for {wait} s, scope {scope}", Fault(status=429, retry_after=wait, scope=scope)


def _outage(rng: random.Random) -> tuple[str, Fault]:
    status = rng.choice((502, 520, 522))
    return f"{status} with a page", Fault(status=status, html=True, via=False)


CALL_FAULTS: dict[str, Callable[[random.Random], tuple[str, Fault]]] = {
    "slow": _slow,
    "server_error": _server_error,
    "rate_limited": _rate_limited,
    "outage": _outage,
    "dropped_before": lambda _: ("connection dropped, not done", Fault(drop="before")),
    "dropped_after": lambda _: ("connection dropped, though it was done", Fault(drop="after")),
    "truncated": lambda _: ("half an answer", Fault(truncate=True)),
}


def _late(_: Hub, session: Session, rng: random.Random) -> str:
    seconds = round(rng.uniform(0.1, 3.0), 3)
    if session.link is not None:
        session.link.hold(seconds)
    return f"silent for {seconds} s"


def _cut(_: Hub, session: Session, rng: random.Random) -> str:
    abort = rng.random() < 0.5
    if session.link is not None:
        session.link.close(Close.UNKNOWN, abort=abort)
    return "connection cut" if abort else "closed with 4000"


def _reconnect(hub: Hub, session: Session, _: random.Random) -> str:
    hub.reconnect(session)
    return "op 7"


def _invalidate(hub: Hub, session: Session, rng: random.Random) -> str:
    resumable = rng.random() < 0.5
    hub.invalidate(session, resumable=resumable)
    return f"op 9, {'' if resumable else 'not '}resumable"


EVENT_FAULTS: dict[str, Callable[[Hub, Session, random.Random], str]] = {
    "late": _late, "cut": _cut, "reconnect": _reconnect, "invalidate": _invalidate,
}  # fmt: skip
