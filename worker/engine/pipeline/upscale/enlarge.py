"""Enlarge a picture in tiles, so that memory stays bounded and a cancelled render stops soon."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from PIL import Image

from worker.engine.pipeline.upscale.load import Upscaler

TILE = 256


def enlarge(
    upscaler: Upscaler,
    picture: Image.Image,
    step: Callable[[int, int], None] = lambda _done, _of: None,
    tile: int = TILE,
) -> Image.Image:
    """Return `picture` as RGB, `upscaler.scale` times as large.

    Args:
        upscaler: the network.
        picture: of any mode; transparency is set on white.
        step: is told after every tile how many of how many are done, and may raise to stop.
        tile: side of the tiles in pixels of `picture`.
    """
    pixels = torch.from_numpy(np.array(_opaque(picture))).movedim(-1, 0)[None].float() / 255.0
    height, width = pixels.shape[2:]
    scale = upscaler.scale
    # The result lies in ordinary memory: at 4 times the side it is the largest thing here, and tiles come and go.
    made = np.empty((height * scale, width * scale, 3), dtype=np.uint8)
    boxes = list(_boxes(height, width, tile))
    for number, (top, left) in enumerate(boxes):
        bottom, right = min(top + tile, height), min(left + tile, width)
        # Each tile is cut with as much around it as the network sees, and the margin of the result is thrown away:
        # the picture is then the very one that it would be in one piece, without seams to blend.
        above, before = max(0, top - upscaler.sees), max(0, left - upscaler.sees)
        piece = pixels[:, :, above : bottom + upscaler.sees, before : right + upscaler.sees]
        with torch.inference_mode():
            large = upscaler.network(piece.to(upscaler.device))[0].float().clamp(0, 1).mul(255).round().byte().cpu()
        inner = large.movedim(0, -1).numpy()[(top - above) * scale :, (left - before) * scale :]
        rows, columns = (bottom - top) * scale, (right - left) * scale
        made[top * scale : bottom * scale, left * scale : right * scale] = inner[:rows, :columns]
        step(number + 1, len(boxes))
    return Image.fromarray(made)


def _boxes(height: int, width: int, tile: int) -> Iterator[tuple[int, int]]:
    return ((top, left) for top in range(0, height, tile) for left in range(0, width, tile))


def _opaque(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    background = Image.new("RGBA", layer.size, (255, 255, 255, 255))
    return Image.alpha_composite(background, layer).convert("RGB")
