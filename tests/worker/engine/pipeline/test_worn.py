"""Where things go that an animal wears, which has its head anywhere, and a person whose head is beside the middle."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from worker.engine.pipeline.spot import Extent, Spot
from worker.engine.pipeline.spots import spots_of
from worker.engine.prompt_match.drawings.wearers import WEARERS
from worker.engine.prompt_match.layout import (
    Figure,
    Hanging,
    HeadPlace,
    Layout,
    Relation,
    WornPlace,
    WornPlaces,
)
from worker.starter.data import emoji_art, own_art

SQUARE = (256, 256)
WORN = [Relation.ON_HEAD, Relation.ON_EYES, Relation.ON_LIP, Relation.BEHIND_HEAD, Relation.ON_NECK]
EXTENT = st.tuples(st.floats(30, 240), st.floats(30, 240))
ANIMAL, THING = (200.0, 160.0), (120.0, 90.0)
_TURTLE = WornPlaces(
    head=WornPlace(0.2, 0.1, 0.25), eyes=WornPlace(0.15, 0.3, 0.2), lip=WornPlace(0.1, 0.45, 0.15),
    neck=WornPlace(0.25, 0.55, 0.2),
)  # fmt: skip

Box = tuple[float, float, float, float]


def boxes(wearer: Figure, relation: Relation, extents: Sequence[Extent], *, hanging: bool) -> list[Box]:
    """Left, top, right and bottom of a wearer and of what it wears."""
    figures = wearer, Figure("what is worn")
    way = Layout(figures, hanging=(Hanging(0, relation),)) if hanging else Layout(figures, relation)
    spots = dict(spots_of(way, extents, SQUARE))
    return [
        (spot.left, spot.top, spot.left + spot.scale * extent[0], spot.top + spot.scale * extent[1])
        for spot, extent in ((spots[number], extent) for number, extent in enumerate(extents))
    ]


def shares(wearer: Figure, relation: Relation, worn: Extent = THING, *, hanging: bool = False) -> Box:
    """Left, top, right and bottom of what is worn, in shares of the wearer's box."""
    (left, top, right, bottom), own = boxes(wearer, relation, [ANIMAL, worn], hanging=hanging)
    wide, high = right - left, bottom - top
    return (own[0] - left) / wide, (own[1] - top) / high, (own[2] - left) / wide, (own[3] - top) / high


@pytest.mark.parametrize("relation", WORN)
@pytest.mark.parametrize("mark", [Relation.LEFT_OF_HEAD, Relation.AT_HEAD, Relation.OVER_HEAD, Relation.WITH])
def test_what_it_wears_is_there_too_where_a_mark_or_another_thing_is_at_it(relation: Relation, mark: Relation) -> None:
    figures = Figure("turtle", wears=_TURTLE), Figure("what is worn"), Figure("mark")
    spots = dict(spots_of(Layout(figures, relation, hanging=(Hanging(0, mark),)), [ANIMAL, THING, (40, 40)], SQUARE))
    alone = dict(spots_of(Layout(figures[:2], relation), [ANIMAL, THING], SQUARE))
    for found, expected in zip(_beside(spots), _beside(alone), strict=True):
        assert found == pytest.approx(expected)


def _beside(spots: dict[int, Spot]) -> tuple[float, float, float]:
    """Where what is worn is from its wearer's corner, and its scale, in the wearer's."""
    wearer, worn = spots[0], spots[1]
    return (worn.left - wearer.left) / wearer.scale, (worn.top - wearer.top) / wearer.scale, worn.scale / wearer.scale


@pytest.mark.parametrize("relation", WORN)
@pytest.mark.parametrize("mirrored", [False, True])
@given(worn=EXTENT, hanging=st.booleans())
def test_what_an_animal_wears_is_about_its_head(
    relation: Relation, mirrored: bool, worn: Extent, hanging: bool
) -> None:
    left, top, right, bottom = shares(Figure("it", mirrored=mirrored, wears=_TURTLE), relation, worn, hanging=hanging)
    near, far = (0.55, 1.05) if mirrored else (-0.05, 0.45)
    assert near <= left < right <= far
    assert top < 0.56 + 1e-6
    assert bottom < 1
    assert right - left < 2 * _TURTLE.head.wide


