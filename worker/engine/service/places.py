"""How many more renders an engine wants: as many as it gains by drawing together, and one ahead, in time.

The next render comes a little before the last one is over, so that the device never waits for it, and no earlier: what
has been claimed can be drawn nowhere else, and whoever comes meanwhile may have a better right to be next.
"""

from collections.abc import Sequence
from typing import Protocol

from .render_task import RenderTask

_AHEAD = 1.0  # seconds before the device is free: several times what a claim and a new process take on a busy machine
_ON_WAY = 4  # at once: how many rows they will have is not known before they are here
_RECENT = 0.5  # weight of the last render in what renders of its kind take


class DrawsTogether(Protocol):
    """What is asked of a backend here."""

    def full(self, tasks: Sequence[RenderTask]) -> bool:
        """Whether the device gains nothing by one more that is drawn with these."""

    def at_once(self) -> int:
        """How many renders it draws together at most."""


class Places:
    """Used on the event loop, but for `learn`.

    Args:
        beyond: renders that are wanted beyond the first, whatever they are; None: as many as are worth it.
        backend: knows what it gains by drawing together.
    """

    def __init__(self, beyond: int | None, backend: DrawsTogether) -> None:
        self._beyond, self._backend = beyond, backend
        self._pace: dict[str, float] = {}  # seconds for a unit of cost, by model

    def free(self, held: Sequence[RenderTask]) -> int:
        """How many more are wanted, beside those that are held, in the order of their arrival."""
        if self._beyond is not None:
            return max(0, 1 + self._beyond - len(held))
        drawn = self._drawn(held)
        if drawn is None:
            return max(1, min(_ON_WAY, self._backend.at_once() - len(held)))
        return int(len(held) == drawn and min(map(self._left, held)) <= _AHEAD)

    def behind(self, held: Sequence[RenderTask]) -> Sequence[RenderTask]:
        """Those that wait for others to be over."""
        drawn = self._drawn(held)
        return [] if drawn is None else [task for task in held[drawn:] if not task.begun]

    def _drawn(self, held: Sequence[RenderTask]) -> int | None:
        """How many of them give the device enough to do; None: they do not."""
        return next((count for count in range(len(held) + 1) if self._full(held[:count])), None)

    def _full(self, tasks: Sequence[RenderTask]) -> bool:
        return self._backend.full(tasks) or any(task.alone for task in tasks)

    def learn(self, task: RenderTask) -> None:
        """A render is drawn."""
        model, pace = task.request.resource, task.stopwatch.device_seconds / _cost(task)
        self._pace[model] = _RECENT * pace + (1 - _RECENT) * self._pace.get(model, pace)

    def _left(self, task: RenderTask) -> float:
        """Seconds until its steps are done; those of a decoder are on top."""
        pace = self._pace.get(task.request.resource)
        return task.stopwatch.left(pace * _cost(task) if pace else float("inf"), task.request.steps)


def _cost(task: RenderTask) -> float:
    return task.parts * task.request.cost()
