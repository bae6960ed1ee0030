"""What a trial's denoiser draws: measured beside the drawings that it learnt from, and shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from worker.engine.prompt_match.words.article import with_article
from worker.starter import diagnose, evaluate, export
from worker.starter.data import emoji_art
from worker.starter.denoiser import Denoiser, load_average
from worker.starter.diagnose import Diagnosis
from worker.starter.draw import sheet
from worker.starter.recipe import Run
from worker.starter.trials.variants import Variant

SHOWN = 16  # drawn by the usual caption and measured, and half as many by nothing but their name
_CELL, _SEED, _GUIDANCE = 128, 7, 2.0


@dataclass(frozen=True)
class Look:
    """Means over what a model drew: width of edges in pixels, the reconstructions' beside it, how far from drawings."""

    edges: float
    reconstructed_edges: float
    shape_distance: float
    error: float


def look(run: Run, variant: Variant, folder: Path, drawings: emoji_art.Drawings) -> Look:
    """Draw with the running average in `folder`, keep the pictures there and measure them."""
    model = load_average(folder, run.tokenizer, variant.shape)
    found = _diagnosed(run, variant, model, folder, drawings)
    return Look(
        edges=_mean([one.generated.edge_width for one in found]),
        reconstructed_edges=_mean([one.reconstruction.edge_width for one in found]),
        shape_distance=_mean([one.generated.shape_distance for one in found]),
        error=_mean([one.generated.error for one in found]),
    )


def _diagnosed(
    run: Run, variant: Variant, model: Denoiser, folder: Path, drawings: emoji_art.Drawings
) -> list[Diagnosis]:
    known = run.composer.vocabulary
    sampler = export.scheduler(variant.plan.schedule, terminal_zero=variant.plan.terminal_zero)
    parts = export.PipelineParts(model, run.trained_autoencoder(), run.tokenizer, sampler)
    pipe = parts.pipeline().to(run.machine.device)
    pipe.set_progress_bar_config(disable=True)
    found = diagnose.diagnose(pipe, known, drawings, SHOWN)
    names = [with_article(one.subject) for one in found[1::2]]
    plain = evaluate.draw(pipe, names, _SEED, _GUIDANCE)
    for row, pictures in (("captions", [one.pictures[2] for one in found]), ("names", plain)):
        strip(pictures).save(folder / f"{row}.png")
    strip([one.pictures[0] for one in found]).save(folder / "drawings.png")
    return found


def strip(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pictures beside each other, small."""
    row = Image.new("RGB", (_CELL * len(pictures), _CELL))
    for number, picture in enumerate(pictures):
        row.paste(picture.resize((_CELL, _CELL), Image.Resampling.LANCZOS), (number * _CELL, 0))
    return row


def page(folders: Sequence[tuple[str, Path]]) -> Image.Image:
    """Lay out what all trials drew, a row each, under the drawings of the first."""
    rows = [("the drawings", _cut(folders[0][1] / "drawings.png"))]
    for words, folder in folders:
        rows.append((words, _cut(folder / "captions.png") + _cut(folder / "names.png")))
    return sheet(rows, cell=_CELL // 2 + 24)


def _cut(path: Path) -> list[Image.Image]:
    with Image.open(path) as row:
        return [row.crop((left, 0, left + _CELL, _CELL)) for left in range(0, row.width, _CELL)]


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 5)
