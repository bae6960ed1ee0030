"""Has the engine a free place, and is it this slot's turn to fill it?

Slots of one engine take turns through a file lock beside its socket: the slot that holds it may claim, and its work
horse lets go once the engine has taken the render. So no attempt is ever spent on finding the place taken.
The lock belongs to the open file that slot and horse share through the fork; it falls when both are gone. One that
hangs or was paused keeps it; so a turn that lasts too long is void, and the file is replaced.
"""

import fcntl
import os
import time
from pathlib import Path

from .client import EngineAwayError, health


class EngineTurn:
    """One slot's view of its engine's places.

    Args:
        path: of the engine's socket.
        longest: seconds that a turn may last.
    """

    def __init__(self, path: Path, longest: float = 20.0) -> None:
        self._path, self._longest = path, longest
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._turn = path.with_name(path.name + ".turn")
        self._lock = self._open()
        self.away = False

    def take(self) -> tuple[str, ...]:
        """The engine's capabilities now, with the turn held; empty, and nothing held, when there is no room."""
        if not self._take_turn():
            return ()
        capabilities = self._capabilities()
        if not capabilities:
            self.leave()
        return capabilities

    def leave(self) -> None:
        """Give the turn back, from the slot or from its work horse."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Drop the lock's file."""
        os.close(self._lock)

    def _open(self) -> int:
        return os.open(self._turn, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _take_turn(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.time() - os.fstat(self._lock).st_mtime > self._longest:
                self._replace()
            return False
        if not self._current():
            self._reopen()
            return False
        os.utime(self._lock)
        return True

    def _current(self) -> bool:
        """Is the file that we have open still the one that everybody locks?"""
        try:
            return os.path.samestat(os.fstat(self._lock), self._turn.stat())
        except FileNotFoundError:
            return False

    def _replace(self) -> None:
        if self._current():
            self._turn.unlink(missing_ok=True)
        self._reopen()

    def _reopen(self) -> None:
        self.close()
        self._lock = self._open()

    def _capabilities(self) -> tuple[str, ...]:
        try:
            state = health(self._path)
        except EngineAwayError:
            self.away = True
            return ()
        self.away = False
        if state.state != "ready" or state.places < 1:
            return ()
        return state.capabilities
