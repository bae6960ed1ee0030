"""Look at a weights folder with plain diffusers: draw prompts, measure background colours, lay out sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from worker.starter.captions import canonical
from worker.starter.glyphs import DataError
from worker.starter.subjects import COLOURS, STYLES, SUBJECTS, Colour

GUIDANCE = 3.0
STEPS = 20


def load(folder: Path) -> StableDiffusionPipeline:
    """Open a weights folder as anybody would, in single precision."""
    if not (folder / "model_index.json").is_file():
        raise DataError(f"{folder} is no weights folder: it has no model_index.json")
    pipe = StableDiffusionPipeline.from_pretrained(folder, dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def draw(
    pipe: StableDiffusionPipeline,
    prompts: Sequence[str],
    seed: int = 0,
    guidance: float = GUIDANCE,
    steps: int = STEPS,
) -> list[Image.Image]:
    """Draw one picture per prompt; picture i uses seed + i."""
    generators = [torch.Generator().manual_seed(seed + index) for index in range(len(prompts))]
    made = pipe(list(prompts), generator=generators, guidance_scale=guidance, num_inference_steps=steps)
    return list(made.images)


def background_of(picture: Image.Image) -> Colour:
    """Return the known background colour nearest to the median of the picture's four corners."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.float64)
    edge = max(2, len(pixels) // 16)
    corners = [pixels[rows, columns] for rows in _ends(edge) for columns in _ends(edge)]
    seen = np.median(np.concatenate([corner.reshape(-1, 3) for corner in corners]), axis=0)
    return min(COLOURS, key=lambda colour: float(np.square(seen - np.array(colour.rgb)).sum()))


def _ends(size: int) -> tuple[slice, slice]:
    return slice(0, size), slice(-size, None)


@dataclass(frozen=True)
class Scores:
    """How many of `pictures` have the background that the prompt asked for."""

    pictures: int
    right_background: int

    @property
    def share(self) -> float:
        return self.right_background / self.pictures


def background_score(
    pipe: StableDiffusionPipeline, pictures: int = 48, guidance: float = GUIDANCE, seed: int = 100
) -> Scores:
    """Draw evenly spread canonical prompts and count right backgrounds."""
    wanted = [COLOURS[index % len(COLOURS)] for index in range(pictures)]
    prompts = [
        canonical(STYLES[index // 2 % len(STYLES)], SUBJECTS[index * 7 % len(SUBJECTS)], colour)
        for index, colour in enumerate(wanted)
    ]
    drawn = [
        picture
        for start in range(0, pictures, 12)
        for picture in draw(pipe, prompts[start : start + 12], seed + start, guidance)
    ]
    right = sum(background_of(picture) == colour for picture, colour in zip(drawn, wanted, strict=True))
    return Scores(pictures, right)
