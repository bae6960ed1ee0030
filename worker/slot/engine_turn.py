"""Has the engine a free place, and is it this slot's turn to claim for it?

Slots of one engine take turns through a file lock beside its socket: the slot that holds it looks for a place and may
claim. The turn ends with the claim; what was claimed and is not yet at the engine takes a place as well, so each such
claim is a locked file of its own, until its attempt is there. So no attempt is ever spent on finding the place taken.
A lock belongs to the open file that slot and work horse share through the fork; it falls when both are gone. One that
hangs or was paused keeps it; so a lock that is held for too long is void, and its file is removed.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .client import EngineAwayError, health


class EngineTurn:
    """One slot's view of its engine's places.

    Args:
        path: of the engine's socket.
        longest: seconds that a turn may last, and that a claim may take to the engine.

    Attributes:
        away: whether the engine did not answer when it was asked last.
        warm: models and upscalers that it had loaded then.
    """

    def __init__(self, path: Path, longest: float = 20.0) -> None:
        self._path, self._longest = path, longest
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._turn = path.with_name(path.name + ".turn")
        self._lock = self._open()
        self.away = False
        self.warm: tuple[str, ...] = ()

    def take(self) -> tuple[str, ...]:
        """The engine's capabilities now, with the turn held; empty, and nothing held, when there is no room."""
        if not self._take_turn():
            return ()
        capabilities = self._capabilities()
        if not capabilities:
            self.leave()
        return capabilities

    def claimed(self) -> "ClaimOnWay":
        """Pass the turn on, with a job claimed that is on its way to the engine."""
        # Counting and making happen in a slot's turn, so none is ever seen before it is locked.
        on_way = ClaimOnWay(self._path.with_name(f"{self._path.name}.claim-{secrets.token_hex(6)}"))
        self.leave()
        return on_way

    def leave(self) -> None:
        """Give the turn back."""
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
        if state.state != "ready" or state.places <= sum(map(self._lives, self._on_way())):
            return ()
        self.warm = state.warm
        return state.capabilities

    def _on_way(self) -> Iterator[Path]:
        return self._path.parent.glob(f"{self._path.name}.claim-*")

    def _lives(self, claim: Path) -> bool:
        """Is a slot still on the way with this claim? The file of one that died, or takes too long, is removed."""
        with suppress(FileNotFoundError):
            file = os.open(claim, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.time() - os.fstat(file).st_mtime <= self._longest:
                    return True
            finally:
                os.close(file)
            claim.unlink(missing_ok=True)
        return False


class ClaimOnWay:
    """A job that was claimed and is on its way to the engine, from where it has no need of a place any more."""

    def __init__(self, path: Path, lock: int | None = None) -> None:
        """`lock` is its open file, where a slot has handed that to a work horse."""
        self._path = path
        self._lock = lock
        if lock is None:
            self._lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def shared(self) -> tuple[str, int | None]:
        """Its path and its open file, for a work horse that was forked before; no file once it is there."""
        return str(self._path), self._lock

    def arrived(self) -> None:
        """It is there, or will never be; said from the slot or from its work horse, once or more often."""
        if self._lock is None:
            return
        self._path.unlink(missing_ok=True)
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        os.close(self._lock)
        self._lock = None
