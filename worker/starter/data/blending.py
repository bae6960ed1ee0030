"""Before which backgrounds a thing is lost: a yellow star before yellow, a ghost before white; or parts of it.

Drawings are seen beside a background as eyes see them, in CIE L*a*b*. There a thing blends into it whose outline, or of
whose whole, a good part is no further from it than two colours that one would call by one name.

Cutting a thing out (`worker.engine.pipeline.cutout`) sees red, green and blue instead. What it takes for background
begins at the outline, so parts get lost of whatever has little of that in the background's colour. Of 240 drawings
before one, of which it lost 3% or more of 78, that holds for 72 and for 18 that it left whole.
"""

from collections.abc import Sequence

import torch
from torch.nn import functional

_NEAR = 22.0  # of CIE L*a*b* (ΔE 1976): light gray and a white cloud's shade, yellow and a banana
_SHARE = 0.4  # of the outline or of all: below, sheets of drawings before all backgrounds show the thing
_OUTLINE = 0.02  # of the side of a drawing: how broad an outline is
_TAKEN = 28.0  # of 255: what differs by less is taken for background, and a little more where a model is not exact
_GAP = 0.05  # of the outline: there it gets in
_WHITE = (0.9505, 1.0, 1.089)  # D65
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))  # of linear sRGB


def blends(drawings: torch.Tensor, colours: Sequence[tuple[int, int, int]]) -> torch.Tensor:
    """Which backgrounds any of a thing's drawings blends into: bool (colours,).

    Args:
        drawings: uint8 RGBA (n, side, side, 4), alpha not premultiplied.
        colours: 0..255 each.
    """
    shown = drawings[..., 3] > 127
    outline = shown & _beside(~shown, max(1, round(_OUTLINE * drawings.shape[-2])))
    seen = _lab(drawings[..., :3])
    found = []
    for colour in _lab(torch.tensor(colours, device=drawings.device)):
        near = (seen - colour).norm(dim=-1) < _NEAR
        shares = [(near & part).sum(dim=(1, 2)) / part.sum(dim=(1, 2)).clamp(min=1) for part in (outline, shown)]
        found.append(torch.stack(shares).max() >= _SHARE)
    return torch.stack(found)


def loses_parts(drawings: torch.Tensor, colours: Sequence[tuple[int, int, int]]) -> torch.Tensor:
    """Before which backgrounds parts of each drawing are lost when it is cut out: bool (n, colours).

    Arguments as of `blends`.
    """
    shown = drawings[..., 3] > 127
    outline = shown & _beside(~shown, max(1, round(_OUTLINE * drawings.shape[-2])))
    backgrounds = torch.tensor(colours, device=drawings.device).float()[:, None]
    rims = (drawing[..., :3][part].float() for drawing, part in zip(drawings, outline, strict=True))
    taken = ((rim - backgrounds).abs().amax(dim=-1) < _TAKEN for rim in rims)
    return torch.stack([each.sum(dim=1) >= _GAP * max(1, each.shape[1]) for each in taken])


def _beside(cells: torch.Tensor, reach: int) -> torch.Tensor:
    """What is so near to some cells (n, height, width) or to the edge of the picture."""
    padded = functional.pad(cells.float(), [reach] * 4, value=1.0)
    return functional.max_pool2d(padded[:, None], 2 * reach + 1, stride=1)[:, 0] > 0


def _lab(rgb: torch.Tensor) -> torch.Tensor:
    """Colours of sRGB in 0..255 (…, 3) → CIE L*a*b*, lightness from 0 to 100."""
    share = rgb.float() / 255
    linear = torch.where(share > 0.04045, ((share + 0.055) / 1.055) ** 2.4, share / 12.92)
    xyz = linear @ rgb.new_tensor(_XYZ, dtype=torch.float32).T / rgb.new_tensor(_WHITE, dtype=torch.float32)
    x, y, z = torch.where(xyz > 0.008856, xyz.clamp(min=1e-6) ** (1 / 3), 7.787 * xyz + 16 / 116).unbind(-1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=-1)
