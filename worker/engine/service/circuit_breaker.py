"""The circuit breaker: an engine whose renders fail one after the other takes a rest, and then tries again.

Counted are jobs, not renders, so that one poisonous job cannot make a healthy engine look sick. What it knows lies in
a file beside the socket, for the worst failure ends the process: a render that was under way when the last process
ended counts as failed, unless its supervisor ended as well.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

log = logging.getLogger(__name__)

_DIED = "The engine died in the middle of it"


@dataclass
class _Known:
    """`failed`: jobs since the last success. `rests`: how many there were since. `until`: seconds since the epoch.

    `running`: the job that is drawn; `keeper`: under which supervisor.
    """

    failed: list[str] = field(default_factory=list)
    rests: int = 0
    until: float = 0.0
    last: str = ""
    running: str = ""
    keeper: str = ""

    @classmethod
    def of(cls, raw: Any) -> Self:
        return cls(
            [str(job) for job in raw["failed"]],
            int(raw["rests"]),
            float(raw["until"]),
            str(raw["last"]),
            str(raw["running"]),
            str(raw["keeper"]),
        )


class CircuitBreaker:
    """Used by the GPU thread; `resting` and `words` by anybody.

    Args:
        path: where to remember; None: nowhere.
        after: jobs that must fail in a row; 0: never rest.
        keeper: tells one supervisor from the next.
        first, most: seconds of a rest: the first one, doubled for each further one up to the most.
    """

    def __init__(
        self,
        path: Path | None = None,
        after: int = 3,
        first: float = 30.0,
        most: float = 600.0,
        keeper: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path, self._after, self._first, self._most, self._clock = path, after, first, most, clock
        self._keeper = keeper
        self._known = self._read()
        if (job := self._known.running) and self._known.keeper == keeper:
            log.warning("%s: %s", job, _DIED)
            self.failed(job, _DIED)

    @property
    def resting(self) -> bool:
        """Is nothing to be drawn now?"""
        return self._clock() < self._known.until

    @property
    def words(self) -> str:
        """Why, for health and logs; empty when it does not rest."""
        if not self.resting:
            return ""
        known, again = self._known, time.strftime("%H:%M:%S", time.localtime(self._known.until))
        return f"{len(known.failed)} jobs in a row failed here (the last: {known.last}); resting until {again}"

    def began(self, job: str) -> None:
        """A render begins."""
        self._known.running, self._known.keeper = job, self._keeper
        self._write()

    def ended(self) -> None:
        """It ended in a way that says nothing of this engine: cancelled, or the request's own fault."""
        self._known.running = ""
        self._write()

    def drew(self) -> None:
        """It ended well."""
        if self._known.rests:
            log.info("the engine draws again")
        self._known = _Known()
        self._write()

    def failed(self, job: str, why: str) -> None:
        """It ended by this engine's fault."""
        known = self._known
        known.running, known.last = "", why
        known.failed = [*(each for each in known.failed if each != job), job]
        if 0 < self._after <= len(known.failed):
            known.until = self._clock() + min(self._most, self._first * 2.0**known.rests)
            known.rests += 1
            log.error("%s", self.words)
        self._write()

    def _read(self) -> _Known:
        try:
            return _Known.of(json.loads(self._path.read_text())) if self._path else _Known()
        except FileNotFoundError:
            return _Known()
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read (%s); starting afresh", self._path, type(error).__name__)
            return _Known()

    def _write(self) -> None:
        if self._path is None:
            return
        new = self._path.with_name(self._path.name + ".new")
        try:
            new.write_text(json.dumps(asdict(self._known)))
            new.replace(self._path)
        except OSError as error:  # without its memory it still works as long as the process lives
            log.warning("%s cannot be written: %s", self._path, error.strerror)
