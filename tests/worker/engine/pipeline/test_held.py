"""What somebody holds is at the mouth or the hands, touches whoever has it, and leaves the eyes free."""

from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from worker.engine.pipeline.held import held_by
from worker.engine.pipeline.spot import Extent
from worker.engine.pipeline.spots import spots_of
from worker.engine.prompt_match.drawings.reaches import reach_of
from worker.engine.prompt_match.drawings.roles import BEINGS, ROLES, ThingRole
from worker.engine.prompt_match.drawings.wearers import WEARERS
from worker.engine.prompt_match.grip import Grip, Reach
from worker.engine.prompt_match.layout import Figure, Hanging, Layout, Relation, Size
from worker.starter.data import emoji_art, own_art

SQUARE = (256, 256)
LIKE = (200.0, 200.0)
SHAPES: list[Extent] = [(100, 100), (160, 70), (60, 150)]
FACING, BODILESS = Reach(), Reach((0.5, 0.75), 0.58, (0.5, 0.98))
ASIDE = Reach((0.1, 0.5), 0.4, (0.35, 0.7), sideways=True)
REACHES = [FACING, BODILESS, ASIDE]
OWN = sorted(icon for icon in WEARERS.keys() & own_art.documents().keys() if ROLES[icon] in BEINGS)
_SEEN = 0.8  # of the eyes, though a thing be as broad as its box
_NEAR = 12  # pixels of a drawing: what is before the legs of somebody need not touch them
_LOOSE = (Grip.FLOWN, Grip.AFLOAT, Grip.PUSHED, Grip.PULLED)

Box = tuple[float, float, float, float]


def boxes(layout: Layout, extents: list[Extent]) -> list[Box]:
    """Left, top, right and bottom of each figure, in their order."""
    spots = dict(spots_of(layout, extents, SQUARE))
    found = [(spots[number], *extents[number]) for number in range(len(extents))]
    return [(s.left, s.top, s.left + wide * s.scale, s.top + high * s.scale) for s, wide, high in found]


def pair(reach: Reach | None, grip: Grip | None, *, mirrored: bool = False, size: Size = Size.USUAL) -> Layout:
    figures = Figure("holder", reach=reach, mirrored=mirrored), Figure("thing", grip=grip, size=size)
    return Layout(figures, Relation.WITH)


def shares(layout: Layout, thing: Extent = (100, 100)) -> Box:
    """Left, top, right and bottom of the thing in shares of the holder's box."""
    (left, top, right, bottom), own = boxes(layout, [LIKE, thing])
    wide, high = right - left, bottom - top
    return (own[0] - left) / wide, (own[1] - top) / high, (own[2] - left) / wide, (own[3] - top) / high


@cache
def drawn(icon: str) -> list[npt.NDArray[np.uint8]]:
    """The takes of an animal, (height, width, 4) each, no larger than it is there."""
    pytest.importorskip("resvg_py")
    documents = own_art.documents()
    takes = (documents[icon + ending] for ending in ("", ".glossy", ".icon") if icon + ending in documents)
    pictures = (Image.fromarray(emoji_art.render(each, 128)) for each in takes)
    return [np.array(each.crop(each.getchannel("A").point(lambda a: 255 * (a > 127)).getbbox())) for each in pictures]


