"""The ×4 upscaler: a compact network in the layout that super-resolution tools know as SRVGGNetCompact.

Convs at the small size, then one pixel shuffle; the input enlarged by nearest neighbour is added, so that the network
only learns what is missing (Wang et al. 2021, Real-ESRGAN; Shi et al. 2016, pixel shuffle). The engine reads any file
of this layout, so trained ones of others drop in.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file
from torch.nn import functional

from worker.engine.pipeline.upscale.compact import Compact
from worker.starter import checkpoints, loop
from worker.starter.data.emoji_art import Drawings, Pixels, render_all
from worker.starter.machine import Machine
from worker.starter.vocabulary import COLOURS

SCALE = 4
_LUMA = torch.tensor([0.299, 0.587, 0.114])

_LENGTH, _PACE = loop.Length(9000), loop.Pace(6e-4, warmup=200, average=0.998)


@dataclass(frozen=True)
class UpscalerPlan:
    """How to train it. `drawings` are rendered large, `pieces` of `side` pixels are cut from each and kept."""

    length: loop.Length = _LENGTH
    pace: loop.Pace = _PACE
    batch: int = 16
    side: int = 128
    drawings: int = 1500
    pieces: int = 4
    features: int = 48
    convs: int = 16
    seed: int = 7

    def on(self, machine: Machine) -> "UpscalerPlan":
        """Fit it to the machine."""
        return replace(self, batch=96) if machine.large else self


def pieces(drawings: Drawings, plan: UpscalerPlan, path: Path, workers: int = 1) -> Pixels:
    """Pieces of drawings rendered at 512 and 1024 pixels: uint8 RGBA (n, side, side, 4), kept at `path`.

    Half of them are looked for on edges, where upscaling is hard.
    """
    if not path.exists():
        rng = np.random.default_rng(plan.seed)
        every = [svg for row in drawings.svgs for svg in row]
        chosen = rng.permutation(len(every))[: plan.drawings]
        cut: list[Pixels] = []
        for size, some in zip((512, 1024), np.array_split(chosen, 2), strict=True):
            for picture in render_all([every[index] for index in some], size, workers):
                cut += _cut(picture, plan, rng)
        partial = path.with_suffix(".part.npy")
        partial.parent.mkdir(parents=True, exist_ok=True)
        np.save(partial, np.stack(cut), allow_pickle=False)
        partial.rename(path)
    stored: Pixels = np.load(path, mmap_mode="c", allow_pickle=False)
    return stored


def _cut(picture: Pixels, plan: UpscalerPlan, rng: np.random.Generator) -> list[Pixels]:
    """Cut pieces, each the best of four tries by how much it varies."""
    found = []
    for _ in range(plan.pieces):
        corners = rng.integers(len(picture) - plan.side + 1, size=(4, 2))
        tries = [picture[y : y + plan.side, x : x + plan.side] for y, x in corners]
        found.append(max(tries, key=lambda piece: float(np.abs(np.diff(piece.astype(np.int16), axis=0)).sum())))
    return found


def draw_batch(
    pieces: torch.Tensor, plan: UpscalerPlan, step: int, machine: Machine
) -> tuple[torch.Tensor, torch.Tensor]:
    """Large pictures (n, 3, side, side) in 0..1 of step `step`, and the small ones they are to be made from.

    Pieces are turned and set on colours; small ones come from one of three filters, some a little blurred.
    """
    rng = np.random.default_rng((plan.seed, step))
    rows = torch.from_numpy(rng.integers(len(pieces), size=plan.batch)).to(pieces.device)
    layers = pieces[rows].to(machine.device).movedim(-1, 1).float() / 255.0
    layers = torch.rot90(layers, int(rng.integers(4)), dims=(2, 3))
    if rng.random() < 0.5:
        layers = layers.flip(3)
    named = np.array([colour.rgb for colour in COLOURS], dtype=np.float32)[rng.integers(len(COLOURS), size=plan.batch)]
    wild = rng.uniform(0, 255, (plan.batch, 3)).astype(np.float32)
    background = torch.from_numpy(np.where(rng.random((plan.batch, 1)) < 0.5, named, wild) / 255.0).to(machine.device)
    alpha = layers[:, 3:]
    large = layers[:, :3] * alpha + background[:, :, None, None] * (1 - alpha)
    small = shrink(large, ("area", "bicubic", "bilinear")[int(rng.integers(3))])
    if rng.random() < 0.4:
        small = soften(small, float(rng.uniform(0.2, 0.7)))
    return large, small


def shrink(large: torch.Tensor, kind: str) -> torch.Tensor:
    """Pictures at a quarter of their side, by one of torch's filters, without aliasing."""
    side = large.shape[-1] // SCALE
    if kind == "area":
        return functional.avg_pool2d(large, SCALE)
    return functional.interpolate(large, size=(side, side), mode=kind, antialias=True).clamp(0, 1)


def soften(small: torch.Tensor, sigma: float) -> torch.Tensor:
    """Blur by a Gaussian of `sigma` pixels, about what a small autoencoder leaves."""
    tap = float(np.exp(-0.5 / sigma**2))
    row = torch.tensor([tap, 1.0, tap], device=small.device) / (1 + 2 * tap)
    kernel = torch.outer(row, row).expand(3, 1, 3, 3)
    return functional.conv2d(functional.pad(small, (1, 1, 1, 1), mode="replicate"), kernel, groups=3)


