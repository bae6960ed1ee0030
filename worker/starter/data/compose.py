"""Scenes → pictures, in torch, on any device: drawings scaled, turned, mirrored and set on their backgrounds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

import torch
from torch.nn import functional

from worker.engine.pipeline.paint import is_coloured, repaint
from worker.starter.data.blending import blends, loses_parts
from worker.starter.data.emoji_art import EmojiArt
from worker.starter.data.scenes import NONE, Ints, Scenes, either_way
from worker.starter.vocabulary import Subject, Vocabulary

_HALVE_BELOW = 0.6


@dataclass(frozen=True)
class SecondDrawings:
    """`drawings`: uint8 RGBA (n, side, side, 4); `rows`: int (styles, subjects), -1 where there is none of them."""

    drawings: torch.Tensor
    rows: torch.Tensor


class Composer:
    """Holds the drawings on a device and draws scenes there.

    Args:
        drawings: uint8 RGBA (styles, subjects, side, side, 4), alpha not premultiplied.
        vocabulary: whose colours the scenes name.
        size: side of the pictures.
        second: other drawings of some of them.
    """

    def __init__(
        self, drawings: torch.Tensor, vocabulary: Vocabulary, size: int = 256, second: SecondDrawings | None = None
    ) -> None:
        self.drawings, self.vocabulary, self.size, self.second = drawings, vocabulary, size, second
        colours = torch.tensor([colour.rgb for colour in vocabulary.colours], dtype=torch.float32)
        self._colours = (colours / 127.5 - 1.0).to(drawings.device)

    @property
    def device(self) -> torch.device:
        """Where pictures are drawn."""
        return self.drawings.device

    @cached_property
    def coloured(self) -> list[bool]:
        """Which subjects, by their numbers, have a main hue in most styles, so that it can be moved to another."""
        found = []
        for number in range(self.drawings.shape[1]):
            pixels = self.drawings[:, number].movedim(-1, 1).float() / 255.0
            found.append(bool(is_coloured(pixels[:, :3], pixels[:, 3:]).float().mean() > 0.5))
        return found

    def blends(self, styles: Sequence[int]) -> list[tuple[str, ...]]:
        """The backgrounds, by their usual names, that each subject is lost before in any of some styles."""
        rgb = [colour.rgb for colour in self.vocabulary.colours]
        lost = (blends(self.drawings[[*styles], number], rgb) for number in range(self.drawings.shape[1]))
        return [tuple(self.vocabulary.colours[at].names[0] for at in each.nonzero()[:, 0].tolist()) for each in lost]

    def lost(self, styles: Sequence[int]) -> list[tuple[tuple[str, ...], ...]]:
        """For each subject and each of some styles the backgrounds that parts of it are lost before."""
        rgb, names = zip(*((colour.rgb, colour.names[0]) for colour in self.vocabulary.colours), strict=True)
        by_style = (loses_parts(self.drawings[[*styles], number], rgb) for number in range(self.drawings.shape[1]))
        return [tuple(tuple(compress(names, row)) for row in each.tolist()) for each in by_style]

    def measured(self, styles: Sequence[int]) -> tuple[Subject, ...]:
        """The subjects with what the engine has to know of how they look in some styles."""
        either = either_way(self.vocabulary).tolist()
        facts = zip(self.coloured, self.blends(styles), self.lost(styles), either, strict=True)
        return tuple(
            replace(subject, coloured=coloured, blends=blends, lost=lost, either_way=either)
            for subject, (coloured, blends, lost, either) in zip(self.vocabulary.subjects, facts, strict=True)
        )

    @torch.no_grad()
    def pictures(self, scenes: Scenes, colours: torch.Tensor | None = None) -> torch.Tensor:
        """Draw scenes: float32 (n, 3, size, size) in -1..1. `colours` (n, 2, 3) replaces the named backgrounds."""
        canvas = self._backgrounds(scenes) if colours is None else _gradient(colours, self.size)
        self._paste(canvas, scenes, 0)
        pairs = torch.from_numpy(scenes.second != NONE).nonzero()[:, 0]
        if len(pairs):
            both = canvas[pairs.to(self.device)]
            self._paste(both, scenes.pick(pairs.numpy()), 1)
            canvas[pairs.to(self.device)] = both
        return canvas

    def _backgrounds(self, scenes: Scenes) -> torch.Tensor:
        above = torch.from_numpy(scenes.colour).to(self.device)
        below = torch.from_numpy(scenes.colour_below).to(self.device)
        ends = torch.stack([self._colours[above], self._colours[torch.where(below == NONE, above, below)]], dim=1)
        return _gradient(ends, self.size)

    def _paste(self, canvas: torch.Tensor, scenes: Scenes, which: int) -> None:
        """Draw thing number `which` of every scene onto `canvas`, in place."""
        subjects = scenes.second if which else scenes.first
        style, subject = (torch.from_numpy(rows).to(self.drawings.device) for rows in (scenes.style, subjects))
        drawings = self._chosen(style, subject, torch.from_numpy(scenes.other)).movedim(-1, 1).float()
        alpha = drawings[:, 3:] / 255.0
        if not which:
            self._paint(drawings, alpha, scenes)
        layers = torch.cat([(drawings[:, :3] / 127.5 - 1.0) * alpha, alpha], dim=1)
        inverse = _inverse(scenes, which).to(self.device)
        small = torch.from_numpy(scenes.scale[:, which] * self.size < _HALVE_BELOW * drawings.shape[-1])
        placed = torch.empty(len(scenes), 4, self.size, self.size, device=self.device)
        for rows, level in ((~small, layers), (small, functional.avg_pool2d(layers, 2))):
            chosen = rows.to(self.device)
            if rows.any():
                placed[chosen] = _warp(level[chosen], inverse[chosen], self.size)
        canvas.mul_(1.0 - placed[:, 3:]).add_(placed[:, :3])

    def _chosen(self, style: torch.Tensor, subject: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Drawings (n, side, side, 4), the second ones where `other` says so and there are such."""
        drawings = self.drawings[style, subject]
        if self.second is not None:
            rows = self.second.rows[style, subject]
            rows = torch.where(other.to(rows.device), rows, -1)
            drawings[rows >= 0] = self.second.drawings[rows[rows >= 0]]
        return drawings

    def _paint(self, drawings: torch.Tensor, alpha: torch.Tensor, scenes: Scenes) -> None:
        """Give those drawings (n, 4, side, side) in 0..255 that have one their other colour, in place."""
        rows = torch.from_numpy(scenes.paint != NONE).nonzero()[:, 0].to(drawings.device)
        if len(rows):
            paints = torch.from_numpy(scenes.paint).to(drawings.device)[rows]
            drawings[rows, :3] = repaint(drawings[rows, :3] / 255.0, alpha[rows], paints) * 255.0


