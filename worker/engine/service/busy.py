"""For how long the thread of the device was at work."""

import time
from typing import Self


class Busy:
    """Entered by that thread for each piece of work; any thread may read `seconds`."""

    def __init__(self) -> None:
        self._state: tuple[float, float | None] = (0.0, None)  # in one piece, so that nobody reads half a change

    def __enter__(self) -> Self:
        self._state = self._state[0], time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self._state = self.seconds, None

    @property
    def seconds(self) -> float:
        """Since the start, with what is under way; it never shrinks."""
        done, since = self._state
        return done if since is None else done + time.monotonic() - since
