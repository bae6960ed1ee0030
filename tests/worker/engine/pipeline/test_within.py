"""Who is in something fits into its opening, with the face over the rim, however both were drawn."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from worker.engine.pipeline.arranged import picture
from worker.engine.pipeline.cutout import Backdrop, Cutout
from worker.engine.pipeline.spot import Extent
from worker.engine.pipeline.spots import spots_of
from worker.engine.pipeline.within import holders
from worker.engine.prompt_match.drawings.openings import OPENINGS, seen
from worker.engine.prompt_match.drawings.wearers import WEARERS
from worker.engine.prompt_match.layout import Figure, Hanging, Layout, Relation, Size
from worker.engine.prompt_match.opening import Opening, Within
from worker.starter.data import emoji_art, own_art
from worker.starter.vocabulary import STYLES

SIDE = 96
CANVAS = (256, 256)
DRAWN = {0: "flat", 1: "glossy", 3: "icon"}
OWN = sorted(icon for icon in OPENINGS if icon in own_art.drawings())
WHO = ["cat-face", "man-beard", "cat", "dog", "penguin", "horse", "crocodile", "giraffe"]
LIKE = (200.0, 200.0)
BOX = Opening(0.5, 0.4, 0.7, 0.8, 0.1)
BOWL, POND = (replace(BOX, arc=0.0, within=each) for each in (Within.GLASS, Within.WATER))
CAT, HAT = Figure("cat", seen=0.6), Figure("hat")

Box = tuple[float, float, float, float]


def around(opening: Opening = BOX, **more: Any) -> Figure:
    return Figure("box", opening=opening, **more)


def inside(*figures: Figure, leading: int = 1, hanging: tuple[Hanging, ...] = ()) -> Layout:
    return Layout(figures, Relation.IN, leading=leading, hanging=hanging)


def boxes(layout: Layout, extents: Sequence[Extent]) -> list[Box]:
    """Left, top, right and bottom of each figure, in their order."""
    spots = dict(spots_of(layout, extents, CANVAS))
    found = [(spots[number], *extents[number]) for number in range(len(extents))]
    return [(s.left, s.top, s.left + wide * s.scale, s.top + high * s.scale) for s, wide, high in found]


def cut(colour: tuple[int, int, int], size: tuple[int, int] = (100, 100)) -> Cutout:
    """A rectangle of one colour before white."""
    white = Backdrop.of(np.full((8, 8, 3), 255.0))
    return Cutout(Image.new("RGBA", size, (*colour, 255)), white, 0, 0, size)


def rows_of(picture: Image.Image, colour: tuple[int, int, int]) -> Any:
    """Which rows of a picture show a colour."""
    pixels = np.asarray(picture, dtype=np.int32)
    return np.flatnonzero((np.abs(pixels - colour).max(axis=2) < 12).any(axis=1))


RED, BLUE, GREEN = (200, 0, 0), (0, 0, 200), (0, 200, 0)


@cache
def own(style: int) -> dict[str, str]:
    return own_art.in_style(STYLES[style])


@cache
def drawing(icon: str, style: int) -> Image.Image:
    """A drawing, cut out."""
    image = Image.fromarray(emoji_art.render(own(style)[icon], SIDE))
    return image.crop(image.getchannel("A").point(lambda each: 255 * (each > 127)).getbbox())


@pytest.mark.parametrize("style", DRAWN, ids=DRAWN.values())
@pytest.mark.parametrize("icon", OWN)
def test_a_face_is_seen_in_whatever_somebody_is(icon: str, style: int):
    pytest.importorskip("resvg_py")
    opening = OPENINGS[icon]
    for who in WHO:
        if who not in own(style):
            continue
        images = [drawing(each, style) for each in (who, icon)]
        layout = inside(Figure(who, seen=seen(who)), Figure(icon, opening=opening))
        white = Backdrop.of(np.full((8, 8, 3), 255.0))
        plain = [Image.new("RGBA", each.size, (*RED, 255)) for each in images[:1]]
        plain[0].putalpha(images[0].getchannel("A"))
        cuts = [Cutout(each, white, 0, 0, (SIDE, SIDE)) for each in (*plain, images[1])]
        shown = rows_of(picture(layout, cuts, CANVAS), RED)
        (_, top, _, bottom), thing = boxes(layout, [each.size for each in images])
        chin = WEARERS[who].neck.down if who in WEARERS else 0.6
        assert shown[0] == pytest.approx(top, abs=6), who
        assert shown[-1] >= top + (chin - 0.02) * (bottom - top), who
        assert bottom <= thing[3] + 1, who


@pytest.mark.parametrize("extent", [LIKE, (200.0, 80.0), (90.0, 200.0), (30.0, 30.0)])
@pytest.mark.parametrize("opening", [BOX, BOWL, POND])
def test_whoever_is_in_it_fits_into_the_opening(opening: Opening, extent: Extent):
    who, thing = boxes(inside(CAT, around(opening)), [extent, LIKE])
    wide, high = thing[2] - thing[0], thing[3] - thing[1]
    assert who[2] - who[0] <= opening.wide * wide + 1
    assert thing[1] + opening.down * high <= who[3] <= thing[3]
    assert (who[0] + who[2]) / 2 == pytest.approx(thing[0] + opening.across * wide)


@pytest.mark.parametrize("share", [0.55, 0.7, 0.9])
def test_over_the_rim_is_what_is_to_be_seen(share: float):
    who, thing = boxes(inside(replace(CAT, seen=share), around()), [LIKE, LIKE])
    rim = thing[1] + BOX.down * (thing[3] - thing[1])
    assert (rim - who[1]) / (who[3] - who[1]) == pytest.approx(share)


def test_the_front_of_a_box_hides_who_is_in_it_and_glass_does_not():
    layouts = [inside(CAT, around(each)) for each in (BOX, BOWL)]
    for layout, hides in zip(layouts, (True, False), strict=True):
        who, thing = boxes(layout, [(100, 100), (100, 100)])
        rows = rows_of(picture(layout, [cut(RED), cut(BLUE)], CANVAS), RED)
        rim = thing[1] + BOX.down * (thing[3] - thing[1])
        assert rows[-1] == pytest.approx(rim if hides else who[3], abs=2)


def test_of_who_is_in_water_more_is_seen_and_a_ring_is_round_it():
    layout = inside(replace(CAT, seen=0.5), around(POND))
    who, thing = boxes(layout, [(100, 100), (100, 100)])
    surface = thing[1] + POND.down * (thing[3] - thing[1])
    assert (surface - who[1]) / (who[3] - who[1]) > 0.6
    made = picture(layout, [cut(RED), cut(BLUE)], CANVAS)
    below = np.asarray(made, dtype=np.int32)[
        round(surface) + 3 : round(surface) + 20, round(who[0]) + 10 : round(who[2]) - 10
    ]
    assert (below.min(axis=2) > 60).any()
    assert not (below[:, :, 0] > below[:, :, 2] + 40).any()


@pytest.mark.parametrize("relation", [Relation.ON_HEAD, Relation.ON_NECK, Relation.WITH])
def test_what_is_worn_is_behind_the_rim_and_what_is_held_before_it(relation: Relation):
    layout = inside(CAT, around(), HAT, hanging=(Hanging(0, relation),))
    assert holders(layout) == ({0: 1} if relation is Relation.WITH else {0: 1, 2: 1})


@pytest.mark.parametrize(
    ("hanging", "found"),
    [
        (Hanging(0, Relation.IN), {0: 2}),
        (Hanging(0, Relation.IN, swapped=True), {}),
        (Hanging(0, Relation.ON), {}),
    ],
)
def test_one_of_a_row_is_in_something_of_its_own(hanging: Hanging, found: dict[int, int]):
    assert holders(Layout((CAT, HAT, around()), leading=2, hanging=(hanging,))) == found


def test_who_hangs_in_it_is_hidden_likewise():
    layout = Layout((around(), HAT, CAT), leading=2, hanging=(Hanging(0, Relation.IN, swapped=True),))
    assert holders(layout) == {2: 0}
    (_, top, _, bottom), _, who = boxes(layout, [LIKE, LIKE, LIKE])
    assert (top + BOX.down * (bottom - top) - who[1]) / (who[3] - who[1]) == pytest.approx(CAT.seen)


def test_several_are_side_by_side_in_one_opening():
    one, other, thing = boxes(inside(CAT, CAT, around(), leading=2), [LIKE] * 3)
    wide = thing[2] - thing[0]
    assert one[2] < other[0]
    assert other[2] - one[0] <= BOX.wide * wide + 1


def test_it_is_the_same_the_other_way_round():
    aside = replace(BOX, across=0.3, wide=0.4)
    one, other = (boxes(inside(CAT, around(aside, mirrored=each)), [LIKE, LIKE]) for each in (False, True))
    middles = [(who[0] + who[2]) / 2 for who, _ in (one, other)]
    assert middles[0] == pytest.approx(CANVAS[0] - middles[1])
    assert middles[0] < middles[1]


def test_who_is_small_is_smaller():
    widths = []
    for size in (Size.TINY, Size.SMALL, Size.USUAL):
        who, thing = boxes(inside(replace(CAT, size=size), around()), [LIKE, LIKE])
        widths.append((who[2] - who[0]) / (thing[2] - thing[0]))
    assert widths == sorted(widths)
    assert widths[0] < 0.6 * widths[2]


@pytest.mark.parametrize(("share", "hidden"), [(0.5, 0.5), (0.62, 0.38), (0.9, 0.1)])
def test_a_thing_without_an_opening_hides_no_more_than_it_may(share: float, hidden: float):
    layout = inside(replace(CAT, seen=share), Figure("rocket"))
    who, thing = boxes(layout, [LIKE, LIKE])
    assert (who[3] - thing[1]) / (who[3] - who[1]) == pytest.approx(hidden)
    assert [number for number, _ in spots_of(layout, [LIKE, LIKE], CANVAS)] == [0, 1]


def test_what_it_is_in_may_not_be_drawn_yet():
    assert rows_of(picture(inside(CAT, around()), [cut(RED)], CANVAS), RED).size
