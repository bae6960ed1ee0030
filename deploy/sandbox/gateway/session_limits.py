"""How often a bot may start a session: a thousand times a day, and one shard for each identify key in five seconds."""

import time

from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.model import Json

DAY = 24 * 3600.0
WINDOW = 5.0


class SessionLimits:
    """Counts IDENTIFYs. The day follows the sandbox's clock, the five seconds are real ones, as a client waits them."""

    def __init__(self, clock: Clock, max_concurrency: int, total: int = 1000) -> None:
        self.max_concurrency = max_concurrency
        self.total = total
        self.enabled = True
        self._clock = clock
        self._used = 0
        self._day_ends = 0.0
        self._last: dict[int, float] = {}

    @property
    def remaining(self) -> int:
        """Session starts that are left today."""
        self._turn_day()
        return max(0, self.total - self._used)

    def try_start(self, shard: int) -> bool:
        """Count a start of this shard; False when its key was used less than five seconds ago."""
        self._turn_day()
        self._used += 1
        key, now = shard % self.max_concurrency, time.monotonic()
        waited = now - self._last.get(key, -WINDOW)
        if self.enabled and waited < WINDOW:
            return False
        self._last[key] = now
        return True

    def facts(self) -> Json:
        """Discord's `session_start_limit`."""
        remaining = self.remaining
        return {
            "total": self.total, "remaining": remaining, "max_concurrency": self.max_concurrency,
            "reset_after": int(max(0.0, self._day_ends - self._clock.now()) * 1000),
        }  # fmt: skip

    def _turn_day(self) -> None:
        now = self._clock.now()
        if now >= self._day_ends:
            self._used, self._day_ends = 0, now + DAY
