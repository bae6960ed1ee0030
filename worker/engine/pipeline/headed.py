"""Another head on a drawn person: a cat in an astronaut's suit. Hands and neck get the colour of that head."""

from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from worker.engine.prompt_match.layout import HeadPlace

from .cells import Floats
from .cutout import Cutout
from .head_finder import Head, head_of, skin_of
from .inscribed import Circle, largest_circle

SHARES, _RADII = (0.2, 0.45), (0.8, 0.6)  # of a head's width, of the longer side → radius of what goes over it
_HIGH = 0.56  # likewise of a head's height
_BROW = 0.5  # of that radius: so far below a hat's lower edge the middle of a face is
_BRIM = 0.95  # of a head's width, to either side: so far a hat reaches
_ROUND = 0.2  # of a head's longer side: the radius of its round part is more
_STEP = 24  # of 255: colours that differ by less are one
_DARK = 50  # of 255: outlines and eyes are darker
_LIGHT = 0.3  # share of what is not so dark, from which on that alone counts
_CALM = 5  # pixels, odd: smaller specks are no skin
_LUMA = np.array([0.299, 0.587, 0.114])


def with_head(person: Cutout, other: Image.Image, expected: HeadPlace) -> Cutout:
    """A person with another's head, RGBA, over the own one, and under a hat; larger, where that head reaches out.

    `expected`: where the own head is about.
    """
    disc = _disc(other)
    head = head_of(person.image, expected)
    radius = _radius(head, max(person.image.size))
    times = radius / disc.radius
    other = resized(other, times)
    middle = head.top + _BROW * radius if head.hat else (head.top + head.bottom) / 2
    left, top = round(head.x - disc.x * times), round(middle - disc.y * times)
    kept = person.image.height if expected.fixed else round(head.top) if head.hat and expected.gold else 0
    dressed = in_colour(person.image, main_colour(np.asarray(other)), kept)
    made = put_over(replace(person, image=dressed), other, left, top)
    if head.hat:
        sides = max(0, round(head.x - _BRIM * head.width)), min(dressed.width, round(head.x + _BRIM * head.width))
        hat = dressed.crop((sides[0], 0, sides[1], round(head.top)))
        made.image.alpha_composite(hat, (sides[0] + person.left - made.left, person.top - made.top))
    return made


def resized(image: Image.Image, times: float) -> Image.Image:
    """A picture, RGBA, so many times as large; no side is less than a pixel."""
    size = max(1, round(image.width * times)), max(1, round(image.height * times))
    return image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def put_over(person: Cutout, other: Image.Image, left: int, top: int) -> Cutout:
    """A person with a picture, RGBA, over it, from that place of the own one on; larger, where that reaches out."""
    own = person.image
    box = min(0, left), min(0, top), max(own.width, left + other.width), max(own.height, top + other.height)
    made = own.crop(box)
    made.alpha_composite(other, (left - box[0], top - box[1]))
    return replace(person, image=made, left=person.left + box[0], top=person.top + box[1])


def _disc(other: Image.Image) -> Circle:
    """The round part of a head, without its ears; of what is hardly whole, where that mostly is."""
    found = largest_circle(other.getchannel("A"))
    if found is None or found.radius < _ROUND * max(other.size):
        return Circle(other.width / 2, 0.6 * other.height, 0.4 * min(other.size))
    return found


def _radius(head: Head, side: int) -> float:
    """The radius of what covers a head: a small one gets more, so that it is known again."""
    radius = head.width * float(np.interp(head.width / side, SHARES, _RADII))
    return radius if head.hat else max(radius, _HIGH * (head.bottom - head.top))


def main_colour(pixels: Floats) -> Floats:
    """The colour (3) that most of a picture (height, width, 4) has, but for dark outlines."""
    colours = pixels[pixels[:, :, 3] > 200][:, :3].astype(np.float64)
    light = colours.max(axis=1, initial=0) >= _DARK
    colours = colours[light] if light.sum() > _LIGHT * len(colours) else colours
    if not len(colours):
        return np.zeros(3)
    _, which, many = np.unique(colours // _STEP, axis=0, return_inverse=True, return_counts=True)
    found: Floats = colours[which.ravel() == many.argmax()].mean(axis=0)
    return found


def in_colour(person: Image.Image, colour: Floats, kept: int) -> Image.Image:
    """A person whose skin has a colour, as light and dark as it was. `kept`: so many rows at the top have gold."""
    pixels = np.array(person, dtype=np.float64)
    skin = Image.fromarray((skin_of(pixels[:, :, :3]) * (pixels[:, :, 3] > 0) * 255).round().astype(np.uint8))
    share = np.array(skin.filter(ImageFilter.MedianFilter(_CALM)), dtype=np.float64) / 255
    share[:kept] = 0
    light = pixels[:, :, :3] @ _LUMA
    if not (share > 0.5).any():
        return person
    own = np.clip(colour * (light / np.median(light[share > 0.5]))[:, :, None], 0, 255)
    pixels[:, :, :3] += share[:, :, None] * (own - pixels[:, :, :3])
    return Image.fromarray(pixels.round().astype(np.uint8), "RGBA")
