"""Where things go that are drawn one by one and put into one picture."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from worker.engine.pipeline import arranged
from worker.engine.pipeline.cutout import Backdrop, Cutout
from worker.engine.pipeline.spot import Extent, Spot
from worker.engine.pipeline.spots import spots_of, spread_spots
from worker.engine.prompt_match.layout import (
    FIGURES_MAX,
    PARTS,
    Closeness,
    Figure,
    Hanging,
    HeadPlace,
    Layout,
    Relation,
    Scenery,
    Size,
    Spread,
    Turn,
)

SQUARE = (256, 256)
EXTENT = st.tuples(st.integers(30, 240), st.integers(30, 240))
EXTENTS = st.lists(EXTENT, min_size=1, max_size=FIGURES_MAX)
CANVAS = st.sampled_from([SQUARE, (384, 256), (192, 344), (512, 192)])
LIKE = (200.0, 200.0)
TWO = [Relation.OVER_TWO, Relation.BETWEEN_TWO, Relation.AT_HEELS]  # of what hangs between two in a row
NO_PLACE = [*PARTS, *TWO]
RELATIONS = [each for each in Relation if each not in NO_PLACE]
PAIRS = [each for each in RELATIONS if each is not Relation.BESIDE]

Box = tuple[float, float, float, float]


def layout(count: int, relation: Relation = Relation.BESIDE, **more: Any) -> Layout:
    return replace(Layout(tuple(Figure(f"thing {number}") for number in range(count)), relation), **more)


def boxes(found: Layout, extents: Sequence[Extent], size: tuple[int, int] = SQUARE) -> list[Box]:
    """Left, top, right and bottom of each figure, in their order."""
    spots = dict(spots_of(found, extents, size))
    return [_box(spots[number], extents[number]) for number in range(len(extents))]


def _box(spot: Spot, extent: Extent) -> Box:
    return spot.left, spot.top, spot.left + spot.scale * extent[0], spot.top + spot.scale * extent[1]


def over(one: Box, other: Box) -> tuple[float, float]:
    """How far two boxes reach into each other, across and down; less than 0 where they don't."""
    return min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])


@given(
    EXTENTS, st.sampled_from(RELATIONS), st.integers(1, FIGURES_MAX), st.sampled_from(Size), CANVAS, st.floats(0, 1),
    st.floats(0, 1),
)  # fmt: skip
def test_all_of_a_picture_stays_within_it(
    extents: list[Extent],
    relation: Relation,
    leading: int,
    size: Size,
    canvas: tuple[int, int],
    across: float,
    down: float,
):
    found = layout(len(extents), relation, leading=leading, size=size, across=across, down=down)
    assert sorted(number for number, _ in spots_of(found, extents, canvas)) == [*range(len(extents))]
    for left, top, right, bottom in boxes(found, extents, canvas):
        assert -1 <= left < right <= canvas[0] + 1
        assert -1 <= top < bottom <= canvas[1] + 1


@given(EXTENTS, CANVAS)
def test_what_stands_beside_each_other_does_not_overlap_and_goes_from_left_to_right(
    extents: list[Extent], canvas: tuple[int, int]
):
    placed = boxes(layout(len(extents)), extents, canvas)
    assert all(min(over(one, other)) <= 1e-6 for one, other in combinations(placed, 2))
    rows = [(round(bottom, 3), left) for left, _, _, bottom in placed]
    assert rows == sorted(rows)


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (2, 1), (3, 2), (4, 2)])
def test_two_stand_side_by_side_and_more_in_two_rows(count: int, rows: int):
    assert len({box[3] for box in boxes(layout(count), [LIKE] * count)}) == rows


def test_in_a_wide_picture_three_stand_in_one_row():
    assert len({box[3] for box in boxes(layout(3), [LIKE] * 3, (512, 192))}) == 1


