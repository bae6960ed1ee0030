"""What the event loop hands to the GPU thread. Should nothing come for long, models give back their memory."""

import contextlib
import queue
from collections.abc import Callable

from .render_task import RenderTask


class Inbox:
    """Renders in the order of their arrival, and None at the end.

    Args:
        patience: seconds of waiting after which `unload` is called, on the GPU thread; 0: never.
    """

    def __init__(self, patience: float, unload: Callable[[], None]) -> None:
        self._tasks: queue.SimpleQueue[RenderTask | None] = queue.SimpleQueue()
        self._patience, self._unload = patience, unload

    def put(self, task: RenderTask | None) -> None:
        """From any thread."""
        self._tasks.put(task)

    def get(self, *, wait: bool) -> RenderTask | None:
        """The next one. Raises queue.Empty where there is none and nobody waits for it."""
        if wait and self._patience:
            with contextlib.suppress(queue.Empty):
                return self._tasks.get(timeout=self._patience)
            self._unload()
        return self._tasks.get(block=wait)
