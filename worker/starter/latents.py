"""The latent bank: every picture that the denoiser trains on, encoded once and held in memory."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file

from worker.starter import autoencoder
from worker.starter.compose import View, compose, draw_view, to_model
from worker.starter.glyphs import Pixels
from worker.starter.subjects import COLOURS

log = logging.getLogger(__name__)


@torch.no_grad()
def centre(model: AutoencoderKL, glyphs: Pixels, seed: int = 0) -> None:
    """Give the latents zero mean and more even channels, and record the factor that gives them unit variance.

    Mean and channel scales go into the two 1 × 1 convs beside the latent, the factor into `scaling_factor`, where
    every pipeline looks for it. The few channels that hold colour vary most; dividing by the root of each channel's
    deviation halves that on a log scale, so that detail is not drowned in noise long before colour is.
    """
    plan = autoencoder.AutoencoderPlan(seed=seed, batch=256, any_colour=0.0)
    latents = autoencoder.encode(model, next(autoencoder.batches(glyphs, plan)))
    mean, spread = latents.mean(dim=(0, 2, 3)), latents.std(dim=(0, 2, 3)).sqrt()
    before, after, channels = model.quant_conv, model.post_quant_conv, len(mean)
    after.bias += after.weight[:, :, 0, 0] @ mean
    after.weight *= spread[:, None, None]
    before.bias[:channels] = (before.bias[:channels] - mean) / spread
    before.weight[:channels] /= spread[:, None, None, None]
    even = (latents - mean[:, None, None]) / spread[:, None, None]
    model.register_to_config(scaling_factor=round(1.0 / even.std().item(), 5))


def bank(model: AutoencoderKL, glyphs: Pixels, path: Path, views: int = 2, seed: int = 2) -> torch.Tensor:
    """Scaled latents of every picture: float16 (styles, subjects, colours, views, channels, h, w), kept at `path`.

    Each glyph has its own few placements, the same on every colour and none mirrored. A denoiser this small learns
    those far sooner than placements drawn for each picture, and it does not blend a thing with its mirror image.
    """
    if path.exists():
        stored: torch.Tensor = load_file(path)["latents"]
        return stored
    rows = []
    for style, drawings in enumerate(glyphs):
        for subject, glyph in enumerate(drawings):
            places = placements(np.random.default_rng((seed, style, subject)), views, len(glyph))
            pictures = np.stack([compose(glyph, colour.rgb, view) for colour in COLOURS for view in places])
            with torch.autocast("cpu", torch.bfloat16):
                encoded = autoencoder.encode(model, torch.from_numpy(to_model(pictures)))
            rows.append((encoded.float() * model.config.scaling_factor).half())
        log.info("encoded style %d of %d", style + 1, len(glyphs))
    shape = (*glyphs.shape[:2], len(COLOURS), views, *rows[0].shape[1:])
    latents = torch.stack(rows).reshape(shape).contiguous()
    save_file({"latents": latents}, path)
    return latents


def placements(rng: np.random.Generator, views: int, canvas: int) -> list[View]:
    """Draw one glyph's placements, none of them mirrored."""
    return [replace(draw_view(rng, canvas), mirrored=False) for _ in range(views)]


def preview_matrix(model: AutoencoderKL, glyphs: Pixels, seed: int = 3) -> dict[str, list[list[float]] | list[float]]:
    """Least-squares map from a scaled latent to RGB in -1..1: `matrix` (channels rows × 3) and `bias` (3)."""
    plan = autoencoder.AutoencoderPlan(seed=seed, batch=256, any_colour=0.0)
    pictures = next(autoencoder.batches(glyphs, plan))
    latents = autoencoder.encode(model, pictures) * model.config.scaling_factor
    small = torch.nn.functional.avg_pool2d(pictures, autoencoder.FACTOR)
    inputs = latents.movedim(1, -1).reshape(-1, latents.shape[1]).double()
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1, dtype=torch.float64)], dim=1)
    solution = torch.linalg.lstsq(inputs, small.movedim(1, -1).reshape(-1, 3).double()).solution
    rounded = [[round(value, 5) for value in row] for row in solution.tolist()]
    return {"matrix": rounded[:-1], "bias": rounded[-1]}