@pytest.mark.parametrize("relation", PAIRS)
def test_how_two_stand_to_each_other(relation: Relation):
    first, second = boxes(layout(2, relation), [LIKE, LIKE])
    across, down = over(first, second)
    middle = (first[1] + first[3]) / 2 - (second[1] + second[3]) / 2
    smaller = (first[2] - first[0]) / (second[2] - second[0])
    front = [number for number, _ in spots_of(layout(2, relation), [LIKE, LIKE], SQUARE)][-1]
    expected = {
        Relation.ON: (across > 0 and 0 < down < 30 and middle < 0, front == 0),
        Relation.ABOVE: (across > 0 and down < 0 and middle < 0, True),
        Relation.LEAP: (across > 0 and down < 0 and middle < 0 and smaller > 1.3, True),
        Relation.IN: (across > 0 and down > 30 and middle < 0 and smaller < 1, front == 1),
        Relation.BEFORE: (smaller < 0.7 and middle > 0, front == 0),
        Relation.WITH: (smaller > 1.5 and middle < 0 and second[2] > first[2], front == 1),
        Relation.ON_HEAD: (smaller > 1.3 and second[1] < first[1] < second[3], front == 1),
        Relation.ON_EYES: (smaller > 1.1 and first[1] < second[1] and second[3] < first[3], front == 1),
        Relation.ON_LIP: (smaller > 2 and middle < 0 and first[1] < second[1] and second[3] < first[3], front == 1),
        Relation.BEHIND_HEAD: (smaller < 1, front == 0),
        Relation.ON_NECK: (smaller > 2 and first[1] + 0.4 * (first[3] - first[1]) < second[1] < first[3], front == 1),
        Relation.UNDER_HEAD: (smaller > 2 and middle < 0 and second[3] > first[3] > second[1], front == 1),
        Relation.BEHIND_BACK: (smaller > 1.3 and second[2] > first[2] > second[0], front == 0),
        Relation.AT_HEAD: (2.5 < smaller < 4 and second[2] > first[2] > second[0] and second[1] < first[1], front == 1),
        Relation.LEFT_OF_HEAD: (
            2.5 < smaller < 4 and second[0] < first[0] < second[2] < first[2] and second[1] < first[1] < second[3],
            front == 1,
        ),
        Relation.ON_CHEEK: (smaller > 3 and middle < 0 and second[2] < first[2] and second[3] < first[3], front == 1),
        Relation.OVER_HEAD: (
            smaller > 2 and abs(second[0] + second[2] - first[0] - first[2]) < 1 and middle > 0,
            front == 1,
        ),
    }
    assert expected[relation] == (True, True)


@pytest.mark.parametrize("leading", [1, 2, 3])
def test_several_of_one_side_stand_in_a_row(leading: int):
    placed = boxes(layout(4, Relation.ON, leading=leading), [LIKE] * 4)
    upper, lower = placed[:leading], placed[leading:]
    for side in (upper, lower):
        assert len({round(box[3], 3) for box in side}) == 1
        assert all(min(over(one, other)) <= 1e-6 for one, other in combinations(side, 2))
    assert upper[0][3] < lower[0][3]


HANGING = st.builds(Hanging, st.integers(0, 2), st.sampled_from(PAIRS), st.booleans())


