"""One request → its pictures by the model's own diffusers pipeline, for models that Easel's loop does not know.

Each picture has its own generator on the CPU,
seeded with its own seed, so it does not matter which device draws it or how many are drawn with it. Each
render has a scheduler of its own, made from the model's configuration. That scheduler is also where we
listen: what it is given tells when the text encoder is through, and what the picture looks like so far.
"""

import contextlib
import functools
import logging
import operator
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from PIL import Image

from worker.contract.types import cause as causes
from worker.contract.types.operation import Operation
from worker.contract.types.request import Request
from worker.engine.errors import OutOfMemoryError, RenderError, UnfitError
from worker.engine.service.render_task import RenderTask

from . import inpaint
from .beyond import Wholes
from .call_arguments import arguments
from .device import Device
from .from_picture import pipeline_for
from .ladder import Ladder, fits, steps
from .load import LoadedModel
from .pace import StepPace
from .preview import clean, small
from .render import Render
from .safeguards import autoencoder, formats_kept, is_finite
from .schedulers import fresh
from .stock_decoder import in_parts

log = logging.getLogger(__name__)


def draw(loaded: LoadedModel, task: RenderTask, device: Device, make_room: Callable[[], None] | None = None) -> None:
    """Draw every picture of the task's request and hand them over as they are finished.

    When memory does not suffice: caches are freed (`make_room`), then fewer are drawn at once, down to one, at last
    with a decoder that works in slices and tiles. What is finished by then stays, and what is denoised is not denoised
    again where only the decoder lacks memory.

    Raises:
        OutOfMemoryError: it does not fit even so.
        RenderError: and its kin, as the task says.
    """
    free = make_room or device.free_caches
    asked, drawing = task.request, _Drawing(Render(loaded, task), device, free)
    size, most = (asked.width, asked.height), device.batch(asked.width * asked.height)
    start, more = loaded.fits.start(size, most), loaded.fits.more(size, most)
    for together, sparing in _ladder(start, more):  # what does not fit costs all steps again: seldom is enough
        manner = sparingly(_decoder(loaded)) if sparing else contextlib.nullcontext()
        if fits(partial(_run, drawing, manner), together):
            break
        log.warning("render %s: out of memory with %d at once%s", task.call.id, together, " in tiles" * sparing)
        if together != more:
            free()  # outside the handler: its traceback would keep the tensors alive
    else:
        loaded.fits.did(size, more or start, 0)
        raise OutOfMemoryError(asked.width, asked.height)
    loaded.fits.did(size, more or start, together)
    if sparing:
        free()  # the next render then begins with whole memory, not among the fragments of this one


def _ladder(together: int, more: int = 0) -> Iterator[tuple[int, bool]]:
    """How many at once, and whether to decode sparingly: as planned, the same in the room made, halves, one, tiles."""
    return ((at_once or 1, not at_once) for at_once in steps(together, more, sparing=True))


def _run(drawing: "_Drawing", manner: contextlib.AbstractContextManager[None], together: int) -> None:
    with manner:
        drawing.run(together)


