"""Whether slots come by: each says so through a file beside the engine's socket, and their supervisor looks.

A slot comes by when it has asked Redis for a job, or has told it that its render goes on. One that hangs, that Redis
turns away or that RQ leads elsewhere does not, however alive its process is.
"""

import time
from pathlib import Path

_EVERY = 1.0  # seconds between two times that a slot says so


def _file(socket: Path) -> Path:
    return socket.with_name(socket.name + ".slots")


class SlotVisits:
    """A slot's side.

    Args:
        socket: of the engine.
    """

    def __init__(self, socket: Path) -> None:
        self._file, self._said = _file(socket), float("-inf")

    def came_by(self) -> None:
        """Say so, if it was a while ago."""
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            self._file.touch(mode=0o600)


class SlotWatch:
    """The supervisor's side.

    Args:
        socket: of the engine.
        patience: seconds without any slot that are no trouble yet.
    """

    def __init__(self, socket: Path, patience: float) -> None:
        self._file, self.patience = _file(socket), patience
        self._last = self._look()
        self._since = time.monotonic()

    def missing(self) -> bool:
        """Has none come by for too long?"""
        last = self._look()
        if last != self._last:
            self._last = last
            self.forgive()
        return time.monotonic() - self._since > self.patience

    def forgive(self) -> None:
        """Begin to wait anew: there is a reason why none could come."""
        self._since = time.monotonic()

    def _look(self) -> int:
        """When one last came, by the host's clock, which may be set: only a change counts."""
        try:
            return self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0