@given(EXTENTS, st.sampled_from(RELATIONS), st.lists(HANGING, max_size=4), CANVAS)
def test_what_hangs_stands_to_its_figure_as_if_both_were_alone(
    extents: list[Extent], relation: Relation, ways: list[Hanging], canvas: tuple[int, int]
):
    standing = min(3, len(extents))
    ways = [replace(way, on=way.on % standing) for way in ways][: len(extents) - standing]
    extents = extents[: standing + len(ways)]
    found = layout(len(extents), relation, leading=1, hanging=tuple(ways))
    placed = boxes(found, extents, canvas)
    for left, top, right, bottom in placed:
        assert -1 <= left < right <= canvas[0] + 1
        assert -1 <= top < bottom <= canvas[1] + 1
    order = [number for number, _ in spots_of(found, extents, canvas)]
    assert sorted(order) == [*range(len(extents))]
    for number, way in enumerate(ways, standing):
        if [(each.on, each.relation, each.swapped) for each in ways].count((way.on, way.relation, way.swapped)) > 1:
            continue  # in a row
        pair = [way.on, number][:: -1 if way.swapped else 1]
        alone = spots_of(layout(2, way.relation), [extents[each] for each in pair], canvas)
        assert [pair[each] for each, _ in alone] == [each for each in order if each in pair]
        spots = dict(alone)
        first, second = (_box(spots[each], extents[pair[each]]) for each in (0, 1))
        assert _between(placed[pair[0]], placed[pair[1]]) == pytest.approx(_between(first, second), abs=1e-4)


def _between(one: Box, other: Box) -> list[float]:
    """Where another box is, in widths and heights of one."""
    wide, high = one[2] - one[0], one[3] - one[1]
    return [(other[side] - one[side % 2]) / (high if side % 2 else wide) for side in range(4)]


def test_figures_of_a_row_stay_as_large_and_do_not_overlap_what_hangs_on_another():
    ways = (Hanging(0, Relation.ON_HEAD), Hanging(1, Relation.WITH), Hanging(1, Relation.ON))
    hat_on, holding, alone, hat, held, below = boxes(layout(6, hanging=ways), [LIKE] * 6, (600, 256))
    assert hat_on[2] - hat_on[0] == pytest.approx(holding[2] - holding[0])
    assert hat_on[2] - hat_on[0] == pytest.approx(alone[2] - alone[0])
    assert all(min(over(one, other)) <= 1e-6 for one in (hat_on, hat) for other in (holding, held, below, alone))
    assert all(min(over(one, alone)) <= 1e-6 for one in (holding, held, below))


def test_who_is_on_something_is_as_large_as_who_stands_beside_it():
    """Two on a bed, and one beside it."""
    ways = (Hanging(0, Relation.ON, swapped=True),) * 2
    bed, beside, *lying = boxes(layout(4, hanging=ways), [LIKE] * 4)
    for each in lying:
        assert each[2] - each[0] == pytest.approx(beside[2] - beside[0])
    assert bed[2] - bed[0] > beside[2] - beside[0]


def test_several_that_hang_in_one_way_are_in_a_row():
    ways = (Hanging(0, Relation.WITH),) * 3
    _, *held = boxes(layout(4, hanging=ways), [LIKE] * 4)
    assert all(min(over(one, other)) <= 1e-6 for one, other in combinations(held, 2))
    assert len({round(box[3], 3) for box in held}) == 1


def test_what_hangs_on_what_hangs_goes_with_it():
    ways = Hanging(0, Relation.ON), Hanging(1, Relation.ON_HEAD)
    rider, horse, hat = boxes(layout(3, hanging=ways), [LIKE] * 3)
    assert rider[3] < horse[3]
    assert hat[1] < horse[1] < hat[3]


@pytest.mark.parametrize(
    ("closeness", "gap"),
    [(Closeness.OVERLAPPING, -0.16), (Closeness.TOUCHING, -0.04), (Closeness.APART, 0.16), (Closeness.FAR, 0.34)],
)
def test_who_are_in_one_row_are_as_near_as_is_said(closeness: Closeness, gap: float):
    one, other = boxes(layout(2, in_a_row=True, closeness=closeness), [LIKE, LIKE])
    assert (other[0] - one[2]) / (one[2] - one[0]) == pytest.approx(gap)


