"""Where the head of a drawn person is: a round patch in the colour of skin, about where a head is expected.

Emoji are yellow, and so are their hands; hair is a shade of orange. A mask, a beard or a visor may hide most of a face:
then what is expected counts more than what is seen.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from worker.engine.prompt_match.layout import HeadPlace

from .cells import Bools, Floats, depths, edge, grown, means, reached, shrunk
from .inscribed import cell_of

_HUES = 32.0, 54.0  # degrees: from hair to skin
_SATURATED, _BRIGHT = 0.5, 0.65  # at least
_SOFT_HUE, _SOFT = 2.0, 0.05  # how far from these bounds a colour is skin in part
_GAPS = 3  # cells: eyes, brows and glasses between skin are narrower than twice that
_AWAY = 1.5  # what being off the expected place, in longer sides, counts against what is smaller
_NEAR, _LEVEL = 0.3, 0.6  # of the expected width: so far from there, across and down, a head's middle is at most
_SMALL, _WIDE = 0.6, 1.15  # of the expected width: what is narrower is a part of a face alone, and none is wider
_ROW = 3.2  # times the radius of the largest circle: a row of skin that is wider goes on into an arm
_CHIN = 0.72  # of the head's width: below it there is a neck
_LONG = 1.08  # times as high as it is wide a head is at most
_SHORT, _UNDER_HAT = 0.95, 0.75  # likewise at least; a mask may hide more
_BROW = 0.08, 0.16  # of the height: how far above, and below, the expected one a hat's lower edge is
_HAIR = 0.5  # times a head's width: so high it reaches above the face at most
_HAT, _COVERED = 0.18, 0.3  # of the head's width above that edge; so much of it must be filled by a hat


@dataclass(frozen=True)
class Head:
    """In pixels of the picture; `hat`: whether a hat is above `top`."""

    x: float
    top: float
    bottom: float
    width: float
    hat: bool = False


def skin_of(colours: Floats) -> Floats:
    """How much colours (height, width, 3), from 0 to 255, are those of skin and hair: from 0 to 1, (height, width)."""
    red, green, blue = np.moveaxis(colours, 2, 0)
    most, least = colours.max(axis=2), colours.min(axis=2)
    chroma = np.maximum(most - least, 1e-6)
    hue = np.where((red >= green) & (green >= blue), 60 * (green - blue) / chroma, -1)
    found: Floats = np.ones_like(hue)
    for value, bound, soft in (
        (hue, _HUES[0], _SOFT_HUE),
        (-hue, -_HUES[1], _SOFT_HUE),
        (chroma / np.maximum(most, 1e-6), _SATURATED, _SOFT),
        (most / 255, _BRIGHT, _SOFT),
    ):
        found *= np.clip((value - bound) / (2 * soft) + 0.5, 0, 1)
    return found


def head_of(person: Image.Image, expected: HeadPlace) -> Head:
    """The head of a person, RGBA and no larger than that; where none is found, where it is expected."""
    cell = cell_of(person.size)
    there = means(person.getchannel("A"), cell) > 127
    skin = _whole((skin_of(means(person.convert("RGB"), cell)) > 0.5) & there)
    high, wide = there.shape
    usual = expected.wide * wide
    x, top, width = expected.across * wide, expected.down * high, usual
    bottom = top + usual
    at = None if expected.fixed else _middle(skin, x, top + usual / 2)
    if at:
        x, top, bottom, width = _seen(skin, *at, (x, top, usual))
        top = top if expected.hat else _over_hair(there, x, top, width)
    hat = expected.hat and (expected.gold or top > (expected.down - _BROW[0]) * high)  # else there is hair
    if hat and not expected.down - _BROW[0] <= top / high <= expected.down + _BROW[1]:
        top = expected.down * high
    bottom = max(bottom, top + (_UNDER_HAT if hat else _SHORT) * width)
    hat = hat and _is_covered(there, x, top, width)
    return Head(x * cell, top * cell, bottom * cell, width * cell, hat)


def _whole(skin: Bools) -> Bools:
    """Skin with the eyes, brows and mouths in it."""
    around = np.pad(skin, 2 * _GAPS)
    closed = shrunk(grown(around, _GAPS), _GAPS)
    filled = ~reached(~closed, edge(closed.shape))
    found: Bools = filled[2 * _GAPS : -2 * _GAPS, 2 * _GAPS : -2 * _GAPS]
    return found


def _middle(skin: Bools, x: float, y: float) -> tuple[int, int, float] | None:
    """Row and column of the middle of a round patch of skin near a place, and its radius; None where there is none."""
    rooms = depths(skin)
    if not rooms.any():
        return None
    rows, columns = np.indices(skin.shape) + 0.5
    away = np.hypot(rows - y, columns - x) / max(skin.shape)
    row, column = np.unravel_index(np.where(skin, rooms / rooms.max() - _AWAY * away, -np.inf).argmax(), skin.shape)
    return int(row), int(column), float(rooms[row, column])


def _seen(
    skin: Bools, row: int, column: int, radius: float, usual: tuple[float, float, float]
) -> tuple[float, float, float, float]:
    """A head's middle across, top, bottom and width, in cells, from the middle of a round patch of skin."""
    x, top, wide = usual
    rows = range(max(0, int(row - radius)), min(len(skin), int(row + radius) + 1))
    ends = np.array([_ends(skin[each], column) for each in rows if skin[each, column]])
    left, right = np.median(ends, axis=0)
    width = min(float(right - left), _ROW * radius + 2, _WIDE * wide)
    middle = (left + right) / 2 if right - left <= width + 1 else column + 0.5
    if abs(middle - x) > _NEAR * wide or abs(row + 0.5 - top - wide / 2) > _LEVEL * wide:
        return x, top, top + wide, wide
    if width < _SMALL * wide:  # a face that is mostly hidden
        near = skin[int(top) : int(top + wide) + 1, max(0, int(x - wide / 2)) : int(x + wide / 2) + 1]
        seen = np.nonzero(near)[1]
        return (max(0, int(x - wide / 2)) + seen.mean() + 0.5 if seen.size else x), top, top + wide, wide
    first = row
    while first > 0 and skin[first - 1, int(middle)]:
        first -= 1
    last = row
    while last + 1 < len(skin) and np.subtract(*_ends(skin[last + 1], column)) <= -_CHIN * width:
        last += 1
    return float(middle), float(first), min(last + 1, first + _LONG * width), width


def _ends(row: Bools, column: int) -> tuple[int, int]:
    """Where what is true in a row round a column begins, and where it ends; nothing where it is not true there."""
    if not row[column]:
        return column, column
    before, after = np.nonzero(~row[:column])[0], np.nonzero(~row[column:])[0]
    return (int(before[-1]) + 1 if before.size else 0), column + (int(after[0]) if after.size else len(row) - column)


def _over_hair(there: Bools, x: float, top: float, width: float) -> float:
    """Where the hair above a face begins, in cells: hair has other colours, too."""
    first, least = int(top), top - _HAIR * width
    while first > max(0, least) and there[first - 1, min(int(x), there.shape[1] - 1)]:
        first -= 1
    return min(top, float(first))


def _is_covered(there: Bools, x: float, top: float, width: float) -> bool:
    """Whether something is just above a head."""
    above = there[max(0, int(top - _HAT * width)) : int(top), max(0, int(x - 0.15 * width)) : int(x + 0.15 * width) + 1]
    return above.size > 0 and float(above.mean()) > _COVERED
