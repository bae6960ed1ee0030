"""Drawings in another colour: `a blue car`. The main colour of a drawing is moved, all else of its palette stays.

The training of the starter paints drawings so, and the engine what a small model has drawn.
"""

from dataclasses import dataclass

import torch
from torch.nn import functional

_HUES = 36  # bins of the histogram that finds the main hue
_CHROMATIC, _DARK = 0.25, 0.15  # saturation and value below which a pixel has no hue of its own
_LEAST = 0.3  # share of a drawing that has hues, below which it counts as white, grey or black
_REACH = 50 / 360  # of hues that belong to the main one, on either side
_SATURATED = 0.6  # what white and grey things are painted with


@dataclass(frozen=True)
class Paint:
    """A colour to paint with: `hue` in degrees, None for greys; values (0..1) are mapped to `low` … `high`."""

    name: str
    hue: float | None
    saturation: float = 1.0
    low: float = 0.05
    high: float = 1.0


PAINTS: tuple[Paint, ...] = (
    Paint("red", 357, low=0.1, high=0.9),
    Paint("orange", 28, low=0.3),
    Paint("yellow", 50, low=0.45),
    Paint("green", 125, 0.9, high=0.8),
    Paint("teal", 178, 0.9, high=0.8),
    Paint("blue", 216, low=0.1),
    Paint("purple", 278, 0.8, low=0.1, high=0.85),
    Paint("pink", 335, 0.5, low=0.5),
    Paint("brown", 22, 0.75, high=0.6),
    Paint("black", None, 0.0, 0.02, 0.3),
    Paint("gray", None, 0.0, 0.15, 0.68),
    Paint("white", None, 0.0, 0.72, 1.0),
)


def is_coloured(rgb: torch.Tensor, alpha: torch.Tensor) -> torch.Tensor:
    """Whether drawings have a main hue, which can be moved to another: bool (n,). Arguments as those of `repaint`."""
    _, saturation, value = _to_hsv(rgb)
    return _share(_has_hue(saturation, value), alpha) >= _LEAST


def _has_hue(saturation: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    return (saturation > _CHROMATIC) & (value > _DARK)


def _share(has_hue: torch.Tensor, alpha: torch.Tensor) -> torch.Tensor:
    """The share (n,) of each drawing that has hues."""
    shown = alpha[:, 0] > 0.5
    return (has_hue & shown).sum(dim=(1, 2)) / shown.sum(dim=(1, 2)).clamp(min=1)


def repaint(rgb: torch.Tensor, alpha: torch.Tensor, paints: torch.Tensor) -> torch.Tensor:
    """Give drawings another main colour.

    Args:
        rgb: (n, 3, h, w) in 0..1, not premultiplied.
        alpha: (n, 1, h, w) in 0..1.
        paints: int (n,), numbers in `PAINTS`.

    Returns (n, 3, h, w) in 0..1. The main colour is the hue that most of the drawing has or, of a drawing with hardly
    any, all that is not dark: a ghost can be blue. Eyes, leaves and windows keep theirs.
    """
    hue, saturation, value = _to_hsv(rgb)
    has_hue = _has_hue(saturation, value)
    main = _main_hue(hue, has_hue & (alpha[:, 0] > 0.5))[:, None, None]
    away = (hue - main + 0.5) % 1.0 - 0.5
    coloured = (_share(has_hue, alpha) >= _LEAST)[:, None, None]
    chosen = torch.where(coloured, has_hue & (away.abs() < _REACH), ~has_hue & (value > 2 * _DARK))
    table = torch.tensor(
        [[(one.hue or 0.0) / 360, one.saturation, one.low, one.high] for one in PAINTS], device=rgb.device
    )
    to_hue, to_saturation, low, high = table[paints].T[:, :, None, None]
    shaded = torch.where(coloured, away / 2, torch.zeros_like(away))  # shadows lean to a neighbouring hue: half of it
    full = torch.where(coloured, saturation, torch.full_like(saturation, _SATURATED))
    painted = _to_rgb((to_hue + shaded) % 1.0, full * to_saturation, low + (high - low) * value)
    return torch.where(chosen[:, None], painted, rgb)


def _main_hue(hue: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """The hue (n,) around which most of the counted pixels lie: the peak of a histogram smoothed around the circle."""
    bins = (hue * _HUES).long().clamp(max=_HUES - 1).flatten(1)
    counts = torch.zeros(len(hue), _HUES, device=hue.device).scatter_add_(1, bins, counted.flatten(1).float())
    around = functional.pad(counts[:, None], (2, 2), mode="circular")
    peak = torch.tensor([[[1.0, 2.0, 3.0, 2.0, 1.0]]], device=hue.device)  # a flat window would leave the peak open
    smooth = functional.conv1d(around, peak)[:, 0]
    return (smooth.argmax(dim=1) + 0.5) / _HUES


def _to_hsv(rgb: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """RGB (n, 3, h, w) → hue, saturation and value, each (n, h, w) in 0..1."""
    value, which = rgb.max(dim=1)
    chroma = value - rgb.amin(dim=1)
    red, green, blue = rgb.unbind(dim=1)
    safe = chroma.clamp(min=1e-6)
    sectors = torch.stack([(green - blue) / safe % 6, (blue - red) / safe + 2, (red - green) / safe + 4], dim=1)
    hue = sectors.gather(1, which[:, None])[:, 0] / 6
    return hue % 1.0, chroma / value.clamp(min=1e-6), value


def _to_rgb(hue: torch.Tensor, saturation: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """The inverse of `_to_hsv`."""
    offsets = torch.tensor([5.0, 3.0, 1.0], device=hue.device)[:, None, None]
    place = (offsets + hue[:, None] * 6) % 6
    ramp = torch.minimum(place, 4 - place).clamp(0, 1)
    return value[:, None] * (1 - saturation[:, None] * ramp)
