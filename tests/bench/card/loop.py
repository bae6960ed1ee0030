"""Easel's loop beside diffusers' own pipelines, and how far what mates change goes."""

import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from tests.bench.engine.wishes import mixed
from worker.contract.types.request import Request
from worker.engine.pipeline.preview import clean
from worker.engine.pipeline.schedulers import fresh
from worker.engine.pipeline.stepped import start
from worker.engine.step.advance import advance
from worker.engine.step.stepper import Stepper
from worker.engine.step.trajectory import Trajectory

from . import clock

Say = Callable[..., None]


def beside(pipeline: Any, asked: Request, rows: int, say: Say, pairs: int) -> None:
    """One picture, four, and eight people's, by turns; the plain pipeline draws one request after the other."""
    stepper = _stepper(pipeline)
    cases = {"1 picture": [asked], "4 pictures": [asked.model_copy(update={"count": 4})], "8 people": mixed(asked)}
    for name, wishes in cases.items():
        taken = [
            (
                clock.once(partial(_one_by_one, pipeline, wishes)),
                clock.once(partial(drawn, stepper, pipeline, wishes, rows)),
            )
            for _ in range(pairs + 1)  # the first warms both
        ][1:]
        ratio = statistics.median(ours / plain for plain, ours in taken)
        say(part="loop", what=name, plain_s=taken[-1][0], easel_s=taken[-1][1], ratio=ratio)


def mates(pipeline: Any, asked: Request, rows: int, say: Say) -> None:
    """The greatest difference of latents, alone and among eight people's, as a part of the largest value."""
    stepper = _stepper(pipeline)
    among = drawn(stepper, pipeline, mixed(asked), rows, decode=False)
    for exact in (False, True):
        if exact:
            among = drawn(stepper, pipeline, mixed(asked), 4, decode=False, filled=True)
        alone = [
            drawn(stepper, pipeline, [wish], 4 if exact else rows, decode=False, filled=exact) for wish in mixed(asked)
        ]
        pairs = zip(among, [each for one in alone for each in one], strict=True)
        most = max(float((a - b).abs().max() / b.abs().max()) for a, b in pairs)
        say(part="mates", dtype=str(stepper.family.dtype).removeprefix("torch."), exact=exact, most=most)


def _one_by_one(pipeline: Any, wishes: list[Request]) -> None:
    for wish in wishes:
        stock(pipeline, wish)


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


def drawn(
    stepper: Stepper, pipeline: Any, wishes: list[Request], rows: int, *, decode: bool = True, filled: bool = False
) -> list[Any]:
    """All of them advance together, as many rows a call as that; pictures, or latents."""
    every: list[Trajectory] = []
    for wish in wishes:
        table = stepper.table(wish, partial(fresh, wish.scheduler, pipeline.scheduler, wish.steps))
        every += start(stepper, table, wish, [*range(wish.count)]).values()
    while here := [each for each in every if not each.over]:
        advance(stepper.family, here, rows, filled=filled)
    if not decode:
        return [each.latents for each in every]
    return [image for each in every for image in stepper.family.decode(each.latents[None])]


def _stepper(pipeline: Any) -> Stepper:
    found = Stepper.of(pipeline, clean)
    assert found is not None
    return found