def dark_eyes(icon: str, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where the eyes are, (height, width)."""
    high, wide = picture.shape[:2]
    place = WEARERS[icon].eyes
    unit, row, column = place.wide * wide, place.down * high, place.across * wide
    near = np.zeros((high, wide), dtype=bool)
    near[max(0, round(row - 0.2 * unit)) : round(row + 0.2 * unit) + 1, max(0, round(column - unit / 2)) :] = True
    near[:, round(column + unit / 2) + 1 :] = False
    return near & (picture[..., :3].max(axis=2) < 70) & (picture[..., 3] > 200)


@pytest.mark.parametrize("icon", OWN)
def test_the_eyes_of_whoever_has_something_stay_free(icon: str):
    bad = []
    for picture in drawn(icon):
        eyes, body = dark_eyes(icon, picture), picture[..., 3] > 127
        high, wide = body.shape
        holder = Figure(icon, reach=reach_of(icon, head_alone=ROLES[icon] is ThingRole.HEAD))
        for grip, extent in product(set(Grip) - {Grip.RAISED}, SHAPES):
            placed = held_by(holder, Figure("thing", grip=grip), Relation.WITH)
            assert placed
            spot = dict(placed((wide, high), extent))[1]
            left, top = round(spot.left), round(spot.top)
            right, bottom = round(spot.left + extent[0] * spot.scale), round(spot.top + extent[1] * spot.scale)
            box = slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right))
            if eyes[box].sum() > (1 - _SEEN) * eyes.sum():
                bad.append((grip.name, extent, "eyes"))
            near = slice(max(0, top - _NEAR), max(0, bottom + _NEAR)), slice(max(0, left - _NEAR), right + _NEAR)
            if grip not in _LOOSE and not body[near].any():
                bad.append((grip.name, extent, "apart"))
    assert not bad


@pytest.mark.parametrize("grip", Grip)
@pytest.mark.parametrize("reach", REACHES)
def test_who_is_mirrored_has_it_at_the_other_side(reach: Reach, grip: Grip):
    left, top, right, bottom = shares(pair(reach, grip))
    assert shares(pair(reach, grip, mirrored=True)) == pytest.approx((1 - right, top, 1 - left, bottom))


@pytest.mark.parametrize("thing", SHAPES)
@pytest.mark.parametrize("reach", REACHES)
@pytest.mark.parametrize("mirrored", [False, True])
def test_what_is_eaten_is_at_the_mouth_at_the_side_to_which_somebody_looks(reach: Reach, mirrored: bool, thing: Extent):
    left, top, right, bottom = shares(pair(reach, Grip.MOUTH, mirrored=mirrored), thing)
    across, down = reach.turned_round.mouth if mirrored else reach.mouth
    assert left - 0.1 < across < right + 0.1
    assert top - 0.1 < down < bottom
    assert top >= reach.eyes - 1e-6 or reach.sideways
    assert ((left + right) / 2 < across) == (reach.sideways != mirrored)


@pytest.mark.parametrize("thing", SHAPES)
@pytest.mark.parametrize("grip", [Grip.HANDS, Grip.READ, Grip.GROUND])
@pytest.mark.parametrize("reach", [FACING, BODILESS])
def test_what_is_before_the_chest_is_below_the_mouth_and_in_the_middle(reach: Reach, grip: Grip, thing: Extent):
    left, top, right, bottom = shares(pair(reach, grip), thing)
    assert reach.mouth[1] < top < 1 < bottom + 0.3
    assert left < 0.55 < right
    assert (left + right) / 2 == pytest.approx(0.5, abs=0.11)


def test_each_grip_is_another_place():
    found = {grip: shares(pair(FACING, grip)) for grip in Grip}
    assert found[Grip.UPRIGHT][2] > 1 > found[Grip.UPRIGHT][0] > 0.6
    assert found[Grip.AFLOAT][1] < 0.15
    assert found[Grip.FLOWN][1] < 0 < found[Grip.FLOWN][3] < 0.5 < found[Grip.FLOWN][0]
    assert found[Grip.PUSHED][0] > 0.8
    assert found[Grip.PULLED][2] < 0.2
    assert (found[Grip.PUSHED][3], found[Grip.PULLED][3]) == pytest.approx((1, 1))
    assert found[Grip.RAISED][3] < 0.2
    assert found[Grip.READ][2] - found[Grip.READ][0] > found[Grip.HANDS][2] - found[Grip.HANDS][0]


@pytest.mark.parametrize("grip", Grip)
def test_a_small_thing_is_smaller_and_a_giant_one_larger(grip: Grip):
    widths = []
    for size in (Size.TINY, Size.SMALL, Size.USUAL, Size.LARGE):
        left, _, right, _ = shares(pair(FACING, grip, size=size))
        widths.append(right - left)
    assert widths == sorted(widths)
    assert 2 * widths[0] < widths[3]


@pytest.mark.parametrize(("reach", "grip"), [(None, Grip.HANDS), (FACING, None)])
def test_where_nothing_is_known_it_is_at_the_side(reach: Reach | None, grip: Grip | None):
    assert shares(pair(reach, grip)) == pytest.approx(shares(pair(None, None)))


def test_things_in_several_grips_are_each_in_their_place():
    holder, flower, balloon = (
        Figure("fox", reach=FACING),
        Figure("rose", grip=Grip.HANDS),
        Figure("b", grip=Grip.AFLOAT),
    )
    both = boxes(Layout((holder, flower, balloon), Relation.WITH), [LIKE] * 3)
    for at, grip in ((1, Grip.HANDS), (2, Grip.AFLOAT)):
        (left, top, right, bottom), own = both[0], both[at]
        alone = shares(pair(FACING, grip), LIKE)
        found = [(own[side] - (top if side % 2 else left)) / (right - left) for side in range(4)]
        assert found == pytest.approx(alone)
        assert bottom - top == pytest.approx(right - left)


def test_it_is_held_alike_by_somebody_who_wears_or_rides_something():
    worn = Layout(
        (Figure("holder", reach=FACING), Figure("thing", grip=Grip.MOUTH), Figure("hat")),
        Relation.WITH,
        hanging=(Hanging(0, Relation.ON_HEAD),),
    )
    (left, top, right, _), own, _ = boxes(worn, [LIKE, (100, 100), LIKE])
    found = [(own[side] - (top if side % 2 else left)) / (right - left) for side in range(4)]
    assert found == pytest.approx(shares(pair(FACING, Grip.MOUTH)))


@pytest.mark.parametrize("many", [2, 3])
def test_what_several_share_is_before_the_middle_of_their_row(many: int):
    figures = (*[Figure("cat", reach=BODILESS)] * many, Figure("pizza", grip=Grip.MOUTH))
    *row, pizza = boxes(Layout(figures, Relation.WITH, leading=many), [LIKE] * (many + 1))
    assert (pizza[0] + pizza[2]) / 2 == pytest.approx((row[0][0] + row[-1][2]) / 2)
    assert row[0][1] + 0.6 * (row[0][3] - row[0][1]) < pizza[1]
    assert pizza[2] - pizza[0] < 0.75 * (row[0][2] - row[0][0])


def test_of_several_the_last_one_has_a_balloon():
    figures = (*[Figure("cat", reach=FACING)] * 2, Figure("balloon", grip=Grip.AFLOAT))
    one, other, balloon = boxes(Layout(figures, Relation.WITH, leading=2), [LIKE] * 3)
    assert one[2] < (balloon[0] + balloon[2]) / 2
    assert other[0] < balloon[0]
