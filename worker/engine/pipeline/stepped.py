"""One request → its pictures by Easel's own loop (`worker.engine.step`): all of them advance together.

A render takes its steps in turns, each of them one step of all its pictures; what is decoded is decoded between turns.
When memory does not suffice, caches are freed, then less is done at once: fewer rows of a call, fewer pictures of the
decoder, at last tiles. A step that did not fit is taken again from where it began, so no step is lost, and what fitted
is remembered as long as the model is held.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator

import torch
from PIL import Image

from worker.contract.types import cause as causes
from worker.contract.types.request import Request
from worker.engine.errors import OutOfMemoryError, RenderError
from worker.engine.service.render_task import RenderTask
from worker.engine.step.advance import advance
from worker.engine.step.stepper import Stepper
from worker.engine.step.tables import Table
from worker.engine.step.trajectory import Trajectory

from .at_once import AtOnce
from .denoise import sparingly
from .device import Device, is_out_of_memory
from .load import LoadedModel
from .pace import StepPace
from .render import Render
from .schedulers import fresh

log = logging.getLogger(__name__)


class Stepped:
    """One render.

    Args:
        at_once: how much of it is worth doing at once.
        free: makes room in the device's memory.

    Raises:
        NotLinearError: the sampler is none for this loop.
        UnfitError: the model cannot draw this.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        stepper: Stepper,
        task: RenderTask,
        device: Device,
        at_once: AtOnce,
        free: Callable[[], None],
    ) -> None:
        self._loaded, self._stepper, self._task, self._free = loaded, stepper, task, free
        self._table = _table(loaded, stepper, task.request)
        self._render, self._pace = Render(loaded, task), StepPace(device.torch_device)
        self._shape, self._exact = stepper.family.shape(task.request), device.exact
        self._at_once, self._rows, self._decoded_most = at_once, 1, 1

    def run(self) -> None:
        """Draw every picture and hand them over as they are finished.

        Raises:
            OutOfMemoryError: it does not fit even so.
            RenderError: and its kin, as the task says.
        """
        self._task.phase("encode")
        asked, blank = self._render.asked, dict[int, Image.Image]()
        for index, image in self._pictures(asked, self._render.left, again=False):
            self._render.first(index, image, blank)
        if blank:
            for index, image in self._pictures(asked.reseeded(), [*blank], again=True):
                self._render.second(index, image, blank)

    def _pictures(self, asked: Request, indices: list[int], *, again: bool) -> Iterator[tuple[int, Image.Image]]:
        started: list[dict[int, Trajectory]] = []
        self._fit("texts", 1, {}, lambda _: started.append(self._start(asked, indices)))
        on_way = started[0]
        self._rows = self._at_once.rows(self._loaded, self._stepper, asked)
        self._decoded_most = self._at_once.decoded(self._loaded, self._stepper, asked)
        self._task.phase("steps")
        steps = self._table.steps
        for step in range(1, steps + 1):
            self._advance([*on_way.values()])
            self._pace.step()
            if step > 1:  # after the first step there is little but noise
                self._show(on_way, steps if again else step)
            self._task.step(steps if again else step, steps)
        # Looked at once, after the last step: NaNs never go away, and each look waits for the GPU.
        if not all(torch.isfinite(each.latents).all() for each in on_way.values()):
            raise RenderError(causes.numbers_absurd())
        self._task.phase("decode")
        while on_way:
            yield from self._decoded(on_way)

    def _start(self, asked: Request, indices: list[int]) -> dict[int, Trajectory]:
        return _start(self._stepper, self._table, asked, indices)

    def _advance(self, pictures: list[Trajectory]) -> None:
        def step(rows: int) -> None:
            advance(self._stepper.family, pictures, rows, filled=self._exact)

        most = self._rows if self._exact else min(self._rows, sum(each.rows for each in pictures))
        self._fit("rows", most, self._stepper.rows_fit, step)

    def _show(self, on_way: dict[int, Trajectory], step: int) -> None:
        palette = self._loaded.palette
        if palette is None:
            return
        estimates = (each.estimate() for each in on_way.values())
        self._render.show(
            step,
            lambda: dict(
                zip(on_way, palette.images(torch.stack([each for each in estimates if each is not None])), strict=True)
            ),
        )

    def _decoded(self, on_way: dict[int, Trajectory]) -> list[tuple[int, Image.Image]]:
        """Decode some and take them off the way."""
        found: list[tuple[int, Image.Image]] = []

        def decode(most: int) -> None:
            chosen = [*on_way][: max(1, most)]
            filling = chosen[:1] * (most - len(chosen)) if self._exact else []
            latents = torch.stack([on_way[index].latents for index in [*chosen, *filling]])
            manner = contextlib.nullcontext() if most else sparingly(self._loaded.pipeline.vae)
            with manner:
                found.extend(zip(chosen, self._stepper.family.decode(latents), strict=False))
            if not most:
                self._free()  # the next render then begins with whole memory, not among the fragments of this one

        most = self._decoded_most if self._exact else min(self._decoded_most, len(on_way))
        self._fit("decoded", most, self._stepper.decoded_fit, decode, sparing=True)
        for index, _ in found:
            del on_way[index]
        self._task.check()
        return found

    def _fit(
        self,
        what: str,
        most: int,
        known: dict[tuple[int, ...], int],
        do: Callable[[int], None],
        *,
        sparing: bool = False,
    ) -> None:
        """Do as much at once as fits, at most `most`, and remember what did.

        Raises OutOfMemoryError when even the least does not fit.
        """
        start = min(most, known.get(self._shape, most))
        for at_once in _ladder(start, sparing=sparing):
            if _fits(do, at_once):
                if 0 < at_once < start:  # tiles change the picture: each is tried without them first
                    known[self._shape] = at_once
                return
            log.warning("render %s: out of memory with %d %s at once", self._task.call.id, at_once, what)
            self._free()  # outside the handler: its traceback would keep the tensors alive
        raise OutOfMemoryError(self._task.request.width, self._task.request.height)


