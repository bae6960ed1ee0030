"""A picture that goes on beyond its edges: what of the whole is known so far, and what a window of it looks like."""

import torch
from PIL import Image

from worker.contract.types.request import SEED_MAX, Request
from worker.contract.types.windows import Box

from . import inpaint
from .parts import Parts

# Odd, so that no two turns of a seed are the same, and far from what tells a request's pictures apart.
_TURN = 0x9E37_79B1


def seed_of_turn(seed: int, turn: int) -> int:
    """What the noise of window number `turn` comes from: one seed for all would repeat its shapes in each.

    It is a seed like any other, for of a larger number torch's generator takes the lowest 32 bits alone.
    """
    return (seed + turn * _TURN) % (SEED_MAX + 1)


class Whole:
    """One picture, as far as it is drawn.

    Args:
        picture: what it goes on from, of the size that the request keeps of it.
    """

    def __init__(self, asked: Request, picture: Image.Image) -> None:
        beyond = asked.outpaint
        assert beyond is not None  # noqa: S101 - whoever makes one has asked
        kept = beyond.kept
        self.image = _continued(picture, kept, (asked.width, asked.height))
        self._unknown = Image.new("L", self.image.size, 255)
        self._unknown.paste(0, kept.edges)

    def part(self, window: Box) -> tuple[Image.Image, Image.Image]:
        """What a window shows, and a mask that is white where nothing of it is drawn yet."""
        return self.image.crop(window.edges), self._unknown.crop(window.edges)

    def drawn(self, window: Box, image: Image.Image) -> None:
        """A window is drawn: it takes its place, with an edge where it meets what was there, and nothing beyond."""
        self.image.paste(inpaint.pasted(image, *self.part(window)), window.edges)
        self._unknown.paste(0, window.edges)

    def so_far(self, window: Box, image: Image.Image) -> Image.Image:
        """The whole with a window as it looks now, for a preview; the whole stays as it is."""
        shown = self.image.copy()
        before, mask = self.part(window)
        shown.paste(Image.composite(image.resize(before.size), before, mask), window.edges)
        return shown


def _continued(picture: Image.Image, kept: Box, size: tuple[int, int]) -> Image.Image:
    """The picture in the whole, with what is at its edges drawn out: an encoder looks a little beyond each cell."""
    pixels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    pixels = pixels.view(1, picture.height, picture.width, 3).permute(0, 3, 1, 2)
    _, _, right, bottom = kept.edges
    sides = (kept.left, size[0] - right, kept.top, size[1] - bottom)
    made = torch.nn.functional.pad(pixels.float(), sides, mode="replicate").byte()
    return Image.fromarray(made[0].permute(1, 2, 0).contiguous().numpy())


class Wholes(Parts):
    """All pictures of a request, window by window: each is drawn for all of them before the next begins."""

    def __init__(self, asked: Request, picture: Image.Image) -> None:
        self._windows = asked.windows
        self._each = [Whole(asked, picture) for _ in range(asked.count)]
        super().__init__(len(self._windows))

    def part(self, index: int) -> tuple[Image.Image, Image.Image]:
        """As `Whole.part`, of a picture's present window."""
        return self._each[index].part(self._windows[self.turn])

    def drawn(self, index: int, image: Image.Image) -> None:
        """A picture's present window is drawn."""
        self._each[index].drawn(self._windows[self.turn], image)

    def so_far(self, index: int, image: Image.Image) -> Image.Image:
        """A picture with its present window as it looks now."""
        return self._each[index].so_far(self._windows[self.turn], image)

    def image(self, index: int) -> Image.Image:
        """A picture as far as it is drawn."""
        return self._each[index].image
