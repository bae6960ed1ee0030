"""Drawings in other colours: scenes hold some, pictures show them, and captions say it."""

from colorsys import rgb_to_hsv

import numpy as np
import pytest
import torch

from worker.engine.pipeline.paint import PAINTS
from worker.starter import captions
from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.scenes import NONE, Mix
from worker.starter.vocabulary import Subject


def away(hue: float, number: int) -> float:
    """How far a hue in 0..1 is from that of a paint, around the circle."""
    wanted = PAINTS[number].hue
    assert wanted is not None
    return abs((hue - wanted / 360 + 0.5) % 1 - 0.5)


def test_scenes_are_painted_as_often_as_asked_and_else_the_same(vocabulary):
    plain = scenes.draw(np.random.default_rng(3), 2000, vocabulary, mix=Mix())
    some = scenes.draw(np.random.default_rng(3), 2000, vocabulary, mix=Mix(painted=0.2))
    assert (plain.paint == NONE).all()
    assert 0.12 < (some.paint != NONE).mean() < 0.2  # pairs are never painted
    assert set(some.paint) == {NONE, *range(len(PAINTS))}
    assert (some.second[some.paint != NONE] == NONE).all()
    assert np.array_equal(plain.scale, some.scale)


def test_the_picture_shows_what_the_caption_says(drawings, vocabulary):
    composer = Composer(torch.from_numpy(drawings), vocabulary, size=64)
    drawn = scenes.draw(np.random.default_rng(5), 300, vocabulary, mix=Mix(pair=0, painted=1, gradient=0))
    pictures = composer.pictures(drawn)
    rng = np.random.default_rng(0)
    for row in range(60):
        paint = PAINTS[drawn.paint[row]]
        assert paint.name in captions.caption(drawn, row, vocabulary, rng)
        x, y = ((drawn.centre[row, 0] + 1) * 32).astype(int)
        if drawn.first[row] == 0:  # a disc, whose middle is where it stands
            hue, saturation, _ = rgb_to_hsv(*((pictures[row, :, y, x].numpy() + 1) / 2).tolist())
            if paint.hue is None:
                assert saturation < 0.05
            else:
                assert away(hue, drawn.paint[row]) < 0.05


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("red apple", "apple"), "blue apple"),
        (("red car", "car"), "blue car"),
        (("red heart",), "blue heart"),
        (("red car", "automobile", "car"), "blue car"),
        (("orange", "tangerine"), "blue tangerine"),
        (("cat",), "blue cat"),
    ],
)
def test_a_colour_in_the_name_gives_way(names: tuple[str, ...], said: str):
    assert captions.painted(Subject("x", names), "blue") == said
