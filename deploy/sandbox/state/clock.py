"""The sandbox's own time: it can run faster than the wall clock and can be jumped ahead, never back."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime

from deploy.sandbox import background

Callback = Callable[[], None]
LATEST = datetime(2150, 1, 1, tzinfo=UTC).timestamp()  # ids have room for milliseconds until 2154


class Clock:
    """Virtual seconds since the Unix epoch, with timers that follow scale and jumps."""

    def __init__(self) -> None:
        self.scale = 1.0
        self._base_virtual = time.time()
        self._base_real = time.monotonic()
        self._timers: list[tuple[float, int, Callback]] = []
        self._numbers = itertools.count()
        self._wake: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Virtual seconds since the epoch."""
        return self._base_virtual + (time.monotonic() - self._base_real) * self.scale

    def iso(self, at: float | None = None) -> str:
        """That time, or `at`, as ISO 8601 in UTC."""
        moment = datetime.fromtimestamp(self.now() if at is None else at, UTC)
        return moment.isoformat(timespec="microseconds")

    def to_real(self, virtual_seconds: float) -> float:
        """How long that many virtual seconds take on the wall clock."""
        return virtual_seconds / self.scale

    def set_scale(self, scale: float) -> None:
        """Let so many virtual seconds pass in each real one. Raises ValueError."""
        if not 0.01 <= scale <= 10_000:
            raise ValueError("scale must be between 0.01 and 10000")
        self._rebase(0.0)
        self.scale = scale
        self._arm()

    def jump(self, seconds: float) -> None:
        """Go ahead by so many virtual seconds; timers that fall due fire. Raises ValueError: back, or too far ahead."""
        if seconds < 0:
            raise ValueError("the clock cannot go back")
        if not self.now() + seconds <= LATEST:
            raise ValueError(f"the clock cannot go beyond {self.iso(LATEST)[:4]}, when ids would have no room left")
        self._rebase(seconds)
        self._arm()

    def call_later(self, seconds: float, callback: Callback) -> None:
        """Run `callback` on the event loop once that many virtual seconds have passed."""
        made = (self.now() + seconds, next(self._numbers), callback)
        heapq.heappush(self._timers, made)
        if self._timers[0] is made:  # else something is due before it, and is waited for
            self._arm()

    def stop(self) -> None:
        """Forget all timers."""
        self._timers.clear()
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None

    def _rebase(self, jump: float) -> None:
        self._base_virtual, self._base_real = self.now() + jump, time.monotonic()

    def _arm(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if self._timers:
            delay = max(0.0, self.to_real(self._timers[0][0] - self.now()))
            self._wake = asyncio.get_running_loop().call_later(delay, self._fire)

    def _fire(self) -> None:
        self._wake = None
        while self._timers and self._timers[0][0] <= self.now():
            callback = heapq.heappop(self._timers)[2]
            try:
                callback()
            except Exception as problem:  # noqa: BLE001 - one timer must not hold up the others
                background.report("A timer failed", problem)
        self._arm()
