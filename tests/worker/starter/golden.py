"""The picture that the shipped weights draw, kept: `python -m tests.worker.starter.golden` draws it anew.

It is drawn by plain diffusers on the processor, so that what differs from it are other weights or other arithmetic.
"""

from pathlib import Path

from diffusers import StableDiffusionPipeline
from PIL import Image

from worker.starter import WEIGHTS, evaluate

FILE = Path(__file__).with_name("golden.png")
PROMPT = "a glossy sticker of a red apple, light blue background"
SEED, STEPS = 5, 8


def draw(pipe: StableDiffusionPipeline) -> Image.Image:
    """Draw PROMPT by SEED in STEPS."""
    return evaluate.draw(pipe, [PROMPT], seed=SEED, steps=STEPS)[0]


if __name__ == "__main__":
    draw(evaluate.load(WEIGHTS)).save(FILE, optimize=True)
