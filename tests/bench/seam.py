"""How much of an edge is seen where a picture ends and what was drawn beyond it begins.

    python -m tests.bench.seam [FOLDER]

draws pictures with the starter and has each go on beyond its edges by half as much again at both sides, by the engine's
own loop and pasting. (The starter does not offer that, for it draws a second subject there.) Measured is the step from
one column of pixels to the next, in the mean over the column and its channels: where picture and what is new meet, as a
percentile of the steps inside the picture; from the 10th to the 90th nobody sees a seam. The last number is the largest
step among all columns in which both are mixed. Pictures are written to FOLDER.

The same with a model that knows what was there: windows of a wider picture, passed through the autoencoder alone, take
the place of what is drawn. Beside that picture itself, which has edges of its own there, it says what pasting adds.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from tests.worker.engine.families.backend import Drawn, loaded
from worker.contract.types.operation import Operation, SourcePicture
from worker.contract.types.request import Request
from worker.contract.types.windows import Outpaint
from worker.engine.pipeline.beyond import Whole
from worker.engine.pipeline.diffusers_backend import DiffusersBackend
from worker.engine.pipeline.inpaint import FEATHER
from worker.starter import WEIGHTS, evaluate

PROMPTS = (
    "a glossy sticker of a red apple, light blue background", "a cat, white background", "a blue car", "pizza",
    "a sad robot, pink background", "birthday cake", "a dog, light green background", "ghost, black background",
)  # fmt: skip
SIDE, WIDE = 256, 384
LOW, HIGH = 10, 90  # percentiles of a picture's own steps between which an edge is none
_LEFT = (WIDE - SIDE) // 2
Ranks = tuple[float, float, float]
_TABLE = f"""bundled = false
[[model]]
id = "starter"
title = "Starter"
source = "{WEIGHTS}"
steps = 20
guidance_scale = 2.0
native_pixels = {SIDE * SIDE}
side_min = {SIDE}
side_max = {SIDE}
"""


def main(arguments: Sequence[str]) -> None:
    """Draw, measure, print and write."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "models.toml"
        listed.write_text(_TABLE)
        backend = loaded(listed)
        asked = [_request(prompt, seed) for seed, prompt in enumerate(PROMPTS)]
        drawn = [asyncio.run(_drawn(backend, each)) for each in asked]
        found = [asyncio.run(_beyond(backend, *each)) for each in zip(asked, drawn, strict=True)]
    vae = evaluate.load(WEIGHTS).vae
    wide = [_wide(each) for each in drawn]
    known = [_known(vae, each) for each in wide]
    for name, wholes in (("drawn by the starter", found), ("known, by the autoencoder", known), ("itself", wide)):
        _tell(name, [seams(each, _LEFT, _LEFT + SIDE) for each in wholes])
    if arguments:
        Path(arguments[0]).mkdir(parents=True, exist_ok=True)
        for number, image in enumerate([*found, *known]):
            image.save(Path(arguments[0]) / f"{number}.png")


def _tell(name: str, found: Sequence[Ranks]) -> None:
    sys.stdout.write(f"{name:40}{'left':>7}{'right':>7}{'mixed, most':>13}   (percentiles of its own steps)\n")
    for prompt, (left, right, most) in zip(PROMPTS, found, strict=True):
        sys.stdout.write(f"{prompt[:38]:40}{left:7.0f}{right:7.0f}{most:13.0f}\n")
    at = [rank for ranks in found for rank in ranks[:2]]
    within = sum(LOW <= rank <= HIGH for rank in at)
    above = sum(rank > HIGH for rank in at)
    sys.stdout.write(f"{within} of {len(at)} seams from the {LOW}th to the {HIGH}th percentile, {above} above\n\n")


def _request(prompt: str, seed: int) -> Request:
    return Request(prompt=prompt, model="starter", width=SIDE, height=SIDE, steps=20, guidance_scale=2.0, seed=seed)


async def _drawn(backend: DiffusersBackend, asked: Request) -> Image.Image:
    (picture,) = await Drawn(backend, asked).run()
    return picture.convert("RGB")


async def _beyond(backend: DiffusersBackend, asked: Request, picture: Image.Image) -> Image.Image:
    (whole,) = await Drawn(backend, _wider(asked), picture).run()
    return whole


def _wider(asked: Request) -> Request:
    place = Outpaint(left=_LEFT, top=0, width=SIDE, height=SIDE, window_width=SIDE, window_height=SIDE)
    beyond = asked.model_copy(
        update={
            "operation": Operation.OUTPAINT, "sources": (SourcePicture(width=SIDE, height=SIDE),), "strength": 1.0,
            "width": WIDE, "outpaint": place,
        }
    )  # fmt: skip
    return Request.model_validate(beyond.model_dump())


def _wide(picture: Image.Image) -> Image.Image:
    top = (WIDE - SIDE) // 2
    return picture.resize((WIDE, WIDE), Image.Resampling.BICUBIC).crop((0, top, WIDE, top + SIDE))


@torch.no_grad()
def _known(vae: Any, wide: Image.Image) -> Image.Image:
    """The middle of a wider picture goes on with what was there."""
    asked = _wider(_request("x", 0))
    whole = Whole(asked, wide.crop((_LEFT, 0, _LEFT + SIDE, SIDE)))
    for window in asked.windows:
        pixels = torch.from_numpy(np.asarray(wide.crop(window.edges), np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
        seen = vae.decode(vae.encode(pixels).latent_dist.mode()).sample[0].permute(1, 2, 0)
        shown = ((seen.clamp(-1, 1) + 1) * 127.5).round().byte().numpy()
        whole.drawn(window, Image.fromarray(shown))
    return whole.image


def seams(whole: Image.Image, left: int, right: int) -> Ranks:
    """Percentiles of the steps at both edges of a picture among those inside it, and of the largest near them.

    Args:
        whole: the picture with what was drawn to both sides of it.
        left, right: its first column, and the first beyond it.
    """
    pixels = np.asarray(whole.convert("RGB"), np.float32)
    steps = np.abs(np.diff(pixels, axis=1)).mean(axis=(0, 2))  # from column i to i + 1
    own = np.sort(steps[left + FEATHER : right - 1 - FEATHER])

    def rank(step: float) -> float:
        low, high = np.searchsorted(own, step, "left"), np.searchsorted(own, step, "right")
        return float(low + high) / 2 / len(own) * 100

    near = [*steps[left - 1 : left + FEATHER], *steps[right - FEATHER - 1 : right]]
    return rank(steps[left - 1]), rank(steps[right - 1]), rank(max(near))


if __name__ == "__main__":
    main(sys.argv[1:])
