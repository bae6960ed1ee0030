"""How far the pictures of one prompt are from each other: from the prompt alone, and with words of their own.

    python -m tests.bench.own_words [FOLDER]

draws four of each prompt both ways with the starter and plain diffusers, prints the nearest two of four and the mean of
all pairs (root mean square inside the subject, of 1), and writes a sheet to FOLDER: four of the one, four of the other.
"""

import itertools
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from worker.contract.types.own_words import own_words
from worker.engine.prompt_match import vocabulary
from worker.starter import WEIGHTS, draw, evaluate
from worker.starter.variations import distance

PROMPTS = ("a cat", "red apple", "dog", "a blue car", "pizza", "a sad robot", "birthday cake", "ghost")
PICTURES, APART = 4, 100  # seeds


def main(arguments: Sequence[str]) -> None:
    """Draw, measure, print and write."""
    torch.set_num_threads(1)
    pipe, found = evaluate.load(WEIGHTS), vocabulary.find("starter", WEIGHTS)
    knows = found.known() if found else None
    rows = []
    sys.stdout.write(f"{'':14} {'the prompt alone':>18} {'own words':>18}   (nearest two, mean)\n")
    for number, prompt in enumerate(PROMPTS):
        first = number * APART
        words = own_words(prompt, knows, range(first, first + PICTURES))
        drawn = [evaluate.draw(pipe, texts, first, steps=evaluate.STEPS) for texts in ([prompt] * PICTURES, words)]
        sys.stdout.write(f"{prompt:14} " + " ".join(f"{_apart(four):>18}" for four in drawn) + "\n")
        sys.stdout.flush()
        rows.append((prompt, [*drawn[0], *drawn[1]]))
    if arguments:
        folder = Path(arguments[0])
        folder.mkdir(parents=True, exist_ok=True)
        draw.sheet(rows).save(folder / "own-words.png")


def _apart(pictures: Sequence[Image.Image]) -> str:
    found = [distance(*pair) for pair in itertools.combinations(pictures, 2)]
    return f"{min(found):.3f} {np.mean(found):.3f}"


if __name__ == "__main__":
    main(sys.argv[1:])
