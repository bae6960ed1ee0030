"""A model's first pictures, which nobody sees: they take the path of a render, so a broken model shows now.

What they tell is published, so that people are offered what the model can do and nothing else.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from PIL import Image, ImageChops

from worker.contract.types.model_info import GUIDANCE, NEGATIVE_PROMPT, ModelInfo
from worker.contract.types.operation import (
    FORWARD,
    INPAINT_STEPS_MIN,
    MOMENTS,
    TAKES,
    Operation,
    SourcePicture,
    SourceRole,
)
from worker.contract.types.request import GUIDANCE_MAX, Request, Scheduler
from worker.contract.types.windows import Outpaint
from worker.engine.errors import OutOfMemoryError, RenderError, UnfitError
from worker.engine.protocol import Phase, RenderCall
from worker.engine.service.render_task import RenderTask
from worker.engine.step.memory import is_out_of_memory

from . import prompt_end
from .device import is_lost
from .load import LoadedModel
from .schedulers import fresh, plans, steps_min
from .way import says_noise

log = logging.getLogger(__name__)

Draw = Callable[[RenderTask], object]

_FACTORS = (1, 2, 4, 8)  # of the multiple that the catalogue says, which is 8 where it says none
_BEYOND_WORDS = (Operation.IMG2IMG, Operation.INPAINT, Operation.OUTPAINT)  # what may be done besides
_STEPS = 2  # some pipelines handle a single one in another way, and some samplers want more
_SAMPLED = 4
# Pipelines of which is known that they make use of both; others are asked by drawing.
_HEARING = {"StableDiffusionPipeline", "StableDiffusionXLPipeline", "StableDiffusion3Pipeline"}


class Rehearsal(RenderTask):
    """A render that tells nobody anything, and asks for every preview."""

    # Not the other's: that one belongs to an event loop.
    def __init__(self, request: Request, *sources: Image.Image) -> None:
        self.call, self.source = RenderCall(id=f"warm-up.{request.model}"[:80], request=request), None
        self.failure: RenderError | None = None
        self.sources, self.adapted = sources, ()
        self.redrawn, self.notice, self.left_out, self.read_to = 0, None, (), ""
        self.alone = True
        self.tokens = 0
        self.image: Image.Image | None = None

    def check(self) -> None:
        """Nobody cancels it."""

    def phase(self, phase: Phase) -> None:
        """Nobody waits."""

    def watch(self) -> None:
        """Nor is anybody kept waiting."""

    def step(self, step: int, steps: int) -> None:
        """Nobody counts."""

    def worked(self, seconds: float) -> None:
        """Nor for how long."""

    def called(self, rows: Sequence[int]) -> None:
        """Nor with how many rows."""

    def wants_preview(self) -> bool:
        """Previews are a part of the path."""
        return True

    def preview(self, step: int, image: Image.Image) -> None:
        """Nobody looks."""

    def picture(self, _: int, image: Image.Image, *__: object) -> None:
        """Kept, to compare."""
        self.image = image


def warm_up(loaded: LoadedModel, draw: Draw) -> ModelInfo:
    """Draw a little; returns the model's information with what that told.

    Raises:
        RenderError: or whatever torch raises: it does not draw.
    """
    info, began = loaded.resolved.info, time.monotonic()
    steps = _STEPS if plans(loaded.scheduler, _STEPS) else _SAMPLED
    multiple, first = _multiple(info, steps, draw)
    if loaded.stepper is None:  # whose pipelines may treat a square in another way
        draw(Rehearsal(first.request.model_copy(update={"height": first.request.width})))
    samplers = _samplers(loaded.scheduler)
    # Pipelines may ask more of a sampler than that it goes to the end, and some models that a table describes it.
    if loaded.stepper is None or loaded.stepper.family.takes_masks:
        samplers = tuple(name for name in samplers if _drawn(name, loaded.scheduler, first.request, draw))
    told: dict[str, Any] = {"multiple": multiple, "samplers": tuple(name.value for name in samplers)}
    told["fewest"] = _fewest((None, *samplers), loaded.scheduler)
    told["tokens"] = _tokens(loaded)
    left = [each for each in _BEYOND_WORDS if each not in loaded.resolved.config.origin.without]
    found = _operations(left, info.model_copy(update={"multiple": multiple}), first.request, draw)
    shown = (MOMENTS, *[FORWARD] * (Operation.IMG2IMG in found and says_noise(loaded.scheduler)))
    told["operations"] = (*found, *shown) if loaded.stepper else found  # which Easel's own loop alone shows
    told["canvas_max"] = _canvas(info.model_copy(update={"multiple": multiple}), first.request, draw)
    told["unheard"] = () if _hears_all(loaded.pipeline) else _unheard(first, draw)
    log.info("model %s: warm in %.1f s", info.id, time.monotonic() - began)
    return info.model_copy(update=told)


def _multiple(info: ModelInfo, steps: int, draw: Draw) -> tuple[int, Rehearsal]:
    """The first multiple of which an odd one is drawn as it is asked for, and that picture."""
    for factor in _FACTORS:
        multiple = info.multiple * factor
        low, high = -(-info.side_min // multiple) * multiple, info.side_max // multiple * multiple
        if low > high:
            break
        task = Rehearsal(request(info, low, min(low + multiple, high), steps))
        try:
            draw(task)
        except Exception as error:
            if isinstance(error, OutOfMemoryError) or is_out_of_memory(error) or is_lost(error):
                raise
            if factor > 1 and not isinstance(error, UnfitError):  # another fault than its size
                raise
            last = error
            continue
        if factor > 1:
            log.info("model %s: sides in steps of %d", info.id, multiple)
        return multiple, task
    raise last


def request(info: ModelInfo, width: int, height: int, steps: int) -> Request:
    """For a picture that nobody sees.

    A model that knows few words is asked for one of them: its example may have been written for other weights, and what
    it does not know it would decline.
    """
    known = info.knows.things[:1] if info.knows else ()
    return Request(
        prompt=known[0] if known else info.example or "a red apple",
        model=info.id,
        width=width,
        height=height,
        steps=min(steps, info.steps_max),
        guidance_scale=info.guidance_scale,
        scheduler=info.scheduler,
        seed=0,
    )


def _samplers(own: Any) -> tuple[Scheduler, ...]:
    """Those that go to the end with the model's configuration, tried on numbers alone."""
    return tuple(name for name in Scheduler if _goes(name, own))


