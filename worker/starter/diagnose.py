"""Which part of a model loses most: drawings beside what autoencoder and denoiser make of them, in figures.

For each subject three pictures: the drawing that training shows, the autoencoder's reconstruction of it (what a perfect
denoiser would give), and what the whole model draws for its usual caption. Three scores each; the step from drawing to
reconstruction is the autoencoder's loss, that from reconstruction to generated picture the denoiser's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from worker.starter import autoencoder, captions, evaluate
from worker.starter.data import emoji_art
from worker.starter.data.compose import Composer
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import NONE, Scenes
from worker.starter.draw import captioned
from worker.starter.vocabulary import Vocabulary

Pixels = npt.NDArray[np.float32]

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_SCALES = (0.74, 0.76, 0.78, 0.80, 0.82, 0.84)  # at which training shows a thing of usual size
_USUAL_SCALE = 0.79
_SHIFT_MAX = 16  # pixels, at 256; training shifts by 5 % at most
_FLAT, _EDGE = 1.0 / 255, 40.0 / 255  # less is no slope; a slope that climbs less is no edge
_CELL, _ORIENTATIONS = 16, 9  # of the histograms of gradients


@dataclass(frozen=True)
class PictureScores:
    """One picture beside its drawing.

    Attributes:
        error: mean squared error of RGB in 0..1; PSNR is its logarithm.
        edge_width: mean width of edges in pixels: how far a slope climbs, over how steep it is at most.
        shape_distance: 0 for the same gradients in every cell, 1 for none in common.
    """

    error: float
    edge_width: float
    shape_distance: float

    @property
    def psnr(self) -> float:
        """Decibels; higher is nearer."""
        return float(-10 * np.log10(max(self.error, 1e-10)))


@dataclass(frozen=True)
class Diagnosis:
    """One subject: its pictures and their scores. The drawing's own error and distance are 0."""

    subject: str
    pictures: tuple[Image.Image, Image.Image, Image.Image]
    drawing: PictureScores
    reconstruction: PictureScores
    generated: PictureScores

    def losses(self) -> Iterator[tuple[float, float]]:
        """By score: what the autoencoder loses, and what the denoiser loses on top of that."""
        for score in ("error", "edge_width", "shape_distance"):
            steps = [getattr(part, score) for part in (self.drawing, self.reconstruction, self.generated)]
            yield max(0.0, steps[1] - steps[0]), max(0.0, steps[2] - steps[1])


def diagnose(
    pipe: StableDiffusionPipeline, known: Vocabulary, drawings: emoji_art.Drawings, count: int = 20, seed: int = 0
) -> list[Diagnosis]:
    """Compare `count` subjects, spread evenly over what the model knows; styles and backgrounds take turns."""
    chosen = np.unique(np.linspace(0, len(known.subjects) - 1, count).round().astype(int))
    style = np.arange(len(chosen)) % len(known.styles)
    colour = np.arange(len(chosen)) * 7 % len(known.colours)
    composer = Composer(_rendered(drawings, known, chosen, style), known, int(pipe.vae.config.sample_size))
    by_scale = [_pixels(composer.pictures(_centred(colour, scale))) for scale in _SCALES]
    shown = composer.pictures(_centred(colour, _USUAL_SCALE))
    with torch.no_grad():
        restored = _pixels(autoencoder.decode(pipe.vae, autoencoder.encode(pipe.vae, shown.to(pipe.device))))
    prompts = [
        captions.canonical(known.styles[style[row]], known.subjects[subject], known.colours[colour[row]])
        for row, subject in enumerate(chosen)
    ]
    drawn = evaluate.draw(pipe, prompts, seed)
    generated: list[Pixels] = [np.asarray(picture, dtype=np.float32) / np.float32(255) for picture in drawn]
    return [
        _compare(
            known.subjects[subject].names[0],
            (_pixels(shown)[row], restored[row], generated[row]),
            aligned(generated[row], [pictures[row] for pictures in by_scale]),
        )
        for row, subject in enumerate(chosen)
    ]


def aligned(picture: Pixels, drawings: Sequence[Pixels]) -> Pixels:
    """Return the drawing, moved, that is nearest to a picture: where a thing stands is a draw of the seed, not a fault.

    Args:
        picture: RGB (h, w, 3) in 0..1.
        drawings: the same thing at several scales, of that shape.
    """
    moved = [_moved_onto(picture, drawing) for drawing in drawings]
    return min(moved, key=lambda drawing: float(np.square(drawing - picture).mean()))


