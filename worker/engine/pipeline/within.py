"""Somebody in something: in a box, behind its front rim; in a bowl; in a pond, the lower part under the surface."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from worker.engine.prompt_match.layout import Figure, Layout, Relation, Size
from worker.engine.prompt_match.opening import Opening, Within

from .between import Box
from .cells import Floats
from .pair import Pair
from .spot import Group, Spot, Spots

_SIZES: Mapping[Size, float] = {Size.TINY: 0.5, Size.SMALL: 0.75, Size.USUAL: 1.0, Size.LARGE: 1.15}
_DEEP = 0.94  # of what is below the rim at most: whoever is inside does not reach through the bottom
_AFLOAT = 0.68  # of the height, from the top, that at least is over the surface of water
_LIFTED = 0.4  # of the arc of a rim: so much higher are several beside each other
_BEHIND, _HIDDEN = 0.75, 0.5  # who is behind a thing without an opening: how large, and how much of it is hidden
_WIDE = 1.2  # of such a thing, at most
# A ring on the water round it: how far beside it and below, how thick, of its width there; how light, of 255.
_RIPPLE, _DEPTH, _LINE, _LIGHT = 0.06, 0.09, 0.025, 170
_BAND, _THERE = 0.12, 127  # of its height, above the surface: there it is as wide as that; of 255
_ROUND = 0.05  # of the width of who is in water: how far the surface is lower at the middle
# What hangs on who is inside and goes with it behind the rim; what is held is before it.
_WITH_IT = frozenset(
    (Relation.ON_NECK, Relation.UNDER_HEAD, Relation.BEHIND_BACK, Relation.BEHIND_HEAD, Relation.ON_HEAD)
)


def contained(pair: Pair) -> Spots | None:
    """Where two groups go of which the first is in the second; None where it is not."""
    if pair.relation is not Relation.IN:
        return None
    figures, (inside, around) = pair.layout.figures, pair.sides
    thing = figures[around[0]]
    one = pair.first
    seen = _seen(figures[each] for each in inside)
    opening = thing.opening
    if len(around) != 1 or opening is None:
        return _behind(one, seen, pair.groups)
    other = pair.second
    times = min(_SIZES[figures[inside[0]].size] / _SIZES[thing.size], _SIZES[Size.LARGE])
    place = _placed(one, other, opening.mirrored if thing.mirrored else opening, seen, times)
    if len(inside) > 1:  # at the sides the rim is higher
        place = replace(place, top=place.top - _LIFTED * opening.arc * (other[3] - other[1]))
    return [(1, Spot(0, 0)), (0, place)]


def _seen(inside: Iterator[Figure]) -> float:
    return max(each.seen for each in inside)


def _placed(one: Box, other: Box, opening: Opening, seen: float, times: float) -> Spot:
    (wide, high), (width, height) = ((each[2] - each[0], each[3] - each[1]) for each in (one, other))
    glass = opening.within is Within.GLASS
    seen = 1.0 if glass else max(seen, _AFLOAT) if opening.within is Within.WATER else seen
    scale = times * min(opening.wide * width / wide, opening.high * max(width, height) / (seen * high))
    if not glass and seen < 1:
        scale = min(scale, _DEEP * (1 - opening.down) * height / ((1 - seen) * high))
    x, y = other[0] + opening.across * width, other[1] + opening.down * height
    top = y - (high / 2 if glass else seen * high) * scale
    return Spot(x - (one[0] + one[2]) / 2 * scale, top - one[1] * scale, scale)


def _behind(one: Box, seen: float, groups: tuple[Group, Group]) -> Spots:
    """Over the middle of a thing of which nobody knows the opening, and behind it, as far down as a face is seen."""
    width = groups[1][1][0]
    scale = _BEHIND * min(1.0, width / (one[2] - one[0]) * _WIDE)
    hidden = min(_HIDDEN, 1 - seen)
    top = -(one[3] - one[1]) * scale * (1 - hidden)
    return [(0, Spot(width / 2 - (one[0] + one[2]) / 2 * scale, top - one[1] * scale, scale)), (1, Spot(0, 0))]


def holders(layout: Layout) -> dict[int, int]:
    """The figures of which a part is hidden by what they are in, and what that is: both as numbers."""
    found: dict[int, int] = {}
    first, others = range(layout.leading), range(layout.leading, layout.standing)
    if layout.relation is Relation.IN and len(others) == 1:
        found.update(dict.fromkeys(first, others[0]))
    hanging = [*enumerate(layout.hanging, layout.standing)]
    found.update((at, way.on) if way.swapped else (way.on, at) for at, way in hanging if way.relation is Relation.IN)
    for at, way in hanging:
        if way.on in found and way.relation in _WITH_IT and not way.swapped:
            found[at] = found[way.on]
    return {
        each: thing
        for each, thing in found.items()
        if (opening := layout.figures[thing].opening) and opening.within is not Within.GLASS
    }


def seen_in(image: Image.Image, place: tuple[int, int], thing: Figure, around: Box) -> Image.Image:
    """Of somebody in a thing, RGBA, what is seen, with the ripples round it in water.

    `place`: the left upper corner; `around`: what the thing takes.
    """
    assert thing.opening is not None  # noqa: S101 - `holders` looked
    opening = thing.opening.mirrored if thing.mirrored else thing.opening
    left, top, right, bottom = around
    width, height = right - left, bottom - top
    across = left + opening.across * width - place[0]
    level = top + opening.down * height - place[1]
    rows = np.arange(image.height)[:, None]
    shown = Image.fromarray(
        (np.clip(level + _rim(opening, image.width, across, width, height) - rows, 0, 1) * 255).astype(np.uint8)
    )
    image = image.copy()
    image.putalpha(ImageChops.multiply(image.getchannel("A"), shown))
    return _rippled(image, level) if opening.within is Within.WATER else image


def _rippled(image: Image.Image, level: float) -> Image.Image:
    """What is over the surface, with a ring of light on that behind it."""
    alpha = np.asarray(image.getchannel("A"))
    high = max(1, round(_BAND * image.height))
    columns = np.flatnonzero((alpha[max(0, round(level) - high) : round(level) + 1] > _THERE).any(axis=0))
    if not columns.size:
        return image
    left, right = (float(each) for each in (columns[0], columns[-1]))
    reach, deep, line = ((right - left) * share for share in (_RIPPLE, _DEPTH, _LINE))
    times = 4
    ring = Image.new("L", (image.width * times, image.height * times))
    edges = left - reach, level - deep - _ROUND * image.width, right + reach, level + deep - _ROUND * image.width
    ImageDraw.Draw(ring).ellipse(
        [each * times for each in edges], outline=_LIGHT, width=max(times, round(line * times))
    )
    made = Image.new("RGBA", image.size, (255, 255, 255, 0))
    made.putalpha(ring.resize(image.size, Image.Resampling.BOX))
    return Image.alpha_composite(made, image)


def _rim(opening: Opening, columns: int, across: float, width: float, height: float) -> Floats:
    """How far the rim is below its middle in each column: not at all, or less."""
    if opening.within is Within.WATER:
        aside = np.clip(np.abs(np.arange(columns) + 0.5 - columns / 2) / (columns / 2), 0, 1)
        surface: Floats = _ROUND * columns * (np.sqrt(1 - aside**2) - 1)
        return surface
    aside = np.clip(np.abs(np.arange(columns) + 0.5 - across) / (opening.wide * width / 2), 0, 1)
    rim: Floats = opening.arc * height * (np.sqrt(1 - aside**2) - 1)
    return rim
