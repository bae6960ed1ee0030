"""A face's features on a thing: where on it, how large, and so coloured that they are seen there."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from .cells import Bools, Floats, apart, grown, means
from .cutout import Cutout
from .features import AROUND
from .inscribed import Circle, cell_of, rooms_of

_SIZE, _SIZE_NARROW = 1.1, 1.4  # how many times as wide as that circle the face's disc is; features are well within
_NARROW = 0.25, 0.5  # of the thing's longer side: what is so wide is narrow, and is so no more
_FITS = 0.98  # of the circle's radius: so far from its middle features are, and no further
_TALL = -0.25  # of the radius: what reaches out above that is brows and snores
_LEAST = 0.5  # of the largest circle: a smaller one is no place for a face
_LOW = 0.56  # of the thing's height: there a face belongs
_EDGE = 24.0  # of 255: cells beside each other that differ by more are no calm place
_WITHIN = 0.7  # of the circle's radius: there most features are
_RESTLESS, _OFF = 2.2, 0.5  # what such cells, and what is off the middle, count against what is smaller
_OTHER = 55.0  # of 255: what differs by more from most round it is of another part: coffee in a cup
_PLAIN = 0.07  # of what is below a face at most: else it lies on several parts, unless none of them is large enough
_DARK, _PALE = 125.0, 180.0  # of 255: red, green and blue are all below that, or all above
_BLUE = 40.0  # of 255: so much bluer than red
_SEEN = 70.0  # of 255: what differs by less from what is below is not seen well
_SOME = 0.1  # of the dark features: if so much is not seen, they are light instead
_MORE = 0.3  # of them, if so much more is seen then; else they get an outline
_LIGHT = (255, 246, 222)
_OUTLINE, _THICK = 0.022, 0.85  # of the face's width; how little is seen through it
_LUMA = np.array([0.299, 0.587, 0.114])

Integers = npt.NDArray[np.intp]


def with_features(thing: Image.Image, features: Cutout) -> Image.Image:
    """A thing, RGBA, with a face's features on its body."""
    place = place_of(thing)
    if place is None:
        return thing
    side = max(1, round(2 * place.radius * AROUND * _size(place, thing.size, features.image)))
    face = features.image.convert("RGBa").resize((side, side), Image.Resampling.LANCZOS).convert("RGBA")
    left, top = round(place.x - side / 2), round(place.y - side / 2)
    below = np.asarray(thing.crop((left, top, left + side, top + side)).convert("RGB"), dtype=np.float64)
    layer = Image.new("RGBA", thing.size)
    layer.paste(_seen_on(below, face), (left, top))
    return Image.alpha_composite(thing, layer)


def place_of(thing: Image.Image) -> Circle | None:
    """The circle in a thing, RGBA, on which a face goes: large, calm, and a bit below its middle; None in nothing.

    It lies on one part of the thing where any is large enough: on the coffee in a cup, beside the stone of a fruit.
    """
    rooms, cell = rooms_of(thing.getchannel("A")), cell_of(thing.size)
    most = rooms.max()
    if not most:
        return None
    rows, columns = np.nonzero(rooms >= most * _LEAST)
    room, (high, wide) = rooms[rows, columns], rooms.shape
    off = np.hypot((rows + 0.5) / high - _LOW, (columns + 0.5) / wide - 0.5)
    colours, halves = means(thing.convert("RGB"), cell), np.round(room * _WITHIN)
    restless = _shares(_edges(colours), rows, columns, halves)
    cost = _OFF * off + _RESTLESS * restless - room / most
    plain = _mixed(colours, rows, columns, halves) <= _PLAIN
    best = np.where(plain | ~plain.any(), cost, np.inf).argmin()
    x, y = (float(each[best] + 0.5) * cell for each in (columns, rows))
    return Circle(x, y, float(room[best]) * cell)


def _edges(colours: Floats) -> Bools:
    """Which cells (rows, columns, 3) differ from the one above or before them."""
    edges = np.zeros(colours.shape[:2], dtype=bool)
    edges[1:] |= np.abs(np.diff(colours, axis=0)).max(axis=2) > _EDGE
    edges[:, 1:] |= np.abs(np.diff(colours, axis=1)).max(axis=2) > _EDGE
    return edges


def _mixed(colours: Floats, rows: Integers, columns: Integers, halves: Floats) -> Floats:
    """What share of a square round each of some places is not of the colour that most of it has."""
    found = np.zeros(len(rows))
    for number, (row, column, half) in enumerate(zip(rows, columns, halves.astype(int), strict=True)):
        square = colours[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1]
        found[number] = (np.abs(square - np.median(square, axis=(0, 1))).max(axis=2) > _OTHER).mean()
    return found


def _shares(cells: Bools, rows: Integers, columns: Integers, halves: Floats) -> Floats:
    """What share of a square round each of some places is cells, as far as it lies within all of them."""
    sums = np.pad(cells.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    (top, bottom), (left, right) = (
        np.clip([middles - halves, middles + halves + 1], 0, side).astype(int)
        for middles, side in zip((rows, columns), cells.shape, strict=True)
    )
    many = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    found: Floats = many / ((bottom - top) * (right - left))
    return found


def _size(place: Circle, size: tuple[int, int], features: Image.Image) -> float:
    """How many times as wide as the circle the face's disc is."""
    wanted = float(np.interp(2 * place.radius / max(size), _NARROW, (_SIZE_NARROW, _SIZE)))
    alpha = np.asarray(features.getchannel("A")) > 127
    down, across = (AROUND * (2 * (each + 0.5) / len(alpha) - 1) for each in np.nonzero(alpha))
    away = np.hypot(across, down)[down > _TALL]
    return min(wanted, _FITS / float(np.quantile(away, 0.98))) if away.size else wanted


def _seen_on(below: Floats, face: Image.Image) -> Image.Image:
    """A face, RGBA, so coloured that its dark features are seen on what is below (height, width, 3)."""
    pixels = np.array(face)
    colours = pixels[:, :, :3].astype(np.float64)
    strokes = _strokes(colours, pixels[:, :, 3] > 127)
    if not strokes.any():
        return face
    unseen, still_unseen = (
        float((np.abs(own - below[strokes]) @ _LUMA < _SEEN).mean()) for own in (colours[strokes], np.array(_LIGHT))
    )
    if unseen < _SOME:
        return face
    if unseen - still_unseen < _MORE:
        return _outlined(face, strokes)
    pixels[grown(strokes, 2), :3] = _LIGHT
    return Image.fromarray(pixels, "RGBA")


def _strokes(colours: Floats, there: Bools) -> Bools:
    """What of a face (height, width, 3) is dark and stands by itself: no pupils of white eyes, no mouth with teeth.

    What is blue is not dark: tears, snores.
    """
    strokes = np.zeros_like(there)
    pale = there & (colours.min(axis=2) > _PALE)
    blue = colours[:, :, 2] - colours[:, :, 0] > _BLUE
    for shape in apart(there & (colours.max(axis=2) < _DARK) & ~blue):
        if (grown(shape, 3) & pale).sum() < 0.25 * (grown(shape, 3) & ~shape).sum():
            strokes |= shape
    return strokes


def _outlined(face: Image.Image, strokes: Bools) -> Image.Image:
    wide = max(1, round(face.width * _OUTLINE))
    mask = Image.fromarray((grown(strokes, wide) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(wide / 2))
    under = Image.new("RGBA", face.size, _LIGHT)
    under.putalpha(mask.point(lambda each: round(_THICK * each)))
    return Image.alpha_composite(under, face)
