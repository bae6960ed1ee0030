"""A model that ends the engine while it is read would end it at every start: what is being read is kept in a file.

The file names a model before it is read and forgets it when that is over, however it ended, or when the engine is told
to end. What it still names at the next start was being read when the engine died. After `DEATHS` of these in a row the
model comes last, and is left out until its files change as long as there are others to draw with. A death that took the
supervisor along says less, for it may have been the machine's, or of an operator who was in a hurry: after `ENDS`.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.engine import whole_file
from worker.engine.errors import ModelError

from .model_config import ModelConfig

if TYPE_CHECKING:
    from .fetch import ResolvedModel

DEATHS = 2  # of the engine alone; one may have been chance: memory that others took, someone's kill
ENDS = 4  # of either kind

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Died:
    """How often the engine died while it read a model: `alone`, with its supervisor alive, and in `all`."""

    alone: int = 0
    all: int = 0

    @property
    def too_often(self) -> bool:
        """Whether that is no chance any more."""
        return self.alone >= DEATHS or self.all >= ENDS

    def again(self, *, alone: bool) -> "Died":
        """Once more."""
        return Died(self.alone + alone, self.all + 1)


class LoadDeaths:
    """What the engine died of while it read models. `forgive` is for any thread, all else for the GPU thread.

    Args:
        path: the file; it lies in a folder of this engine's own.
        keeper: tells one supervisor from the next.
    """

    def __init__(self, path: Path, keeper: str = "") -> None:
        self._path, self._keeper = path, keeper
        self._reading, self._forgiven, self._lock = "", False, threading.Lock()
        self._deaths = self._read()

    @contextmanager
    def reading(self, model: "ResolvedModel") -> Iterator[None]:
        """Count a death of the engine in here as the model's."""
        self._reading = mark_of(model)
        self._write()
        try:
            yield
        finally:  # with what else was read by its name before: that is not there any more
            self._reading = ""
            over = self._of(model.config)
            self._deaths = {mark: died for mark, died in self._deaths.items() if mark not in over}
            self._write()

    def forgive(self) -> None:
        """The engine is told to end: whatever it reads now is not what ends it."""
        self._forgiven = True
        if self._reading:
            self._write()

    def order(self, model: ModelConfig) -> bool:
        """A key by which those that the engine died of come last."""
        return bool(self._of(model))

    def check(self, model: "ResolvedModel") -> None:
        """Raises ModelError when the engine died of it so often that it is not to be read where there are others."""
        died = self._of(model.config).get(mark_of(model), Died())
        if died.too_often:
            raise ModelError(
                model.config.info.id,
                f"the engine died {died.all} times while it read it. It is left out, and the others are drawn.",
                f"Put another file in its place, or delete {self._path} to have it tried again.",
            )

    def _of(self, model: ModelConfig) -> dict[str, Died]:
        """Its deaths by that name, by what was read: those of files that it had before are among them."""
        return {mark: died for mark, died in self._deaths.items() if mark.startswith(f"{model.info.id} ")}

    def _read(self) -> dict[str, Died]:
        try:
            raw: Any = json.loads(self._path.read_text())
            found = {str(mark): Died(int(alone), int(every)) for mark, (alone, every) in raw.get("deaths", {}).items()}
            if mark := str(raw.get("reading", "")):
                found[mark] = found.get(mark, Died()).again(alone=raw.get("keeper") == self._keeper)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            log.warning("%s cannot be read (%s); no model is left out for it", self._path, type(error).__name__)
            return {}
        return found

    def _write(self) -> None:
        try:
            with self._lock:
                deaths = {mark: (died.alone, died.all) for mark, died in self._deaths.items()}
                reading = "" if self._forgiven else self._reading
                told = {"deaths": deaths, "reading": reading, "keeper": self._keeper}
                whole_file.write(self._path, json.dumps(told, indent=1))
        except FileNotFoundError:  # an engine without a folder of its own, as in a test
            return
        except OSError as error:  # then nothing is counted, as if there were no such file
            log.warning("%s cannot be written: %s", self._path, error.strerror)


def mark_of(model: "ResolvedModel") -> str:
    """What stands for a model: its id, and a hash of its entry and of its files' fingerprint."""
    said = repr((model.config.origin.model_dump(mode="json"), str(model.path), model.print))
    return f"{model.config.info.id} {hashlib.sha256(said.encode()).hexdigest()[:16]}"
