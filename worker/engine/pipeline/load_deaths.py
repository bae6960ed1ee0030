"""A model that ends the engine while it is read would end it at every start: what was being read is kept in a file.

The file names a model before it is read and forgets it when that is over, however it ended. What it still names at the
next start was being read when the engine died. After `DEATHS` of these in a row the model comes last, and is left out
until its files change as long as there are others to draw with.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from worker.engine.errors import ModelError

from .fetch import ResolvedModel
from .model_config import ModelConfig

DEATHS = 2  # one may have been the machine's: power, memory that others took, someone's kill

log = logging.getLogger(__name__)


class LoadDeaths:
    """What the engine died of while it read models.

    Args:
        path: the file; it lies in a folder of this engine's own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._deaths = self._read()

    @contextmanager
    def reading(self, model: ResolvedModel) -> Iterator[None]:
        """Count a death of the engine in here as the model's."""
        mark = mark_of(model)
        self._write(self._deaths | {mark: self._deaths.get(mark, 0) + 1})
        try:
            yield
        finally:
            self._deaths.pop(mark, None)
            self._write(self._deaths)

    def order(self, model: ModelConfig) -> bool:
        """A key by which those that the engine died of come last."""
        return any(mark.startswith(f"{model.info.id} ") for mark in self._deaths)

    def check(self, model: ResolvedModel) -> None:
        """Raises ModelError when the engine died of it so often that it is not to be read where there are others."""
        deaths = self._deaths.get(mark_of(model), 0)
        if deaths >= DEATHS:
            raise ModelError(
                model.config.info.id,
                f"the engine died {deaths} times while it read it. It is left out, and the others are drawn.",
                f"Put another file in its place, or delete {self._path} to have it tried again.",
            )

    def _read(self) -> dict[str, int]:
        try:
            raw: Any = json.loads(self._path.read_text())
            return {str(mark): int(deaths) for mark, deaths in raw.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            log.warning("%s cannot be read (%s); no model is left out for it", self._path, type(error).__name__)
            return {}

    def _write(self, deaths: dict[str, int]) -> None:
        new = self._path.with_name(self._path.name + ".new")
        try:
            new.write_text(json.dumps(deaths, indent=1))
            new.replace(self._path)
        except FileNotFoundError:  # an engine without a folder of its own, as in a test
            return
        except OSError as error:  # then nothing is counted, as if there were no such file
            log.warning("%s cannot be written: %s", self._path, error.strerror)


def mark_of(model: ResolvedModel) -> str:
    """What stands for a model: its id, and a hash of its entry and of its files' fingerprint."""
    said = repr((model.config.origin.model_dump(mode="json"), str(model.path), model.print))
    return f"{model.config.info.id} {hashlib.sha256(said.encode()).hexdigest()[:16]}"
