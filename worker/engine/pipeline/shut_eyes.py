"""The open eyes of a drawn being, shut: who sleeps has two short arcs for them.

Eyes are two dark blobs, alike and at like height, with paler colours all round. Where such a pair is not found surely,
a being stays as it was drawn: better open eyes than a mess.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from .cells import Bools, Floats, apart, grown

_SIDE = 160  # pixels of the longer side at which eyes are looked for
_DARKER = 55.0  # of 255: so much darker than what is round them they are
_AREA = 0.0008, 0.03  # of the being's box: no eye is smaller or larger
_LONG = 2.2  # times as high as wide at most, or the other way round
_FULL = 0.55  # of its own box, which an eye fills at least
_ALIKE = 0.6  # of the larger one's area that the smaller one has at least
_LEVEL = 0.25  # of their distance, that one may be higher than the other
_APART = 0.14, 0.62  # of the being's width: how far their middles are from each other
_HIGH = 0.12, 0.62  # of the being's height: where they are
_ROUND = 0.35  # of an eye's width: what is round it
_OVER = 4  # times as large the arcs are drawn, to be smooth
_LINE = (58, 38, 40, 255)


@dataclass(frozen=True)
class _Blob:
    """A dark one, in pixels: its middle, its box and how many pixels it has."""

    x: float
    y: float
    wide: int
    high: int
    area: int
    shape: Bools


def shut(being: Image.Image) -> Image.Image:
    """A being, RGBA, with its eyes shut; the very same picture where they are not surely found."""
    scale = _SIDE / max(being.size)
    small = being.convert("RGBa").resize([max(1, round(side * scale)) for side in being.size]).convert("RGBA")
    pixels = np.asarray(small, dtype=np.float64)
    there = pixels[:, :, 3] > 127
    luma = pixels[:, :, :3] @ np.array([0.299, 0.587, 0.114])
    pair = _pair(_blobs(luma, there), there)
    if pair is None:
        return being
    shut_ = being
    for eye in pair:
        shut_ = _closed(shut_, eye, small.size)
    return shut_


def _blobs(luma: Floats, there: Bools) -> list[_Blob]:
    """Whatever is small, full and darker than what is round it."""
    image = Image.fromarray(np.where(there, luma, 255).astype(np.uint8))
    around = np.asarray(image.filter(ImageFilter.MedianFilter(41)), dtype=np.float64)
    found = []
    area = there.sum()
    for shape in apart(there & (around - luma > _DARKER)):
        rows, columns = np.nonzero(shape)
        wide, high = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
        size = len(rows)
        ring = grown(shape, 2) & ~shape
        fits = _AREA[0] <= size / area <= _AREA[1] and max(wide, high) <= _LONG * min(wide, high)
        if fits and size >= _FULL * wide * high and there[ring].all():
            found.append(_Blob(float(columns.mean()), float(rows.mean()), wide, high, size, shape))
    return found


def _pair(blobs: list[_Blob], there: Bools) -> tuple[_Blob, _Blob] | None:
    rows, columns = np.nonzero(there)
    width, height = np.ptp(columns) + 1, np.ptp(rows) + 1
    pairs = []
    for one, other in combinations(sorted(blobs, key=lambda each: each.x), 2):
        away = other.x - one.x
        alike = min(one.area, other.area) / max(one.area, other.area)
        middle = (one.y + other.y) / 2
        if (
            alike >= _ALIKE
            and abs(one.y - other.y) <= _LEVEL * away
            and _APART[0] <= away / width <= _APART[1]
            and _HIGH[0] <= (middle - rows.min()) / height <= _HIGH[1]
        ):
            pairs.append((one, other))
    return pairs[0] if len(pairs) == 1 else None


def _closed(being: Image.Image, eye: _Blob, size: tuple[int, int]) -> Image.Image:
    """With one eye covered by the colours round it, and an arc there."""
    times = being.width / size[0]
    mask = Image.fromarray((grown(eye.shape, 3) * 255).astype(np.uint8)).resize(being.size, Image.Resampling.BILINEAR)
    pixels = np.array(being)
    ring = np.asarray(
        Image.fromarray(((grown(eye.shape, 6) & ~grown(eye.shape, 3)) * 255).astype(np.uint8)).resize(being.size)
    )
    ring = (ring > 127) & (pixels[:, :, 3] > 200)
    if not ring.any():
        return being
    filled = _fill(pixels[:, :, :3].astype(np.float64), ring, eye, times)
    share = np.asarray(mask, dtype=np.float64)[:, :, None] / 255
    pixels[:, :, :3] = (pixels[:, :, :3] * (1 - share) + filled * share).round().astype(np.uint8)
    return Image.alpha_composite(Image.fromarray(pixels, "RGBA"), _arc(being.size, eye, times))


def _fill(colours: Floats, ring: Bools, eye: _Blob, times: float) -> Floats:
    """A plane of colours through those of the ring."""
    rows, columns = np.nonzero(ring)
    x, y = columns / times - eye.x, rows / times - eye.y
    seen = colours[rows, columns]
    typical = np.abs(seen - np.median(seen, axis=0)).max(axis=1)
    kept = typical <= np.quantile(typical, 0.7)
    terms = np.stack([np.ones_like(x), x, y], axis=1)
    weights, *_ = np.linalg.lstsq(terms[kept], seen[kept], rcond=None)
    down, across = np.mgrid[: colours.shape[0], : colours.shape[1]]
    plane = np.stack([np.ones(across.shape), across / times - eye.x, down / times - eye.y], axis=2) @ weights
    found: npt.NDArray[np.float64] = np.clip(plane, seen[kept].min(axis=0), seen[kept].max(axis=0))
    return found


def _arc(size: tuple[int, int], eye: _Blob, times: float) -> Image.Image:
    large = Image.new("RGBA", [side * _OVER for side in size], (*_LINE[:3], 0))
    half = max(eye.wide, eye.high * 0.8) * 0.75 * times
    x, y = (eye.x + 0.5) * times, (eye.y + 0.5) * times
    box = [(x - half) * _OVER, (y - 1.1 * half) * _OVER, (x + half) * _OVER, (y + 0.5 * half) * _OVER]
    thick = round(max(2.0, half * 0.42) * _OVER)
    pen = ImageDraw.Draw(large)
    pen.arc(box, 15, 165, fill=_LINE, width=thick)
    return large.resize(size, Image.Resampling.LANCZOS)
