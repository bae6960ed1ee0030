"""The head of a person who is drawn to the shoulders, with hat and hair, on the body of another: a pirate surfing.

It is what is above the chin. A tool in a hand, a staff or a wall beside it stay behind; what hangs below the chin, long
hair or a beard, is cut off in a curve.
"""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from worker.engine.prompt_match.layout import HeadPlace

from .cells import Bools, Floats, grown, means, reached
from .cutout import Cutout
from .head_finder import Head, head_of, skin_of
from .headed import SHARES, in_colour, main_colour, put_over, resized
from .inscribed import cell_of

_LARGER = 1.35, 1.08  # at `SHARES`: so many times as wide as a person's head the other is
_CHIN = 0.3  # of what it is wider: so much lower its chin is
_CLEARED = 0.75, 0.9  # of the person's head's width, to either side of its middle and upwards: where the hat goes away
_JAW, _CURVE = 0.85, 2.6  # likewise below the middle of the face; the exponent of that curve, 2 for an ellipse
_LOW = 0.7  # of the height: a chin is not above it; what is seen of a face may end at a beard
_NARROW = 0.92  # of the expected width: a face is no narrower; a mask or hair may hide its sides
_UNDER = 0.04  # of the head's width, below the chin: its outline
_SKIN = 0.12  # of a face: with less skin it has another colour


@dataclass(frozen=True)
class BustHead:
    """A head without shoulders.

    Attributes:
        image: RGBA.
        x, chin, width: the middle of the face across, its lower end, its width, in pixels of that.
        bare: whether skin is seen in the face; a visor hides it, and a zombie has another colour.
        face: the face alone, RGBA.
    """

    image: Image.Image
    x: float
    chin: float
    width: float
    bare: bool
    face: Image.Image


def with_head_of_bust(person: Cutout, bust: Image.Image, expected: HeadPlace, other: HeadPlace) -> Cutout:
    """A person with the head of somebody else, RGBA, over the own one; larger, where that reaches out.

    `expected`, `other`: where the own head is about, and that of the other.
    """
    return put_on(person, head_of_bust(bust, other), expected)


def put_on(person: Cutout, drawn: BustHead, expected: HeadPlace) -> Cutout:
    """A person with a head over the own one, and no hat but that head's. `expected`: where the own one is about."""
    head = head_of(person.image, expected)
    width = min(head.width, expected.wide * person.image.width)  # raised arms beside a face are found with it
    wider = float(np.interp(width / max(person.image.size), SHARES, _LARGER))
    times = wider * width / drawn.width
    chin = head.bottom + _CHIN * (wider - 1) * width
    left, top = round(head.x - drawn.x * times), round(chin - drawn.chin * times)
    body = _without_hat(person.image, head) if head.hat else person.image
    if not drawn.bare:
        body = in_colour(body, main_colour(np.asarray(drawn.face)), 0)
    return put_over(replace(person, image=body), resized(drawn.image, times), left, top)


def _without_hat(person: Image.Image, head: Head) -> Image.Image:
    """A person with nothing over the face, where the hat was."""
    side, up = (each * head.width for each in _CLEARED)
    box = (max(0, round(head.x - side)), max(0, round(head.top - up)), round(head.x + side), round(head.top))
    bare = person.copy()
    if box[0] < box[2] and box[1] < box[3]:
        bare.paste((0, 0, 0, 0), box)
    return bare


def head_of_bust(bust: Image.Image, expected: HeadPlace) -> BustHead:
    """The head of somebody, RGBA, and no larger than that. `expected`: where the face is about."""
    head = head_of(bust, expected)
    width = max(head.width, _NARROW * expected.wide * bust.width)
    head = replace(head, bottom=max(head.bottom, _LOW * bust.height), width=width)
    share = _above_chin(bust.size, head, expected.reach)
    alpha = np.asarray(bust.getchannel("A"), dtype=np.float64) * share
    alpha *= _joined(alpha, bust.size, head)
    image = bust.copy()
    image.putalpha(Image.fromarray(alpha.round().astype(np.uint8)))
    left, top, right, bottom = image.getbbox() or (0, 0, *bust.size)
    middle = head.bottom - head.width / 2
    half = 0.45 * head.width
    face = bust.crop((round(head.x - half), round(middle - half), round(head.x + half), round(head.bottom)))
    pixels = np.asarray(face, dtype=np.float64)
    bare = bool((skin_of(pixels[:, :, :3]) * (pixels[:, :, 3] > 0)).mean() >= _SKIN) if pixels.size else True
    return BustHead(image.crop((left, top, right, bottom)), head.x - left, head.bottom - top, head.width, bare, face)


def _above_chin(size: tuple[int, int], head: Head, reach: float) -> Floats:
    """How much of each pixel (height, width) belongs to what is above the chin, from 0 to 1."""
    rows, columns = np.indices(size[::-1]) + 0.5
    middle = head.bottom - head.width / 2
    across = np.abs(columns - head.x) / head.width
    down = np.clip((rows - middle) / (head.bottom + _UNDER * head.width - middle), 0, None)
    low = (across / _JAW) ** _CURVE + down**_CURVE
    within = np.where(rows > middle, (1 - low) * head.width / 4, (reach - across) * head.width)
    found: Floats = np.clip(within + 0.5, 0, 1)
    return found


def _joined(alpha: Floats, size: tuple[int, int], head: Head) -> Floats:
    """1 for what hangs together with the face, else 0."""
    cell = cell_of(size)
    there: Bools = means(Image.fromarray(alpha.round().astype(np.uint8)), cell) >= 100
    row = min(int((head.bottom - head.width / 3) / cell), there.shape[0] - 1)
    column = min(int(head.x / cell), there.shape[1] - 1)
    begin = np.zeros_like(there)
    begin[row, column] = True
    found = grown(reached(there, begin))
    if not found.any():
        return np.ones_like(alpha)
    whole = Image.fromarray((found * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
    return np.asarray(whole, dtype=np.float64) / 255