def measure(loaded: LoadedModel, stepper: Stepper, at_once: AtOnce) -> None:
    """Measure how many rows a call of the model is worth at its usual size."""
    info = loaded.resolved.config.info
    width, height = info.size(1, 1)
    usual = Request(
        prompt="warm-up", model=info.id, width=width, height=height, steps=1, guidance_scale=info.guidance_scale, seed=0
    )
    at_once.rows(loaded, stepper, usual)
    at_once.decoded(loaded, stepper, usual)


def _table(loaded: LoadedModel, stepper: Stepper, asked: Request) -> Table:
    return stepper.table(asked, lambda: fresh(asked.scheduler, loaded.scheduler, asked.steps))


def _start(stepper: Stepper, table: Table, asked: Request, indices: Iterable[int]) -> dict[int, Trajectory]:
    """Pictures of a request before their first step, by their numbers in it."""
    family = stepper.family
    (prompt, without), shape = family.conditions(asked), family.shape(asked)
    return {
        index: Trajectory(table, shape, asked.seed_of(index), prompt, without, asked.guidance_scale, family.dtype)
        for index in indices
    }


def _ladder(most: int, *, sparing: bool) -> Iterator[int]:
    """How many at once: as planned, the same in the room made, halves, one; 0 at last for one in tiles."""
    if most:
        yield most
    while most:
        yield most
        most //= 2
    if sparing:
        yield 0  # last, for tiles are slow and their blended seams change the picture slightly


def _fits(do: Callable[[int], None], at_once: int) -> bool:
    try:
        do(at_once)
    except Exception as error:  # torch's out-of-memory errors have several types; the rest goes on
        if not is_out_of_memory(error):
            raise
        return False
    return True
