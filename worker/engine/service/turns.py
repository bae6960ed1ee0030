"""How a backend draws several renders at once: it takes them up, and then works in turns."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .render_task import RenderTask


@dataclass(frozen=True)
class Ended:
    """A render that is over.

    Attributes:
        error: why it has not all of its pictures; None when it has.
        peak: bytes of device memory.
    """

    task: RenderTask
    error: Exception | None = None
    peak: int = 0


class OneByOne:
    """A backend that draws one render after the other, each in one turn."""

    def __init__(self) -> None:
        self._taken: deque[RenderTask] = deque()

    def look(self) -> bool:
        """What it offers stays the same."""
        return False

    def renew(self, alive: Callable[[], None]) -> None:
        """Nothing to take up."""

    def told_to_end(self) -> None:
        """Nothing to leave in order."""

    def draw(self, task: RenderTask) -> int:
        """Draw it to the end; returns the peak of device memory in bytes."""
        raise NotImplementedError

    def accepts(self, task: RenderTask) -> bool:
        """Whether `task` may be taken up beside those that are held."""
        del task  # any, once there is none
        return not self._taken

    def full(self, tasks: Sequence[RenderTask]) -> bool:
        """One is all that is drawn at a time."""
        return bool(tasks)

    def at_once(self) -> int:
        """One."""
        return 1

    def begin(self, task: RenderTask) -> None:
        """Take it up."""
        self._taken.append(task)

    def turn(self) -> list[Ended]:
        """Draw the next one."""
        task = self._taken.popleft()
        try:
            return [Ended(task, peak=self.draw(task))]
        except Exception as error:  # noqa: BLE001 - whatever it is, its render has ended
            return [Ended(task, error)]
