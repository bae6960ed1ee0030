"""The circuit breaker: a model whose renders fail one after the other takes a rest, and is then tried again.

It counts for each model by itself, for a fault is a model's more often than its engine's: the others go on. Counted are
jobs, not renders, so that one poisonous job cannot make a healthy model look sick. What it knows lies in a file beside
the socket, for the worst failure ends the process: a render that was under way when the last process ended counts as
failed, unless its supervisor ended as well.
"""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

log = logging.getLogger(__name__)

_DIED = "The engine died in the middle of it"


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
    """The job that is drawn, with which model, under which supervisor."""

    job: str = ""
    model: str = ""
    keeper: str = ""

    @classmethod
    def of(cls, raw: Any) -> Self:
        return cls(str(raw["job"]), str(raw["model"]), str(raw["keeper"]))


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
        self._running = _Running()
        self._read()
        if (last := self._running).job and last.keeper == keeper:
            log.warning("%s: %s", last.job, _DIED)
            self.failed(last.job, last.model, _DIED)

    def rests(self, model: str) -> bool:
        """Is nothing to be drawn with this model now?"""
        known = self._known.get(model)
        return known is not None and self._clock() < known.until

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

    def began(self, job: str, model: str) -> None:
        """A render begins."""
        self._running = _Running(job, model, self._keeper)
        self._write()

    def ended(self) -> None:
        """It ended in a way that says nothing of its model: cancelled, or the request's own fault."""
        self._running = _Running()
        self._write()

    def drew(self, model: str) -> None:
        """It ended well."""
        known = self._known.pop(model, None)
        if known and known.rests:
            log.info("%s draws again", model)
        self.ended()

    def failed(self, job: str, model: str, why: str) -> None:
        """It ended by its model's fault, or this engine's."""
        known = self._known[model]
        known.last = why
        known.failed = [*(each for each in known.failed if each != job), job]
        if 0 < self._after <= len(known.failed):
            known.until = self._clock() + min(self._most, self._first * 2.0**known.rests)
            known.rests += 1
            log.error("%s", self._words(model, known))
        self.ended()

    def _read(self) -> None:
        try:
            raw = json.loads(self._path.read_text()) if self._path else {"models": {}, "running": asdict(_Running())}
            self._known.update({str(model): _Known.of(each) for model, each in raw["models"].items()})
            self._running = _Running.of(raw["running"])
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:  # an older Easel's, or damaged
            log.warning("%s cannot be read (%s); starting afresh", self._path, type(error).__name__)
            self._known.clear()

    def _write(self) -> None:
        if self._path is None:
            return
        new = self._path.with_name(self._path.name + ".new")
        models = {model: asdict(known) for model, known in self._known.items()}
        try:
            new.write_text(json.dumps({"models": models, "running": asdict(self._running)}))
            new.replace(self._path)
        except OSError as error:  # without its memory it still works as long as the process lives
            log.warning("%s cannot be written: %s", self._path, error.strerror)