@pytest.mark.parametrize("relation", TWO)
@pytest.mark.parametrize("extents", [[LIKE, LIKE, LIKE], [(200.0, 120.0), (90.0, 220.0), LIKE]])
@pytest.mark.parametrize("on", [Relation.BESIDE, Relation.ON])
def test_what_is_between_two_is_in_their_middle_before_them(relation: Relation, extents: list[Extent], on: Relation):
    extents = [*extents[:2], LIKE, extents[2]]
    hanging = (Hanging(0, relation),)
    found = layout(4, on, leading=2, in_a_row=True, hanging=hanging, closeness=Closeness.APART)
    spots = spots_of(found, extents, SQUARE)
    one, other, _, mark = boxes(found, extents)
    assert [number for number, _ in spots].index(3) > [number for number, _ in spots].index(1)
    assert mark[0] + mark[2] == pytest.approx(one[2] + other[0])
    height = (mark[1] + mark[3]) / 2
    top, foot = max(one[1], other[1]), min(one[3], other[3])
    assert {
        Relation.OVER_TWO: height == pytest.approx(top),
        Relation.BETWEEN_TWO: height == pytest.approx((top + foot) / 2),
        Relation.AT_HEELS: (top + foot) / 2 < height < foot,
    }[relation]


@given(EXTENT)
def test_sizes_go_from_tiny_to_large(extent: Extent):
    widths = [box[2] - box[0] for each in Size for box in boxes(layout(1, size=each), [extent])]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1] / 2.5


@pytest.mark.parametrize("size", [Size.TINY, Size.SMALL])
def test_of_two_one_may_be_smaller(size: Size):
    found = Layout((Figure("a mouse", size=size), Figure("an elephant")))
    (left, _, right, _), other = boxes(found, [LIKE, LIKE])
    assert (right - left) < 0.7 * (other[2] - other[0])
    assert other[2] - other[0] > 120
    (alone,) = boxes(Layout((Figure("a mouse", size=size),)), [LIKE])
    assert alone == boxes(layout(1), [LIKE])[0]


@pytest.mark.parametrize("relation", [Relation.ON, Relation.ABOVE])
@pytest.mark.parametrize(
    ("upper", "lower"), [(Size.LARGE, Size.SMALL), (Size.USUAL, Size.TINY), (Size.LARGE, Size.USUAL)]
)
def test_who_is_larger_stays_so_over_another(relation: Relation, upper: Size, lower: Size):
    """A small mouse under a big elephant."""
    stacked = Layout((Figure("an elephant", size=upper), Figure("a mouse", size=lower)), relation)
    one, other = boxes(stacked, [(100, 90), (100, 90)])
    assert (one[2] - one[0]) > 1.1 * (other[2] - other[0])


@pytest.mark.parametrize("across", [0, 0.5, 1])
@pytest.mark.parametrize("down", [0, 0.5, 1])
def test_a_small_thing_is_where_it_is_asked_for(across: float, down: float):
    ((left, top, right, bottom),) = boxes(layout(1, size=Size.TINY, across=across, down=down), [LIKE])
    for middle, wanted in (((left + right) / 2, across), ((top + bottom) / 2, down)):
        assert [middle < 90, 120 < middle < 136, middle > 166] == [wanted == 0, wanted == 0.5, wanted == 1]


def drawing(
    colour: tuple[int, int, int], box: tuple[int, int, int, int] = (30, 30, 225, 225), behind: Any = (170, 214, 245)
) -> Cutout:
    picture = Image.new("RGB", SQUARE, behind)
    ImageDraw.Draw(picture).rectangle(box, fill=colour)
    return Cutout.of(picture)


def test_a_picture_shows_each_thing_in_its_place_before_one_background():
    made = arranged.picture(layout(2), [drawing((200, 0, 0)), drawing((0, 0, 200))], SQUARE)
    assert made.size == SQUARE
    assert made.getpixel((70, 128)) == pytest.approx((200, 0, 0), abs=3)
    assert made.getpixel((186, 128)) == pytest.approx((0, 0, 200), abs=3)
    assert made.getpixel((128, 10)) == pytest.approx((170, 214, 245), abs=3)
    assert made.getpixel((5, 250)) == pytest.approx((170, 214, 245), abs=3)


