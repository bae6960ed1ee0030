"""Who rides is on the back, the saddle or the deck of what is ridden, however that was drawn and whoever rides."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from worker.engine.pipeline.arranged import _stood
from worker.engine.pipeline.cells import grown
from worker.engine.pipeline.spot import Extent, Spot
from worker.engine.pipeline.spots import spots_of
from worker.engine.prompt_match.drawings.seats import SEATS
from worker.engine.prompt_match.layout import Figure, Hanging, Layout, Relation, Seat, Size, Turn
from worker.starter.data import emoji_art, own_art
from worker.starter.vocabulary import STYLES

SIDE = 96
CANVAS = (192, 192)
OWN = sorted(icon for icon in SEATS if icon in own_art.drawings())
RIDERS = ["cat", "cat-face", "man-beard", "skeleton", "crocodile", "giraffe"]  # whole, a face, a bust, wide, high
DRAWN = {0: "flat", 1: "glossy", 3: "icon"}
LIKE = (200.0, 200.0)
BACK = Seat(0.75, 0.5, 0.6)


@cache
def own(style: int) -> dict[str, str]:
    return own_art.in_style(STYLES[style])


@cache
def cut(icon: str, style: int) -> Image.Image:
    """A drawing, cut out."""
    image = Image.fromarray(emoji_art.render(own(style)[icon], SIDE))
    return image.crop(image.getchannel("A").point(lambda each: 255 * (each > 127)).getbbox())


def shown(image: Image.Image, spot: Spot) -> Any:
    """Where in the picture something is seen: (height, width), bool."""
    size = round(image.width * spot.scale), round(image.height * spot.scale)
    picture = Image.new("L", CANVAS)
    picture.paste(image.getchannel("A").resize(size), (round(spot.left), round(spot.top)))
    return np.asarray(picture) > 127


@pytest.mark.parametrize("mirrored", [False, True], ids=["", "mirrored"])
@pytest.mark.parametrize("style", DRAWN, ids=DRAWN.values())
@pytest.mark.parametrize("icon", OWN)
def test_whoever_rides_touches_it_and_is_seen(icon: str, style: int, mirrored: bool):
    pytest.importorskip("resvg_py")
    seat = SEATS[icon]
    turn = Turn.LYING if seat.lying else Turn.UPRIGHT
    ridden = Figure(icon, turn, mirrored=mirrored, seat=seat)
    for who in RIDERS:
        images = [cut(who, style), _stood(ridden, cut(icon, style))]
        spots = spots_of(Layout((Figure(who), ridden), Relation.ON), [each.size for each in images], CANVAS)
        assert [number for number, _ in spots] == ([0, 1] if seat.behind else [1, 0])
        rider, below = (shown(image, dict(spots)[number]) for number, image in enumerate(images))
        rows = np.flatnonzero(rider.any(axis=1))
        foot = np.zeros_like(rider)
        foot[rows[-1] - len(rows) // 8 : rows[-1] + 1] = True
        touched = grown(below, 4) & rider & foot  # also over the gaps of a bicycle
        assert touched.sum() > 0.2 * (rider & foot).sum(), who
        assert not seat.behind or (rider & ~below).sum() > 0.25 * rider.sum(), who


@pytest.mark.parametrize("icon", OWN)
def test_it_is_ridden_alike_the_other_way_round(icon: str):
    pytest.importorskip("resvg_py")
    seat = SEATS[icon]
    image = cut(icon, 0)
    one, other = (
        boxes(Layout((Figure("rider"), Figure(icon, mirrored=mirrored, seat=seat)), Relation.ON), [LIKE, image.size])
        for mirrored in (False, True)
    )
    for (left, top, right, bottom), (from_left, down, from_right, foot) in zip(one, other, strict=True):
        assert (from_left, from_right) == pytest.approx((CANVAS[0] - right, CANVAS[0] - left))
        assert (down, foot) == pytest.approx((top, bottom))


Box = tuple[float, float, float, float]


def boxes(layout: Layout, extents: list[Extent]) -> list[Box]:
    """Left, top, right and bottom of each figure, in their order."""
    spots = dict(spots_of(layout, extents, CANVAS))
    found = [(spots[number], *extents[number]) for number in range(len(extents))]
    return [(s.left, s.top, s.left + wide * s.scale, s.top + high * s.scale) for s, wide, high in found]


def on_seat(rider: Box, ridden: Box, seat: Seat = BACK) -> bool:
    """Whether the middle of a rider's lower edge is there."""
    across = ((rider[0] + rider[2]) / 2 - ridden[0]) / (ridden[2] - ridden[0])
    down = (rider[3] - ridden[1]) / (ridden[3] - ridden[1])
    return (across, down) == pytest.approx((seat.across, seat.down))