@pytest.mark.parametrize("mirrored", [False, True])
def test_each_thing_is_where_it_belongs(mirrored: bool) -> None:
    wearer = Figure("it", mirrored=mirrored, wears=_TURTLE)
    hat, glasses, lip, phones, scarf = (shares(wearer, relation) for relation in WORN)
    assert hat[1] < 0 < _TURTLE.head.down < hat[3] < _TURTLE.eyes.down
    assert (glasses[1] + glasses[3]) / 2 == pytest.approx(_TURTLE.eyes.down)
    assert (lip[1] + lip[3]) / 2 == pytest.approx(_TURTLE.lip.down)
    assert phones[1] < _TURTLE.eyes.down < phones[3]
    assert scarf[1] == pytest.approx(_TURTLE.neck.down)
    for box, place in ((hat, _TURTLE.head), (glasses, _TURTLE.eyes), (lip, _TURTLE.lip), (scarf, _TURTLE.neck)):
        across = 1 - place.across if mirrored else place.across
        assert (box[0] + box[2]) / 2 == pytest.approx(across)


@pytest.mark.parametrize("relation", [Relation.ON_EYES, Relation.ON_LIP])
@pytest.mark.parametrize("across", [0.36, 0.5, 0.6])
def test_a_mirrored_person_has_the_face_at_the_other_side(relation: Relation, across: float) -> None:
    person = Figure("a skier", head=HeadPlace(across, 0.05, 0.4))
    left, top, right, bottom = shares(person, relation)
    found = shares(replace(person, mirrored=True), relation)
    assert found == pytest.approx((1 - right, top, 1 - left, bottom))
    assert (left + right) / 2 == pytest.approx(across)


def _drawings(icon: str) -> list[npt.NDArray[np.uint8]]:
    """The takes of an animal, (height, width, 4) each, no larger than it is there."""
    pytest.importorskip("resvg_py")
    documents = own_art.documents()
    takes = (documents[icon + ending] for ending in ("", ".glossy", ".icon") if icon + ending in documents)
    pictures = (Image.fromarray(emoji_art.render(each, 128)) for each in takes)
    return [np.array(each.crop(each.getchannel("A").point(lambda a: 255 * (a > 127)).getbbox())) for each in pictures]


def _around(picture: npt.NDArray[np.uint8], place: WornPlace, above: float, below: float) -> npt.NDArray[np.uint8]:
    """What is at a place, as wide as that is, from so many widths above it to so many below."""
    high, wide = picture.shape[:2]
    unit, row, column = place.wide * wide, place.down * high, place.across * wide
    rows = slice(max(0, round(row - above * unit)), round(row + below * unit) + 1)
    return picture[rows, max(0, round(column - unit / 2)) : round(column + unit / 2) + 1]


_NO_DOTS = {"dragonfly", "statue"}  # eyes of many parts, and of stone


@pytest.mark.parametrize("icon", sorted(WEARERS.keys() & own_art.documents().keys()))
def test_the_places_are_those_of_the_drawings_in_all_styles(icon: str) -> None:
    """There are eyes behind the glasses, and a skull under the hat, and a neck behind the scarf."""
    takes, places = _drawings(icon), WEARERS[icon]
    for picture in takes:
        eyes = _around(picture, places.eyes, 0.3, 0.3)
        dark = (eyes[..., :3].max(axis=2) < 70) & (eyes[..., 3] > 200)
        assert dark.sum() >= 8 or icon in _NO_DOTS
        for place, least in ((places.head, 0.3), (places.neck, 0.5)):
            assert (_around(picture, place, 0, 0.3)[..., 3] > 127).mean() > least


@pytest.mark.parametrize("icon", sorted(WEARERS))
def test_what_is_worn_on_a_head_is_in_its_order(icon: str) -> None:
    places = WEARERS[icon]
    assert places.head.down < places.eyes.down < min(places.lip.down, places.neck.down)
    for place in (places.head, places.eyes, places.neck):
        assert abs(place.across - places.head.across) <= 0.24
        assert 0.1 < place.wide < 0.9


@pytest.mark.parametrize("mirrored", [False, True])
@given(mark=EXTENT, hanging=st.booleans())
def test_marks_are_beside_the_head_and_over_it(mirrored: bool, mark: Extent, hanging: bool) -> None:
    wearer = Figure("it", mirrored=mirrored, wears=_TURTLE)
    head = (_TURTLE.mirrored if mirrored else _TURTLE).head
    beside, at_left, over = (
        shares(wearer, relation, mark, hanging=hanging)
        for relation in (Relation.AT_HEAD, Relation.LEFT_OF_HEAD, Relation.OVER_HEAD)
    )
    assert head.across + head.wide / 2 < beside[0] < head.across + head.wide
    assert head.across - head.wide < at_left[2] < head.across - head.wide / 2
    assert (over[0] + over[2]) / 2 == pytest.approx(head.across)
    for box in (beside, at_left):
        assert (box[1] + box[3]) / 2 == pytest.approx(head.down, abs=0.06)
    assert (over[1] + over[3]) / 2 <= head.down
