"""A thing cut out of its picture, which shows it alone before a plain colour or a gradient from top to bottom.

Such a background is known from the picture's sides: a polynomial of the height that is fitted to them. What differs
from it is the thing. No network is needed for that, and what of a thing has the background's own colour is lost only
where another thing stands behind it, as long as all of them are put before that same background. `Cutout.rest` keeps it
for the others.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from numpy.polynomial import polynomial
from PIL import Image, ImageFilter, ImageOps

from .cells import Bools, Floats, apart, edge, grown, reached, shrunk

Bytes = npt.NDArray[np.uint8]
Colour = tuple[float, float, float]

_SIDE = 0.04  # of the width, at either side: what the background is read from
_DEGREE = 2  # of the polynomial: gradients are straight, and what a small model makes of them slightly bent
_TERMS = ((0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (1, 1))  # powers, across and down, of such a polynomial of both
_EACH = 5  # of the frame's pixels: its rows and columns are even
_FITS = 3  # rounds of the fit, each without the rows that the last one met worst: there the thing reaches the side
_KEPT = 0.8  # of the rows
_STAIN = 14.0  # of 255: what differs from the background by less is a part of it
_OTHER = 36.0  # likewise: what differs by so much beside a thing is wholly that thing, unless the thing differs by more
_COARSE = 64  # pixels a side at which what lies between the parts of a thing is found
_NEAR = 15  # of those, odd: gaps are narrower
_AROUND = 7  # pixels, odd: how far the edge of a thing is soft at most
_WHOLE = 0.8  # of what a thing differs by: inside of it that varies
_LEAST = 0.3  # share of a thing in a pixel from which its own colour is still told
_FAINT = 1.0, 2.0, 4.0  # times the difference is seen as, until there is a thing
_FINE = 128  # pixels a side at which a thing is told from what is round it: gaps in its outline are smaller
_DRIFT = 45.0  # of 255: how far a gradient may be from what its polynomial says, as long as it changes slowly
_FLAT = 40.0  # of 255: what differs by less from end to end is no gradient, and pale things before it are near to it
_SLOW = 10.0  # of 255: within three of those pixels
_SPECK = 0.004  # of the picture: so large a spot apart is a part of the thing
_PART, _AT_EDGE = 0.1, 0.35  # of the largest part: so are drops of a cloud, and what reaches the edge of the picture
_STAINS = 12  # of those pixels: what is smaller never is
_ROUGH = 64  # pixels a side at which a thing is cut out roughly


@dataclass(frozen=True)
class Backdrop:
    """Red, green and blue from 0 to 255 by the height, from 0 at the top to 1: polynomials (3, degree + 1).

    The lowest power is first.
    """

    coefficients: Floats

    @classmethod
    def of(cls, pixels: Floats) -> "Backdrop":
        """What lies behind the thing in a picture (height, width, 3), as far as its sides show."""
        return cls._through(*_sides(pixels))

    @classmethod
    def of_plain(cls, picture: Image.Image) -> "Backdrop | None":
        """Likewise, where that is a plain colour or a gradient from top to bottom; else None, as of a photograph."""
        heights, colours = _sides(np.asarray(picture.convert("RGB")))
        found = cls._through(heights, colours)
        missed = np.abs(found.at(heights) - colours).max(axis=1)
        return found if float(np.quantile(missed, _KEPT)) <= _STAIN else None

    @classmethod
    def between(cls, *colours: Colour) -> "Backdrop":
        """A plain colour, or the gradient from the first colour at the top to the last one at the bottom."""
        first, last = np.array(colours[0], dtype=np.float64), np.array(colours[-1], dtype=np.float64)
        return cls(np.stack([first, last - first], axis=1))

    @classmethod
    def _through(cls, heights: Floats, colours: Floats) -> "Backdrop":
        return cls(_fitted(polynomial.polyvander(heights, _DEGREE).astype(np.float64), colours).T)

    @property
    def ends(self) -> tuple[Colour, Colour]:
        """Its colours at the top and at the bottom."""
        first, last = self.at(np.array([0.0, 1.0])).tolist()
        return tuple(first), tuple(last)

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
        left, top: where it was in its picture, of which `whole` is the width and height.
        background: of the picture that it was cut out of.
        rest: what of the whole picture is neither, RGB: between the parts of the thing, how much lighter or darker it
            is than the background, half of that added to 128. Parts that were taken for background are in it. None
            where nobody knows.
    """

    image: Image.Image
    background: Backdrop
    left: int
    top: int
    whole: tuple[int, int]
    rest: Image.Image | None = None

    @property
    def is_within(self) -> bool:
        """Whether all of it is in its picture; with another head it may reach beyond that."""
        right, bottom = self.left + self.image.width, self.top + self.image.height
        return min(self.left, self.top) >= 0 and right <= self.whole[0] and bottom <= self.whole[1]

    def like(self, picture: Image.Image) -> "Cutout":
        """The same outline of another picture of that size."""
        box = self.left, self.top, self.left + self.image.width, self.top + self.image.height
        image = picture.convert("RGB").resize(self.whole).crop(box)
        image.putalpha(self.image.getchannel("A"))
        pixels = np.asarray(picture.convert("RGB"), dtype=np.float64)
        return replace(self, image=image, background=Backdrop.of(pixels), rest=None)

    @classmethod
    def of(cls, picture: Image.Image) -> "Cutout":
        """Cut the thing out of a picture: nothing, as large as that, where nothing stands out.

        What is behind it is found in both directions. `Backdrop` knows of one alone, but so fits pictures of any shape.
        """
        pixels = np.asarray(picture.convert("RGB"), dtype=np.float64)
        background = Backdrop.of(pixels)
        behind = _behind(pixels)
        differs = np.abs(pixels - behind).max(axis=2)
        drift = _DRIFT if np.ptp(behind, axis=(0, 1)).max() > _FLAT else 0.0
        for faint in _FAINT:  # a white cloud before light grey
            inside = _inside(pixels, differs * faint, drift=drift)
            if inside.any():
                break
        differs *= faint
        # At an edge both are mixed: the share of the thing is what a pixel differs, of what the thing beside it does.
        thing = np.maximum(most_around(differs), _OTHER)
        share = np.clip((differs - _STAIN) / (thing * _WHOLE - _STAIN), 0, 1)
        alpha = np.maximum(share * grown(inside, _AROUND // 2), shrunk(inside, _AROUND // 2))
        own = behind + (pixels - behind) / np.maximum(alpha, _LEAST)[:, :, None]
        found = np.dstack([np.clip(own, 0, 255), alpha * 255]).round().astype(np.uint8)
        lost = (pixels - behind) * (_between(alpha) * (alpha == 0))[:, :, None]
        rest = Image.fromarray((128 + lost / 2).round().astype(np.uint8))
        box = Image.fromarray(((alpha > 0.5) * 255).astype(np.uint8)).getbbox() or (0, 0, *picture.size)
        return cls(Image.fromarray(found, "RGBA").crop(box), background, box[0], box[1], picture.size, rest)

    @classmethod
    def roughly(cls, picture: Image.Image) -> "Cutout":
        """As `of` does, from few pixels, in a quarter of the time: of what is a blur anyway. Its `rest` is left out."""
        times = max(1, max(picture.size) // _ROUGH)
        width, height = picture.size
        found = cls.of(picture.resize((width // times, height // times), Image.Resampling.BOX))
        wide, high = found.image.size
        image = found.image.resize((wide * times, high * times), Image.Resampling.BILINEAR)
        return cls(image, found.background, found.left * times, found.top * times, picture.size)


def _behind(pixels: Floats) -> Floats:
    """What lies behind the thing in a picture (height, width, 3), as far as its frame shows.

    A small model does not keep a background quite even from left to right, so this knows of both directions.
    """
    height, width, _ = pixels.shape
    down, across = np.meshgrid(_heights(height), _heights(width), indexing="ij")
    terms = np.stack([across**x * down**y for x, y in _TERMS], axis=2)
    frame = np.ones((height, width), dtype=bool)
    side = max(1, round(width * _SIDE))
    frame[side:-side, side:-side] = False
    weights = _fitted(terms[frame][::_EACH], pixels[frame][::_EACH])
    found: Floats = np.clip(terms @ weights, 0, 255)
    return found


def _fitted(terms: Floats, colours: Floats) -> Floats:
    """The weights (terms, 3) by which terms (places, terms) come to the colours (places, 3) of most of these places.

    Least squares, again without the places that were met worst: there the thing reaches the frame.
    """
    kept = np.ones(len(colours), dtype=bool)
    for _ in range(_FITS):
        weights, *_ = np.linalg.lstsq(terms[kept], colours[kept], rcond=None)
        missed = np.abs(np.clip(terms @ weights, 0, 255) - colours).max(axis=1)
        kept = missed <= max(_STAIN / 2, float(np.quantile(missed, _KEPT)))
    found: Floats = weights.astype(np.float64)
    return found


def _sides(pixels: Floats | Bytes) -> tuple[Floats, Floats]:
    """The heights of a picture's rows, and the colours of their ends: first the left ones, then the right ones."""
    side = max(1, round(pixels.shape[1] * _SIDE))
    ends = [np.median(pixels[:, :side], axis=1), np.median(pixels[:, -side:], axis=1)]
    return np.tile(_heights(len(pixels)), 2), np.concatenate(ends)


def _heights(rows: int) -> Floats:
    heights: Floats = (np.arange(rows) + 0.5) / rows
    return heights


def _inside(pixels: Floats, differs: Floats, drift: float) -> Bools:
    """The thing without its holes and without specks beside it. `differs`: how far each pixel is from the background.

    Background is what can be reached from the edge of the picture, over what differs little or, by `drift` at most,
    changes so slowly that no edge of a thing was crossed: what a small model makes of a gradient is not always one.
    """
    height, width = differs.shape
    small = Image.fromarray(pixels.round().astype(np.uint8)).resize((_FINE, _FINE), Image.Resampling.BOX)
    around = [
        np.asarray(small.filter(of(3)), dtype=np.float64) for of in (ImageFilter.MaxFilter, ImageFilter.MinFilter)
    ]
    changes = (around[0] - around[1]).max(axis=2)
    far = np.asarray(Image.fromarray(differs.astype(np.float32)).resize((_FINE, _FINE), Image.Resampling.BOX))
    free = (far < (_STAIN + _OTHER) / 2) | ((far < drift) & (changes < _SLOW))
    rim = edge(free.shape)
    shapes = apart(~reached(free, rim))
    areas = [int(shape.sum()) for shape in shapes]
    most = max(areas, default=0)
    kept = np.zeros_like(free)
    for shape, area in zip(shapes, areas, strict=True):
        # Beside a thing in the middle, what hangs on the edge is mostly a part of the background.
        least = _AT_EDGE * most if (shape & rim).any() else min(_SPECK * shape.size, _PART * most)
        if area >= max(least, _STAINS):
            kept |= shape
    large = Image.fromarray((kept * 255).astype(np.uint8)).resize((width, height), Image.Resampling.BILINEAR)
    found: Bools = np.asarray(large) >= 128
    return found


def most_around(values: Floats) -> Floats:
    """The greatest value within `_AROUND` pixels across and down, each in its middle."""
    image = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    for _ in range(_AROUND // 2):  # several small filters take less time than a large one
        image = image.filter(ImageFilter.MaxFilter(3))
    most: Floats = np.asarray(image, dtype=np.float64)
    return most


def _between(alpha: Floats) -> Floats:
    """Where a thing is and what lies between its parts, from 0 to 1, with soft edges."""
    small = Image.fromarray(((alpha > 0) * 255).astype(np.uint8)).resize((_COARSE, _COARSE), Image.Resampling.BOX)
    small = ImageOps.expand(small, _NEAR)  # else it would close what is between a thing and the edge as well
    for each in (ImageFilter.MaxFilter(_NEAR), ImageFilter.MinFilter(_NEAR), ImageFilter.BoxBlur(1)):
        small = small.filter(each)
    small = ImageOps.crop(small, _NEAR)
    found: Floats = np.asarray(small.resize(alpha.shape[::-1], Image.Resampling.BILINEAR), dtype=np.float64) / 255
    return found
