"""A fake engine that draws several renders at once, each turn a step of all, as Easel's own loop does."""

import time
from collections.abc import Iterator, Sequence

from .fake_backend import FakeBackend
from .render_task import RenderTask
from .turns import Ended


class FakeTogether(FakeBackend):
    """A step of several takes as long as one. `at_once`: how many renders fill it."""

    def __init__(self, step_ms: float, at_once: int) -> None:
        super().__init__(step_ms)
        self._at_once = at_once
        self._held: dict[RenderTask, Iterator[float]] = {}

    def at_once(self) -> int:
        """As many as it was told."""
        return self._at_once

    def full(self, tasks: Sequence[RenderTask]) -> bool:
        """Whether one more would have to wait."""
        return len(tasks) >= self._at_once

    def accepts(self, task: RenderTask) -> bool:
        """Whether there is room."""
        return not self.full([*self._held, task][:-1])

    def begin(self, task: RenderTask) -> None:
        """Take it up."""
        self._held[task] = self.drawing(task)

    def turn(self) -> list[Ended]:
        """A step of all."""
        ended: list[Ended] = []
        waits: dict[RenderTask, float] = {}
        for task, steps in self._held.items():
            try:
                waits[task] = next(steps)
            except StopIteration:
                ended.append(Ended(task))
            except Exception as error:  # noqa: BLE001 - whatever it is, its render has ended
                ended.append(Ended(task, error))
        for each in ended:
            del self._held[each.task]
        for first in [*waits][:1]:
            first.called([sum(task.request.count for task in waits)])
        time.sleep(max(waits.values(), default=0.0))
        for task, seconds in waits.items():
            task.worked(seconds / len(waits))
        return ended
