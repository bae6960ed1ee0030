"""How long to wait before the next request to Discord, from what its answers said."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from worker.contract.discord_limits import INVALID_REQUESTS_MAX

INVALID_WINDOW = 600.0
INVALID_MANY = INVALID_REQUESTS_MAX // 10  # other posters may share the address that Discord would ban
INVALID_PAUSE = 5.0  # seconds after each further one; with a few requests under way at once that stays far below
_WINDOWS_KEPT = 2000


@dataclass(frozen=True)
class Route:
    """One endpoint. Discord counts requests by method, template and the major resource in it.

    Attributes:
        method: GET, POST, PATCH or DELETE.
        template: the path with the names of its parameters, for the rate limit's bucket and for logs.
        path: what is asked for.
        major: id of the channel, or of the application with the interaction's token.
        bot: goes with the bot's token and counts against its global limit.
    """

    method: str
    template: str
    path: str
    major: str
    bot: bool = True

    @property
    def family(self) -> str:
        """What buckets are learned for; unlike the path it holds no token."""
        return f"{self.method} {self.template}"


@dataclass
class _Window:
    remaining: int
    ends: float


class Limits:
    """Remembers buckets, global pauses and how many requests were invalid.

    Args:
        clock: seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, str] = {}
        self._windows: dict[tuple[str, str], _Window] = {}
        self._invalid: deque[float] = deque(maxlen=INVALID_MANY)
        self._bot_paused = 0.0
        self._all_paused = 0.0

    def wait(self, route: Route) -> float:
        """Seconds until a request to this route may leave."""
        now = self._clock()
        until = self._all_paused
        if route.bot:
            until = max(until, self._bot_paused)
        if self.refused_often:
            until = max(until, self._invalid[-1] + INVALID_PAUSE)
        window = self._windows.get(self._key(route))
        if window and window.remaining < 1:
            until = max(until, window.ends)
        return max(0.0, until - now)

    @property
    def refused_often(self) -> bool:
        """Have so many requests been invalid lately that the next ones are held back?"""
        full = len(self._invalid) == INVALID_MANY
        return full and self._clock() - self._invalid[0] < INVALID_WINDOW

    def sent(self, route: Route) -> None:
        """A request leaves now."""
        window = self._windows.get(self._key(route))
        if window:
            window.remaining -= 1

    def learn(self, route: Route, headers: Mapping[str, str]) -> None:
        """Take over what an answer's headers say about its bucket."""
        bucket = headers.get("X-RateLimit-Bucket")
        if bucket:
            self._buckets[route.family] = bucket
        try:
            remaining = int(headers["X-RateLimit-Remaining"])
            ends = self._clock() + float(headers["X-RateLimit-Reset-After"])
        except (KeyError, ValueError):
            return
        self._prune()
        self._windows[self._key(route)] = _Window(remaining, ends)

    def refused(self, route: Route, seconds: float, *, everywhere: bool, banned: bool) -> None:
        """A 429: for this bucket, for all of the bot's requests, or (banned) for this address."""
        until = self._clock() + seconds
        if banned:
            self._all_paused = max(self._all_paused, until)
        elif everywhere:
            self._bot_paused = max(self._bot_paused, until)
        else:
            self._windows[self._key(route)] = _Window(0, until)

    def invalid(self) -> None:
        """An answer that counts towards Discord's ban."""
        self._invalid.append(self._clock())

    def _key(self, route: Route) -> tuple[str, str]:
        return self._buckets.get(route.family, route.family), route.major

    def _prune(self) -> None:
        if len(self._windows) < _WINDOWS_KEPT:
            return
        now = self._clock()
        self._windows = {key: window for key, window in self._windows.items() if window.ends > now}
