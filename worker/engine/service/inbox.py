"""What the event loop hands to the GPU thread.

Should nothing come for a while, what was kept to be used again is given back; for long, models are.
"""

import contextlib
import queue
from collections.abc import Callable
from enum import Enum

from . import memory
from .render_task import RenderTask

_WHILE = 10.0  # seconds


class News(Enum):
    """What is no render."""

    NEWS = "the backend has something new to offer"


Letter = RenderTask | News | None


class Inbox:
    """Renders in the order of their arrival, NEWS that the backend has something new to offer, and None at the end.

    Args:
        patience: seconds of waiting after which `unload` is called, on the GPU thread; 0: never.
    """

    def __init__(self, patience: float, unload: Callable[[], None]) -> None:
        self._tasks: queue.SimpleQueue[Letter] = queue.SimpleQueue()
        self._patience, self._unload = patience, unload

    def put(self, letter: "Letter") -> None:
        """From any thread."""
        self._tasks.put(letter)

    def get(self, *, wait: bool) -> "Letter":
        """The next one. Raises queue.Empty where there is none and nobody waits for it."""
        if not wait:
            return self._tasks.get_nowait()
        moments = [(_WHILE, memory.give_back)]
        if self._patience:
            moments += [(self._patience, self._unload), (self._patience, memory.give_back)]
        waited = 0.0
        for moment, give_back in sorted(moments, key=lambda each: each[0]):
            with contextlib.suppress(queue.Empty):
                return self._tasks.get(timeout=max(0.0, moment - waited))
            waited = moment
            give_back()
        return self._tasks.get()
