"""Drawings in several colours at once: `a red and blue car`. Painted in each of them, they run into each other."""

from collections.abc import Sequence

import torch

_SOFT = 0.35  # of the way through a drawing, over which one colour becomes the next
_PATCH_SOFT = 0.1  # likewise at the edges of patches
_DIFFERS = 0.15  # sum of three channels from which on pixels count that two paints tell apart
_FEW = 16  # such pixels, below which the whole drawing counts
_LIGHT = 2.2  # gamma: the middle of red and green is no brown in light
# Patches of fur: a wave each, in turns across and down a drawing, where it begins, and how high it is.
_WAVES = ((0.9, 0.5, 0.35, 0.20), (-0.4, 1.3, 0.10, 0.16), (1.7, -1.1, 0.55, 0.08))
_SLOPE = 0.3  # of the way down to the lower right, beside them


def blended(paintings: Sequence[torch.Tensor], alpha: torch.Tensor, *, mirrored: bool, patched: bool) -> torch.Tensor:
    """One drawing of several, in which each colour has about as much of what was painted, in their order.

    Args:
        paintings: the same drawing in two colours or more, each (3, h, w) in 0..1, not premultiplied.
        alpha: (h, w) in 0..1, with something to be seen.
        mirrored: the drawing will be: the first colour is at the upper right, to come to the upper left.
        patched: in patches, as animals are.

    Returns (3, h, w) in 0..1: the first colour at the upper left, the last one at the lower right.
    """
    shown = alpha > 0.5
    way = _way(shown, mirrored=mirrored, patched=patched)
    differs = ((paintings[0] - paintings[-1]).abs().sum(dim=0) > _DIFFERS) & shown
    painted = way[differs if differs.sum() >= _FEW else shown]
    if not len(painted):
        return paintings[0]
    seams = len(paintings) - 1
    low, high = painted.quantile(0.05), painted.quantile(0.95)
    soft = ((_PATCH_SOFT if patched else _SOFT) * (high - low) / seams**0.5).clamp(min=1e-3)
    made = paintings[0].clamp(min=0.0) ** _LIGHT
    for number, painting in enumerate(paintings[1:], 1):
        over = ((way - painted.quantile(number / (seams + 1))) / soft + 0.5).clamp(0.0, 1.0)
        made = torch.lerp(made, painting.clamp(min=0.0) ** _LIGHT, over * over * (3.0 - 2.0 * over))
    return made ** (1 / _LIGHT)


def _way(shown: torch.Tensor, *, mirrored: bool, patched: bool) -> torch.Tensor:
    """How far (h, w) each pixel is on the way from the first colour to the last one, in no unit."""
    down, across = (_share(shown.any(dim=side)) for side in (1, 0))
    across = 1.0 - across if mirrored else across
    way = (down[:, None] + across[None]) / 2
    if not patched:
        return way
    waves = (
        high * torch.sin(2 * torch.pi * (right * across[None] + lower * down[:, None] + begin))
        for right, lower, begin, high in _WAVES
    )
    return _SLOPE * way + sum(waves)


def _share(line: torch.Tensor) -> torch.Tensor:
    """Of a line that is seen from somewhere to somewhere (n,), how far on it each place is: 0 to 1 from end to end."""
    places = torch.arange(len(line), device=line.device, dtype=torch.float32)
    seen = places[line]
    begin, end = (seen[0], seen[-1]) if len(seen) else (places[0], places[-1])
    return (places - begin) / (end - begin).clamp(min=1.0)
