"""Time budgets: a phase that overstays fails its render, and one that never comes back ends the process.

A GPU call that hangs cannot be interrupted from Python, so the only cure is a new process; the supervisor
starts it. The watchdog is a thread of its own because the GPU thread and the event loop may both be stuck.
"""

import faulthandler
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

EXIT_HUNG = 75  # EX_TEMPFAIL: start me again


def exit_hung() -> None:
    """End the process at once, saying where every thread stands (names of functions only, no values)."""
    faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
    os._exit(EXIT_HUNG)


@dataclass
class _Stage:
    name: str
    budget: float
    expired: Callable[[str, float], None]
    since: float = field(default_factory=time.monotonic)
    told: bool = False


class Watchdog:
    """Watches what the GPU thread does.

    Args:
        grace: seconds beyond the budget before the process is given up.
        give_up: what ends the process.
        tick: seconds between looks.
    """

    def __init__(self, grace: float, give_up: Callable[[], None] = exit_hung, tick: float = 0.2) -> None:
        self._grace, self._give_up, self._tick = grace, give_up, tick
        self._stage: _Stage | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def enter(self, name: str, budget: float, expired: Callable[[str, float], None]) -> None:
        """The GPU thread begins something that may take `budget` seconds; else `expired(name, budget)`."""
        with self._lock:
            self._stage = _Stage(name, budget, expired)

    def leave(self) -> None:
        """The GPU thread is idle."""
        with self._lock:
            self._stage = None

    def _watch(self) -> None:
        while not self._stop.wait(self._tick):
            self._look()

    def _look(self) -> None:
        with self._lock:
            stage = self._stage
            if stage is None:
                return
            over = time.monotonic() - stage.since - stage.budget
            first, stage.told = over > 0 and not stage.told, stage.told or over > 0
        if first:
            log.error("%s took longer than its %g s", stage.name, stage.budget)
            stage.expired(stage.name, stage.budget)
        if over > self._grace:
            log.critical(
                "%s has not come back %g s after its budget of %g s: the engine ends itself to be started anew",
                stage.name,
                self._grace,
                stage.budget,
            )
            self._give_up()