def _fewest(samplers: Iterable[Scheduler | None], own: Any) -> tuple[tuple[str, int], ...]:
    """Those that need several steps, with how many. Some are its own by another name."""
    needed = {name: steps_min(name, own) for name in samplers}
    return tuple((name or "", steps) for name, steps in needed.items() if steps > 1)


def _drawn(name: Scheduler, own: Any, asked: Request, draw: Draw) -> bool:
    if type(fresh(name, own, _SAMPLED)) is type(own):  # which has drawn already
        return True
    try:
        draw(Rehearsal(asked.model_copy(update={"scheduler": name, "steps": _SAMPLED})))
    except Exception as error:
        if isinstance(error, OutOfMemoryError) or is_out_of_memory(error) or is_lost(error):
            raise
        log.info("model %s: not with %s (%s)", asked.model, name, type(error).__name__)
        return False
    return True


def _goes(name: Scheduler, own: Any) -> bool:
    try:
        sampler = fresh(name, own, _SAMPLED)
    except UnfitError:
        return False
    # Its own has drawn already; one of straight paths may ask for the size of the picture, which only pipelines know.
    return type(sampler) is type(own) or _ends(sampler)


def _ends(sampler: Any) -> bool:
    noisy = torch.zeros(1, 4, 2, 2)
    try:
        sampler.set_timesteps(_SAMPLED)
        for timestep in sampler.timesteps:
            noisy = sampler.step(torch.zeros_like(noisy), timestep, sampler.scale_model_input(noisy, timestep))[0]
    except Exception as error:  # whatever a sampler raises at a configuration that it was not made for
        log.debug("no %s", type(sampler).__name__, exc_info=error)
        return False
    return bool(torch.isfinite(noisy).all())


