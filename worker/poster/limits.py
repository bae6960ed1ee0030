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
TOGETHER = 10.0  # seconds in which Cloudflare has to turn away two majors for it to be about our address
PROBE_LOOK = 1.0  # seconds after which others look whether a probe has been answered
ADDRESS_PAUSE = 60.0  # seconds for which everything then waits, before one request finds out


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


class RateLimits:
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
        self._turned_away: dict[str, float] = {}  # majors by when, since something last succeeded
        self._address_paused: float | None = None  # until then, and until a probe has succeeded
        self._probe: tuple[str, str] | None = None

    def wait(self, route: Route) -> float:
        """Seconds until a request to this route may leave."""
        now = self._clock()
        until = self._until_address_may()
        if route.bot:
            until = max(until, self._bot_paused)
        if self.refused_often:
            until = max(until, self._invalid[-1] + INVALID_PAUSE)
        window = self._windows.get(self._key(route))
        if window and window.remaining < 1:
            until = max(until, window.ends)
        return max(0.0, until - now)

    def _until_address_may(self) -> float:
        """While our address is turned away nothing leaves; after that one request at a time, until one succeeds."""
        if self._address_paused is None:
            return 0.0
        if self._probe is None:
            return self._address_paused
        return max(self._address_paused, self._clock() + PROBE_LOOK)

    @property
    def invalid_lately(self) -> int:
        """Answers of the last ten minutes that count towards Discord's ban, of the last INVALID_MANY."""
        since = self._clock() - INVALID_WINDOW
        return sum(each > since for each in self._invalid)

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
        if self._address_paused is not None:
            self._probe = route.family, route.major

    def answered(self, route: Route) -> None:
        """A request came to its end, whichever."""
        if self._probe == (route.family, route.major):
            self._probe = None

    def succeeded(self) -> None:
        """Discord did what it was asked to, so it is not our address that is turned away."""
        self._turned_away.clear()
        self._address_paused = None

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

    def refused(self, route: Route, seconds: float, *, everywhere: bool, outside: bool) -> None:
        """A 429: for this route or (everywhere) for all of the bot's requests.

        `outside`: Cloudflare said so, which stands before Discord. It means one route, often for long, unless it turns
        away another major as well within seconds while nothing succeeds: then it means our address.
        """
        now = self._clock()
        if everywhere:
            self._bot_paused = max(self._bot_paused, now + seconds)
            return
        self._prune()
        before = self._windows.get(self._key(route))
        longer = before.ends if before and before.remaining < 1 else 0.0
        self._windows[self._key(route)] = _Window(0, max(longer, now + seconds))
        if not outside:
            return
        recent = {major: at for major, at in self._turned_away.items() if at > now - TOGETHER}
        self._turned_away = recent | {route.major: now}
        if len(self._turned_away) > 1 or self._address_paused is not None:
            self._address_paused = max(self._address_paused or 0.0, now + min(seconds, ADDRESS_PAUSE))

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
