"""Devices on which several jobs are drawn at once, as Easel's loop draws them: all on one advance alike.

Drawn together they take less of the device than one after the other: of `gain` times as much work in a second, where
as many are drawn as can be. Times are seconds.
"""

import math
from dataclasses import dataclass, field


@dataclass
class _Render:
    work: float  # what it takes alone
    left: float = field(init=False)
    share: float = 0.0  # of its device's time, so far

    def __post_init__(self) -> None:
        self.left = self.work


class Devices:
    """`count` of them, each of which draws `at_once` jobs at most."""

    def __init__(self, count: int, at_once: int = 1, gain: float = 1.0) -> None:
        self._on: list[dict[str, _Render]] = [{} for _ in range(count)]
        self._at_once, self._gain, self._now = at_once, gain, 0.0

    @property
    def free(self) -> bool:
        """Whether one may be taken up."""
        return any(len(each) < self._at_once for each in self._on)

    def take(self, job: str, work: float, now: float) -> None:
        """Begin a job that would take `work` alone, where the fewest are drawn."""
        self.go(now)
        min(self._on, key=len)[job] = _Render(work)

    def go(self, now: float) -> None:
        """Draw until then."""
        for renders in self._on:
            for each in renders.values():
                each.left -= (now - self._now) * self._speed(len(renders)) / len(renders)
                each.share += (now - self._now) / len(renders)
        self._now = now

    def soonest(self) -> tuple[float, str]:
        """When the first is done if none is taken up before, and which; infinity when nothing is drawn."""
        found = [(self._now + max(0.0, each.left) * len(renders) / self._speed(len(renders)), job)
                 for renders in self._on for job, each in renders.items()]  # fmt: skip
        return min(found, default=(math.inf, ""))

    def done(self, job: str) -> float:
        """Take it away; returns how much of its device's time it took."""
        return next(each.pop(job).share for each in self._on if job in each)

    def progress(self) -> dict[str, float]:
        """Which share of each is done."""
        return {job: 1 - max(0.0, each.left) / each.work for renders in self._on for job, each in renders.items()}

    def _speed(self, drawn: int) -> float:
        if drawn < 2:
            return 1.0
        return 1 + (self._gain - 1) * (1 - 1 / drawn) / (1 - 1 / self._at_once)
