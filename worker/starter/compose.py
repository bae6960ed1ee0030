"""Put a glyph on a plain background: mirrored or not, a little larger or smaller, a little off centre."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from worker.starter.glyphs import Pixels


@dataclass(frozen=True)
class View:
    """How a glyph is placed: its size in pixels, the offset of its centre, and whether it is mirrored."""

    size: int
    dx: int = 0
    dy: int = 0
    mirrored: bool = False


def draw_view(rng: np.random.Generator, canvas: int = 128) -> View:
    """Draw a placement: 78 % to 86 % of the canvas, up to 3 % off centre, mirrored half of the time."""
    shift = max(1, round(canvas * 0.03))
    return View(
        size=int(rng.integers(round(canvas * 0.78), round(canvas * 0.86) + 1)),
        dx=int(rng.integers(-shift, shift + 1)),
        dy=int(rng.integers(-shift, shift + 1)),
        mirrored=bool(rng.integers(2)),
    )


def compose(glyph: Pixels, background: tuple[int, int, int], view: View) -> Pixels:
    """Return uint8 RGB of the glyph's own size: RGBA `glyph` (n, n, 4) placed by `view` on `background`."""
    canvas = glyph.shape[0]
    picture = Image.new("RGB", (canvas, canvas), background)
    source = Image.fromarray(glyph)
    if view.mirrored:
        source = source.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    placed = source.resize((view.size, view.size), Image.Resampling.LANCZOS)  # by premultiplied alpha
    corner = (canvas - view.size) // 2
    picture.paste(placed, (corner + view.dx, corner + view.dy), placed)
    return np.asarray(picture, dtype=np.uint8)


def to_model(pictures: Pixels) -> npt.NDArray[np.float32]:
    """uint8 (batch, h, w, 3) in 0..255 → float32 (batch, 3, h, w) in -1..1."""
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), dtype=np.float32) / 127.5 - 1.0
