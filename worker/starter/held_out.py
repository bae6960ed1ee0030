"""What a model was never shown, kept beside its weights, so that they can be tested on exactly that."""

import json
from pathlib import Path

import numpy as np

from worker.starter.data.scenes import Bools, held_out
from worker.starter.vocabulary import Vocabulary

FILE = "held-out.json"


def write(path: Path, known: Vocabulary, held: Bools) -> None:
    """Write the combinations as names, `[icon, style, background]`, one a line; `held`: as `held_out` gives it."""
    rows = [
        json.dumps([known.subjects[subject].icon, known.styles[style].names[0], known.colours[colour].names[0]])
        for style, subject, colour in np.argwhere(held)
    ]
    path.write_text("[\n " + ",\n ".join(rows) + "\n]\n", encoding="utf-8")


def read(folder: Path, known: Vocabulary) -> Bools:
    """Return what lies in `folder`: bool (styles, subjects, colours). Without that file: what the recipe holds out."""
    path = folder / FILE
    if not path.exists():
        return held_out(known)
    held = np.zeros((len(known.styles), len(known.subjects), len(known.colours)), dtype=bool)
    icons = {subject.icon: number for number, subject in enumerate(known.subjects)}
    styles = {style.names[0]: number for number, style in enumerate(known.styles)}
    colours = {colour.names[0]: number for number, colour in enumerate(known.colours)}
    for icon, style, colour in json.loads(path.read_text(encoding="utf-8")):
        held[styles[style], icons[icon], colours[colour]] = True
    return held
