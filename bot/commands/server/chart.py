"""A picture of what a server used by day. Pure drawing; its caller does it beside the event loop."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw, ImageFont

SIZE = (920, 360)
_PAPER, _INK, _DIM, _BAR, _TODAY, _RULE = "#1e1f22", "#f2f3f5", "#b5bac1", "#7983f5", "#57c98b", "#3f4147"
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 64, 48
_RULES = 4  # lines across, above the lowest


@dataclass(frozen=True)
class Bar:
    """One day and its number of pictures."""

    day: date
    pictures: int


def draw(title: str, bars: Sequence[Bar]) -> bytes:
    """A PNG with a bar for each day, oldest first; the last one is today. Words are in the title alone."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((_LEFT, 18), title, fill=_INK, font=_font(24))
    most = _round_up(max((bar.pictures for bar in bars), default=0))
    across, down = SIZE[0] - _LEFT - _RIGHT, SIZE[1] - _TOP - _BOTTOM
    for number in range(_RULES + 1):
        height = SIZE[1] - _BOTTOM - down * number // _RULES
        pen.line((_LEFT, height, SIZE[0] - _RIGHT, height), fill=_RULE)
        label = f"{most * number // _RULES:,}"
        pen.text((_LEFT - 10, height), label, fill=_DIM, font=_font(17), anchor="rm")
    each = across / max(1, len(bars))
    for number, bar in enumerate(bars):
        left = _LEFT + each * number
        _bar(pen, bar, left, each, SIZE[1] - _BOTTOM, down * bar.pictures / most, _TODAY if bar is bars[-1] else _BAR)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _bar(pen: ImageDraw.ImageDraw, bar: Bar, left: float, wide: float, foot: int, height: float, colour: str) -> None:
    middle = left + wide / 2
    if bar.pictures:
        top = foot - max(2, height)
        pen.rounded_rectangle((left + wide * 0.15, top, left + wide * 0.85, foot), 4, fill=colour)
        pen.text((middle, top - 4), f"{bar.pictures:,}", fill=_INK, font=_font(15), anchor="mb")
    pen.text((middle, foot + 10), f"{bar.day:%m-%d}", fill=_DIM, font=_font(15), anchor="mt")


def _round_up(most: int) -> int:
    """The number at the top of the scale: a multiple of the number of lines that is easy to read."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if step * size * _RULES >= max(most, 1):
                return step * size * _RULES
        size *= 10


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