def test_all_stand_before_the_background_of_the_first_and_bring_nothing_of_their_own():
    """Not even at their edges, where they are made smaller."""
    picture = Image.new("RGB", SQUARE, "white")
    ImageDraw.Draw(picture).ellipse((30, 30, 225, 225), fill=(0, 0, 200))
    cutouts = [drawing((200, 0, 0), behind="black"), Cutout.of(picture)]
    made = np.asarray(arranged.picture(layout(2), cutouts, SQUARE), dtype=int)
    assert made[250, 250] == pytest.approx((0, 0, 0), abs=3)
    assert made[128, 186] == pytest.approx((0, 0, 200), abs=3)
    assert made[:, 128:, 1].max() <= 12


@pytest.mark.parametrize(("relation", "seen"), [(Relation.BEFORE, 0), (Relation.WITH, 1), (Relation.ON_HEAD, 1)])
def test_what_is_in_front_hides_what_is_behind(relation: Relation, seen: int):
    found = layout(2, relation)
    cutouts = [drawing((200, 0, 0)), drawing((0, 0, 200))]
    one, other = boxes(found, [each.image.size for each in cutouts])
    middle = [round((max(one[n], other[n]) + min(one[n + 2], other[n + 2])) / 2) for n in (0, 1)]  # of what both cover
    made = arranged.picture(found, cutouts, SQUARE)
    assert made.getpixel((middle[0], middle[1])) == pytest.approx([(200, 0, 0), (0, 0, 200)][seen], abs=3)


@pytest.mark.parametrize(
    ("paint", "colour"), [("", (200, 0, 0)), ("blue", (0, 0, 1)), ("green", (0, 1, 0)), ("mauve", (200, 0, 0))]
)
def test_a_thing_is_painted_as_asked_and_its_background_is_not(paint: str, colour: tuple[int, int, int]):
    """In a colour that there is no paint of it keeps its own."""
    made = arranged.picture(Layout((Figure("a box", paint=paint),)), [drawing((200, 0, 0))], SQUARE)
    pixel = np.asarray(made)[128, 128]
    assert pixel.argmax() == np.argmax(colour)
    assert made.getpixel((5, 5)) == pytest.approx((170, 214, 245), abs=3)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("size", [SQUARE, (128, 128), (512, 256)])
def test_one_thing_as_the_model_draws_it_stays_where_it_was_drawn(size: tuple[int, int], mirrored: bool):
    """At the other side where it is mirrored, as all of the picture would be."""
    where = (20, 60, 99, 219)
    made = arranged.picture(Layout((Figure("a box", mirrored=mirrored),)), [drawing((200, 0, 0), where)], size)
    scale = min(size) / 256
    left, top, right, bottom = (scale * each for each in (20, 60, 100, 220))
    if mirrored:
        left, right = scale * 256 - right, scale * 256 - left
    beside = (size[0] - scale * 256) / 2
    rows, columns = np.nonzero(np.asarray(made)[:, :, 1] < 100)
    found = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    assert found == pytest.approx((left + beside, top, right + beside, bottom), abs=2)


def test_what_is_not_drawn_yet_has_its_room():
    first = arranged.picture(layout(2), [drawing((200, 0, 0))], SQUARE)
    assert first.getpixel((70, 128)) == pytest.approx((200, 0, 0), abs=3)
    assert first.getpixel((186, 128)) == pytest.approx((170, 214, 245), abs=3)


