"""Whether things come out in the colour that was asked for: `a blue car` against its drawing in each of the colours."""

from dataclasses import replace

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from worker.engine.pipeline import arranged
from worker.engine.pipeline.cutout import Cutout
from worker.engine.pipeline.paint import PAINTS
from worker.engine.prompt_match.layout import Figure, Layout
from worker.starter import captions, evaluate
from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.scenes import Ints, Mix, Scenes
from worker.starter.vocabulary import Vocabulary

_STANDS_OUT = 0.2  # of -1..1, by which a pixel of a drawing differs from its background
_ONE_THING = Mix(pair=0.0, gradient=0.0, sizes=(1.0, 0.0, 0.0, 0.0), turns=(1.0, 0.0, 0.0, 0.0), mirrored=0.0)


def right(
    pipe: StableDiffusionPipeline, known: Vocabulary, composer: Composer, guidance: float, count: int = 96
) -> float:
    """The share of pictures whose thing is nearer to its drawing in the colour asked for than in any other.

    They are drawn in their own colour and painted afterwards, as by the engine; what does not stand out from its
    background in its own the model paints itself, and so does one whose things the engine does not put together.

    Args:
        pipe: what draws.
        known: what the model knows; colours take turns, all else is drawn by chance, the same each time.
        composer: the drawings of all that, and maybe of more.
        guidance: the guidance scale.
        count: how many pictures.
    """
    drawn = _scenes(known, composer, count)
    asked = np.arange(count) % len(PAINTS)
    ours = _by_engine(known, composer.vocabulary, drawn)
    paints = [PAINTS[paint].name for paint in asked]
    prompts = [
        _prompt(composer.vocabulary, drawn, row, "" if own else paint)
        for row, (paint, own) in enumerate(zip(paints, ours, strict=True))
    ]
    pictures = [
        _painted(picture, paint) if own else picture
        for picture, paint, own in zip(evaluate.draw(pipe, prompts, 7, guidance), paints, ours, strict=True)
    ]
    made = np.stack([np.asarray(picture.convert("RGB"), dtype=np.float32) for picture in pictures])
    return float((_nearest(torch.from_numpy(made).movedim(-1, 1) / 127.5 - 1, drawn, composer) == asked).mean())


def _by_engine(known: Vocabulary, words: Vocabulary, drawn: Scenes) -> list[bool]:
    """Which scenes, in numbers of the vocabulary `words`, the engine paints."""
    blends = {one.icon: one.blends for one in known.subjects}
    return [
        known.arranged and words.colours[colour].names[0] not in blends[words.subjects[first].icon]
        for first, colour in zip(drawn.first, drawn.colour, strict=True)
    ]


def _prompt(known: Vocabulary, drawn: Scenes, row: int, paint: str) -> str:
    subject = known.subjects[drawn.first[row]]
    thing = replace(subject, names=(captions.painted(subject, paint),)) if paint else subject
    return captions.canonical(known.styles[drawn.style[row]], thing, known.colours[drawn.colour[row]])


def _painted(picture: Image.Image, paint: str) -> Image.Image:
    return arranged.picture(Layout((Figure("", paint=paint),)), [Cutout.of(picture)], picture.size)


def _scenes(known: Vocabulary, composer: Composer, count: int) -> Scenes:
    """One upright thing on one colour each, of what the model knows."""
    icons, packages = {one.icon for one in known.subjects}, {one.package for one in known.styles}
    subjects = [number for number, one in enumerate(composer.vocabulary.subjects) if one.icon in icons]
    styles = [number for number, one in enumerate(composer.vocabulary.styles) if one.package in packages]
    rng = np.random.default_rng(41)
    drawn = scenes.draw(rng, 8 * count, composer.vocabulary, np.array(subjects), _ONE_THING)
    return drawn.pick(np.flatnonzero(np.isin(drawn.style, styles))[:count])


def _nearest(made: torch.Tensor, drawn: Scenes, composer: Composer) -> Ints:
    """The colour (n,) in which each thing's drawing is nearest to the picture `made` of it, where either shows it."""
    paints = (np.full(len(drawn), paint) for paint in range(len(PAINTS)))
    every = [composer.pictures(replace(drawn, paint=paint)) for paint in paints]
    ground = every[0][:, :, :1, :1]
    shown = torch.stack([(one - ground).abs().amax(dim=1) for one in every]).amax(dim=0) > _STANDS_OUT
    means = [
        (picture * shown[:, None]).sum(dim=(2, 3)) / shown.sum(dim=(1, 2)).clamp(min=1)[:, None]
        for picture in (made, *every)
    ]
    apart = torch.stack([(means[0] - one).square().sum(dim=1) for one in means[1:]])
    return np.asarray(apart.argmin(dim=0))
