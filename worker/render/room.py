"""Has the engine a free place, and is it this slot's turn to fill it?

Slots of one engine take turns through a file lock beside its socket: the slot that holds it may claim, and its work
horse lets go once the engine has taken the render. So no attempt is ever spent on finding the place taken.
The lock belongs to the open file that slot and horse share through the fork; it falls when both are gone.
"""

import fcntl
import os
from pathlib import Path

from .client import EngineAwayError, health


class Room:
    """One slot's view of its engine's places.

    Args:
        path: of the engine's socket.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(path.with_name(path.name + ".turn"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.away = False

    def take(self) -> tuple[str, ...]:
        """The models that can be drawn now, with the turn held; empty, and nothing held, when there is no room."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return ()
        models = self._models()
        if not models:
            self.leave()
        return models

    def leave(self) -> None:
        """Give the turn back, from the slot or from its work horse."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Drop the lock's file."""
        os.close(self._lock)

    def _models(self) -> tuple[str, ...]:
        try:
            state = health(self._path)
        except EngineAwayError:
            self.away = True
            return ()
        self.away = False
        if state.state != "ready" or state.places < 1:
            return ()
        return tuple(model.id for model in state.models)