def _operations(tried: Iterable[Operation], info: ModelInfo, asked: Request, draw: Draw) -> tuple[str, ...]:
    """Which of some operations it can do."""
    size = asked.width, asked.height
    given = {SourceRole.PICTURE: Image.new("RGB", size, "red"), SourceRole.MASK: Image.new("L", size, "white")}
    found = []
    for operation in tried:
        if operation is not Operation.IMG2IMG and info.steps_max < INPAINT_STEPS_MIN:
            continue
        roles = TAKES[operation]
        sources = tuple(SourcePicture(role=role, width=size[0], height=size[1]) for role in roles)
        begun = asked.model_copy(update={"operation": operation, "sources": sources, "strength": 0.5})
        if operation is Operation.OUTPAINT:
            begun = _beyond(begun, info.multiple)
        try:
            draw(Rehearsal(begun, *(given[role] for role in roles)))
        except Exception as error:
            if isinstance(error, OutOfMemoryError) or is_out_of_memory(error) or is_lost(error):
                raise
            log.info("model %s: no %s (%s)", info.id, operation, type(error).__name__)
        else:
            found.append(operation.value)
    return tuple(found)


def _canvas(info: ModelInfo, asked: Request, draw: Draw) -> int | None:
    """The longest side of pictures that things are put into; None where they are not, whatever its entry says."""
    if info.canvas_max is None:
        return None
    width, height = info.canvas(2, 1)
    drawn_at = info.drawn_at(width, height)
    if drawn_at and _drawn_in(asked.model_copy(update={"width": width, "height": height, "drawn_at": drawn_at}), draw):
        return info.canvas_max
    log.warning("model %s: canvas_max says nothing of it: it puts nothing together, and draws squares", info.id)
    return None


def _drawn_in(asked: Request, draw: Draw) -> bool:
    """Whether it draws in that shape."""
    try:
        draw(Rehearsal(asked))
    except UnfitError:
        return False
    return True


def _beyond(asked: Request, more: int) -> Request:
    """The same as a picture that goes on for so many pixels to its right."""
    width, height = asked.width, asked.height
    place = Outpaint(left=0, top=0, width=width, height=height, window_width=width, window_height=height)
    return asked.model_copy(update={"width": width + more, "outpaint": place})


def _tokens(loaded: LoadedModel) -> int | None:
    heard = loaded.stepper.family.heard("") if loaded.stepper else None
    try:
        return heard.tokens if heard else prompt_end.tokens(loaded.pipeline)
    except Exception as error:  # a tokenizer of a kind that nobody knows
        log.debug("model %s", loaded.id, exc_info=error)
        return None


def _hears_all(pipeline: Any) -> bool:
    distilled = getattr(getattr(getattr(pipeline, "unet", None), "config", None), "time_cond_proj_dim", None)
    return type(pipeline).__name__ in _HEARING and distilled is None


def _unheard(first: Rehearsal, draw: Draw) -> tuple[str, ...]:
    """Which parts of a request change nothing."""
    asked = first.request
    changes: dict[str, dict[str, Any]] = {
        GUIDANCE: {"guidance_scale": min(GUIDANCE_MAX, asked.guidance_scale * 2 + 3)},
        # Where guidance is off by default, a negative prompt has no effect, but would have one with it.
        NEGATIVE_PROMPT: {"negative_prompt": "blue", "guidance_scale": max(asked.guidance_scale, 3.0)},
    }
    return tuple(name for name, change in changes.items() if _same(first, asked.model_copy(update=change), draw))


def _same(first: Rehearsal, asked: Request, draw: Draw) -> bool:
    other = Rehearsal(asked)
    draw(other)
    if asked.negative_prompt and asked.guidance_scale != first.request.guidance_scale:
        first = Rehearsal(asked.model_copy(update={"negative_prompt": ""}))
        draw(first)
    assert first.image is not None and other.image is not None  # noqa: S101, PT018 - both were drawn
    return ImageChops.difference(first.image.convert("RGB"), other.image.convert("RGB")).getbbox() is None