class _Drawing:
    """One render by the model's own pipeline."""

    def __init__(self, render: Render, device: Device, free: Callable[[], None]) -> None:
        self._decoded = Ladder("decoded", render.loaded.decoded_fits, free, sparing=True)
        self._render, self._loaded, self._task, self._device = render, render.loaded, render.task, device
        self._pace = StepPace(device.torch_device)
        asked = self._task.request
        self._pipeline = pipeline_for(self._loaded, asked.at_once.operation)
        self._total = self._steps = asked.real_steps
        self._sources = self._task.sources[: len(asked.sources)]
        self._wholes: Wholes | None = None

    def run(self, together: int) -> None:
        """Draw what is not finished, so many at once."""
        left = self._render.left
        if self._task.request.outpaint:
            for number, index in enumerate(left):
                self._beyond(index, number, len(left))
            return
        chunks = [left[start : start + together] for start in range(0, len(left), together)]
        for number, chunk in enumerate(chunks):
            # A last chunk that is not full is padded where pixels depend on the size of the batch (`Device.batch`).
            fill = together - len(chunk) if self._device.pads else 0
            self._total = len(chunks) * self._steps  # of all chunks together
            self._chunk(chunk, fill, number * self._steps)

    def _beyond(self, index: int, before: int, count: int) -> None:
        """Draw what goes on beyond the edges, window by window: one picture of `count`, after `before` others."""
        asked = self._task.request
        self._total = count * asked.all_steps
        wholes = Wholes(asked, self._task.sources[0])
        while not wholes.over:
            self._sources = wholes.part(index)
            of_all = partial(operator.add, before * asked.all_steps + wholes.turn * self._steps)
            ((_, image),) = self._pictures(self._render.asked.at_once, [index], 0, of_all, wholes)
            wholes.drawn(index, image)
            wholes.turn += 1
        self._render.whole(index, wholes.image(index))

    def _chunk(self, chunk: list[int], fill: int, before: int) -> None:
        """Draw some pictures at once, and those that come out blank once more."""
        blank: dict[int, Image.Image] = {}
        asked = self._render.asked
        for index, image in self._pictures(asked, chunk, fill, lambda step: before + step):
            self._render.first(index, image, blank)
        if not blank:
            return
        fill = len(chunk) + fill - len(blank) if self._device.pads else 0
        ended = before + self._steps  # where progress waits meanwhile
        for index, image in self._pictures(asked.reseeded(), [*blank], fill, lambda _: ended):
            self._render.second(index, image, blank)

    def _pictures(
        self,
        asked: Request,
        chunk: list[int],
        fill: int,
        of_all: Callable[[int], int],
        wholes: Wholes | None = None,
    ) -> Iterator[tuple[int, Image.Image]]:
        """Draw pictures `chunk` of a request at once, with `fill` more that are thrown away.

        `of_all`: the number of one of these steps, from 1, among all steps of the render. `wholes`: what is drawn is
        the present window of these.
        """
        pipeline, sources, self._wholes = self._pipeline, self._sources, wholes
        self._task.phase("encode")
        scheduler = fresh(asked.scheduler, self._loaded.sampler(asked), asked.steps)
        pipeline.scheduler = self._listening(scheduler, chunk, of_all)
        turn = wholes.turn if wholes else 0
        drawn = [*chunk, *chunk[:1] * fill]
        try:
            decoder = _decoder(self._loaded)
            with formats_kept(decoder), in_parts(decoder, self._decoded, self._task, sparingly):
                images = pipeline(**arguments(pipeline, asked, drawn, sources, turn)).images
        finally:
            # The pipeline outlives this render; a scheduler with our wrappers in it must not meet the next one.
            pipeline.scheduler = self._loaded.scheduler
        if images[0].size != (asked.width, asked.height):  # some round, and the recipe would say another size
            raise UnfitError(causes.size_not_drawn(asked.width, asked.height, *images[0].size))
        if asked.operation is Operation.INPAINT and wholes is None:
            images = [inpaint.pasted(image, *sources) for image in images[: len(chunk)]]
        return zip(chunk, images, strict=False)  # what fills the batch up is left

    def _listening(self, scheduler: Any, chunk: list[int], of_all: Callable[[int], int]) -> Any:
        # Wrapped rather than subclassed: pipelines look at the signatures of these two methods to learn what they may
        # pass (`functools.wraps` keeps them), and any of a dozen scheduler classes may stand here.
        # The scheduler tells more than the pipelines' callbacks: some pipelines have none, and those with samplers of
        # second order call them more often than there are steps.
        plan, take = scheduler.set_timesteps, scheduler.step
        done = 0

        def calls() -> int:  # of the model; pictures that begin with another leave out the first
            return max(1, done, len(scheduler.timesteps) - _begun_at(scheduler, self._task.request))

        def reached() -> int:  # of the steps that are drawn
            return -(-done * self._steps // calls())

        @functools.wraps(plan)
        def set_timesteps(*args: Any, **kwargs: Any) -> Any:
            nonlocal done
            self._task.phase("steps")  # the text encoder is through
            done = 0
            return plan(*args, **kwargs)

        @functools.wraps(take)
        def step(prediction: torch.Tensor, timestep: Any, noisy: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
            nonlocal done
            if done:  # before the first step there is only noise
                at = _begun_at(scheduler, self._task.request) + done
                self._show(chunk, of_all(reached()), lambda: clean(scheduler, prediction, timestep, noisy, at), noisy)
            taken = take(prediction, timestep, noisy, *args, **kwargs)
            done += 1
            self._after_step(of_all(reached()), taken[0], last=done >= calls())
            # PixArt's pipeline takes the second value when one step is asked for, which few samplers have.
            return (*taken, taken[0]) if isinstance(taken, tuple) and len(taken) == 1 else taken

        scheduler.set_timesteps, scheduler.step = set_timesteps, step
        return scheduler

    def _show(self, chunk: list[int], step: int, estimate: Callable[[], torch.Tensor], noisy: torch.Tensor) -> None:
        palette = self._loaded.palette
        if palette is not None and noisy.dim() == 4:  # Flux packs its latents into rows
            wholes = self._wholes

            def cells() -> dict[int, Image.Image]:
                found = dict(zip(chunk, palette.images(estimate()[: len(chunk)]), strict=True))
                return {index: small(wholes.so_far(index, each)) for index, each in found.items()} if wholes else found

            self._render.show(step, cells)

    def _after_step(self, step: int, latents: torch.Tensor, *, last: bool) -> None:
        self._pace.step()
        self._task.step(step, self._total)
        if last:
            # Looked at once, after the last step: NaNs never go away, and each look waits for the GPU.
            if not is_finite(latents):
                raise RenderError(causes.numbers_absurd())
            self._task.phase("decode")


def _begun_at(scheduler: Any, asked: Request) -> int:
    """The index of the timestep that a pipeline began with."""
    if asked.strength is None:
        return 0
    begun: int | None = getattr(scheduler, "begin_index", None)
    if begun is not None:
        return begun
    return (asked.steps - asked.real_steps) * int(getattr(scheduler, "order", 1))


def _decoder(loaded: LoadedModel) -> Any:
    return autoencoder(loaded.pipeline)


@contextlib.contextmanager
def sparingly(vae: Any) -> Iterator[None]:
    """Decode in slices and tiles meanwhile: slower, in far less memory."""
    ways = [way for way in ("slicing", "tiling") if hasattr(vae, f"enable_{way}")]
    for way in ways:
        getattr(vae, f"enable_{way}")()
    try:
        yield
    finally:
        for way in ways:
            getattr(vae, f"disable_{way}")()
