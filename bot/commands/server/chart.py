"""A picture of what a server used by day. Pure drawing; its caller does it beside the event loop."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from PIL import Image, ImageDraw, ImageFont

SIZE = (720, 420)  # as wide as a phone shows it in letters that can be read
_PAPER, _INK, _DIM, _BAR, _TODAY, _RULE = "#1e1f22", "#f2f3f5", "#b5bac1", "#7983f5", "#57c98b", "#3f4147"
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 36, 84, 56
_RULES = 4  # lines across, above the lowest
_TITLE, _LABEL, _SMALLEST = 30, 24, 15  # sizes of letters; numbers above bars have less where these are thin, or none
_GAP = 6  # between labels


@dataclass(frozen=True)
class Bar:
    """One day and its number of pictures."""

    day: date
    pictures: int


def draw(title: str, bars: Sequence[Bar]) -> bytes:
    """A PNG with a bar for each day, oldest first; the last one is today. Words are in the title alone."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((_LEFT, 18), title, fill=_INK, font=_font(_TITLE))
    most = _round_up(max((bar.pictures for bar in bars), default=0))
    across, down = SIZE[0] - _LEFT - _RIGHT, SIZE[1] - _TOP - _BOTTOM
    for number in range(_RULES + 1):
        height = SIZE[1] - _BOTTOM - down * number // _RULES
        pen.line((_LEFT, height, SIZE[0] - _RIGHT, height), fill=_RULE)
        label = f"{most * number // _RULES:,}"
        pen.text((_LEFT - 10, height), label, fill=_DIM, font=_font(_LABEL), anchor="rm")
    each = across / max(1, len(bars))
    size = min((_fitting(f"{bar.pictures:,}", each) for bar in bars), default=_LABEL)
    dated = math.ceil((_wide("12-31", _LABEL) + _GAP) / each)  # of so many days one has its date, today among them
    for number, bar in enumerate(bars):
        left, foot, back = _LEFT + each * number, SIZE[1] - _BOTTOM, len(bars) - 1 - number
        _bar(pen, bar, left, each, foot, down * bar.pictures / most, _BAR if back else _TODAY, size)
        if back % dated == 0:
            pen.text((left + each / 2, foot + 12), f"{bar.day:%m-%d}", fill=_DIM, font=_font(_LABEL), anchor="mt")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _bar(
    pen: ImageDraw.ImageDraw, bar: Bar, left: float, wide: float, foot: int, height: float, colour: str, size: int
) -> None:
    if not bar.pictures:
        return
    top = foot - max(2, height)
    pen.rounded_rectangle((left + wide * 0.15, top, left + wide * 0.85, foot), 4, fill=colour)
    if size >= _SMALLEST:
        pen.text((left + wide / 2, top - 4), f"{bar.pictures:,}", fill=_INK, font=_font(size), anchor="mb")


def _fitting(text: str, wide: float) -> int:
    """The largest size, up to that of labels, in which a text fits."""
    return min(_LABEL, int(_LABEL * wide / (_wide(text, _LABEL) + _GAP / 2)))


def _wide(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _round_up(most: int) -> int:
    """The number at the top of the scale: a multiple of the number of lines that is easy to read."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if step * size * _RULES >= max(most, 1):
                return step * size * _RULES
        size *= 10


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
