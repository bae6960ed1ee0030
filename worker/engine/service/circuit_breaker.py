"""The circuit breaker: a model whose renders fail one after the other takes a rest, and is then tried again.

It counts for each model by itself, for a fault is a model's more often than its engine's: the others go on. Counted are
jobs, not renders, so that one poisonous job cannot make a healthy model look sick. What it knows lies in a file beside
the socket, for the worst failure ends the process: a render that was under way when the last process ended counts as
failed, unless its supervisor ended as well. Where several were under way, nobody knows whose fault it was: all of them
are suspects, which are drawn alone from then on, and only a death over one that is alone counts.
"""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from worker.engine import whole_file

log = logging.getLogger(__name__)

_DIED = "The engine died in the middle of it"
_SUSPECTS = 64  # remembered at most: some are drawn by another engine, or never again


@dataclass
class _Known:
    """Of one model.

    Attributes:
        failed: jobs since the last success.
        rests: how many there were since.
        until: seconds since the epoch.
        last: why the last job failed.
    """

    failed: list[str] = field(default_factory=list)
    rests: int = 0
    until: float = 0.0
    last: str = ""

    @classmethod
    def of(cls, raw: Any) -> Self:
        return cls([str(job) for job in raw["failed"]], int(raw["rests"]), float(raw["until"]), str(raw["last"]))


@dataclass
class _Running:
    """The jobs that are drawn, each with its model, under which supervisor."""

    keeper: str = ""
    models: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: Any) -> Self:
        return cls(str(raw["keeper"]), {str(job): str(model) for job, model in raw["models"].items()})


class CircuitBreaker:
    """Used by the GPU thread; `rests` and `words` by anybody. A model may be an upscaler as well.

    Args:
        path: where to remember; None: nowhere.
        after: jobs of a model that must fail in a row; 0: never rest.
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
        self._known: defaultdict[str, _Known] = defaultdict(_Known)
        self._running = _Running(keeper)
        self._suspects: list[str] = []
        self._read()
        last, self._running = self._running, _Running(keeper)
        if last.models and last.keeper == keeper:
            self._blame(last.models)

    def rests(self, model: str) -> bool:
        """Is nothing to be drawn with this model now?"""
        known, now = self._known.get(model), self._clock()
        return known is not None and now < known.until < now + 2 * self._most  # later: by a clock that was set back

    @property
    def words(self) -> tuple[str, ...]:
        """Which models rest and why, for health and logs."""
        return tuple(self._words(model, known) for model, known in self._known.copy().items() if self.rests(model))

    def _words(self, model: str, known: _Known) -> str:
        again = time.strftime("%H:%M:%S", time.localtime(known.until))
        return (
            f"{len(known.failed)} jobs in a row failed here with {model} (the last: {known.last}); "
            f"resting until {again}"
        )

    def _blame(self, died: dict[str, str]) -> None:
        log.warning("%s: %s", ", ".join(died), _DIED)
        if len(died) == 1:
            for job, model in died.items():
                self.failed(job, model, _DIED)
        else:
            self._suspects = [*(each for each in self._suspects if each not in died), *died][-_SUSPECTS:]
            self._write()

    def lost(self, job: str, model: str, why: str) -> None:
        """The device was lost over this job, or over one of those that are drawn with it; a new process comes."""
        died, self._running = self._running.models, _Running(self._keeper)
        if len(died) > 1:
            self._blame(died)
        elif not self.suspects(job):  # which it is where a mate's verdict came first
            self.failed(job, model, why)

    def suspects(self, job: str) -> bool:
        """Did an engine die while it drew this job among others? It is to be drawn alone."""
        return job in self._suspects

    def began(self, job: str, model: str) -> None:
        """A render begins."""
        self._running.models[job] = model
        self._write()

    def ended(self, job: str) -> None:
        """It ended in a way that says nothing of its model: cancelled, or the request's own fault."""
        self._running.models.pop(job, None)
        self._suspects = [each for each in self._suspects if each != job]
        self._write()

    def drew(self, job: str, model: str) -> None:
        """It ended well."""
        known = self._known.pop(model, None)
        if known and known.rests:
            log.info("%s draws again", model)
        self.ended(job)

    def failed(self, job: str, model: str, why: str) -> None:
        """It ended by its model's fault, or this engine's."""
        known = self._known[model]
        known.last = why
        known.failed = [*(each for each in known.failed if each != job), job]
        if 0 < self._after <= len(known.failed):
            known.until = self._clock() + min(self._most, self._first * 2.0**known.rests)
            known.rests += 1
            log.error("%s", self._words(model, known))
        self.ended(job)

    def _read(self) -> None:
        try:
            if self._path is None:
                return
            raw = json.loads(self._path.read_text())
            self._known.update({str(model): _Known.of(each) for model, each in raw["models"].items()})
            self._running = _Running.of(raw["running"])
            self._suspects = [str(job) for job in raw["suspects"]]
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:  # an older Easel's, or damaged
            log.warning("%s cannot be read (%s); starting afresh", self._path, type(error).__name__)
            self._known.clear()

    def _write(self) -> None:
        if self._path is None:
            return
        models = {model: asdict(known) for model, known in self._known.items()}
        try:
            running = asdict(self._running)
            told = {"models": models, "running": running, "suspects": self._suspects}
            whole_file.write(self._path, json.dumps(told))
        except OSError as error:  # without its memory it still works as long as the process lives
            log.warning("%s cannot be written: %s", self._path, error.strerror)
