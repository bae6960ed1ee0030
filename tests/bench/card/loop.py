"""Easel's loop beside diffusers' own pipelines, and how far what mates change goes."""

import statistics
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from tests.bench.engine.wishes import mixed
from worker.contract.types.request import Request
from worker.engine.errors import UnfitError
from worker.engine.pipeline.schedulers import fresh
from worker.engine.pipeline.stepped import start
from worker.engine.step.advance import advance
from worker.engine.step.tables import NotLinearError
from worker.engine.step.trajectory import Trajectory

from . import clock
from .bench import Bench
from .row import Row

_MATES_STEPS = 8  # differences grow with steps; what is told is of so many at most
_EXACT_ROWS = 4


def beside(bench: Bench) -> Iterator[Row]:
    """One picture, four, and eight people's, by turns; the plain pipeline draws one request after the other."""
    cases = {
        "1 picture": lambda: [bench.asked],
        "4 pictures": lambda: [bench.asked.model_copy(update={"count": 4})],
        "8 people": lambda: eight(bench, bench.asked),
    }
    for name, wishes in cases.items():
        yield Row({"part": "loop", "what": name}, lambda wishes=wishes: _by_turns(bench, wishes()))  # type: ignore[misc]


def _by_turns(bench: Bench, wishes: list[Request]) -> dict[str, Any]:
    once = [wish.model_copy(update={"steps": 2 if wish.steps > 1 else 1}) for wish in wishes]
    _pair(bench, once)  # warms both
    taken, began = list[tuple[float, float]](), time.monotonic()
    while not taken or (len(taken) < bench.pairs and time.monotonic() - began < bench.seconds):
        taken.append(_pair(bench, wishes))
    ratio = statistics.median(ours / plain for plain, ours in taken)
    return {
        "pictures": sum(wish.count for wish in wishes), "pairs": len(taken), "plain_s": taken[-1][0],
        "easel_s": taken[-1][1], "ratio": ratio, "times_as_fast": 1 / ratio,
    }  # fmt: skip


def _pair(bench: Bench, wishes: list[Request]) -> tuple[float, float]:
    return (
        clock.once(lambda: [stock(bench.pipeline, wish) for wish in wishes]),
        clock.once(lambda: drawn(bench, wishes, bench.rows)),
    )


def mates(bench: Bench) -> Iterator[Row]:
    """The greatest difference of latents, alone and among eight people's, as a part of the largest value."""
    asked = bench.asked.model_copy(update={"steps": min(bench.asked.steps, _MATES_STEPS)})

    def measure(*, exact: bool) -> dict[str, Any]:
        rows, wishes = _EXACT_ROWS if exact else bench.rows, eight(bench, asked)
        among = drawn(bench, wishes, rows, decode=False, filled=exact)
        alone = [drawn(bench, [wish], rows, decode=False, filled=exact) for wish in wishes]
        pairs = zip(among, [each for one in alone for each in one], strict=True)
        return {"most": max(float((a - b).abs().max() / b.abs().max()) for a, b in pairs)}

    dtype = str(bench.network.dtype).removeprefix("torch.")
    for exact in (False, True):
        yield Row({"part": "mates", "dtype": dtype, "exact": exact}, partial(measure, exact=exact))


def eight(bench: Bench, asked: Request) -> list[Request]:
    """Eight people's, each with the sampler that it asks for or, where the model has none such, its own."""
    return [wish if _suits(bench, wish) else wish.model_copy(update={"scheduler": None}) for wish in mixed(asked)]


def _suits(bench: Bench, wish: Request) -> bool:
    try:
        _table(bench, wish)
    except (UnfitError, NotLinearError):
        return False
    return True


def _table(bench: Bench, wish: Request) -> Any:
    return bench.stepper.table(wish, partial(fresh, wish.scheduler, bench.pipeline.scheduler, wish.steps))


def stock(pipeline: Any, asked: Request) -> Any:
    """As diffusers' documentation shows."""
    own = pipeline.scheduler
    pipeline.scheduler = fresh(asked.scheduler, own, asked.steps)
    try:
        return pipeline(
            asked.prompt,
            width=asked.width,
            height=asked.height,
            num_inference_steps=asked.steps,
            guidance_scale=asked.guidance_scale,
            num_images_per_prompt=asked.count,
            generator=[torch.Generator().manual_seed(asked.seed_of(index)) for index in range(asked.count)],
        ).images
    finally:
        pipeline.scheduler = own


def drawn(bench: Bench, wishes: list[Request], rows: int, *, decode: bool = True, filled: bool = False) -> list[Any]:
    """All of them advance together, as many rows a call as that; pictures, or latents."""
    family, every = bench.stepper.family, list[Trajectory]()
    for wish in wishes:
        every += start(bench.stepper, _table(bench, wish), wish, [*range(wish.count)]).values()
    while here := [each for each in every if not each.over]:
        advance(family, here, rows, filled=filled)
    if not decode:
        return [each.latents for each in every]
    return [image for each in every for image in family.decode(each.latents[None])]
