"""A thing cut out of its picture, which shows it alone before a plain colour or a gradient from top to bottom.

Such a background is known from the picture's sides: a polynomial of the height that is fitted to them. What differs
from it is the thing. No network is needed for that, and what of a thing has the background's own colour is lost only
where another thing stands behind it, as long as all of them are put before that same background.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.polynomial import polynomial
from PIL import Image, ImageFilter

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_SIDE = 0.04  # of the width, at either side: what the background is read from
_DEGREE = 2  # of the polynomial: gradients are straight, and what a small model makes of them slightly bent
_FITS = 3  # rounds of the fit, each without the rows that the last one met worst: there the thing reaches the side
_KEPT = 0.8  # of the rows
_STAIN = 14.0  # of 255: what differs from the background by less is a part of it
_OTHER = 36.0  # likewise: what differs by so much beside a thing is wholly that thing, unless the thing differs by more
_AROUND = 7  # pixels, odd: how far the edge of a thing is soft at most
_WHOLE = 0.8  # of what a thing differs by: inside of it that varies
_LEAST = 0.3  # share of a thing in a pixel from which its own colour is still told
_FILL = 128  # pixels a side at which holes are found: finer than the gaps of which they could be open
_SPECK = 0.004  # of the picture: a smaller spot apart is a stain


@dataclass(frozen=True)
class Background:
    """Red, green and blue from 0 to 255 by the height, from 0 at the top to 1: polynomials (3, degree + 1).

    The lowest power is first.
    """

    coefficients: Floats

    @classmethod
    def of(cls, pixels: Floats) -> "Background":
        """What lies behind the thing in a picture (height, width, 3), as far as its sides show."""
        heights, colours = _sides(pixels)
        kept = np.ones(len(colours), dtype=bool)
        for _ in range(_FITS):
            found = cls(polynomial.polyfit(heights[kept], colours[kept], _DEGREE).T.astype(np.float64))
            missed = found.missed(heights, colours)
            kept = missed <= max(_STAIN / 2, float(np.quantile(missed, _KEPT)))
        return found

    def missed(self, heights: Floats, colours: Floats) -> Floats:
        """How far some colours (heights, 3) are from it, each by the worst of its parts."""
        found: Floats = np.abs(self.at(heights) - colours).max(axis=1)
        return found

    def at(self, heights: Floats) -> Floats:
        """The colours at some heights: (heights, 3)."""
        colours: Floats = np.clip(polynomial.polyval(heights, self.coefficients.T).T, 0, 255)
        return colours

    def image(self, size: tuple[int, int]) -> Image.Image:
        """It alone, in a picture of that width and height."""
        width, height = size
        rows = self.at(_heights(height)).round().astype(np.uint8)
        return Image.fromarray(np.repeat(rows[:, None], width, axis=1))


@dataclass(frozen=True)
class Cutout:
    """A thing, and what was behind it.

    Attributes:
        image: RGBA, no larger than the thing.
        background: of the picture that it was cut out of.
    """

    image: Image.Image
    background: Background

    @classmethod
    def of(cls, picture: Image.Image) -> "Cutout":
        """Cut the thing out of a picture; all of it where nothing stands out, which then shows no thing."""
        pixels = np.asarray(picture.convert("RGB"), dtype=np.float64)
        background = Background.of(pixels)
        behind = background.at(_heights(len(pixels)))[:, None]
        differs = np.abs(pixels - behind).max(axis=2)
        # At an edge both are mixed: the share of the thing is what a pixel differs, of what the thing beside it does.
        thing = np.maximum(_most_around(differs), _OTHER)
        inside = _filled(differs > (_STAIN + _OTHER) / 2)
        share = np.clip((differs - _STAIN) / (thing * _WHOLE - _STAIN), 0, 1)
        alpha = np.maximum(share * _grown(inside, _AROUND // 2), _shrunk(inside, _AROUND // 2))
        own = behind + (pixels - behind) / np.maximum(alpha, _LEAST)[:, :, None]
        found = np.dstack([np.clip(own, 0, 255), alpha * 255]).round().astype(np.uint8)
        box = Image.fromarray(((alpha > 0.5) * 255).astype(np.uint8)).getbbox() or (0, 0, *picture.size)
        return cls(Image.fromarray(found, "RGBA").crop(box), background)


def is_plain(picture: Image.Image) -> bool:
    """Whether what a picture shows stands before a plain colour, or a gradient from top to bottom."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.float64)
    missed = Background.of(pixels).missed(*_sides(pixels))
    return float(np.quantile(missed, _KEPT)) <= _STAIN


def _sides(pixels: Floats) -> tuple[Floats, Floats]:
    """The heights of a picture's rows, and the colours of their ends: first the left ones, then the right ones."""
    side = max(1, round(pixels.shape[1] * _SIDE))
    ends = [np.median(pixels[:, :side], axis=1), np.median(pixels[:, -side:], axis=1)]
    return np.tile(_heights(len(pixels)), 2), np.concatenate(ends)


def _heights(rows: int) -> Floats:
    heights: Floats = (np.arange(rows) + 0.5) / rows
    return heights


def _filled(apart: Bools) -> Bools:
    """The thing without its holes and without specks beside it. `apart`: what differs from the background."""
    small = Image.fromarray((apart * 255).astype(np.uint8)).resize((_FILL, _FILL), Image.Resampling.BOX)
    solid = np.asarray(small) >= 128
    outside = _reached(~solid, _edge(solid.shape))
    shapes = ~outside
    kept = np.zeros_like(shapes)
    while shapes.any():
        first = np.zeros_like(shapes)
        first.flat[np.argmax(shapes)] = True
        one = _reached(shapes, first)
        if one.sum() >= _SPECK * one.size:
            kept |= one
        shapes &= ~one
    large = Image.fromarray((kept * 255).astype(np.uint8)).resize(apart.shape[::-1], Image.Resampling.BILINEAR)
    found: Bools = np.asarray(large) >= 128
    return found


def _reached(free: Bools, begin: Bools) -> Bools:
    """What can be reached from some cells by way of free ones, up, down and sideways."""
    reached = begin & free
    while True:
        wider = _grown(reached) & free
        if (wider == reached).all():
            return reached
        reached = wider


def _grown(cells: Bools, times: int = 1) -> Bools:
    """Cells and their neighbours up, down and sideways."""
    for _ in range(times):
        grown = cells.copy()
        grown[1:] |= cells[:-1]
        grown[:-1] |= cells[1:]
        grown[:, 1:] |= cells[:, :-1]
        grown[:, :-1] |= cells[:, 1:]
        cells = grown
    return cells


def _edge(shape: tuple[int, ...]) -> Bools:
    edge = np.zeros(shape, dtype=bool)
    edge[[0, -1]] = True
    edge[:, [0, -1]] = True
    return edge


def _most_around(values: Floats) -> Floats:
    """The greatest value within a few pixels of each."""
    image = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    most: Floats = np.asarray(image.filter(ImageFilter.MaxFilter(_AROUND)), dtype=np.float64)
    return most


def _shrunk(cells: Bools, times: int) -> Bools:
    """Cells without the outermost of them; at the edge of the picture there are none to lose."""
    return ~_grown(~cells, times)
