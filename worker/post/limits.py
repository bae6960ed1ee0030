"""How long to wait before the next request to Discord, from what its answers said."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

GLOBAL_PER_SECOND = 45  # of Discord's 50, since the bot uses the same token
INVALID_WINDOW = 600.0
INVALID_MAX = 8000  # of the 10,000 in ten minutes after which Discord bans the address
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
        self._sent: deque[float] = deque(maxlen=GLOBAL_PER_SECOND)
        self._invalid: deque[float] = deque(maxlen=INVALID_MAX)
        self._bot_paused = 0.0
        self._all_paused = 0.0

    def wait(self, route: Route) -> float:
        """Seconds until a request to this route may leave."""
        now = self._clock()
        until = self._all_paused
        if route.bot:
            until = max(until, self._bot_paused)
            if len(self._sent) == GLOBAL_PER_SECOND:
                until = max(until, self._sent[0] + 1.0)
        if len(self._invalid) == INVALID_MAX:
            until = max(until, self._invalid[0] + INVALID_WINDOW)
        window = self._windows.get(self._key(route))
        if window and window.remaining < 1:
            until = max(until, window.ends)
        return max(0.0, until - now)

    def sent(self, route: Route) -> None:
        """A request leaves now."""
        if route.bot:
            self._sent.append(self._clock())
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
