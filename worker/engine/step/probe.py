"""How much is done at once is measured, not known: it depends on device, model, size and number format.

Seconds are taken for one, two, four … at a time, until more gains nothing; the fewest that are nearly as good as the
best are taken. What was found is kept in a file, for as long as nothing that it depends on changes.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from worker.engine import whole_file

log = logging.getLogger(__name__)

_NEARLY = 1.05  # times the least seconds for each
_TIRED = 2  # sizes in a row that brought nothing
_TRIES = 3  # of each size; the fastest counts, for whatever else the machine does only makes it slower
SECONDS = 3.0  # for one question; what is slower than that is not worth asking


class Probe:
    """Asks what is best, and remembers the answers.

    Args:
        path: file that they are kept in; None: nowhere.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known = self._read()

    def best(
        self,
        about: Sequence[str],
        sizes: Sequence[int],
        do: Callable[[int], None],
        clock: Callable[[], float] = time.perf_counter,
        most: float = SECONDS,
    ) -> int:
        """The best of some sizes, in rising order, measured only if that was never done.

        The answer depends on what it is `about`, and on nothing else. `do` works with so many at once, to the end; it
        raises MemoryError when they do not fit.
        """
        key = " · ".join(about)
        if key not in self._known:
            self._known[key] = found = choose(measured(sizes, do, clock, most))
            log.info("%s: %d at once", key, found)
            self._write()
        return min(max(self._known[key], sizes[0]), sizes[-1])

    def _read(self) -> dict[str, int]:
        try:
            raw: Any = json.loads(self._path.read_text()) if self._path else {}
            return {str(key): int(value) for key, value in raw.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            log.warning("%s cannot be read (%s); measuring anew", self._path, type(error).__name__)
            return {}

    def _write(self) -> None:
        if self._path is None:
            return
        try:
            whole_file.write(self._path, json.dumps(self._known, indent=1))
        except OSError as error:  # then it is measured again after the next start
            log.warning("%s cannot be written: %s", self._path, error.strerror)


def measured(
    sizes: Sequence[int],
    do: Callable[[int], None],
    clock: Callable[[], float] = time.perf_counter,
    most: float = SECONDS,
) -> dict[int, float]:
    """Seconds for each of so many at once, by size, for those that were worth trying. The first one always is."""
    found: dict[int, float] = {}
    began, idle, best = clock(), 0, float("inf")
    for size in sizes:
        try:
            seconds = _fastest(size, do, clock, most) / size
        except MemoryError:
            found.setdefault(size, float("inf"))
            break
        found[size] = seconds
        idle = 0 if seconds * _NEARLY < best else idle + 1
        best = min(best, seconds)
        if idle >= _TIRED or clock() - began > most:
            break
    return found


def _fastest(size: int, do: Callable[[int], None], clock: Callable[[], float], most: float) -> float:
    began = clock()
    taken: list[float] = []
    while len(taken) < _TRIES and (not taken or clock() - began < most):
        start = clock()
        do(size)
        taken.append(clock() - start)
    return min(taken)


def choose(seconds: dict[int, float]) -> int:
    """The fewest at once that are nearly as good as the best."""
    best = min(seconds.values())
    return next(size for size, each in sorted(seconds.items()) if each <= best * _NEARLY)
