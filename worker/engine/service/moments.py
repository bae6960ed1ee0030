"""How a picture came about, as people are shown it: moments of its way side by side, and as a picture that moves.

Always on encoder threads. What stands below each is a number alone, so it needs no language: the share of it that is
noise.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from worker.contract.types import recipe
from worker.contract.types.recipe import Recipe
from worker.engine.protocol import Frame, PictureFrame

from .encode import png

SIDE_MAX = 256  # pixels of a moment
_COLUMNS = 3  # beside another picture Discord shows the square in the middle: of a line of eight that would be one
_GAP, _TEXT_LEAST = 8, 12  # pixels
_TEXT = 8  # times as wide as what stands below it is high
_GROUND, _INK = "#1e1f22", "#f2f3f5"
_SHOWN, _LAST = 450, 2500  # milliseconds


@dataclass(frozen=True)
class Moment:
    """What a picture looked like on its way, and which share of that is noise, from 1 to 0."""

    noise: float
    image: Image.Image

    @property
    def percent(self) -> int:
        """That share."""
        return round(100 * self.noise)

    @property
    def label(self) -> str:
        """It, as it stands below."""
        return f"{self.percent} %"

    @property
    def small(self) -> Image.Image:
        """The picture, of at most SIDE_MAX pixels a side."""
        image = self.image.convert("RGB")
        image.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
        return image


def frames(about: PictureFrame, moments: Sequence[Moment], made: Recipe) -> Sequence[Callable[[], Frame]]:
    """What makes the files of a picture, each with its recipe: the last moment, or if it shows them the two of those.

    `about`: the finished picture.
    """
    if not made.request.moments:
        return (lambda: Frame(header=about, body=png(moments[-1].image, made)),)

    def still() -> Frame:
        image = strip(moments)
        size = {"width": image.width, "height": image.height}
        return Frame(header=about.model_copy(update={"index": 0, **size}), body=png(image, made))

    def moved() -> Frame:
        first = moments[0].small
        size = {"width": first.width, "height": first.height}
        header = about.model_copy(update={"index": 1, "content_type": "image/gif", **size})
        return Frame(header=header, body=moving(moments, made))

    return still, moved


def strip(moments: Sequence[Moment]) -> Image.Image:
    """At least one of them on a square, in lines from left to right, each with its share of noise below it."""
    cells = [each.small for each in moments]
    text = max(_TEXT_LEAST, cells[0].width // _TEXT)
    width, height = cells[0].width + _GAP, cells[0].height + text + 2 * _GAP
    columns, lines = min(_COLUMNS, len(cells)), -(-len(cells) // _COLUMNS)
    side = max(columns * width, lines * height) + _GAP
    margin, above = (side - columns * width + _GAP) // 2, (side - lines * height + _GAP) // 2
    board = Image.new("RGB", (side, side), _GROUND)
    pen, font = ImageDraw.Draw(board), ImageFont.load_default(text)
    for number, (moment, cell) in enumerate(zip(moments, cells, strict=True)):
        left, top = margin + number % _COLUMNS * width, above + number // _COLUMNS * height
        board.paste(cell, (left, top))
        middle = left + cell.width // 2, top + cell.height + (text + _GAP) // 2
        pen.text(middle, moment.label, _INK, font, anchor="mm")
    return board


def moving(moments: Sequence[Moment], made: Recipe) -> bytes:
    """A GIF that goes through them for ever and rests at the last, with the recipe inside."""
    cells = [each.small.quantize(dither=Image.Dither.FLOYDSTEINBERG) for each in moments]
    shown = [*[_SHOWN] * (len(cells) - 1), _LAST]
    out = io.BytesIO()
    cells[0].save(
        out, "GIF", save_all=True, append_images=cells[1:], duration=shown, loop=0, disposal=1,
        comment=recipe.comment(made),
    )  # fmt: skip
    return out.getvalue()
