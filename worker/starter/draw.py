"""Pictures about the model: contact sheets and loss curves, with Pillow alone."""

import math
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw, ImageFont

_SPELT = {"×": "x", "γ": "gamma"}
_INK, _GRID, _PAPER = (40, 44, 52), (225, 228, 233), (255, 255, 255)
_PENS = ((214, 69, 65), (52, 120, 226), (62, 168, 74), (250, 150, 56), (118, 62, 176), (24, 146, 150))


def sheet(rows: Sequence[tuple[str, Sequence[Image.Image]]], cell: int = 128, gap: int = 6) -> Image.Image:
    """Lay out labelled rows of pictures; each label stands above its row."""
    font = ImageFont.load_default(14)
    columns = max(len(pictures) for _, pictures in rows)
    height = cell + gap + 22
    page = Image.new("RGB", (columns * (cell + gap) + gap, len(rows) * height + gap), _PAPER)
    pen = ImageDraw.Draw(page)
    for row, (label, pictures) in enumerate(rows):
        top = row * height + gap
        pen.text((gap, top), printable(label), _INK, font)
        for column, picture in enumerate(pictures):
            page.paste(picture.resize((cell, cell)), (column * (cell + gap) + gap, top + 20))
    return page


def captioned(
    pictures: Sequence[tuple[str, Image.Image]], columns: int = 6, cell: int = 224, lines: int | None = 3
) -> Image.Image:
    """Lay out pictures in a grid, each with its own words below it, in so many lines; None: in as many as it takes."""
    font, gap = ImageFont.load_default(12), 8
    wrapped = [textwrap.wrap(printable(words), cell // 6)[:lines] for words, _ in pictures]
    lines = lines or max(map(len, wrapped))
    height = cell + gap + 15 * lines
    page = Image.new("RGB", (columns * (cell + gap) + gap, -(-len(pictures) // columns) * height + gap), _PAPER)
    pen = ImageDraw.Draw(page)
    for number, (words, (_, picture)) in enumerate(zip(wrapped, pictures, strict=True)):
        left, top = number % columns * (cell + gap) + gap, number // columns * height + gap
        page.paste(picture.resize((cell, cell)), (left, top))
        pen.multiline_text((left, top + cell + 2), "\n".join(words), _INK, font, spacing=2)
    return page


def printable(words: str) -> str:
    """Words in characters that Pillow's own font has: letters without accents, emoji by their names in brackets."""
    return "".join(each if each.isascii() else _plain(each) for each in words)


def _plain(character: str) -> str:
    if character in _SPELT:
        return _SPELT[character]
    if unicodedata.category(character) in ("Mn", "Cf", "Sk"):  # accents, joiners, tones of skin: nothing by themselves
        return ""
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters or f"[{unicodedata.name(character, '?').lower()}]"


def curve(title: str, losses: Sequence[tuple[int, float]], size: tuple[int, int] = (640, 300)) -> Image.Image:
    """Plot a loss log, smoothed over 1 % of its length, on a logarithmic scale."""
    width, height = size
    left, right, top, bottom = 56, width - 12, 28, height - 24
    page = Image.new("RGB", size, _PAPER)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(12)
    window = max(1, len(losses) // 100)
    means = [
        (losses[end - 1][0], math.log10(sum(loss for _, loss in losses[end - window : end]) / window))
        for end in range(window, len(losses) + 1, window)
    ]
    low, high = min(value for _, value in means), max(value for _, value in means)
    last, span = max(step for step, _ in means), max(high - low, 1e-6)
    pen.text((left, 6), title, _INK, font)
    for mark in range(5):
        value = low + span * mark / 4
        y = bottom - (bottom - top) * mark / 4
        pen.line((left, y, right, y), _GRID)
        pen.text((4, y - 7), f"{10**value:.3f}", _INK, font)
        step = last * mark // 4
        pen.text((left + (right - left) * mark / 4 - 12, bottom + 6), str(step), _INK, font)
    points = [
        (left + (right - left) * step / last, bottom - (bottom - top) * (value - low) / span) for step, value in means
    ]
    pen.line(points, (214, 69, 65), 2)
    return page


def plot(
    title: str, curves: Mapping[str, Sequence[tuple[float, float]]], size: tuple[int, int] = (760, 340)
) -> Image.Image:
    """Plot shares (0..1) against one setting, one line for each name, with a legend at the right."""
    width, height = size
    left, right, top, bottom = 44, width - 150, 30, height - 26
    page = Image.new("RGB", size, _PAPER)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(12)
    pen.text((left, 8), title, _INK, font)
    places = sorted({x for points in curves.values() for x, _ in points})
    across = {x: left + (right - left) * number / max(1, len(places) - 1) for number, x in enumerate(places)}
    for mark in range(6):
        y = bottom - (bottom - top) * mark / 5
        pen.line((left, y, right, y), _GRID)
        pen.text((6, y - 7), f"{mark * 20} %", _INK, font)
    for x, at in across.items():
        pen.text((at - 6, bottom + 6), f"{x:g}", _INK, font)
    for number, (name, points) in enumerate(curves.items()):
        colour = _PENS[number % len(_PENS)]
        pen.line([(across[x], bottom - (bottom - top) * y) for x, y in points], colour, 2)
        pen.text((right + 14, top + 18 * number), f"{name} (best {max(y for _, y in points):.0%})", colour, font)
    return page
