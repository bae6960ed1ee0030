"""Looks again and again for what the backend could offer besides, and has it taken up when nothing is drawn."""

import asyncio
import contextlib
from collections.abc import Callable

EVERY = 5.0  # seconds


class Looking:
    """On the event loop; `found` is read by the GPU thread.

    Args:
        ready: whether the backend may be asked by now.
        look: asks it, in another thread.
        tell: called when it has something; it is not asked again until `taken`.

    Attributes:
        found: it has something new.
    """

    def __init__(self, ready: Callable[[], bool], look: Callable[[], bool], tell: Callable[[], None]) -> None:
        self._ready, self._look, self._tell = ready, look, tell
        self.found = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Until `stop`."""
        self._task = asyncio.get_running_loop().create_task(self._again())

    def stop(self) -> None:
        """No more."""
        if self._task:
            self._task.cancel()
        self.found = False

    def taken(self) -> None:
        """What was found is offered. From any thread."""
        self.found = False

    async def _again(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            if self.found or not self._ready():
                continue
            with contextlib.suppress(OSError):  # a disk that fails is looked at again
                if await asyncio.to_thread(self._look):
                    self.found = True
                    self._tell()