def build(plan: UpscalerPlan) -> Compact:
    """Return a fresh network whose layers keep the signal's scale, and whose picture starts near its input's."""
    model = Compact(features=plan.features, convs=plan.convs, scale=SCALE)
    convs = [layer for layer in model.body if isinstance(layer, torch.nn.Conv2d)]
    for conv in convs:
        torch.nn.init.kaiming_normal_(conv.weight, a=0.25)  # PReLU's own first slope
        if conv.bias is not None:
            torch.nn.init.zeros_(conv.bias)
    with torch.no_grad():
        convs[-1].weight *= 0.1
    return model


def train(pieces: Pixels, plan: UpscalerPlan, folder: Path, machine: Machine) -> Compact:
    """Train it on `pieces`, resuming from `folder`; returns the running average in evaluation mode."""
    torch.manual_seed(plan.seed)
    live = machine.place(build(plan))
    average = copy.deepcopy(live).requires_grad_(requires_grad=False)
    stored = torch.from_numpy(pieces)
    error = loss_of(live, stored.to(machine.device) if machine.large else stored, plan, machine)
    loop.fit("upscaler", folder, live, error, plan.length, plan.pace, {plan.pace.average: average})
    return average.eval()


def loss_of(
    model: torch.nn.Module, pieces: torch.Tensor, plan: UpscalerPlan, machine: Machine
) -> Callable[[int], torch.Tensor]:
    """Return the loss of each step: the mean squared error of the enlarged pictures.

    Not the usual absolute error: what is missing from flat art is zero nearly everywhere, so zero everywhere is its
    median, and a training with it never left the nearest-neighbour picture in 4,500 steps.
    """

    def loss(step: int) -> torch.Tensor:
        large, small = draw_batch(pieces, plan, step, machine)
        with machine.autocast():
            made = model(small)
        return 100.0 * functional.mse_loss(made.float(), large)

    return loss


def load(folder: Path, plan: UpscalerPlan) -> Compact | None:
    """Return the running average of the checkpoint in `folder`, in evaluation mode; None when there is none."""
    if not checkpoints.done(folder).step:
        return None
    model = Compact(features=plan.features, convs=plan.convs, scale=SCALE)
    checkpoints.restore_model(folder, model, "average")
    return model.eval().requires_grad_(requires_grad=False)


def unseen(drawings: Drawings, plan: UpscalerPlan, count: int, size: int = 512) -> Pixels:
    """Whole drawings that training did not cut pieces from, on named colours: RGB (count, size, size, 3)."""
    every = [svg for row in drawings.svgs for svg in row]
    chosen = np.random.default_rng(plan.seed).permutation(len(every))[plan.drawings :][:count]
    pictures = []
    for number, layer in enumerate(render_all([every[index] for index in chosen], size)):
        alpha = layer[..., 3:].astype(np.float32) / 255.0
        background = np.array(COLOURS[number % len(COLOURS)].rgb, dtype=np.float32)
        pictures.append((layer[..., :3] * alpha + background * (1 - alpha)).round().astype(np.uint8))
    return np.stack(pictures)


def write(model: Compact, path: Path, facts: dict[str, float]) -> None:
    """Write the weights in half precision, with measured facts in the file's own header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().half().cpu().contiguous() for name, value in model.state_dict().items()}
    save_file(state, path, metadata={"format": "pt", "measured": json.dumps(facts)})


@torch.no_grad()
def compare(model: Compact, wanted: npt.NDArray[np.uint8]) -> dict[str, float]:
    """PSNR on luma (dB, borders of 4 pixels left out) of model, bicubic and Lanczos, for RGB (n, side, side, 3).

    The small pictures are made by averaging blocks, as rendering at the small size would.
    """
    from PIL import Image

    large = torch.from_numpy(np.ascontiguousarray(wanted)).movedim(-1, 1).float() / 255.0
    small = (shrink(large, "area") * 255).round().byte().float() / 255.0
    device = next(model.parameters()).device
    made = torch.cat([model(few.to(device)).cpu() for few in torch.split(small, 8)]).clamp(0, 1)
    scores = {"upscaler": _psnr(made, large)}
    side = large.shape[-1], large.shape[-1]
    pictures = [Image.fromarray(one) for one in (small * 255).byte().movedim(1, -1).numpy()]
    for name, how in (("bicubic", Image.Resampling.BICUBIC), ("lanczos", Image.Resampling.LANCZOS)):
        enlarged = np.stack([np.asarray(picture.resize(side, how)) for picture in pictures])
        scores[name] = _psnr(torch.from_numpy(enlarged).movedim(-1, 1).float() / 255.0, large)
    return {name: round(score, 2) for name, score in scores.items()}


def _psnr(made: torch.Tensor, wanted: torch.Tensor) -> float:
    inside = (slice(None), slice(None), slice(4, -4), slice(4, -4))
    error = torch.einsum("nchw,c->nhw", (made - wanted)[inside], _LUMA).square().mean(dim=(1, 2))
    return (-10 * torch.log10(error.clamp(min=1e-10))).mean().item()