@pytest.mark.parametrize(
    ("figure", "where"),
    [
        (Figure("a flag"), (60, 60)),
        (Figure("a flag", mirrored=True), (195, 60)),
        (Figure("a flag", Turn.UPSIDE_DOWN), (195, 195)),
        (Figure("a flag", Turn.UPSIDE_DOWN, mirrored=True), (60, 195)),
    ],
)
def test_a_figure_stands_as_it_is_turned(figure: Figure, where: tuple[int, int]):
    """The first quarter of the thing is green."""
    picture = Image.new("RGB", SQUARE, (170, 214, 245))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((30, 30, 225, 225), fill=(200, 0, 0))
    pen.rectangle((30, 30, 120, 120), fill=(0, 120, 0))
    made = arranged.picture(Layout((figure,)), [Cutout.of(picture)], SQUARE)
    green = np.asarray(made)[:, :, 1]
    corners = [(60, 60), (195, 60), (60, 195), (195, 195)]
    assert [(x, y) for x, y in corners if green[y, x] > 80] == [where]


@pytest.mark.parametrize(("turn", "leans"), [(Turn.LEANING_LEFT, -1), (Turn.LEANING_RIGHT, 1)])
def test_what_leans_has_its_top_on_that_side(turn: Turn, leans: int):
    upright = drawing((200, 0, 0), (110, 20, 145, 235))
    made = arranged.picture(Layout((Figure("a post", turn),)), [upright], SQUARE)
    pixels = np.asarray(made)
    red = (pixels[:, :, 0] > 190) & (pixels[:, :, 1] < 190)
    upper, lower = (np.flatnonzero(red[y]).mean() for y in (50, 206))
    assert (upper - lower) * leans > 20


# Scenery


@given(st.sampled_from(Spread), st.booleans(), EXTENT, CANVAS)
def test_scenery_stays_within_the_picture_and_leaves_its_sides_free(
    spread: Spread, mirrored: bool, extent: Extent, canvas: tuple[int, int]
):
    for spot in spread_spots(Scenery("a tree", spread, mirrored), extent, canvas):
        left, top, right, bottom = _box(spot, extent)
        assert 0.05 * canvas[0] - 1e-6 <= left < right <= 0.95 * canvas[0] + 1e-6
        assert 0 <= top < bottom <= canvas[1]


@pytest.mark.parametrize("spread", Spread)
def test_mirrored_scenery_is_at_the_other_side(spread: Spread):
    found, other = (spread_spots(Scenery("a tree", spread, mirrored), LIKE, SQUARE) for mirrored in (False, True))
    for one, opposite in zip(found, other, strict=True):
        assert one.left == pytest.approx(256 - opposite.left - LIKE[0] * opposite.scale)
        assert (one.top, one.scale) == pytest.approx((opposite.top, opposite.scale))


@given(EXTENTS, st.sampled_from(RELATIONS), CANVAS)
def test_amid_scenery_figures_are_smaller_but_large(extents: list[Extent], relation: Relation, canvas: tuple[int, int]):
    found = layout(len(extents), relation)
    amid = replace(found, scenery=(Scenery("a moon", Spread.CORNER),))
    for one, other in zip(boxes(found, extents, canvas), boxes(amid, extents, canvas), strict=True):
        assert 0.7 < (other[2] - other[0]) / (one[2] - one[0]) < 0.97 or len(extents) > 2  # in other rows then


def amid(spread: Spread, figures: int = 1, **more: Any) -> Layout:
    return layout(figures, scenery=(Scenery("a moon", spread),), down=1.0, **more)


@pytest.mark.parametrize("spread", Spread)
def test_scenery_is_behind_the_figures_before_one_background(spread: Spread):
    behind = drawing((0, 0, 200))
    made = arranged.picture(amid(spread), [drawing((200, 0, 0)), behind], SQUARE)
    plain = arranged.picture(replace(layout(1), down=1.0, scenery=amid(spread).scenery), [drawing((200, 0, 0))], SQUARE)
    red, blue = (np.asarray(each, dtype=int) for each in (plain, made))
    differs = np.abs(red - blue).max(axis=2) > 30
    figure = (red[:, :, 0] > 190) & (red[:, :, 2] < 30)
    assert not differs[figure].any()
    assert (blue[differs][:, 2] > 100).all()
    assert 0.02 < differs.mean() < 0.5


