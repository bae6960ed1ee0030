"""How a picture goes on beyond its edges: where it lies, and in which windows the rest is drawn, from it outwards."""

from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from pydantic import Field

from .versioned import VersionedModel

WINDOWS_MAX = 64
_GRID = 8  # pixels that windows begin at: what a latent stands for


class Beyond(StrEnum):
    """Where more of a picture is seen."""

    OUT = "out"  # all around
    WIDER = "wider"  # to the left and right
    TALLER = "taller"  # above and below


class Box(NamedTuple):
    """A part of a picture, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom."""
        return self.left, self.top, self.left + self.width, self.top + self.height


class Outpaint(VersionedModel):
    """A picture in a larger whole. All in pixels.

    Attributes:
        left, top: where its upper left corner lies.
        width, height: its own size there; a file of another size is fitted to it.
        window_width, window_height: of what is drawn at once, a size that suits the model.
    """

    left: int = Field(ge=0)
    top: int = Field(ge=0)
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    window_width: int = Field(ge=_GRID, multiple_of=_GRID)
    window_height: int = Field(ge=_GRID, multiple_of=_GRID)

    @property
    def kept(self) -> Box:
        """What of the whole is the picture that it goes on from."""
        return Box(self.left, self.top, self.width, self.height)

    @property
    def window(self) -> tuple[int, int]:
        """Width and height of what is drawn at once."""
        return self.window_width, self.window_height

    def windows(self, width: int, height: int) -> tuple[Box, ...]:
        """All that a whole of this size is drawn in, in that order."""
        return windows((width, height), self.kept, self.window)

    def seen_in(self, width: int, height: int) -> tuple[Beyond, float]:
        """Where a whole of this size shows more of it, and how many times as much."""
        across, down = round(width / self.width, 1), round(height / self.height, 1)
        if down <= 1 < across:
            return Beyond.WIDER, across
        return (Beyond.TALLER, down) if across <= 1 < down else (Beyond.OUT, max(across, down))

    def must_suit(self, width: int, height: int) -> None:
        """Raises ValueError where it is no picture in a whole of this size, or takes too many windows."""
        _, _, right, bottom = self.kept.edges
        if right > width or bottom > height or self.kept == Box(0, 0, width, height):
            raise ValueError("the picture has to lie in the whole and to leave something of it to draw")
        if self.window_width > width or self.window_height > height:
            raise ValueError("the windows are larger than the whole")
        if (found := len(self.windows(width, height))) > WINDOWS_MAX:
            raise ValueError(f"it takes {found} windows, at most {WINDOWS_MAX} are drawn")


@lru_cache(maxsize=256)
def windows(whole: tuple[int, int], kept: Box, window: tuple[int, int]) -> tuple[Box, ...]:
    """All that a picture of size `whole` is drawn in around what is `kept` of it, in the order they are drawn.

    Each overlaps its neighbours by half at least, and what is kept or an earlier one by about as much: it goes on from
    there. Those that show most of what is kept come first, then those that are nearer to its middle.
    """
    every = (Box(left, top, *window) for left, top in product(*map(_starts, whole, window)))
    return tuple(sorted((each for each in every if _shared(each, kept) < window[0] * window[1]), key=lambda each: (
        -_shared(each, kept), _apart(each, kept), each.top, each.left
    )))  # fmt: skip


def _starts(length: int, window: int) -> list[int]:
    """Where windows begin along one side, from its one end to the other."""
    free = length - window
    gaps = -(-free // max(_GRID, window // 2 // _GRID * _GRID))
    return [0] if gaps == 0 else [free * gap // gaps // _GRID * _GRID for gap in range(gaps + 1)]


def _shared(one: Box, other: Box) -> int:
    """Pixels that are in both."""
    left, top, right, bottom = (
        pick(pair) for pick, pair in zip((max, max, min, min), zip(one.edges, other.edges, strict=True), strict=True)
    )
    return max(0, right - left) * max(0, bottom - top)


def _apart(one: Box, other: Box) -> int:
    """How far their middles are from each other, in half pixels, along both sides."""
    return sum(abs(sum(one.edges[side::2]) - sum(other.edges[side::2])) for side in (0, 1))
