"""Drawings of faces as a small model makes them."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 256
BACKGROUND = (170, 214, 245)
YELLOW, SHADE, RIM = (255, 190, 50), (235, 120, 70), (225, 105, 110)
INK, WHITE, TEAR = (50, 36, 44), (252, 252, 252), (60, 110, 240)
EYES = ((92, 110), (164, 110))
MOUTH = (128, 165)


def face(
    style: str = "flat",
    features: tuple[str, ...] = ("eyes", "mouth"),
    skin: tuple[int, int, int] = YELLOW,
    background: tuple[int, int, int] = BACKGROUND,
) -> Image.Image:
    """A disc of 200 pixels in the middle: flat, with a gradient and a darker rim ("glossy"), with features."""
    image = Image.new("RGB", (4 * SIDE, 4 * SIDE), background)
    disc = Image.new("L", image.size)
    ImageDraw.Draw(disc).ellipse(_box(128, 128, 100), fill=255)
    body = Image.new("RGB", image.size, skin)
    if style == "glossy":
        across, down = np.meshgrid(*2 * (np.linspace(-1, 1, 4 * SIDE),))
        weight = np.clip((down - across + 0.6) / 2.4, 0, 1)[:, :, None]
        body = Image.fromarray((np.array(skin) * (1 - weight) + np.array(SHADE) * weight).astype(np.uint8))
        rim = Image.new("L", image.size)
        ImageDraw.Draw(rim).ellipse(_box(128, 128, 99), outline=255, width=24)
        body.paste(RIM, mask=rim.filter(ImageFilter.GaussianBlur(12)))
    image.paste(body, mask=disc)
    pen = ImageDraw.Draw(image)
    for each in features:
        DRAWN[each](pen)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _box(x: float, y: float, radius: float, high: float | None = None) -> tuple[float, ...]:
    high = radius if high is None else high
    return 4 * (x - radius), 4 * (y - high), 4 * (x + radius), 4 * (y + high)


def _eyes(pen: ImageDraw.ImageDraw) -> None:
    for x, y in EYES:
        pen.ellipse(_box(x, y, 11, 16), fill=INK)


def _white_eyes(pen: ImageDraw.ImageDraw) -> None:
    for x, y in EYES:
        pen.ellipse(_box(x, y, 27), fill=WHITE)
        pen.ellipse(_box(x, y, 12), fill=INK)


def _mouth(pen: ImageDraw.ImageDraw) -> None:
    pen.arc(_box(*MOUTH[:1], MOUTH[1] - 20, 40, 26), 20, 160, fill=INK, width=40)


def _tear(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse(_box(75, 190, 16, 30), fill=TEAR)


def _forehead(pen: ImageDraw.ImageDraw) -> None:
    pen.chord(_box(128, 128, 100), 190, 350, fill=TEAR)


def _one_eye(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse(_box(*EYES[0], 16), fill=INK)


def _low_mouth(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle(_box(128, 200, 40, 8), fill=INK)


def _dot(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse(_box(128, 128, 5), fill=INK)


def _blot(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse(_box(128, 128, 82), fill=INK)


DRAWN = {
    "eyes": _eyes, "white eyes": _white_eyes, "mouth": _mouth, "tear": _tear, "forehead": _forehead,
    "one eye": _one_eye, "low mouth": _low_mouth, "dot": _dot, "blot": _blot,
}  # fmt: skip
