"""Bars of two kinds side by side, as a picture."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

WIDE, ROW, GAP, LEFT, RIGHT, TOP = 900, 16, 10, 190, 70, 70
BACK, INK, FAINT, OURS, PLAIN = "#ffffff", "#1f2328", "#6e7781", "#5865f2", "#c9ccd1"
LINES = ("the line", "plain arrival order")


@dataclass(frozen=True)
class Series:
    """A group of rows under a title: name, seconds of the one kind, seconds of the other."""

    title: str
    rows: list[tuple[str, float, float]]


def draw(title: str, groups: list[Series], kinds: tuple[str, str] = LINES) -> bytes:
    """A PNG; each group has a scale of its own, for floods wait for minutes and others for seconds."""
    height = TOP + sum(44 + len(group.rows) * (2 * ROW + GAP) for group in groups)
    picture = Image.new("RGB", (WIDE, height), BACK)
    pen = ImageDraw.Draw(picture)
    pen.text((24, 20), title, INK, font=_font(20))
    for number, (kind, colour) in enumerate(zip(kinds, (OURS, PLAIN), strict=True)):
        pen.rectangle((480 + number * 150, 26, 492 + number * 150, 38), colour)
        pen.text((498 + number * 150, 24), kind, FAINT, font=_font(13))
    y = TOP
    for group in groups:
        pen.text((24, y), group.title, INK, font=_font(15))
        y += 30
        most = max(value for _, *values in group.rows for value in values) or 1.0
        for name, *values in group.rows:
            pen.text((24, y + ROW - 8), name, FAINT, font=_font(13))
            for value, colour in zip(values, (OURS, PLAIN), strict=True):
                end = LEFT + max(2, round((WIDE - LEFT - RIGHT) * value / most))
                pen.rectangle((LEFT, y, end, y + ROW - 3), colour)
                pen.text((end + 6, y - 2), f"{value:,.1f} s", INK, font=_font(12))
                y += ROW
            y += GAP
        y += 14
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
