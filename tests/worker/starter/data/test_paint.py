"""Drawings in other colours: the main one moves, everything else stays, and captions say it."""

from colorsys import hsv_to_rgb, rgb_to_hsv

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from worker.starter import captions
from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.paint import PAINTS, repaint
from worker.starter.data.scenes import NONE, Mix
from worker.starter.vocabulary import Subject

BODY, LEAF, EYE = np.s_[8:56, 8:56], np.s_[8:20, 8:20], np.s_[40:48, 40:48]
SHARE = st.floats(0, 1)


def drawing(body: tuple[float, ...], leaf: tuple[float, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """A square body with a leaf of another hue and a black eye: RGB (1, 3, 64, 64) and alpha (1, 1, 64, 64)."""
    pixels, alpha = np.zeros((64, 64, 3), np.float32), np.zeros((64, 64, 1), np.float32)
    alpha[BODY] = 1
    for where, colour in ((BODY, body), (LEAF, leaf), (EYE, (0.02, 0.02, 0.02))):
        pixels[where] = colour
    rgb, cut = (torch.from_numpy(part).movedim(-1, 0)[None] for part in (pixels, alpha))
    return rgb, cut


def away(hue: float, number: int) -> float:
    """How far a hue in 0..1 is from that of a paint, around the circle."""
    wanted = PAINTS[number].hue
    assert wanted is not None
    return abs((hue - wanted / 360 + 0.5) % 1 - 0.5)


def painted(rgb: torch.Tensor, alpha: torch.Tensor, number: int) -> np.ndarray:
    return repaint(rgb, alpha, torch.tensor([number]))[0].movedim(0, -1).numpy()


@pytest.mark.parametrize("number", range(len(PAINTS)), ids=lambda number: PAINTS[number].name)
@given(hue=SHARE, value=st.floats(0.5, 1))
def test_the_body_is_painted_and_leaf_and_eye_stay(number: int, hue: float, value: float):
    rgb, alpha = drawing(hsv_to_rgb(hue, 0.8, value), hsv_to_rgb(hue + 0.4, 0.8, 0.8))
    made = painted(rgb, alpha, number)
    before = rgb[0].movedim(0, -1).numpy()
    assert np.array_equal(made[LEAF], before[LEAF])
    assert np.array_equal(made[EYE], before[EYE])
    to_hue, saturation, _ = rgb_to_hsv(*made[30, 30].tolist())
    if PAINTS[number].hue is None:
        assert saturation < 0.01
    else:
        assert away(to_hue, number) < 6 / 360  # half a bin of the histogram leaves 5° of doubt
    assert made.min() >= 0
    assert made.max() <= 1


@pytest.mark.parametrize("number", [0, 5])
def test_a_white_thing_can_be_painted_too(number: int):
    rgb, alpha = drawing((0.95, 0.95, 0.95), (0.2, 0.7, 0.2))
    made = painted(rgb, alpha, number)
    hue, saturation, _ = rgb_to_hsv(*made[30, 30].tolist())
    assert away(hue, number) < 0.03
    assert saturation > 0.4


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
