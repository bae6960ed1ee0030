"""What one render takes, phase by phase, and what is left of it."""

import time

from worker.engine.protocol import Phase


class Stopwatch:
    """Set going by the GPU thread; anybody may read it.

    Attributes:
        phase: the one that it is in.
        begun: whether the GPU thread has taken the render up.
    """

    def __init__(self) -> None:
        self.phase: Phase | None = None
        self.begun = False
        self._start = self._since = time.monotonic()
        self._spent: dict[str, float] = {}
        self._worked: dict[str, float] = {}  # where a backend tells
        self._steps_since: float | None = None
        self._stepped, self._share = 0.0, 0.0  # when the last step was done, and the share of all that is

    def begin(self) -> None:
        """The GPU thread takes the render up. Before that it has waited, which counts as nothing."""
        self.begun = True
        self._start = self._since = time.monotonic()

    def enter(self, phase: Phase | None) -> None:
        """A phase begins, None at the end."""
        now = time.monotonic()
        if self.phase is not None:
            self._spent[self.phase] = self._spent.get(self.phase, 0.0) + now - self._since
        if phase == "steps" and self._steps_since is None:
            self._steps_since = now
        self.phase, self._since = phase, now

    def step(self, share: float) -> None:
        """So much of all steps is done."""
        self._stepped, self._share = time.monotonic(), share

    def worked(self, seconds: float) -> None:
        """For so long the device was at it, in its present phase: its own share of what was done for several.

        Where nobody says so, the device was at it from each phase's beginning to its end.
        """
        phase = self.phase or "encode"
        self._worked[phase] = self._worked.get(phase, 0.0) + seconds

    @property
    def device_seconds(self) -> float:
        """For how long the device was at it, up to the last phase that has ended."""
        return sum((self._spent | self._worked).values())

    @property
    def timings(self) -> dict[str, float]:
        """Milliseconds of the device by phase, and in all (`device`)."""
        seconds = self._spent | self._worked | {"device": self.device_seconds}
        return {name: round(each * 1000, 1) for name, each in seconds.items()}

    @property
    def total(self) -> float:
        """Milliseconds since it was taken up."""
        return round((time.monotonic() - self._start) * 1000, 1)

    def left(self, expected: float, steps: int) -> float:
        """Seconds until all its steps are done, by those that are.

        Before the first it is what is `expected` in all, or more if that does not come as soon as it should.
        """
        now, share = time.monotonic(), self._share
        if self._steps_since is None or not share:
            elapsed = now - self._start if self.begun else 0.0
            return max(expected, elapsed * steps) - elapsed
        return (self._stepped - self._steps_since) * (1 - share) / share - (now - self._stepped)
