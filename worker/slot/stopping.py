"""When RQ's worker may be stopped: between two looks for a job, and in the waits for one."""

from collections.abc import Iterator
from contextlib import contextmanager

from rq.exceptions import StopRequested


class Stopping:
    """One slot's.

    RQ's own handler raises out of whatever an idle worker does. Out of its goodbye to Redis that ended the process with
    a traceback, and a log line or a callback that was being run would have swallowed it.
    """

    def __init__(self) -> None:
        self._asked = self._waits = False

    def ask(self) -> None:
        """It is to stop; called by a signal's handler. Raises StopRequested in a wait, and else nothing."""
        self._asked = True
        if self._waits:
            raise StopRequested

    def look(self) -> None:
        """Nothing would be lost now. Raises StopRequested if it is to stop."""
        if self._asked:
            raise StopRequested

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Nothing will be lost meanwhile. Raises StopRequested, also at once."""
        self._waits = True
        try:
            self.look()
            yield
        finally:
            self._waits = False
