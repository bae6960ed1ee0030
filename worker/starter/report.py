"""The model card's pictures and figures: sample sheets, loss curves, background accuracy."""

import json
import time
from pathlib import Path

from diffusers import StableDiffusionPipeline
from PIL import Image

from worker.starter import evaluate
from worker.starter.captions import canonical
from worker.starter.checkpoints import read_losses
from worker.starter.draw import curve, sheet
from worker.starter.subjects import COLOURS, STYLES, SUBJECTS

_SHOWN = (
    "a glossy sticker of a red apple, light blue background",
    "a cartoon of a tiger, mint green background",
    "a flat illustration of a rocket, dark blue background",
    "a simple icon of a snail, yellow background",
    "a cartoon of a castle, lavender background",
    "a glossy sticker of an octopus, white background",
    "hamburger, pink background",
    "a penguin",
)
_LOGS = (
    ("autoencoder", "Autoencoder: reconstruction error by step"),
    ("denoiser", "Denoiser: weighted velocity error by step"),
    ("decoder", "Decoder alone: reconstruction error by step"),
)


def write(weights: Path, cache: Path, folder: Path) -> str:
    """Write `samples.png`, `every-subject.png`, `guidance.png`, `loss-*.png`, `scores.json` to `folder`; sum up."""
    folder.mkdir(parents=True, exist_ok=True)
    pipe = evaluate.load(weights)
    _save(sheet([(prompt, evaluate.draw(pipe, [prompt] * 4)) for prompt in _SHOWN]), folder / "samples.png")
    _save(_guidance(pipe), folder / "guidance.png")
    _save(_subjects(pipe), folder / "every-subject.png")
    for name, title in _LOGS:
        losses = read_losses(cache / "run" / name / f"{name}-loss.csv")
        if losses:
            _save(curve(title, losses), folder / f"loss-{name}.png")
    scores = _scores(pipe)
    (folder / "scores.json").write_text(json.dumps(scores, indent=1) + "\n")
    return json.dumps(scores, indent=1)


def _guidance(pipe: StableDiffusionPipeline) -> Image.Image:
    return sheet(
        [
            (f"guidance {guidance:g}: {_SHOWN[0]}", evaluate.draw(pipe, [_SHOWN[0]] * 4, guidance=guidance))
            for guidance in (1.0, 3.0, 5.0, 7.0)
        ]
    )


def _subjects(pipe: StableDiffusionPipeline) -> Image.Image:
    """One small picture of every subject, sixteen a row, style by style."""
    pictures = []
    for start in range(0, len(SUBJECTS), 8):
        prompts = [
            canonical(STYLES[(start // 8 + i) % len(STYLES)], subject, COLOURS[(start * 5 + i * 5) % len(COLOURS)])
            for i, subject in enumerate(SUBJECTS[start : start + 8])
        ]
        pictures += evaluate.draw(pipe, prompts, seed=start)
    rows = [("", pictures[start : start + 16]) for start in range(0, len(pictures), 16)]
    return sheet(rows, cell=80)


def _scores(pipe: StableDiffusionPipeline) -> dict[str, float]:
    began = time.monotonic()
    evaluate.draw(pipe, [_SHOWN[0]] * 4, steps=25)
    seconds = round(time.monotonic() - began, 2)
    shares = {
        f"right backgrounds, guidance {guidance:g}": round(evaluate.background_score(pipe, guidance=guidance).share, 3)
        for guidance in (1.0, 3.0, 7.0)
    }
    return {**shares, "seconds for 4 pictures, 25 steps": seconds}


def _save(picture: Image.Image, path: Path) -> None:
    picture.save(path, optimize=True)
