"""Drawings in another colour: `a blue car`. The main colour of a drawing is moved, all else of its palette stays.

The training of the starter paints drawings so, and the engine what a small model has drawn.
"""

from dataclasses import dataclass

import torch
from torch.nn import functional

_HUES = 36  # bins of the histogram that finds the main hue
_CHROMATIC, _DARK = 0.25, 0.15  # saturation and value below which a pixel has no hue of its own
_CHROMA = 0.12  # likewise, of saturation times value: what is nearly black has none, whatever its saturation
_LEAST = 0.3  # share of a drawing that has hues, below which it counts as white, grey or black
_GLASS = 190 / 360, 220 / 360  # hues of windows, lenses and water
_LESS = 0.5, 0.4  # how much of them, and of dark parts such as tyres and screens, counts where the main hue is found
_PALE = 2.0  # times the main hue, from which on white or grey is the body: a plane with blue wings
_REACH = 50 / 360  # of hues that belong to the main one, on either side
_SOFT = 0.1  # of saturation and value: how far beyond their bounds a drawing is painted in part, so that no edges show
_CLOSE = 60 / 360  # of the main hue, within which a new one needs no sharp bounds: an orange fox in red
_FADE, _FAINT = 30 / 360, 0.35  # of hue and saturation: how far beyond and within its bounds such paint fades away
_SHADE = 210 / 360, 290 / 360  # hues of the shadows that white things are drawn with
_SHADED, _BRIGHT = 0.45, 0.7  # saturation up to which, and value above which they are that
_DARK_CHROMA = 0.25  # up to which a pixel is black where the drawing is: in the dark, saturation says little
_DIM = 0.4  # value up to which what has no hue is black: a cat, a top hat
_GLEAM = 0.55  # value up to which it still is where the drawing is black: its gloss
_LIVELY, _LIGHT = 0.75, 0.8  # mean saturation and value that a main colour is lifted to: else a pale red would be pink


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
    Paint("black", None, 0.0, 0.02, 0.25),
    Paint("gray", None, 0.0, 0.15, 0.68),
    Paint("white", None, 0.0, 0.72, 1.0),
)


def is_coloured(rgb: torch.Tensor, alpha: torch.Tensor) -> torch.Tensor:
    """Whether drawings have a main hue, which can be moved to another: bool (n,). Arguments as those of `repaint`."""
    hue, saturation, value = _to_hsv(rgb)
    return _share(_has_hue(hue, saturation, value), alpha) >= _LEAST


