"""How many rows a call of a model has at most, and how many pictures are decoded at once, in Easel's loop."""

import time
from collections.abc import Callable
from typing import Any

import diffusers
import torch

from worker.contract.types.request import Request
from worker.engine.step.memory import is_out_of_memory
from worker.engine.step.probe import SECONDS, Probe, measured
from worker.engine.step.stepper import Stepper

from .device import Device
from .load import LoadedModel

_ROWS = (2, 4, 8, 16, 32, 64)
_PICTURES = (1, 2, 4, 8)
_CPU_SECONDS = SECONDS / 2  # of the processor, which on a busy machine are many times as long
_EXACT_ROWS, _EXACT_PICTURES = 4, 2  # few, for most pictures are alone, and each call then has that many


class AtOnce:
    """Measured once for each device, model, number format and size, unless the operator says how many."""

    def __init__(self, device: Device, probe: Probe) -> None:
        self._device, self.probe = device, probe
        # A CPU may be wanted by others, who would make the first sizes look slow and the later ones not worth trying.
        # What runs in its threads beside this one works as long as this one does.
        on_cpu = device.torch_device.type == "cpu"
        self._by = ", processor time" if on_cpu else ""
        self._clock, self._most = (time.thread_time, _CPU_SECONDS) if on_cpu else (time.perf_counter, SECONDS)

    def rows(self, loaded: LoadedModel, stepper: Stepper, asked: Request) -> int:
        """Rows of one call, of which a picture with guidance takes two."""
        if self._device.together:
            return 2 * self._device.together
        if self._device.exact:
            return _EXACT_ROWS
        return self._best("rows", loaded, stepper, asked, _ROWS, _call(stepper, asked))

    def price(self, stepper: Stepper, asked: Request) -> float | None:
        """How many times as long a step of one picture takes where each call has the same rows; None where none has to.

        Of four pictures or four people nothing is for nothing, so they pay none of it.
        """
        _, without = stepper.family.conditions(asked)
        own = 1 if without is None else 2
        if not self._device.exact or self._device.together:
            return None
        call = _call(stepper, asked)
        each = measured((own, _EXACT_ROWS), lambda size: self._to_the_end(call, size), self._clock, self._most)
        return each[_EXACT_ROWS] * _EXACT_ROWS / (each[own] * own) if _EXACT_ROWS in each else None

    def decoded(self, loaded: LoadedModel, stepper: Stepper, asked: Request) -> int:
        """Pictures of one call of the decoder."""
        if self._device.exact:
            return _EXACT_PICTURES

        def call(pictures: int) -> Any:
            return stepper.family.decode(torch.randn(pictures, *stepper.family.shape(asked)).to(stepper.family.device))

        return self._best("decoded", loaded, stepper, asked, _PICTURES, call)

    def _best(
        self,
        what: str,
        loaded: LoadedModel,
        stepper: Stepper,
        asked: Request,
        sizes: tuple[int, ...],
        call: Callable[[int], Any],
    ) -> int:
        about = (
            what,
            self._device.name,
            f"{torch.get_num_threads()} threads{self._by}",
            f"{loaded.id} {loaded.resolved.revision}",
            "×".join(map(str, stepper.family.shape(asked))),
            str(stepper.family.dtype).removeprefix("torch."),
            f"torch {torch.__version__}",
            f"diffusers {diffusers.__version__}",
        )
        return self.probe.best(about, sizes, lambda size: self._to_the_end(call, size), self._clock, self._most)

    @torch.no_grad()
    def _to_the_end(self, call: Callable[[int], Any], size: int) -> None:
        try:
            call(size)
            if self._device.torch_device.type != "cpu":
                torch.accelerator.synchronize(self._device.torch_device)
            return
        except Exception as error:  # torch's out-of-memory errors have several types; the rest goes on
            if not is_out_of_memory(error):
                raise
        self._device.free_caches()  # outside the handler: its traceback would keep the tensors alive
        raise MemoryError


def _call(stepper: Stepper, asked: Request) -> Callable[[int], Any]:
    """A call of the model with so many rows."""
    family = stepper.family
    condition, _ = family.conditions(asked)

    def call(rows: int) -> Any:
        latents = torch.randn(rows, *family.shape(asked)).to(family.device, family.dtype)
        return family.call(latents, torch.full((rows,), 500.0, device=family.device), [condition] * rows)

    return call
