"""Legs and arms on a thing that has none: behind it, out of its edges, whatever its outline."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from worker.engine.pipeline.arranged import picture
from worker.engine.pipeline.cutout import Backdrop, Cutout
from worker.engine.pipeline.limbs import with_limbs
from worker.engine.prompt_match.layout import Figure, Hanging, Layout, Relation

SIDE = 200
THING, LEG, ARM = (220, 160, 40, 255), (30, 30, 60, 255), (200, 30, 30, 255)
SHAPES = {
    "egg": [(60, 0), (100, 20), (120, 90), (100, 150), (60, 160), (20, 150), (0, 90), (20, 20)],
    "slice": [(0, 0), (150, 0), (75, 160)],
    "mushroom": [(0, 0), (150, 0), (150, 80), (95, 80), (95, 150), (55, 150), (55, 80), (0, 80)],
    "hot dog": [(0, 0), (190, 0), (190, 60), (0, 60)],
    "pencil": [(110, 0), (140, 30), (30, 150), (0, 160), (10, 130)],
    "arch": [(0, 0), (150, 0), (150, 120), (120, 120), (120, 40), (30, 40), (30, 120), (0, 120)],
}


def _drawn(points: list[tuple[int, int]]) -> Cutout:
    size = max(x for x, _ in points) + 1, max(y for _, y in points) + 1
    image = Image.new("RGBA", size)
    ImageDraw.Draw(image).polygon(points, THING)
    return Cutout(image, Backdrop(np.full((3, 1), 200.0)), 20, 10, (SIDE, SIDE))


def _legs() -> Image.Image:
    image = Image.new("RGBA", (100, 120))
    for left in (30, 62):
        ImageDraw.Draw(image).rectangle((left, 0, left + 8, 119), LEG)
    ImageDraw.Draw(image).rectangle((0, 90, 99, 119), LEG)
    return image


def _arms() -> Image.Image:
    image = Image.new("RGBA", (120, 80))
    for outer, inner in ((0, 40), (119, 79)):
        ImageDraw.Draw(image).line((outer, 0, outer, 79), ARM, 12)
        ImageDraw.Draw(image).line((outer, 74, inner, 74), ARM, 10)
    return image


def _where(made: Cutout, colour: tuple[int, ...]) -> np.ndarray:
    """Which pixels of a cut-out are of a colour."""
    return (np.abs(np.asarray(made.image, dtype=int) - colour).max(axis=2) < 40) & (
        np.asarray(made.image.getchannel("A")) > 200
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_limbs_come_out_of_the_edges_and_hide_nothing(shape: str):
    thing = _drawn(SHAPES[shape])
    made = with_limbs(thing, _legs(), _arms())
    own = np.asarray(thing.image.getchannel("A")) > 200
    left, top = thing.left - made.left, thing.top - made.top
    inside = _where(made, THING)[top : top + own.shape[0], left : left + own.shape[1]]
    assert inside[own].all()
    legs, arms = _where(made, LEG), _where(made, ARM)
    rows, columns = np.nonzero(legs)
    assert rows.max() == made.image.height - 1 > top + own.shape[0] + 0.15 * own.shape[0] ** 0.5
    middle = (columns.min() + columns.max()) / 2 - left
    assert 0 < middle < own.shape[1]
    half = round(left + own.shape[1] / 2)
    assert min(arms[:, :half].sum(), arms[:, half:].sum()) > 0.25 * arms.sum()
    for limbs in (legs, arms):  # they touch it
        grown = np.zeros_like(limbs)
        for down, across in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            grown |= np.roll(limbs, (down, across), (0, 1))
        assert (grown & _where(made, THING)).any()


def test_both_legs_begin_at_the_thing():
    made = with_limbs(_drawn(SHAPES["slice"]), _legs(), None)
    seen = _where(made, LEG) | _where(made, THING)
    for column in np.nonzero(_where(made, LEG)[-40])[0]:
        rows = np.nonzero(seen[:, column])[0]
        assert np.diff(rows).max() == 1 or rows.size < 60  # a shoe is beside the leg, and under nothing


@pytest.mark.parametrize(("legs", "arms"), [(None, None), (_legs(), None), (None, _arms())])
def test_it_has_only_what_there_is(legs: Image.Image | None, arms: Image.Image | None):
    made = with_limbs(_drawn(SHAPES["egg"]), legs, arms)
    assert _where(made, LEG).any() == (legs is not None)
    assert _where(made, ARM).any() == (arms is not None)


def test_nothing_gets_no_limbs():
    nothing = Cutout(Image.new("RGBA", (40, 40)), Backdrop(np.zeros((3, 1))), 0, 0, (SIDE, SIDE))
    assert with_limbs(nothing, _legs(), _arms()) is nothing


@pytest.mark.parametrize("empty", [Image.new("RGBA", (30, 40)), Image.new("RGBA", (1, 1))])
def test_limbs_that_show_nothing_do_no_harm(empty: Image.Image):
    made = with_limbs(_drawn(SHAPES["egg"]), empty, empty)
    assert _where(made, THING).any()


def test_of_a_layout_it_is_one_figure_with_them():
    hanging = Hanging(0, Relation.LEGS), Hanging(0, Relation.ARMS)
    layout = Layout((Figure("a potato"), Figure("legs"), Figure("arms")), hanging=hanging)
    thing = _drawn(SHAPES["egg"])
    parts = [Cutout(each, thing.background, 0, 0, (SIDE, SIDE)) for each in (_legs(), _arms())]
    found = np.asarray(picture(layout, [thing, *parts], (SIDE, SIDE)), dtype=int)
    seen = [(np.abs(found - colour[:3]).max(axis=2) < 60).sum() for colour in (THING, LEG, ARM)]
    assert min(seen) > 100
    bare = np.asarray(picture(layout, [thing], (SIDE, SIDE)), dtype=int)  # the rest is not drawn yet
    assert (np.abs(bare - LEG[:3]).max(axis=2) < 60).sum() == 0
