"""The latent bank: the scenes that the denoiser trains on, encoded once, each with the tokens of a few captions."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file
from transformers import CLIPTokenizer

from worker.starter import autoencoder, captions
from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.scenes import Scenes
from worker.starter.machine import Machine

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BankPlan:
    """How many scenes, in chunks of how many (a chunk is a file), with how many captions each."""

    scenes: int = 24_576
    chunk: int = 2048
    captions: int = 4
    seed: int = 2

    def on(self, machine: Machine) -> "BankPlan":
        """Fit it to the machine: a GPU encodes thousands of pictures a second."""
        return replace(self, scenes=327_680, chunk=16_384) if machine.large else self


@dataclass(frozen=True)
class Bank:
    """`latents`: float16 (n, c, h, w), scaled; `tokens`: int64 (n, captions, length); both on one device."""

    latents: torch.Tensor
    tokens: torch.Tensor


@torch.no_grad()
def centre(model: AutoencoderKL, composer: Composer, seed: int = 0, count: int = 128) -> None:
    """Give the latents zero mean and more even channels, and record the factor that gives them unit variance.

    Mean and channel scales go into the two 1 × 1 convs beside the latent, the factor into `scaling_factor`, where
    every pipeline looks for it. The few channels that hold colour vary most; dividing by the root of each channel's
    deviation halves that on a log scale, so that detail is not drowned in noise long before colour is.
    """
    pictures = _pictures(composer, seed, count)
    latents = torch.cat([autoencoder.encode(model, few) for few in torch.split(pictures, 16)])
    mean, spread = latents.mean(dim=(0, 2, 3)), latents.std(dim=(0, 2, 3)).sqrt()
    before, after, channels = model.quant_conv, model.post_quant_conv, len(mean)
    after.bias += after.weight[:, :, 0, 0] @ mean
    after.weight *= spread[:, None, None]
    before.bias[:channels] = (before.bias[:channels] - mean) / spread
    before.weight[:channels] /= spread[:, None, None, None]
    even = (latents - mean[:, None, None]) / spread[:, None, None]
    model.register_to_config(scaling_factor=round(1.0 / even.std().item(), 5))


def build(
    model: AutoencoderKL, composer: Composer, tokenizer: CLIPTokenizer, plan: BankPlan, folder: Path, machine: Machine
) -> Bank:
    """Return the bank, encoding the chunks that `folder` lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = []
    for number in range(plan.scenes // plan.chunk):
        path = folder / f"{number:03d}.safetensors"
        if not path.exists():
            partial = path.with_suffix(".part")
            save_file(_chunk(model, composer, tokenizer, plan, number, machine), partial)
            partial.rename(path)
            log.info("bank %d of %d scenes", (number + 1) * plan.chunk, plan.scenes)
        chunks.append(load_file(path))
    latents = torch.cat([chunk["latents"] for chunk in chunks]).to(machine.device)
    tokens = torch.cat([chunk["tokens"] for chunk in chunks]).to(machine.device)
    return Bank(latents, tokens.long())


@torch.no_grad()
def _chunk(
    model: AutoencoderKL,
    composer: Composer,
    tokenizer: CLIPTokenizer,
    plan: BankPlan,
    number: int,
    machine: Machine,
) -> dict[str, torch.Tensor]:
    rng = np.random.default_rng((plan.seed, number))
    drawn = scenes.draw(rng, plan.chunk, composer.vocabulary)
    latents = []
    few = 256 if machine.large else 16
    for start in range(0, plan.chunk, few):
        pictures = composer.pictures(drawn.pick(slice(start, start + few)))
        with machine.autocast():
            encoded = autoencoder.encode(model, pictures)
        latents.append((encoded.float() * model.config.scaling_factor).half().cpu())
    return {"latents": torch.cat(latents), "tokens": _tokens(drawn, composer, tokenizer, plan, rng)}


def _tokens(
    drawn: Scenes, composer: Composer, tokenizer: CLIPTokenizer, plan: BankPlan, rng: np.random.Generator
) -> torch.Tensor:
    words = [
        captions.caption(drawn, row, composer.vocabulary, rng)
        for row in range(len(drawn))
        for _ in range(plan.captions)
    ]
    ids = tokenizer(words, padding="max_length", truncation=True, return_tensors="pt").input_ids
    rows: torch.Tensor = ids.to(torch.int16).reshape(len(drawn), plan.captions, -1)
    return rows


@torch.no_grad()
def preview_matrix(
    model: AutoencoderKL, composer: Composer, seed: int = 3, count: int = 128
) -> dict[str, list[list[float]] | list[float]]:
    """Least-squares map from a scaled latent to RGB in -1..1: `matrix` (channels rows × 3) and `bias` (3)."""
    pictures = _pictures(composer, seed, count)
    encoded = [autoencoder.encode(model, few) for few in torch.split(pictures, 16)]
    latents = torch.cat(encoded) * model.config.scaling_factor
    small = torch.nn.functional.avg_pool2d(pictures, autoencoder.FACTOR)
    inputs = latents.movedim(1, -1).reshape(-1, latents.shape[1]).double().cpu()
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1, dtype=torch.float64)], dim=1)
    solution = torch.linalg.lstsq(inputs, small.movedim(1, -1).reshape(-1, 3).double().cpu()).solution
    rounded = [[round(value, 5) for value in row] for row in solution.tolist()]
    return {"matrix": rounded[:-1], "bias": rounded[-1]}


def _pictures(composer: Composer, seed: int, count: int) -> torch.Tensor:
    return composer.pictures(scenes.draw(np.random.default_rng(seed), count, composer.vocabulary))
