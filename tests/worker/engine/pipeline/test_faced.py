"""Where on a thing a face goes, and that it is seen there."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.worker.engine.pipeline.faces import BACKGROUND, SIDE, face
from worker.engine.pipeline import arranged
from worker.engine.pipeline.cutout import Cutout
from worker.engine.pipeline.faced import place_of, with_features
from worker.engine.pipeline.features import features_of
from worker.engine.prompt_match.layout import Figure, Hanging, Layout, Relation, Size, Turn

Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]
PALE, DARK, BROWN = (240, 235, 225), (30, 28, 34), (160, 105, 60)


def disc(pen: Pen, colour: Colour) -> None:
    pen.ellipse((0, 0, 199, 199), fill=colour)


def crescent(pen: Pen, colour: Colour) -> None:
    pen.ellipse((0, 0, 199, 199), fill=colour)
    pen.ellipse((70, -40, 269, 159), fill=(0, 0, 0, 0))


def ring(pen: Pen, colour: Colour) -> None:
    pen.ellipse((0, 0, 199, 199), fill=colour)
    pen.ellipse((50, 50, 149, 149), fill=(0, 0, 0, 0))


def like_a_c(pen: Pen, colour: Colour) -> None:
    ring(pen, colour)
    pen.rectangle((110, 60, 199, 139), fill=(0, 0, 0, 0))


def high(pen: Pen, colour: Colour) -> None:
    pen.rounded_rectangle((60, 0, 139, 199), 30, fill=colour)


def with_a_leaf(pen: Pen, colour: Colour) -> None:
    pen.ellipse((0, 50, 149, 199), fill=colour)
    pen.ellipse((130, 0, 199, 60), fill=(60, 160, 60))


SHAPES: list[Callable[[Pen, Colour], None]] = [disc, crescent, ring, like_a_c, high, with_a_leaf]


def thing(shape: Callable[[Pen, Colour], None] = disc, colour: Colour = PALE) -> Image.Image:
    image = Image.new("RGBA", (200, 200))
    shape(ImageDraw.Draw(image), colour)
    return image


@cache
def features(kind: tuple[str, ...] = ("eyes", "mouth")) -> Cutout:
    found = features_of(Cutout.of(face(features=kind)))
    assert found
    return found


def changed(before: Image.Image, after: Image.Image) -> np.ndarray:
    """Which pixels are others now, rows and columns."""
    return np.abs(np.asarray(before, dtype=int) - np.asarray(after, dtype=int)).max(axis=2) > 40


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("colour", [PALE, DARK, BROWN])
def test_a_face_is_on_the_body_and_on_no_gap(shape: Callable[[Pen, Colour], None], colour: Colour):
    bare = thing(shape, colour)
    made = changed(bare, with_features(bare, features()))
    assert made.any()
    assert not made[np.asarray(bare.getchannel("A")) == 0].any()


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_as_large_as_there_is_room(shape: Callable[[Pen, Colour], None]):
    bare = thing(shape)
    place = place_of(bare)
    assert place
    columns = np.nonzero(changed(bare, with_features(bare, features())))[1]
    assert 0.42 < (np.ptp(columns) + 1) / (2 * place.radius) < 0.8


@pytest.mark.parametrize(
    ("shape", "middle", "radius"), [(disc, (100, 104), 96), (high, (100, 112), 40), (with_a_leaf, (75, 125), 75)]
)
def test_it_is_in_the_middle_a_bit_low(shape: Callable[[Pen, Colour], None], middle: tuple[int, int], radius: int):
    place = place_of(thing(shape))
    assert place
    assert (place.x, place.y) == pytest.approx(middle, abs=8)
    assert place.radius == pytest.approx(radius, abs=8)


def test_a_calm_place_is_better_than_a_larger_one_full_of_spots():
    bare = Image.new("RGBA", (260, 120), PALE)
    pen = ImageDraw.Draw(bare)
    for x in range(10, 160, 20):
        for y in range(5, 120, 20):
            pen.ellipse((x, y, x + 9, y + 9), fill=BROWN)
    place = place_of(bare)
    assert place
    assert place.x > 175


def test_there_is_no_place_in_nothing():
    nothing = Image.new("RGBA", (200, 200))
    assert place_of(nothing) is None
    assert with_features(nothing, features()) is nothing


@pytest.mark.parametrize("colour", [PALE, DARK, BROWN, (60, 20, 20), (20, 30, 90), (110, 70, 50), (250, 220, 60)])
@pytest.mark.parametrize("kind", [("eyes", "mouth"), ("white eyes", "mouth")])
def test_it_is_seen_on_what_is_dark_and_on_what_is_light(colour: Colour, kind: tuple[str, ...]):
    bare = thing(colour=colour)
    made = with_features(bare, features(kind))
    other = changed(bare, made)
    assert other.mean() > 0.02
    apart = np.abs(np.asarray(made.convert("RGB"), dtype=int) - colour).mean(axis=2)
    assert np.median(apart[other]) > 60


def test_on_what_is_dark_the_pupils_of_white_eyes_stay_dark_and_the_mouth_is_light():
    made = np.asarray(with_features(thing(colour=DARK), features(("white eyes", "mouth"))).convert("RGB"), dtype=int)
    place = place_of(thing())
    assert place
    eye = made[round(place.y - 0.18 * 1.1 * place.radius), round(place.x - 0.36 * 1.1 * place.radius)]
    assert eye.max() < 90
    lower = made[round(place.y + 0.25 * place.radius) :]
    assert (lower.min(axis=2) > 180).sum() > 100


def test_a_tear_stays_blue_on_what_is_dark():
    made = np.asarray(with_features(thing(colour=DARK), features(("eyes", "mouth", "tear"))).convert("RGB"), dtype=int)
    assert ((made[:, :, 2] > 200) & (made[:, :, 0] < 100)).sum() > 300


def test_on_what_is_dark_and_light_by_turns_it_keeps_its_colour_and_gets_a_light_outline():
    bare = thing(colour=PALE)
    for left in range(0, 200, 40):
        bare.paste((*DARK, 255), (left, 0, left + 20, 200), bare.crop((left, 0, left + 20, 200)))
    made, before = (np.asarray(each.convert("RGB"), dtype=int) for each in (with_features(bare, features()), bare))
    there = np.asarray(bare.getchannel("A")) == 255
    assert ((made.min(axis=2) > 140) & (before.max(axis=2) < 60) & there).sum() > 50
    assert ((made.max(axis=2) < 90) & (before.min(axis=2) > 190) & there).sum() > 50


# In a layout


def cut(colour: Colour, background: Colour = BACKGROUND) -> Cutout:
    picture = Image.new("RGB", (SIDE, SIDE), background)
    ImageDraw.Draw(picture).ellipse((28, 28, 227, 227), fill=colour)
    return Cutout.of(picture)


FACED = Layout((Figure("a potato"), Figure("a face")), hanging=(Hanging(0, Relation.FACE),))
CRYING = ("eyes", "mouth", "tear")


def picture(layout: Layout, *cutouts: Cutout) -> np.ndarray:
    return np.asarray(arranged.picture(layout, cutouts, (SIDE, SIDE)), dtype=int)


def blue(made: np.ndarray) -> tuple[float, float]:
    """Where the tear is, across and down, from the middle."""
    rows, columns = np.nonzero((made[:, :, 2] > 200) & (made[:, :, 0] < 110))
    return float(columns.mean()) - 128, float(rows.mean()) - 128


def bodies(made: np.ndarray, colour: Colour) -> int:
    return int((np.abs(made - colour).max(axis=2) < 12).sum())


def test_a_thing_with_a_face_stays_where_it_was_drawn():
    drawn = cut(BROWN), Cutout.of(face(background=(40, 60, 120)))
    bare = picture(Layout((Figure("a potato"),)), drawn[0])
    made = picture(FACED, *drawn)
    differs = np.abs(made - bare).max(axis=2) > 12
    assert 0.02 < differs.mean() < 0.2
    assert not (np.abs(made - (255, 190, 50)).max(axis=2) < 40).any()
    assert (picture(FACED, drawn[0]) == bare).all()  # the face is not drawn yet


def test_what_looks_like_no_face_leaves_the_thing_as_it_is():
    bare = picture(Layout((Figure("a potato"),)), cut(BROWN))
    assert (picture(FACED, cut(BROWN), cut((250, 200, 60))) == bare).all()


@pytest.mark.parametrize("thing_mirrored", [False, True])
@pytest.mark.parametrize("face_mirrored", [False, True])
def test_a_mirrored_thing_does_not_mirror_its_face(thing_mirrored: bool, face_mirrored: bool):
    figures = Figure("a potato", mirrored=thing_mirrored), Figure("a face", mirrored=face_mirrored)
    across, down = blue(picture(Layout(figures, hanging=FACED.hanging), cut(PALE), Cutout.of(face(features=CRYING))))
    assert (across > 15) == face_mirrored
    assert abs(across) > 15
    assert down > 15


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("turn", "where"), [(Turn.UPSIDE_DOWN, (1, -1)), (Turn.LEANING_LEFT, (0, 1)), (Turn.LEANING_RIGHT, (-1, 1))]
)
def test_it_is_turned_with_its_thing(turn: Turn, where: tuple[int, int], mirrored: bool):
    figures = Figure("a potato", turn, mirrored), Figure("a face", mirrored=mirrored)
    across, down = blue(picture(Layout(figures, hanging=FACED.hanging), cut(PALE), Cutout.of(face(features=CRYING))))
    assert down * where[1] > 15
    assert where[0] * across * (-1 if mirrored else 1) > 15 or not where[0]


def test_it_is_not_painted_with_its_thing():
    figures = Figure("a potato", paint="green"), Figure("a face")
    drawn = cut((200, 0, 0)), Cutout.of(face(features=CRYING))
    made = picture(Layout(figures, hanging=FACED.hanging), *drawn)
    assert made[128, 50].argmax() == 1
    assert blue(made)[0] < -15


@pytest.mark.parametrize("size", [Size.TINY, Size.SMALL])
def test_a_small_thing_with_a_face_is_as_small_as_without(size: Size):
    drawn = cut(BROWN), Cutout.of(face())
    bare, made = (
        picture(layout, *drawn)
        for layout in (
            Layout((Figure("a potato"),), size=size),
            Layout(FACED.figures, size=size, hanging=FACED.hanging),
        )
    )
    differs = np.argwhere(np.abs(made - bare).max(axis=2) > 12)
    body = np.argwhere(np.abs(bare - BACKGROUND).max(axis=2) > 40)
    assert (differs.min(axis=0) > body.min(axis=0)).all()
    assert (differs.max(axis=0) < body.max(axis=0)).all()


def test_each_of_a_row_has_its_own_face_and_what_it_wears():
    figures = Figure("a potato"), Figure("a cloud"), Figure("a hat"), Figure("a face"), Figure("a face")
    hanging = Hanging(0, Relation.ON_HEAD), Hanging(0, Relation.FACE), Hanging(1, Relation.FACE)
    layout = Layout(figures, hanging=hanging, in_a_row=True)
    hat, ink = cut((200, 0, 0)), Cutout.of(face())
    made = picture(layout, cut(BROWN), cut(PALE), hat, ink, ink)
    bare = picture(layout.without_parts(), cut(BROWN), cut(PALE), hat)
    differs = np.nonzero((np.abs(made - bare).max(axis=2) > 40).any(axis=0))[0]
    assert differs.min() < 100
    assert differs.max() > 156
    assert not (differs == 128).any()


def test_without_parts_all_else_hangs_where_it_hung():
    figures = tuple(Figure(each) for each in ("potato", "cloud", "face", "hat", "scarf", "face"))
    hanging = (
        Hanging(0, Relation.FACE), Hanging(1, Relation.ON_HEAD), Hanging(2, Relation.ON_NECK),
        Hanging(1, Relation.FACE),
    )  # fmt: skip
    layout = Layout(figures, hanging=hanging)
    assert layout.faces == {0: 2, 1: 5}
    left = layout.without_parts()
    assert [each.words for each in left.figures] == ["potato", "cloud", "hat", "scarf"]
    assert left.hanging == (Hanging(1, Relation.ON_HEAD), Hanging(0, Relation.ON_NECK))


def cup(pen: Pen, colour: Colour) -> None:
    """One that is seen from above: what is in it, and its front below."""
    pen.ellipse((0, 0, 199, 199), fill=colour)
    pen.ellipse((30, 5, 169, 125), fill=(96, 60, 50))


def pit(pen: Pen, colour: Colour) -> None:
    pen.ellipse((0, 0, 199, 199), fill=colour)
    pen.ellipse((60, 110, 139, 189), fill=(96, 60, 50))


@pytest.mark.parametrize("shape", [cup, pit])
def test_a_face_lies_on_one_part_of_a_thing_where_that_is_large_enough(shape: Callable[[Pen, Colour], None]):
    image = thing(shape)
    place = place_of(image)
    assert place
    seen = np.asarray(image)[:, :, :3].astype(int)
    down, across = np.mgrid[:200, :200]
    below = seen[np.hypot(across - place.x, down - place.y) < 0.7 * place.radius]
    most = np.median(below, axis=0)
    assert (np.abs(below - most).max(axis=1) > 55).mean() < 0.1
    assert place.radius > 40


def test_on_what_is_all_stripes_it_goes_where_it_went():
    def striped(pen: Pen, colour: Colour) -> None:
        disc(pen, colour)
        for top in range(10, 200, 30):
            pen.rectangle((20, top, 179, top + 12), fill=(40, 40, 160))

    place = place_of(thing(striped))
    assert place
    assert place.radius > 60
