"""What becomes of a picture that is to be followed before a network sees it. None of it needs a model.

Edges are found as OpenCV's Canny finds them, with the thresholds that ControlNets for them were trained with: for one
function it would be a dependency of 60 MB.
"""

from collections.abc import Callable
from typing import Any

from PIL import Image, ImageOps, ImageStat

from worker.contract.types.guide_info import CANNY, SCRIBBLE, STYLE, TILE

_LOW, _HIGH = 100, 200  # of a gradient: an edge begins above the one, and goes on above the other
_MIDDLE = 127
_TAN_22, _ONE = 13_573, 15  # tan 22.5° times 2¹⁵, and that power: directions are told apart by whole numbers


def edges(picture: Image.Image) -> Image.Image:
    """White where there is an edge, black elsewhere."""
    import numpy as np

    x, y, strength = _gradients(np.pad(np.asarray(picture.convert("RGB"), np.int32), ((1, 1), (1, 1), (0, 0)), "edge"))
    around = np.pad(strength, 1)
    kept = _highest(x, y, strength, around) & (strength > _LOW)
    found = _grown(np.pad(kept & (strength > _HIGH), 1), np.pad(kept, 1))[1:-1, 1:-1]
    return Image.fromarray(np.where(found, 255, 0).astype(np.uint8)).convert("RGB")


def _gradients(pixels: Any) -> tuple[Any, Any, Any]:
    """Across, down and their sum, of the channel in which that is largest; `pixels` have one more on each side."""
    import numpy as np

    across = pixels[:, 2:] - pixels[:, :-2]
    down = pixels[2:] - pixels[:-2]
    x = across[:-2] + 2 * across[1:-1] + across[2:]
    y = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    sums = np.abs(x) + np.abs(y)
    channel = sums.argmax(axis=2)[..., None]
    return tuple(np.take_along_axis(each, channel, axis=2)[..., 0] for each in (x, y, sums))  # type: ignore[return-value]


def _highest(x: Any, y: Any, strength: Any, around: Any) -> Any:
    """Where the gradient is larger than on both sides of the edge."""
    import numpy as np

    def beside(right: int, below: int) -> Any:
        height, width = strength.shape
        return around[1 + below : 1 + below + height, 1 + right : 1 + right + width]

    flat = np.abs(x) * _TAN_22
    steep = flat + (np.abs(x) << (_ONE + 1))
    rise = np.abs(y) << _ONE
    upright = (strength > beside(-1, 0)) & (strength >= beside(1, 0))
    level = (strength > beside(0, -1)) & (strength >= beside(0, 1))
    falling = (strength > beside(-1, -1)) & (strength > beside(1, 1))
    rising = (strength > beside(1, -1)) & (strength > beside(-1, 1))
    slanted = np.where((x ^ y) < 0, rising, falling)
    return np.where(rise < flat, upright, np.where(rise > steep, level, slanted))


def _grown(found: Any, kept: Any) -> Any:
    """What hangs together with something found, among what is kept; the outermost of both are none."""
    import numpy as np

    width = found.shape[1]
    steps = np.array([-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1])
    flat, may = found.ravel(), kept.ravel() & ~found.ravel()
    front = np.flatnonzero(flat)
    while front.size:
        near = (front[:, None] + steps).ravel()
        front = np.unique(near[may[near]])
        flat[front], may[front] = True, False
    return flat.reshape(found.shape)


def lines(picture: Image.Image) -> Image.Image:
    """White lines on black, whichever way they were drawn."""
    grey = picture.convert("L")
    if ImageStat.Stat(grey).mean[0] > _MIDDLE:
        grey = ImageOps.invert(grey)
    return grey.point(lambda value: 255 * (value > _MIDDLE)).convert("RGB")


def _as_it_is(picture: Image.Image) -> Image.Image:
    return picture


KINDS: dict[str, Callable[[Image.Image], Image.Image]] = {
    CANNY: edges,
    SCRIBBLE: lines,
    TILE: _as_it_is,
    STYLE: _as_it_is,
}