def edge_width(picture: Pixels) -> float:
    """Mean width in pixels of the edges along rows and columns of RGB (h, w, 3) in 0..1; 0 without any edge.

    Channels are looked at one by one: a gold key on orange has edges in blue alone.

    A slope is a run of pixels that get brighter, or darker; its width is its height over its steepest step, so a hard
    edge has width 1. (After Marziliano et al. 2002, who count the pixels of such runs.)
    """
    channels = np.moveaxis(picture, -1, 0)
    widths = np.concatenate([_slope_widths(way) for channel in channels for way in (channel, channel.T)])
    return float(widths.mean()) if len(widths) else 0.0


def shape_distance(first: Pixels, second: Pixels) -> float:
    """One minus the cosine between histograms of gradients (Dalal & Triggs 2005) of two RGB pictures in 0..1."""
    a, b = _histograms(first @ _LUMA), _histograms(second @ _LUMA)
    return float(1 - (a * b).sum() / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9))


def table(found: Sequence[Diagnosis]) -> str:
    """Return a Markdown table, a row for each subject, and the sentence that says which part loses more."""
    head = "| subject | PSNR of reconstruction | of generated | edges of drawing | reconstructed | generated "
    head += "| shape distance of reconstruction | of generated |"
    rows = [head, "|" + " --- |" * 8]
    rows += [f"| {one.subject} | {_figures(one.drawing, one.reconstruction, one.generated)} |" for one in found]
    means = [_mean([getattr(one, part) for one in found]) for part in ("drawing", "reconstruction", "generated")]
    rows.append(f"| **mean** | {_figures(*means)} |")
    return "\n".join([*rows, "", verdict(found), ""])


def verdict(found: Sequence[Diagnosis]) -> str:
    """Say which share of each loss is the denoiser's."""
    totals = np.array([list(one.losses()) for one in found]).sum(axis=0)  # scores × (autoencoder, denoiser)
    shares = totals[:, 1] / np.maximum(totals.sum(axis=1), 1e-9)
    larger = "denoiser" if np.median(shares) > 0.5 else "autoencoder"
    named = ", ".join(f"{share:.0%} of {loss}" for share, loss in zip(shares, _LOSSES, strict=True))
    return f"The {larger} loses more: the denoiser's share is {named}."


_LOSSES = ("the squared error", "what edges widen", "the shape distance")


def sheet(found: Sequence[Diagnosis]) -> Image.Image:
    """Lay out the three pictures of every subject, two subjects a row."""
    cells = []
    for one in found:
        made = one.reconstruction, one.generated
        notes = ["drawing", *(f"{part.psnr:.1f} dB, edges {part.edge_width:.2f} px" for part in made)]
        labels = (f"{one.subject}: {notes[0]}", f"reconstruction: {notes[1]}", f"generated: {notes[2]}")
        cells += list(zip(labels, one.pictures, strict=True))
    return captioned(cells, columns=6, cell=160)


def write(pipe: StableDiffusionPipeline, weights: Path, cache: Path, folder: Path, count: int = 20) -> str:
    """Write `diagnosis.webp` and `diagnosis.md` to `folder`; returns the table."""
    known = evaluate.vocabulary_of(weights)
    drawings = emoji_art.all_drawings(cache, emoji_art.edition_of(known))
    found = diagnose(pipe, known, drawings, count)
    folder.mkdir(parents=True, exist_ok=True)
    sheet(found).save(folder / "diagnosis.webp", quality=86, method=6)
    text = table(found)
    (folder / "diagnosis.md").write_text(text, encoding="utf-8")
    return text


def _rendered(
    drawings: emoji_art.Drawings, known: Vocabulary, chosen: npt.NDArray[np.int64], style: npt.NDArray[np.int64]
) -> torch.Tensor:
    """Return RGBA (1, subjects, side, side, 4): of every chosen subject the drawing of its style alone."""
    numbers = {subject.icon: number for number, subject in enumerate(drawings.vocabulary.subjects)}
    packages = [each.package for each in drawings.vocabulary.styles]
    try:
        svgs = [
            drawings.svgs[packages.index(known.styles[which].package)][numbers[known.subjects[subject].icon]]
            for subject, which in zip(chosen, style, strict=True)
        ]
    except (KeyError, ValueError) as error:
        raise DataError(f"the cache has no drawing of {error}: these weights learnt from other data") from error
    return torch.from_numpy(np.stack([emoji_art.render(svg, emoji_art.SIZE) for svg in svgs])[None])


