"""The model card's pictures and figures: contact and sample sheets, loss curves, sweeps over guidance and steps."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from diffusers import StableDiffusionPipeline
from PIL import Image

from worker.starter import autoencoder, captions, checkpoints, classifier, evaluate, held_out, painted, polish, upscaler
from worker.starter.data import emoji_art, own_art, scenes
from worker.starter.data.compose import Composer, composer_of
from worker.starter.data.emoji_art import EmojiArt
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import Mix
from worker.starter.draw import captioned, curve, plot, sheet
from worker.starter.evaluate import EvaluationPrompt, Judge, Scores
from worker.starter.progress import read_losses
from worker.starter.recipe import SHARES, Run
from worker.starter.vocabulary import Vocabulary

GUIDANCES = (1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
STEPS = (4, 8, 12, 20, 30)
_SKY = (170, 214, 245)  # behind our own drawings: none of them has quite that colour
_SHOWN = (
    "a glossy sticker of a red apple, light blue background",
    "a cartoon of an octopus, pink background",
    "a flat illustration of a rocket, dark blue background",
    "a simple icon of a snail, yellow background",
    "a cartoon of a castle, lavender background",
    "hamburger, orange background",
    "a penguin",
)


def write(weights: Path, run: Run, folder: Path, count: int = 96) -> str:
    """Measure the model in `weights` and write everything to `folder`; returns the figures as JSON.

    Subjects and styles are judged when the run has a trained classifier.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pipe, known = evaluate.load(weights, run.machine.device), evaluate.vocabulary_of(weights)
    _save(sheet([(text, evaluate.draw(pipe, [text] * 4)) for text in _SHOWN], cell=192), folder / "samples.webp")
    _save(sheet(_by_guidance(pipe), cell=192), folder / "guidance.webp")
    _save(_every_subject(pipe, known), folder / "subjects.webp")
    for name in (*SHARES, polish.STAGE):
        losses = read_losses(run.folder / name / f"{name}-loss.csv")
        if losses:
            _save(curve(f"{name}: loss by step", losses), folder / f"loss-{name}.png")
    judge, own = judge_of(run)
    asked = evaluate.prompts(known, held_out.read(weights, known), count)
    found = _sweep(pipe, known, judge, asked, folder)
    found["seconds for 4 pictures, 20 steps"] = _seconds(pipe)
    if emoji_art.path_of(run.cache, run.edition).exists():
        found["autoencoder on unseen subjects"] = _reconstruction(pipe, run)
        if known.paints:
            right = painted.right(pipe, known, run.composer, evaluate.GUIDANCE)
            found["things in the colour asked for"] = round(right, 4)
    if own:
        found["classifier on real drawings"] = {name: round(value, 4) for name, value in asdict(own).items()}
    text = json.dumps(found, indent=1)
    (folder / "scores.json").write_text(text + "\n")
    return text


def _sweep(
    pipe: StableDiffusionPipeline,
    known: Vocabulary,
    judge: Judge | None,
    asked: Sequence[EvaluationPrompt],
    folder: Path,
) -> dict[str, object]:
    by_guidance = [evaluate.score(pipe, known, asked, judge, guidance=value) for value in GUIDANCES]
    by_steps = [evaluate.score(pipe, known, asked, judge, steps=value) for value in STEPS]
    title = f"{2 * len(asked)} pictures of held-out combinations a point"
    _save(
        plot(f"By guidance scale, {evaluate.STEPS} steps; {title}", _series(by_guidance, "guidance")),
        folder / "by-guidance.png",
    )
    _save(
        plot(f"By steps, guidance {evaluate.GUIDANCE:g}; {title}", _series(by_steps, "steps")), folder / "by-steps.png"
    )
    return {
        "by guidance": [scores.to_json() for scores in by_guidance],
        "by steps": [scores.to_json() for scores in by_steps],
    }


def _series(points: Sequence[Scores], axis: str) -> dict[str, list[tuple[float, float]]]:
    """Curves by name: every score against one of the two settings."""
    curves: dict[str, list[tuple[float, float]]] = {}
    for scores in points:
        values = scores.to_json()
        for name in ("colour", "style", "subject_top1", "subject_top5", "diversity"):
            if name in values:
                curves.setdefault(name.replace("_", " "), []).append((values[axis], values[name]))
    return curves


def judge_of(run: Run) -> tuple[Judge | None, classifier.Classification | None]:
    """Return the trained classifier and how well it does on real drawings; None and None when there is none."""
    folder = run.folder / "classifier"
    if not checkpoints.done(folder).step:
        return None, None
    model = classifier.load(folder, run.composer.vocabulary).to(run.machine.device)
    own = classifier.own_accuracy(model, run.composer, run.machine)
    return Judge(model, run.composer.vocabulary), own


