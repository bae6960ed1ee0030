"""The models in memory: as many as fit, the least recently drawn one goes first."""

import logging
from collections import OrderedDict

from worker.engine.errors import ModelError, OutOfMemoryError
from worker.engine.step.memory import is_out_of_memory

from .device import Device
from .fetch import ResolvedModel, bytes_of
from .load import LoadedModel, load, release

log = logging.getLogger(__name__)


class ModelCache:
    """Holds pipelines; used by the GPU thread only.

    Args:
        most: pipelines at most; 0 for as many as fit.
    """

    def __init__(self, device: Device, most: int = 0) -> None:
        self._device, self._most = device, most
        self._held: OrderedDict[str, LoadedModel] = OrderedDict()
        self._measured: dict[str, int] = {}  # bytes that a model took when it was loaded last, where that can be told

    def __contains__(self, model: str) -> bool:
        return model in self._held

    @property
    def names(self) -> tuple[str, ...]:
        """Of all models in memory; any thread may ask."""
        return tuple(self._held)

    def held(self, model: str) -> LoadedModel | None:
        """A model that is in memory."""
        return self._held.get(model)

    def fits(self, resolved: ResolvedModel) -> bool:
        """Whether one more model fits without another going."""
        if self._most and len(self._held) >= self._most:
            return False
        # Activations are in the share that `room` leaves free, and a wrong guess is caught by `_load`.
        return self._measured.get(resolved.config.info.id, bytes_of(resolved, self._device)) <= self._device.room()

    def take(self, resolved: ResolvedModel) -> LoadedModel:
        """The model in memory, loading it and letting others go as needed.

        Raises:
            ModelError: it cannot be loaded.
            OutOfMemoryError: it does not fit even alone.
        """
        model = resolved.config.info.id
        if model in self._held:
            self._held.move_to_end(model)
            return self._held[model]
        # Others go before the load begins, since running out of memory midway costs the whole load.
        while self._held and not self.fits(resolved):
            self._drop_oldest()
        held = self._load(resolved)
        self._held[model] = held
        return held

    def clear(self) -> None:
        """Let all models go."""
        for model in self._held:
            log.info("model %s: let go, for nobody has asked for anything", model)
        if self._held:
            self._held.clear()
            self._reclaim()

    def drop(self, model: str) -> None:
        """Let a model go, if it is held."""
        if self._held.pop(model, None) is not None:
            self._reclaim()

    def make_room(self, model: str) -> None:
        """Let every other model go, and what torch holds but does not use."""
        # All at once: this is asked for when a render has failed already, and each further try costs its steps again.
        for other in [each for each in self._held if each != model]:
            log.info("model %s: let go to make room", other)
            del self._held[other]
        self._reclaim()

    def _load(self, resolved: ResolvedModel) -> LoadedModel:
        while True:
            try:
                return self._measure(resolved)
            except ModelError:
                raise
            except Exception as error:  # torch's out-of-memory errors have several types; the rest goes on
                if not is_out_of_memory(error):
                    raise
                if not self._held:
                    raise OutOfMemoryError(
                        resolved.config.info.size(1, 1)[0], resolved.config.info.size(1, 1)[1]
                    ) from error
            self._drop_oldest()  # outside the handler, whose traceback holds the tensors that were loaded so far

    def _measure(self, resolved: ResolvedModel) -> LoadedModel:
        """Load it and note what it took; files tell little of what is padded, or held in fewer bits."""
        before = self._device.held()
        loaded = load(resolved, self._device)
        after = self._device.held()
        if before is not None and after is not None and resolved.config.origin.offload != "model":
            self._measured[resolved.config.info.id] = after - before
        return loaded

    def _drop_oldest(self) -> None:
        model, _ = self._held.popitem(last=False)
        log.info("model %s: let go to make room", model)
        self._reclaim()

    def _reclaim(self) -> None:
        release()
        self._device.free_caches()
