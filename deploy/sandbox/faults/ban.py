"""The ban of a caller that was refused too often: the proxy in front of Discord answers in its place."""

from collections import deque

from deploy.sandbox.state.clock import Clock

WINDOW = 600.0
INVALID = (401, 403, 429)


class Ban:
    """10,000 refusals (401, 403, 429) within ten minutes, and every call is answered with 429 for the next ten.

    A 429 of scope "shared" does not count: it is not the caller's fault. Times are the sandbox's.
    """

    def __init__(self, clock: Clock) -> None:
        self.after = 10_000
        self._clock = clock
        self._refused: deque[float] = deque()
        self._ends = 0.0

    @property
    def seconds_left(self) -> float:
        """Real seconds until calls are served again; 0 when they are."""
        return max(0.0, self._clock.to_real(self._ends - self._clock.now())) if self._ends else 0.0

    @property
    def counted(self) -> int:
        """How many refusals of the last ten minutes count."""
        oldest = self._clock.now() - WINDOW
        while self._refused and self._refused[0] < oldest:
            self._refused.popleft()
        return len(self._refused)

    def count(self, status: int, scope: str | None) -> None:
        """Count an answer; the ban starts when it is one too many."""
        if status not in INVALID or scope == "shared" or self.seconds_left:
            return
        self._refused.append(self._clock.now())
        if self.counted >= self.after:
            self._ends = self._clock.now() + WINDOW
            self._refused.clear()

    def lift(self) -> None:
        """Let everyone in again, and forget what was counted."""
        self._ends = 0.0
        self._refused.clear()
