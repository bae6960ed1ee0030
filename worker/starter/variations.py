"""How far variations are from their picture: what `little` and `lot` are chosen by, with the starter's weights.

    python -m worker.starter.variations FOLDER [STEPS GUIDANCE]

draws a few pictures, then each anew from itself with several strengths, with plain diffusers, and writes a sheet of
them all beside the table of distances: root mean square over what stands on the background, of 1 from black to white.
The last column draws from words alone with another seed: as far as that is another picture.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoPipelineForImage2Image
from PIL import Image

from worker.starter import draw, evaluate

PROMPTS = (
    "a cat emoji on a light blue background",
    "a red apple emoji on a white background",
    "a house emoji on a yellow background",
    "a rocket emoji on a dark blue background",
    "a tree emoji on a pink background",
    "a fish emoji on a white background",
)
STRENGTHS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
OTHER = 1000  # seeds further on
_STANDS_OUT = 0.12  # of what is no background


def distance(one: Image.Image, other: Image.Image) -> float:
    """Root mean square between two pictures, inside of what stands on the background of either."""
    first, second = _pixels(one), _pixels(other)
    inside = _subject(first) | _subject(second)
    return float(np.sqrt(np.square(first - second)[inside].mean())) if inside.any() else 0.0


def _pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"), dtype=np.float64) / 255


def _subject(pixels: np.ndarray) -> np.ndarray:
    corners = np.median([pixels[0, 0], pixels[0, -1], pixels[-1, 0], pixels[-1, -1]], axis=0)
    found: np.ndarray = np.abs(pixels - corners).max(axis=2) > _STANDS_OUT
    return found


def main(arguments: Sequence[str]) -> None:
    """Draw, measure and write."""
    torch.set_num_threads(1)
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    words = evaluate.load(Path(__file__).parent / "weights")
    again = AutoPipelineForImage2Image.from_pipe(words)
    again.set_progress_bar_config(disable=True)
    steps, guidance = (int(arguments[1]), float(arguments[2])) if arguments[1:] else (evaluate.STEPS, evaluate.GUIDANCE)
    how = {"guidance_scale": guidance, "num_inference_steps": steps}
    firsts = evaluate.draw(words, PROMPTS, 1, guidance, steps)
    columns = {f"{strength:g}": _varied(again, firsts, strength, how) for strength in STRENGTHS}
    columns["anew"] = evaluate.draw(words, PROMPTS, OTHER, guidance, steps)
    found = {name: [distance(*pair) for pair in zip(firsts, made, strict=True)] for name, made in columns.items()}
    lines = [
        f"{name:>5} " + " ".join(f"{each:.3f}" for each in row) + f"  mean {np.mean(row):.3f}"
        for name, row in found.items()
    ]
    (folder / "distances.txt").write_text("\n".join(lines) + "\n")
    rows = [(prompt, [firsts[n], *(made[n] for made in columns.values())]) for n, prompt in enumerate(PROMPTS)]
    draw.sheet(rows).save(folder / "sheet.png")


def _varied(pipe: Any, firsts: Sequence[Image.Image], strength: float, how: Mapping[str, float]) -> list[Image.Image]:
    generators = [torch.Generator().manual_seed(OTHER + index) for index in range(len(PROMPTS))]
    made = pipe(
        list(PROMPTS), image=list(firsts), strength=strength, generator=generators, **how
    )  # fmt: skip
    return list(made.images)


if __name__ == "__main__":
    main(sys.argv[1:])