def _has_hue(hue: torch.Tensor, saturation: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    vivid = (saturation > _CHROMATIC) & (value > _DARK) & (saturation * value > _CHROMA)
    return vivid & ~(_may_be_shadow(hue, value) & (saturation < _SHADED))


def _may_be_shadow(hue: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Whether pixels are of a hue that white things have in the shadow."""
    return (hue > _SHADE[0]) & (hue < _SHADE[1]) & (value > _BRIGHT)


def _share(has_hue: torch.Tensor, alpha: torch.Tensor) -> torch.Tensor:
    """The share (n,) of each drawing that has hues."""
    shown = alpha[:, 0] > 0.5
    return (has_hue & shown).sum(dim=(1, 2)) / shown.sum(dim=(1, 2)).clamp(min=1)


def repaint(rgb: torch.Tensor, alpha: torch.Tensor, paints: torch.Tensor, *, gently: bool = False) -> torch.Tensor:
    """Give drawings another main colour.

    Args:
        rgb: (n, 3, h, w) in 0..1, not premultiplied.
        alpha: (n, 1, h, w) in 0..1.
        paints: int (n,), numbers in `PAINTS`.
        gently: a colour near to the main one fades away where drawings have less of that: what a model has drawn has
            blotches there else.

    Returns (n, 3, h, w) in 0..1. The main colour is the hue that most of the drawing has or, of a drawing with hardly
    any, all that is black or all that is not, whichever is more: a ghost can be blue, and so can a black cat. Eyes,
    leaves and windows keep theirs.
    """
    hue, saturation, value = _to_hsv(rgb)
    has_hue, shown = _has_hue(hue, saturation, value), alpha[:, 0] > 0.5
    counts = (has_hue & shown) * torch.where((hue > _GLASS[0]) & (hue < _GLASS[1]), _LESS[0], 1.0)
    main = _main_hue(hue, counts * torch.where(value > _DIM, 1.0, _LESS[1]))[:, None, None]
    away = (hue - main + 0.5) % 1.0 - 0.5
    near = away.abs() < _REACH
    pale = (~has_hue & shown & (value > _DIM)).sum(dim=(1, 2)) > _PALE * (near * counts).sum(dim=(1, 2))
    coloured = ((_share(has_hue, alpha) >= _LEAST) & ~pale)[:, None, None]
    tinted = near * _above(saturation, _CHROMATIC) * _above(value, _DARK)
    chosen = torch.where(coloured, tinted, _hueless(hue, saturation, value, ~has_hue & shown))
    table = torch.tensor(
        [[(one.hue or 0.0) / 360, one.saturation, one.low, one.high] for one in PAINTS], device=rgb.device
    )
    to_hue, to_saturation, low, high = table[paints].T[:, :, None, None]
    if gently:
        turn = (to_hue - main + 0.5) % 1.0 - 0.5
        close = coloured & (turn.abs() < _CLOSE) & (to_saturation > 0)
        faint = (_mean(saturation, chosen * shown) * 0.7).clamp(min=0.1, max=_FAINT)  # of a pale body less
        faded = ((_REACH + _FADE - away.abs()) / _FADE).clamp(0.0, 1.0) * (saturation / faint).clamp(0.0, 1.0) ** 2
        chosen = torch.where(close, faded * _above(value, _DARK), chosen)
    counted = chosen * shown
    shaded = torch.where(coloured, away / 2, torch.zeros_like(away))  # shadows lean to a neighbouring hue: half of it
    livelier = saturation + (_LIVELY - _mean(saturation, counted)).clamp(min=0.0)
    full = torch.where(coloured, livelier.clamp(max=1.0), torch.full_like(saturation, _LIVELY))
    lighter = (value + (_LIGHT - _mean(value, counted)).clamp(min=0.0)).clamp(max=1.0)  # a sum: shading stays as it is
    painted = _to_rgb((to_hue + shaded) % 1.0, full * to_saturation, low + (high - low) * lighter)
    return torch.lerp(rgb, painted, chosen[:, None])


def _hueless(hue: torch.Tensor, saturation: torch.Tensor, value: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """How far (n, h, w) in 0..1 each pixel belongs to the main tone of a drawing without hues: its black or the rest.

    `counted`: bool (n, h, w), what tells which of both is more.
    """
    black = (counted & (value <= _DIM)).sum(dim=(1, 2)) > (counted & (value > _DIM)).sum(dim=(1, 2))
    dark = (1.0 - _above(value, _GLEAM + _SOFT)) * (1.0 - _above(saturation * value, _DARK_CHROMA + _SOFT))
    bound = torch.where(_may_be_shadow(hue, value), _SHADED, _CHROMATIC) + _SOFT
    light = _above(value, 2 * _DARK) * (1.0 - _above(saturation - bound, 0.0))
    return torch.where(black[:, None, None], dark, light)


def _above(values: torch.Tensor, bound: float) -> torch.Tensor:
    """1 where values reach a bound, less within `_SOFT` below it, else 0."""
    return ((values - bound) / _SOFT + 1.0).clamp(0.0, 1.0)


def _mean(values: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """The weighted mean (n, 1, 1) of each drawing."""
    return (values * weights).sum(dim=(1, 2), keepdim=True) / weights.sum(dim=(1, 2), keepdim=True).clamp(min=1.0)


def _main_hue(hue: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """The hue (n,) around which most counts (n, h, w) lie: the peak of a histogram smoothed around the circle."""
    bins = (hue * _HUES).long().clamp(max=_HUES - 1).flatten(1)
    counts = torch.zeros(len(hue), _HUES, device=hue.device).scatter_add_(1, bins, counted.flatten(1))
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
