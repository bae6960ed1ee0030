"""Where the figures of a layout go in a picture, and its scenery: places and sizes, from how large each was cut out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from worker.engine.prompt_match.grip import Grip
from worker.engine.prompt_match.layout import Closeness, Figure, Layout, Relation, Scenery, Size, Spread

from .between import BETWEEN, box
from .held import held_by, hung, shared
from .pair import Pair
from .riding import mounted
from .spot import Extent, Group, Spot, Spots
from .within import contained
from .worn import WORN, Placing, worn_by

# Shares of the picture's width and height that all figures together may take, and how much of that by size.
_WIDE, _HIGH = 0.94, 0.86
_SIZES: Mapping[Size, float] = {Size.TINY: 0.34, Size.SMALL: 0.55, Size.USUAL: 1.0, Size.LARGE: 1.0}
_SEVERAL: Mapping[Size, float] = {**_SIZES, Size.TINY: 0.5, Size.SMALL: 0.75}  # each is smaller anyway
_BESIDE: Mapping[Size, float] = {Size.TINY: 0.4, Size.SMALL: 0.65, Size.USUAL: 1.0, Size.LARGE: 1.4}  # other figures
_MARGIN = 0.03  # of the picture, at its edges, where it has a place of its own
_GAP = 0.04  # between figures in a row, of the widest of them
# Likewise by how close they are; of the narrowest where they overlap.
_GAPS: Mapping[Closeness, float] = {
    Closeness.USUAL: _GAP, Closeness.TOUCHING: -0.04, Closeness.OVERLAPPING: -0.16, Closeness.APART: 0.16,
    Closeness.FAR: 0.34,
}  # fmt: skip
_LEAPT = 0.66  # of who jumps, by their longer sides: what is below
_WORTH = 1.25  # times as large they must be for another row: side by side is what people expect

_AMID = 0.84, 0.62  # instead of the shares that figures take, amid scenery
# Left, top, right and bottom, in shares of the picture: what is there stands in the middle of the lower edge. The
# outermost of both sides stays free, for by that a picture is known again as one that was put together.
_SPREADS: Mapping[Spread, tuple[tuple[float, float, float, float], ...]] = {
    Spread.SIDES: ((0.05, 0.02, 0.5, 0.68), (0.52, 0.06, 0.95, 0.68)),
    Spread.SIDE: ((0.48, 0.03, 0.95, 0.72),),
    Spread.RANGE: ((0.05, 0.05, 0.64, 0.72), (0.5, 0.2, 0.95, 0.72)),
    Spread.LOW: ((0.05, 0.42, 0.33, 0.95), (0.69, 0.48, 0.95, 0.95)),
    Spread.FIELD: (
        (0.14, 0.34, 0.3, 0.6), (0.7, 0.36, 0.86, 0.62), (0.05, 0.52, 0.27, 0.95), (0.73, 0.56, 0.95, 0.95),
    ),
    Spread.CORNER: ((0.68, 0.05, 0.94, 0.31),),
    Spread.SCATTERED: (
        (0.06, 0.14, 0.2, 0.28), (0.28, 0.05, 0.38, 0.15), (0.56, 0.08, 0.66, 0.18), (0.82, 0.38, 0.94, 0.5),
        (0.06, 0.5, 0.15, 0.59),
    ),
    Spread.ABOVE: ((0.06, 0.04, 0.46, 0.36), (0.56, 0.04, 0.9, 0.3)),
    Spread.RISING: ((0.46, 0.1, 0.94, 0.58),),
}  # fmt: skip
# What is far away stands higher in high pictures, by this share of what they are higher than wide: else it were hidden.
_FAR, _LIFT = frozenset((Spread.SIDES, Spread.SIDE, Spread.RANGE, Spread.RISING)), 0.3


def spots_of(layout: Layout, extents: Sequence[Extent], size: tuple[int, int]) -> Spots:
    """Where the figures of a layout go in a picture of that width and height, in pixels. `extents`: as they are cut."""
    sizes = [_BESIDE[each.size] if len(extents) > 1 else 1.0 for each in layout.figures]
    extents = [(width * times, height * times) for (width, height), times in zip(extents, sizes, strict=True)]
    placed = _fitted(_placed(hung(layout), extents, size), extents, layout, size)
    return [(number, replace(spot, scale=spot.scale * sizes[number])) for number, spot in placed]


def spread_spots(scenery: Scenery, extent: Extent, size: tuple[int, int]) -> list[Spot]:
    """Where scenery of that extent goes in a picture of that width and height, in pixels."""
    spots = []
    for left, top, right, bottom in _SPREADS[scenery.spread]:
        wide, high = (right - left) * size[0], (bottom - top) * size[1]
        scale = min(wide / extent[0], high / extent[1])
        first = (1 - right if scenery.mirrored else left) * size[0]
        room = high - extent[1] * scale
        lift = min(_LIFT * max(0, size[1] - size[0]), room) if scenery.spread in _FAR else 0.0
        foot = bottom * size[1] - lift
        spots.append(Spot(first + (wide - extent[0] * scale) / 2, foot - extent[1] * scale, scale))
    return spots


def _placed(layout: Layout, extents: Sequence[Extent], size: tuple[int, int]) -> Spots:
    """Where they stand to each other, not yet as large as they may be."""
    wholes = [_whole(number, layout, extents) for number in range(layout.standing)]
    first, others = range(layout.leading), range(layout.leading, layout.standing)
    if layout.relation is not Relation.BESIDE and others:
        one, other = (_near(layout, wholes, each, extents) for each in (first, others))
        worn = worn_by(layout.figures[0], layout.relation) if layout.leading == 1 else None
        if worn:
            return _moved((one, other), _from_wearer(worn, dict(one[0])[0], extents[0], other[1]))
        placed = _joined(Pair(layout, layout.relation, (first, others), (one, other), extents))
        placed = placed or shared(layout, (one, other))
        told = len({each.size for each in layout.figures[: layout.standing]}) > 1
        stacked = _STACKED.get(layout.relation) if told else None  # a small mouse stays so under an elephant
        placed = placed or (stacked and stacked(one[1], other[1], told=True))
        return _moved((one, other), placed) if placed else _related(layout.relation, one, other)
    if layout.in_a_row:
        return _near(layout, wholes, range(layout.standing), extents)[0]
    return _moved(wholes, _rows([extent for _, extent in wholes], size))


def _near(layout: Layout, wholes: Sequence[Group], some: range, extents: Sequence[Extent]) -> Group:
    """Some in one row, as close as they are, with what is between two of them; that takes no room in the row."""
    row = [wholes[number] for number in some]
    spots, extent = _in_rows([each for _, each in row], 1, layout.closeness)
    placed = [*_moved(row, spots)]
    for at, way in enumerate(layout.hanging, layout.standing):
        if way.relation in BETWEEN and way.on in some[:-1]:
            left = some.index(way.on)
            one, other = (box(spots[number][1], row[number][1]) for number in (left, left + 1))
            placed.append((at, BETWEEN[way.relation](one, other, extents[at])))
    return placed, extent


def _whole(number: int, layout: Layout, extents: Sequence[Extent]) -> Group:
    """A figure with all that hangs on it. It is as large as alone, or larger: so that those who are on it are."""
    ways: dict[tuple[Relation, bool, Grip | None], list[int]] = {}
    for at, way in enumerate(layout.hanging, layout.standing):
        if way.on == number and way.relation not in BETWEEN:
            ways.setdefault((way.relation, way.swapped, layout.figures[at].grip), []).append(at)
    alone: Group = [(number, Spot(0, 0))], extents[number]
    behind: list[tuple[int, Spot]] = []
    front: list[tuple[int, Spot]] = []
    smallest = 1.0
    for (relation, swapped, _), hanging in ways.items():
        row = _row([_whole(at, layout, extents) for at in hanging])
        wearer = None if swapped else layout.figures[number]
        groups, sides = ((row, alone), (hanging, [number])) if swapped else ((alone, row), ([number], hanging))
        joined = _joined(Pair(layout, relation, sides, groups, extents))
        held = held_by(wearer, layout.figures[hanging[0]], relation) if wearer else None
        joined = joined or (held(extents[number], row[1]) if held else None)
        placed = _moved(groups, joined) if joined else _related(relation, *groups, wearer)
        (at, own), *_ = ((at, spot) for at, (which, spot) in enumerate(placed) if which == number)
        placed = [
            (which, Spot((spot.left - own.left) / own.scale, (spot.top - own.top) / own.scale, spot.scale / own.scale))
            for which, spot in placed
        ]
        behind, front = [*placed[:at], *behind], [*front, *placed[at + 1 :]]
        smallest = min([smallest, *(spot.scale for _, spot in placed if swapped)])
    placed = _moved([([*behind, *alone[0], *front], (0, 0))], [(0, Spot(0, 0, 1 / smallest))])
    return _from_zero(placed, extents)


def _row(wholes: Sequence[Group]) -> Group:
    """Several in one row."""
    spots, extent = _in_rows([extent for _, extent in wholes], 1)
    return _moved(wholes, spots), extent


def _joined(pair: Pair) -> Spots | None:
    """How two groups stand to each other where that lies in what they are: who rides, who is in something."""
    opening = pair.layout.figures[pair.sides[1][0]].opening if pair.relation is Relation.IN else None
    return (None if opening else mounted(pair)) or contained(pair)


def _related(relation: Relation, first: Group, second: Group, wearer: Figure | None = None) -> Spots:
    """How two groups stand to each other. `wearer`: the first, if that is one figure."""
    placed = (wearer and worn_by(wearer, relation)) or _PLACED[relation]
    return _moved((first, second), placed(first[1], second[1]))


def _from_wearer(worn: Placing, wearer: Spot, extent: Extent, other: Extent) -> Spots:
    """Where groups go whose second is worn by a figure of the first, which has more around it: a mark, a balloon."""
    spots = worn((extent[0] * wearer.scale, extent[1] * wearer.scale), other)
    return [
        (number, replace(spot, left=wearer.left + spot.left, top=wearer.top + spot.top) if number else spot)
        for number, spot in spots
    ]


def _moved(groups: Sequence[Group], spots: Spots) -> Spots:
    """Where the figures of groups go when those, by their numbers, go there."""
    return [
        (
            figure,
            Spot(whole.left + spot.left * whole.scale, whole.top + spot.top * whole.scale, spot.scale * whole.scale),
        )
        for number, whole in spots
        for figure, spot in groups[number][0]
    ]


def _fitted(placed: Spots, extents: Sequence[Extent], layout: Layout, size: tuple[int, int]) -> Spots:
    """All of them as large as there is room for, and where they belong."""
    placed, (width, height) = _from_zero(placed, extents)
    sizes = _SEVERAL if len(placed) > 1 else _SIZES
    wide, high = _AMID if layout.scenery else (_WIDE, _HIGH)
    times = min(wide * size[0] / width, high * size[1] / height) * sizes[layout.size]
    across = _at(layout.across, size[0], width * times)
    down = _at(layout.down, size[1], height * times)
    return [
        (number, Spot(across + spot.left * times, down + spot.top * times, spot.scale * times))
        for number, spot in placed
    ]


def _from_zero(placed: Spots, extents: Sequence[Extent]) -> Group:
    """Figures so moved that the leftmost and the uppermost begin at 0, and what room they take."""
    left = min(spot.left for _, spot in placed)
    top = min(spot.top for _, spot in placed)
    width = max(spot.left + spot.scale * extents[number][0] for number, spot in placed) - left
    height = max(spot.top + spot.scale * extents[number][1] for number, spot in placed) - top
    moved = [(number, Spot(spot.left - left, spot.top - top, spot.scale)) for number, spot in placed]
    return moved, (width, height)


def _at(share: float, whole: float, part: float) -> float:
    """Where a part begins that has this share of what room it leaves before it."""
    margin = min(_MARGIN * whole, max(0.0, (whole - part) / 2))
    return margin + share * (whole - part - 2 * margin)


def _rows(extents: Sequence[Extent], size: tuple[int, int]) -> Spots:
    """In as many rows as make them largest."""
    tried = (_in_rows(extents, rows) for rows in range(1, len(extents) + 1))
    best: Spots = []
    most = 0.0
    for spots, (width, height) in tried:
        times = min(_WIDE * size[0] / width, _HIGH * size[1] / height)
        if times > most * _WORTH:
            best, most = spots, times
    return best


def _in_rows(extents: Sequence[Extent], rows: int, closeness: Closeness = Closeness.USUAL) -> tuple[Spots, Extent]:
    """In so many rows, the fewest in the first; each stands on the ground of its row, and each row in the middle.

    Returns also what room all of them take.
    """
    share, widths = _GAPS[closeness], [width for width, _ in extents]
    gap = share * (max(widths) if share > 0 else min(widths))
    counts = [len(extents) // rows + (row >= rows - len(extents) % rows) for row in range(rows)]
    numbers = iter(range(len(extents)))
    lines = [[next(numbers) for _ in range(count)] for count in counts]
    widths = [sum(extents[number][0] for number in line) + gap * (len(line) - 1) for line in lines]
    spots, top = [], 0.0
    for line, width in zip(lines, widths, strict=True):
        left = (max(widths) - width) / 2
        ground = top + max(extents[number][1] for number in line)
        for number in line:
            spots.append((number, Spot(left, ground - extents[number][1])))
            left += extents[number][0] + gap
        top = ground + gap
    return spots, (max(widths), top - gap)


def _on(upper: Extent, lower: Extent, *, told: bool = False) -> Spots:
    return _stacked(upper, lower, scale=0.85, sunk=0.12, told=told)


def _above(upper: Extent, lower: Extent, *, told: bool = False) -> Spots:
    return _stacked(upper, lower, scale=0.8, sunk=-0.08, told=told)


def _leap(upper: Extent, lower: Extent) -> Spots:
    """The second small, and below the first, which touches it not."""
    scale = _LEAPT * max(upper) / max(lower)
    return [(1, Spot((upper[0] - lower[0] * scale) / 2, upper[1] * 1.06, scale)), (0, Spot(0, 0))]


def _stacked(upper: Extent, lower: Extent, scale: float, sunk: float, *, told: bool) -> list[tuple[int, Spot]]:
    """The first over the middle of the second; so much of its own height is sunk into that, and it is in front.

    `told`: how large one is beside the other was said, and holds.
    """
    scale *= 1.0 if told else min(1.0, lower[0] / upper[0] * 1.2)  # wide things on narrow ones do not stand well
    spot = Spot((lower[0] - upper[0] * scale) / 2, -upper[1] * scale * (1 - sunk), scale)
    return [(1, Spot(0, 0)), (0, spot)]


def _before(front: Extent, behind: Extent) -> Spots:
    scale = 0.55 * max(behind) / max(front)
    left = behind[0] * 0.5 - front[0] * scale * 0.5
    return [(1, Spot(0, 0)), (0, Spot(left, behind[1] * 1.06 - front[1] * scale, scale))]


def _with(first: Extent, second: Extent) -> Spots:
    scale = min(0.52 * max(first), 0.62 * first[1]) / max(second)  # of a row it is as large as of one
    spot = Spot(first[0] - 0.22 * min(first), first[1] * 1.06 - second[1] * scale, scale)
    return [(0, Spot(0, 0)), (1, spot)]


_STACKED = {Relation.ON: _on, Relation.ABOVE: _above}
_PLACED: Mapping[Relation, Placing] = {
    Relation.ON: _on,
    Relation.ABOVE: _above,
    Relation.LEAP: _leap,
    Relation.BEFORE: _before,
    Relation.WITH: _with,
    **WORN,
}
