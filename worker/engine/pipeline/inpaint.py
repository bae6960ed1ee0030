"""Pictures of which a part is drawn anew: what becomes of the mask, and how the rest stays as it was."""

import torch
from PIL import Image

from worker.engine.step.families import masked
from worker.engine.step.families.base import Family
from worker.engine.step.trajectory import Source

_HALF = 8  # pixels: the drawn part is pasted with an edge of twice that, beyond which no pixel of the source changes
FEATHER = 2 * _HALF


def encoded(family: Family, picture: Image.Image, mask: Image.Image | None = None) -> Source:
    """What a picture is to a model. `mask`: white is drawn anew, black is kept; of the same size."""
    latents = family.encode(picture)
    if mask is None:
        return Source(latents)
    size = latents.shape[-2:]
    # A cell is drawn anew if any of its pixels is: whatever of it is to be kept is pasted back.
    white = _white(mask)
    anew = torch.nn.functional.adaptive_max_pool2d(white[None], tuple(size))[0].to(latents.device)
    if family.takes_masks:  # and was taught to fit what it draws to what is around
        return Source(latents, shown=masked.shown(anew, family.encode(picture, white)))
    return Source(latents, anew)


def pasted(drawn: Image.Image, picture: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture with what was drawn where the mask is white, an edge where both are mixed, and its own pixels beyond.

    An autoencoder smears what it only passes on. So of that part nothing is taken from it.
    """
    wide = torch.nn.functional.max_pool2d(_white(mask), 2 * _HALF + 1, 1, _HALF)
    soft = torch.nn.functional.avg_pool2d(wide, 2 * _HALF + 1, 1, _HALF, count_include_pad=False)
    shares = Image.fromarray(soft[0].mul(255).round().byte().numpy())
    return Image.composite(drawn, picture, shares)


def _white(mask: Image.Image) -> torch.Tensor:
    """(1, height, width), 1 where it is white and 0 where it is black."""
    values = torch.frombuffer(bytearray(mask.tobytes()), dtype=torch.uint8)
    return (values.view(1, mask.height, mask.width) >= 128).float()