def composer_of(
    art: EmojiArt,
    subjects: Ints | None = None,
    vocabulary: Vocabulary | None = None,
    device: torch.device | str = "cpu",
) -> Composer:
    """Return a composer of all drawings there are, or of some `subjects` by the words of another `vocabulary`."""
    kept = slice(None) if subjects is None else subjects
    second = None
    if len(art.seconds):
        rows = torch.from_numpy(art.second_of[:, kept])
        second = SecondDrawings(torch.from_numpy(art.seconds).to(device), rows.to(device))
    drawings = torch.from_numpy(art.pixels[:, kept]).to(device)
    return Composer(drawings, vocabulary or art.vocabulary, second=second)


def _gradient(ends: torch.Tensor, size: int) -> torch.Tensor:
    """Colours (n, 2, 3), above and below → pictures (n, 3, size, size)."""
    down = torch.linspace(0, 1, size, device=ends.device)[None, None, :, None]
    above, below = ends[:, 0, :, None, None], ends[:, 1, :, None, None]
    return (above + (below - above) * down).expand(-1, -1, -1, size).contiguous()


def _inverse(scenes: Scenes, which: int) -> torch.Tensor:
    """Affine maps (n, 2, 3) from canvas coordinates to drawing coordinates, both -1..1."""
    scale = torch.from_numpy(scenes.scale[:, which])
    centre = torch.from_numpy(scenes.centre[:, which])
    angle = torch.deg2rad(torch.from_numpy(scenes.degrees[:, which]))
    cos, sin = angle.cos() / scale, angle.sin() / scale
    turn = torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1)], dim=1)
    flip = torch.from_numpy(scenes.mirrored | scenes.flipped)
    turn[flip, 0] *= -1
    shift = -(turn @ centre[:, :, None])
    return torch.cat([turn, shift], dim=2)


def _warp(layers: torch.Tensor, inverse: torch.Tensor, size: int) -> torch.Tensor:
    grid = functional.affine_grid(inverse, [len(layers), 4, size, size], align_corners=False)
    return functional.grid_sample(layers, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