def _centred(colour: npt.NDArray[np.int64], scale: float) -> Scenes:
    """One upright thing in the middle of each picture, row n showing subject n."""
    count = len(colour)
    zeros = np.zeros(count, dtype=np.int64)
    return Scenes(
        style=zeros,
        first=np.arange(count),
        second=np.full(count, NONE),
        colour=colour,
        colour_below=np.full(count, NONE),
        size=zeros,
        place=zeros,
        turn=zeros,
        mirrored=np.zeros(count, dtype=bool),
        scale=np.full((count, 2), scale, dtype=np.float32),
        centre=np.zeros((count, 2, 2), dtype=np.float32),
        degrees=np.zeros((count, 2), dtype=np.float32),
        paint=np.full(count, NONE),
        flipped=np.zeros(count, dtype=bool),
        other=np.zeros(count, dtype=bool),
    )


def _compare(subject: str, pictures: tuple[Pixels, Pixels, Pixels], moved: Pixels) -> Diagnosis:
    drawing, restored, generated = pictures
    images = [Image.fromarray((picture * 255).round().astype(np.uint8)) for picture in pictures]
    return Diagnosis(
        subject,
        (images[0], images[1], images[2]),
        _scores(drawing, drawing),
        _scores(restored, drawing),
        _scores(generated, moved),
    )


def _scores(picture: Pixels, drawing: Pixels) -> PictureScores:
    error = float(np.square(picture - drawing).mean())
    return PictureScores(error, edge_width(picture), shape_distance(picture, drawing))


def _mean(scores: Sequence[PictureScores]) -> PictureScores:
    return PictureScores(
        float(np.mean([one.error for one in scores])),
        float(np.mean([one.edge_width for one in scores])),
        float(np.mean([one.shape_distance for one in scores])),
    )


def _figures(drawing: PictureScores, restored: PictureScores, generated: PictureScores) -> str:
    edges = " | ".join(f"{part.edge_width:.2f} px" for part in (drawing, restored, generated))
    psnr = " | ".join(f"{part.psnr:.1f} dB" for part in (restored, generated))
    return f"{psnr} | {edges} | {restored.shape_distance:.3f} | {generated.shape_distance:.3f}"


def _pixels(pictures: torch.Tensor) -> Pixels:
    """Pictures (n, 3, h, w) in -1..1 → float32 (n, h, w, 3) in 0..1."""
    shown: Pixels = ((pictures.clamp(-1, 1) + 1) / 2).movedim(1, -1).float().cpu().numpy()
    return shown


def _moved_onto(picture: Pixels, drawing: Pixels) -> Pixels:
    """The drawing shifted to where it correlates best with the picture, by at most `_SHIFT_MAX` pixels."""
    a, b = (one @ _LUMA for one in (picture, drawing))
    spectrum = np.fft.fft2(a - a.mean()) * np.conj(np.fft.fft2(b - b.mean()))
    correlation = np.real(np.fft.ifft2(spectrum))
    reach = np.arange(-_SHIFT_MAX, _SHIFT_MAX + 1)
    near = correlation[np.ix_(reach % len(a), reach % len(a))]
    down, right = np.unravel_index(int(near.argmax()), near.shape)
    return np.roll(drawing, (int(reach[down]), int(reach[right])), axis=(0, 1))


def _slope_widths(rows: Pixels) -> Pixels:
    steps = np.diff(rows, axis=1)
    signs = np.sign(steps) * (np.abs(steps) > _FLAT)
    signs = np.concatenate([signs, np.zeros((len(signs), 1), dtype=signs.dtype)], axis=1).ravel()  # runs end with a row
    steps = np.concatenate([steps, np.zeros((len(steps), 1), dtype=steps.dtype)], axis=1).ravel()
    starts = np.flatnonzero(np.diff(signs, prepend=2))  # 2 is no sign: the first run begins at 0
    heights = np.add.reduceat(np.abs(steps), starts)
    steepest = np.maximum.reduceat(np.abs(steps), starts)
    edges = (signs[starts] != 0) & (heights >= _EDGE)
    widths: Pixels = heights[edges] / steepest[edges]
    return widths


def _histograms(flat: Pixels) -> Pixels:
    """Gradient magnitudes by orientation, a histogram for each cell: (cells, cells, orientations)."""
    down, right = np.gradient(flat)
    size, angle = np.hypot(down, right), np.mod(np.arctan2(down, right), np.pi)
    which = np.minimum((angle / np.pi * _ORIENTATIONS).astype(int), _ORIENTATIONS - 1)
    cells = len(flat) // _CELL
    spread = np.stack([size * (which == number) for number in range(_ORIENTATIONS)], axis=-1)
    spread = spread[: cells * _CELL, : cells * _CELL].reshape(cells, _CELL, cells, _CELL, _ORIENTATIONS)
    summed: Pixels = spread.sum(axis=(1, 3))
    return summed