def _reconstruction(pipe: StableDiffusionPipeline, run: Run, count: int = 64) -> dict[str, float]:
    """PSNR (dB) and SSIM of the pipeline's autoencoder on subjects that its training left out."""
    size = int(pipe.vae.config.sample_size)
    composer = Composer(run.composer.drawings, run.composer.vocabulary, size)
    unseen = scenes.unseen_subjects(composer.vocabulary)[1]
    drawn = scenes.draw(np.random.default_rng(40), count, composer.vocabulary, unseen)
    psnr, similar = autoencoder.quality(pipe.vae, composer.pictures(drawn))
    return {"psnr": round(psnr, 2), "ssim": round(similar, 4)}


def _by_guidance(pipe: StableDiffusionPipeline) -> list[tuple[str, list[Image.Image]]]:
    return [
        (f"guidance {value:g}: {_SHOWN[0]}", evaluate.draw(pipe, [_SHOWN[0]] * 4, guidance=value))
        for value in (1.0, 3.0, 6.0, 12.0)
    ]


def _every_subject(pipe: StableDiffusionPipeline, known: Vocabulary, most: int = 800) -> Image.Image:
    """One small picture of each subject (of evenly spread ones when there are more than `most`), sixteen a row."""
    chosen = np.linspace(0, len(known.subjects) - 1, min(most, len(known.subjects))).round().astype(int)
    prompts = [
        captions.canonical(
            known.styles[place % len(known.styles)],
            known.subjects[index],
            known.colours[place * 7 % len(known.colours)],
        )
        for place, index in enumerate(chosen)
    ]
    pictures = evaluate.draw(pipe, prompts)
    return sheet([("", pictures[start : start + 16]) for start in range(0, len(pictures), 16)], cell=96)


def _seconds(pipe: StableDiffusionPipeline) -> float:
    evaluate.draw(pipe, [_SHOWN[0]] * 4, steps=2)
    began = time.monotonic()
    evaluate.draw(pipe, [_SHOWN[0]] * 4, steps=20)
    return round(time.monotonic() - began, 2)


def contact_sheet(loaded: EmojiArt, count: int = 48, seed: int = 0) -> Image.Image:
    """Scenes as the training sees them, each with one of its captions."""
    rng = np.random.default_rng(seed)
    drawn = scenes.draw(rng, count, loaded.vocabulary, mix=Mix(second=0.5 if len(loaded.seconds) else 0.0))
    tensors = composer_of(loaded).pictures(drawn)
    stacked = ((tensors + 1) * 127.5).round().clamp(0, 255).byte().movedim(1, -1).numpy()
    words = [captions.caption(drawn, row, loaded.vocabulary, rng) for row in range(count)]
    return captioned([(text, Image.fromarray(picture)) for text, picture in zip(words, stacked, strict=True)])


def own_sheet(cell: int = 64, columns: int = 24) -> Image.Image:
    """Easel's own drawings by the names of their files, those for the glossy style as they shine."""
    pictures = []
    for name, document in own_art.documents().items():
        shown = own_art.glossy(document) if name.endswith(".glossy") else document
        drawing = Image.fromarray(emoji_art.render(shown, 2 * cell))
        page = Image.new("RGB", drawing.size, _SKY)
        page.paste(drawing, mask=drawing)
        pictures.append((name.replace("-", " ").replace(".", ", "), page))
    return captioned(pictures, columns=columns, cell=cell, lines=2)


def write_upscaler(cache: Path, path: Path, count: int = 60) -> str:
    """Write the trained upscaler (its running average) to `path`; returns its PSNR beside bicubic and Lanczos.

    Measured on whole drawings at 512 pixels that it was not trained on, set on colours.
    """
    plan = upscaler.UpscalerPlan()
    model = upscaler.load(cache / "run-256" / "upscaler", plan)
    if model is None:
        raise DataError(f"no upscaler is trained in {cache} yet: run `python -m worker.starter train --stage upscaler`")
    pictures = upscaler.unseen(emoji_art.drawings(cache), plan, count)
    scores = upscaler.compare(model, pictures)
    upscaler.write(model, path, scores)
    return json.dumps(scores)


def _save(picture: Image.Image, path: Path) -> None:
    """Plots as PNG; sheets of pictures, which would be large, as WebP."""
    if path.suffix == ".webp":
        picture.save(path, quality=86, method=6)
    else:
        picture.save(path, optimize=True)