@pytest.mark.parametrize("spread", Spread)
@pytest.mark.parametrize("canvas", [SQUARE, (384, 256), (192, 344)])
def test_a_picture_with_scenery_is_known_again_as_put_together(spread: Spread, canvas: tuple[int, int]):
    """So its versions are drawn as it was."""
    assert Backdrop.of_plain(arranged.picture(amid(spread), [drawing((200, 0, 0)), drawing((0, 0, 200))], canvas))


def test_scenery_that_is_not_drawn_yet_changes_nothing_else():
    red = drawing((200, 0, 0))
    first = arranged.picture(amid(Spread.CORNER), [red], SQUARE)
    both = arranged.picture(amid(Spread.CORNER), [red, drawing((0, 0, 200))], SQUARE)
    same = (np.asarray(first) == np.asarray(both)).all(axis=2)
    assert same[100:].all()
    assert not same[:80, 170:].all()


def test_scenery_may_be_cut_out_of_another_background():
    picture = Image.new("RGB", SQUARE, (30, 50, 116))
    ImageDraw.Draw(picture).rectangle((30, 30, 225, 225), fill=(255, 220, 0))
    made = arranged.picture(amid(Spread.CORNER), [drawing((200, 0, 0)), Cutout.of(picture)], SQUARE)
    assert made.getpixel((205, 45)) == pytest.approx((255, 220, 0), abs=3)
    assert made.getpixel((10, 10)) == pytest.approx((170, 214, 245), abs=3)


NIGHT = ((30, 50, 116), (52, 120, 226))
DRAGON = (66, 132, 236)  # hardly lighter than the lower end of the night


def blue(behind: tuple[int, int, int]) -> Cutout:
    """A thing of which all but the upper part has the night's colour."""
    picture = Image.new("RGB", SQUARE, behind)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 40, 190, 90), fill=(255, 220, 0))
    pen.rectangle((60, 90, 190, 215), fill=DRAGON)
    return Cutout.of(picture)


def seen(made: Image.Image, colour: tuple[int, int, int]) -> int:
    """How many pixels have about a colour."""
    return int((np.abs(np.asarray(made, dtype=int) - colour).max(axis=2) < 3).sum())


@pytest.mark.parametrize("many", [1, 2])
def test_a_thing_of_the_backgrounds_colour_is_whole_where_it_was_drawn_before_another(many: int):
    found = replace(layout(many), ground=NIGHT, scenery=amid(Spread.CORNER).scenery)
    made, lost = (arranged.picture(found, [blue(behind)] * many, SQUARE) for behind in (NIGHT[0], NIGHT[1]))
    whole = seen(made, DRAGON) / seen(made, (255, 220, 0))
    assert whole > 2.2  # 125 rows to 50
    assert seen(lost, DRAGON) < 0.1 * seen(made, DRAGON)


def test_a_named_ground_is_behind_all_whatever_the_first_was_drawn_before():
    made = arranged.picture(replace(layout(2), ground=NIGHT), [blue((255, 255, 255)), drawing((200, 0, 0))], SQUARE)
    assert made.getpixel((1, 0)) == pytest.approx(NIGHT[0], abs=2)
    assert made.getpixel((1, 255)) == pytest.approx(NIGHT[1], abs=2)
    assert not seen(made, (255, 255, 255))


def pale() -> Cutout:
    """A thing of which the middle is hardly lighter than what is behind it."""
    picture = Image.new("RGB", SQUARE, (170, 214, 245))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((100, 40, 150, 215), fill=(180, 224, 255))
    for top in (40, 150):
        pen.rectangle((60, top, 190, top + 65), fill=(200, 0, 0))
    return Cutout.of(picture)


