"""The features of a drawn face alone: eyes, brows, mouth, tears, without the disc that they are drawn on.

The colour of that disc is known from itself: a polynomial of the place, fitted to what most of it agrees on. What
differs from that is a feature, unless it is at the rim, which differs as well. Nobody knows beforehand what a small
model makes of a face, so what looks like none gives none: better no face than a mess.
"""

from dataclasses import replace

import numpy as np
from PIL import Image

from .cells import Bools, Floats, apart, grown
from .cutout import Cutout, most_around
from .inscribed import Circle, largest_circle

AROUND = 1.12  # the square that features are given on, of the disc's width: some reach over its edge

_POWERS = ((0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (1, 1), (0, 3), (3, 0), (1, 2), (2, 1))  # across and down
_EACH = 3  # of the disc's pixels, across and down: skin is even
_FITS = (50.0, 30.0, 20.0, 15.0, 12.0, 12.0)  # of 255, by the rounds of the fit: what differs by more counts little
_RING = 0.7  # of the radius: further out most is skin, from which the fit begins
_RIM = 0.86  # of the radius: further out shading differs from the skin as well,
_SURE = 60.0  # of 255: but not by so much;
_SKIN, _FEATURE = 16.0, 90.0  # of 255: what differs by less is skin, and what by so much is no skin at all
_WHOLE = 0.85  # of what a feature differs by: inside of it that varies
_LEAST = 0.15  # share of a feature in a pixel from which its own colour is still told
_FINE = 96  # cells a side at which features are told apart
_SPECK = 6  # of those cells: what is smaller is none
_INNER = 0.35  # of its cells at least are within the rim
_STRONG = 30.0  # of 255: so much a feature differs somewhere
_SHARE = 0.02, 0.5  # of the disc: features take no less and no more
_HALF = 0.2  # of them at least is at either side of the middle
_HIGH = 0.5  # of the radius: so far their middle is above or below it at most
_WIDE = 0.35  # of the radius: so far at least they reach to either side
_AT_RIM = 0.25  # of the rim's upper half: they take no more there, or they are one of the colours of a skin of two
_MURKY = 0.25  # of the disc: more that is neither surely skin nor surely a feature is noise


def features_of(face: Cutout) -> Cutout | None:
    """The features of a face, on a square `AROUND` the width of its disc, with the same middle.

    None where what is found is hardly a face's.
    """
    disc = largest_circle(face.image.getchannel("A"))
    if disc is None:
        return None
    side = 2 * round(disc.radius * AROUND)
    left, top = round(disc.x - side / 2), round(disc.y - side / 2)
    pixels = np.asarray(face.image.crop((left, top, left + side, top + side)), dtype=np.float64)
    colours, there = pixels[:, :, :3], pixels[:, :, 3] / 255
    across, down = _places(side, Circle(disc.x - left, disc.y - top, disc.radius))
    away = np.hypot(across, down)
    sure = (away < _RIM) & (there > 0.9)
    if not (sure & (away > _RING))[::_EACH, ::_EACH].any():
        return None
    skin = _skin(colours, across, down, sure)
    differs = np.abs(colours - skin).max(axis=2) * there
    if ((differs > _SKIN) & (differs < _SURE))[away < _RIM].mean() > _MURKY:
        return None
    whole = np.maximum(most_around(differs), _FEATURE)
    alpha = np.clip((differs - _SKIN) / (whole * _WHOLE - _SKIN), 0, 1) * _kept(differs, away)
    alpha *= (away < _RIM) | (differs > _SURE)
    if not _plausible(alpha * (away < 1), across, down):
        return None
    own = skin + (colours - skin) / np.maximum(alpha, _LEAST)[:, :, None]
    found = np.dstack([np.clip(own, 0, 255), alpha * 255]).round().astype(np.uint8)
    return replace(face, image=Image.fromarray(found, "RGBA"), left=face.left + left, top=face.top + top, rest=None)


def _places(side: int, disc: Circle) -> tuple[Floats, Floats]:
    """How far each pixel of a square is from the middle of a disc, across and down, in its radii."""
    middles = np.arange(side) + 0.5
    across, down = np.meshgrid((middles - disc.x) / disc.radius, (middles - disc.y) / disc.radius)
    return across, down


def _skin(colours: Floats, across: Floats, down: Floats, sure: Bools) -> Floats:
    """The colour (side, side, 3) that the disc has without features, from the pixels that are surely within it."""
    terms = np.stack([np.clip(across, -1, 1) ** x * np.clip(down, -1, 1) ** y for x, y in _POWERS], axis=2)
    some = np.zeros_like(sure)
    some[::_EACH, ::_EACH] = sure[::_EACH, ::_EACH]
    those, seen = terms[some], colours[some]
    missed = np.abs(seen - np.median(seen[np.hypot(across, down)[some] > _RING], axis=0)).max(axis=1)
    for near in _FITS:
        trusted = those * ((1 + np.square(missed / near)) ** -2)[:, None]
        weights = np.linalg.solve(trusted.T @ those + 1e-6 * np.eye(len(_POWERS)), trusted.T @ seen)
        missed = np.abs(those @ weights - seen).max(axis=1)
    found: Floats = np.clip(terms @ weights, 0, 255)
    return found


def _kept(differs: Floats, away: Floats) -> Floats:
    """Where features are, from 0 to 1: in whole pieces, of which most hang not on the rim."""
    small, out = (
        np.asarray(Image.fromarray(each.astype(np.float32)).resize((_FINE, _FINE), Image.Resampling.BOX))
        for each in (differs, away)
    )
    kept = np.zeros((_FINE, _FINE), dtype=bool)
    for shape in apart((small > np.where(out < _RIM, 1.5 * _SKIN, _SURE)) & (out < AROUND)):
        if shape.sum() >= _SPECK and (out[shape] < _RIM).mean() > _INNER and small[shape].max() > _STRONG:
            kept |= shape
    large = Image.fromarray((grown(kept, 2) * 255).astype(np.uint8))
    found: Floats = np.asarray(large.resize(differs.shape[::-1], Image.Resampling.BILINEAR), dtype=np.float64) / 255
    return found


def _plausible(alpha: Floats, across: Floats, down: Floats) -> bool:
    """Whether features could be a face's: neither few nor too many, at both sides, and about the middle."""
    area = np.pi / (across[0, 1] - across[0, 0]) ** 2  # of the disc, in pixels
    all_of_it, away = alpha.sum(), np.hypot(across, down)
    if not _SHARE[0] <= all_of_it / area <= _SHARE[1]:
        return False
    left = (alpha * (across < 0)).sum() / all_of_it
    high = (alpha * down).sum() / all_of_it
    wide = np.abs(across[alpha > 0.5]).max(initial=0)
    at_rim = alpha[(away > _RIM) & (away < 1) & (down < 0)].mean()
    return bool(at_rim <= _AT_RIM and _HALF <= left <= 1 - _HALF and abs(high) <= _HIGH and wide >= _WIDE)