HORSE = Figure("horse", seat=BACK)
MAN, HAT = Figure("man"), Figure("hat")
ON_HORSE = Layout((MAN, HORSE), Relation.ON)


@pytest.mark.parametrize(
    ("layout", "rider", "ridden"),
    [
        (ON_HORSE, 0, 1),
        (replace(ON_HORSE, figures=(MAN, HORSE, HAT), hanging=(Hanging(1, Relation.ON_HEAD),)), 0, 1),
        (replace(ON_HORSE, figures=(MAN, HORSE, HAT), hanging=(Hanging(0, Relation.ON_HEAD),)), 0, 1),
        (replace(ON_HORSE, figures=(MAN, HORSE, HAT), hanging=(Hanging(0, Relation.WITH),)), 0, 1),
        (Layout((MAN, HAT, HORSE), leading=2, hanging=(Hanging(0, Relation.ON),)), 0, 2),
        (Layout((HORSE, HAT, MAN), leading=2, hanging=(Hanging(0, Relation.ON, swapped=True),)), 2, 0),
    ],
    ids=["alone", "it wears", "rider wears", "rider holds", "beside", "beside, swapped"],
)  # fmt: skip
def test_a_rider_is_on_the_seat_whatever_else_is_there(layout: Layout, rider: int, ridden: int):
    placed = boxes(layout, [LIKE] * len(layout.figures))
    assert on_seat(placed[rider], placed[ridden])


def test_two_riders_sit_side_by_side_on_one_seat():
    one, other, ridden = boxes(Layout((MAN, MAN, HORSE), Relation.ON, leading=2), [LIKE] * 3)
    assert on_seat((one[0], one[1], other[2], one[3]), ridden)
    assert one[3] == pytest.approx(other[3])


@pytest.mark.parametrize("extent", [LIKE, (200.0, 100.0), (80.0, 200.0), (40.0, 40.0)])
def test_a_rider_is_as_large_as_the_seat_says_however_large_it_was_drawn(extent: Extent):
    rider, ridden = boxes(ON_HORSE, [extent, LIKE])
    high, wide = rider[3] - rider[1], rider[2] - rider[0]
    assert max(high, 0.7 * wide) == pytest.approx(BACK.large * (ridden[2] - ridden[0]))


def test_a_small_rider_is_smaller_and_a_large_one_larger():
    def share(size: Size) -> float:
        rider, ridden = boxes(replace(ON_HORSE, figures=(replace(MAN, size=size), HORSE)), [LIKE, LIKE])
        return (rider[3] - rider[1]) / (ridden[3] - ridden[1])

    shares = [share(size) for size in (Size.TINY, Size.SMALL, Size.USUAL, Size.LARGE)]
    assert shares == sorted(shares)
    assert shares[0] < 0.5 * shares[3]


@pytest.mark.parametrize("relation", [Relation.BEFORE, Relation.ABOVE, Relation.WITH])
def test_who_does_not_ride_is_where_it_is_without_a_seat(relation: Relation):
    bare = Layout((MAN, Figure("horse")), relation)
    assert boxes(replace(bare, figures=(MAN, HORSE)), [LIKE, LIKE]) == boxes(bare, [LIKE, LIKE])


def test_what_lies_down_has_its_top_at_the_left():
    image = Image.new("RGBA", (20, 60), (0, 0, 200, 255))
    image.paste((200, 0, 0, 255), (0, 0, 20, 10))
    lying = _stood(Figure("surfboard", Turn.LYING), image)
    assert lying.size == (60, 20)
    red = np.asarray(lying)[:, :, 0] > 100
    assert red[:, :9].all()
    assert not red[:, 11:].any()
    assert np.array_equal(
        np.asarray(ImageOps.mirror(lying)), np.asarray(_stood(Figure("surfboard", Turn.LYING, mirrored=True), image))
    )