def middle(made: Image.Image) -> tuple[int, ...]:
    """The colour between the red parts."""
    pixels = np.asarray(made, dtype=int)
    red = np.argwhere((pixels[:, :, 0] > 190) & (pixels[:, :, 2] < 30))
    return tuple(pixels[tuple((red.min(axis=0) + red.max(axis=0)) // 2)].tolist())


def test_amid_scenery_a_thing_keeps_what_cutting_it_out_would_lose():
    assert middle(arranged.picture(amid(Spread.CORNER), [pale()], SQUARE)) == pytest.approx((180, 224, 255), abs=2)
    for mirrored in (False, True):
        found = replace(amid(Spread.CORNER), figures=(Figure("a plane", mirrored=mirrored),), across=0.1)
        assert middle(arranged.picture(found, [pale()], SQUARE)) == pytest.approx((180, 224, 255), abs=2)


@pytest.mark.parametrize("found", [layout(1), layout(1, size=Size.SMALL, across=0.0), layout(1).turned_round()])
@pytest.mark.parametrize("canvas", [(384, 256), (192, 344)])
def test_in_another_shape_or_place_it_keeps_that_too(found: Layout, canvas: tuple[int, int]):
    assert middle(arranged.picture(found, [pale()], canvas)) == pytest.approx((180, 224, 255), abs=2)


def test_amid_scenery_no_more_of_its_drawing_is_kept():
    """What is beside a thing and a little lighter is only a background that is not even."""
    picture = Image.new("RGB", SQUARE, (170, 214, 245))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 200, 60), fill=(178, 222, 253))
    pen.rectangle((40, 100, 230, 215), fill=(200, 0, 0))
    made = np.asarray(arranged.picture(amid(Spread.CORNER), [Cutout.of(picture)], SQUARE), dtype=int)
    assert not (np.abs(made - (178, 222, 253)).max(axis=2) < 3).any()


@pytest.mark.parametrize("figure", [Figure("a plane", Turn.UPSIDE_DOWN), Figure("a plane", paint="blue")])
def test_of_what_is_turned_or_painted_it_is_lost(figure: Figure):
    found = replace(amid(Spread.CORNER), figures=(figure,))
    made = arranged.picture(found, [pale()], SQUARE)
    assert (np.asarray(made, dtype=int)[:, :, 0] < 176).mean() > 0.5
    assert not (np.abs(np.asarray(made, dtype=int) - (180, 224, 255)).max(axis=2) < 3).any()


def test_in_high_pictures_what_is_far_away_is_not_hidden_behind_the_figures():
    trees = amid(Spread.SIDES)
    ((_, figure, _, _),) = boxes(trees, [LIKE], (192, 344))
    for spot in spread_spots(trees.scenery[0], (150, 200), (192, 344)):
        assert spot.top + 0.5 * 200 * spot.scale < figure


@pytest.mark.parametrize("many", [1, 2, 3])
def test_what_a_row_holds_is_as_small_as_of_one_and_hides_little_of_the_last(many: int):
    *row, held = boxes(layout(many + 1, Relation.WITH, leading=many), [LIKE] * (many + 1))
    last = row[-1]
    assert (held[2] - held[0]) / (last[2] - last[0]) < 0.65
    assert over(last, held)[0] / (last[2] - last[0]) < 0.25


@pytest.mark.parametrize("relation", [Relation.ON_EYES, Relation.ON_LIP])
@pytest.mark.parametrize("across", [0.3, 0.5])
def test_on_a_known_face_they_are_as_wide_as_that(relation: Relation, across: float):
    both = layout(2, relation)
    person = replace(both.figures[0], head=HeadPlace(across, 0.1, 0.4))
    known = replace(both, figures=(person, *both.figures[1:]))
    (wearer, usual), (same, worn) = boxes(both, [LIKE, LIKE]), boxes(known, [LIKE, LIKE])
    assert wearer == pytest.approx(same)
    assert worn[2] - worn[0] < 0.75 * (usual[2] - usual[0])
    assert (worn[0] + worn[2]) / 2 == pytest.approx(same[0] + across * (same[2] - same[0]))
