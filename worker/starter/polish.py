"""Polishing the decoder: it goes on with latents as the denoiser draws them, each beside the drawing that was meant.

A decoder that has seen encoded drawings alone makes soft edges twice over: it must serve every place and size, and it
takes the denoiser's small mistakes at their word. Things drawn alone stand in one place and size, so what the denoiser
draws for a scene's caption lies pixel for pixel over the scene itself, and the decoder can learn that step too.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline
from safetensors.torch import load_file, save_file

from worker.starter import autoencoder, checkpoints, evaluate, latent_cache, loop
from worker.starter.autoencoder import AutoencoderPlan
from worker.starter.data.compose import Composer
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import Ints, Scenes
from worker.starter.latent_cache import LatentCachePlan
from worker.starter.machine import Machine

log = logging.getLogger(__name__)

STAGE = "polish"

# One caption each: the one that the denoiser draws. Another seed than the training's: other backgrounds and colours.
_SCENES = replace(latent_cache.ALONE, rounds=1, captions=1, seed=8)
_USUAL = AutoencoderPlan(batch=1, crop=0, latent_noise=0.12, latent_pull=0.0, seed=9)
_LENGTH, _PACE = loop.Length(5000), loop.Pace(4e-4)
_FEW = 16  # drawn at once
_TOLD = "captions"  # the SHA-256 of those of a round, by which its file belongs to its scenes


@dataclass(frozen=True)
class PolishPlan:
    """How to polish a decoder.

    `scenes`: which are drawn; `steps` and `guidance`: how, fewer steps than people draw with, which measured the same;
    `usual`: how the rest of each batch is drawn and encoded, so that the decoder stays one for all pictures; `drawn`:
    how many of a batch the denoiser drew, beside `usual.batch` others; `edges`: see `reconstruction_loss`.
    """

    length: loop.Length = _LENGTH
    pace: loop.Pace = _PACE
    scenes: LatentCachePlan = _SCENES
    steps: int = 6
    guidance: float = evaluate.GUIDANCE
    drawn: int = 3
    usual: AutoencoderPlan = _USUAL
    edges: float = 1.0
    seed: int = 10


@dataclass(frozen=True)
class DrawnLatents:
    """`latents`: float16 (n, c, h, w), scaled, as the denoiser draws `scenes` (n)."""

    latents: torch.Tensor
    scenes: Scenes


@torch.no_grad()
def draw(pipe: StableDiffusionPipeline, composer: Composer, plan: PolishPlan, folder: Path) -> DrawnLatents:
    """Return what the denoiser draws for the scenes of all rounds, drawing the rounds that `folder` lacks.

    Raises:
        DataError: when what lies there was drawn for other scenes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    latents, scenes = [], []
    for number in range(plan.scenes.rounds):
        drawn, words = latent_cache.told_scenes(composer, plan.scenes, number)
        path, told = folder / f"{number:03d}.safetensors", hashlib.sha256("\n".join(words).encode()).hexdigest()
        if not path.exists():
            made = [
                _latents(pipe, words[start : start + _FEW], plan, (number, start))
                for start in range(0, len(words), _FEW)
            ]
            partial = path.with_suffix(".part")
            save_file({"latents": torch.cat(made).half()}, partial, {_TOLD: told})
            partial.rename(path)
            log.info("drawn latents: round %d of %d", number + 1, plan.scenes.rounds)
        if checkpoints.header(path).get(_TOLD) != told:
            raise DataError(
                f"{path} was drawn for other captions than are now planned: remove {folder}, it is made anew"
            )
        latents.append(load_file(path)["latents"])
        scenes.append(drawn)
    return DrawnLatents(torch.cat(latents), Scenes.joined(scenes))


def _latents(pipe: StableDiffusionPipeline, words: list[str], plan: PolishPlan, where: tuple[int, int]) -> torch.Tensor:
    seed = np.random.SeedSequence((plan.seed, *where)).generate_state(1)[0]
    made = pipe(
        words,
        generator=torch.Generator().manual_seed(int(seed)),
        guidance_scale=plan.guidance,
        num_inference_steps=plan.steps,
        output_type="latent",
    )
    return cast("torch.Tensor", made.images)


def train(
    model: AutoencoderKL,
    drawn: DrawnLatents,
    composer: Composer,
    plan: PolishPlan,
    folder: Path,
    machine: Machine,
    subjects: Ints | None = None,
) -> AutoencoderKL:
    """Train the decoder of `model`; its latents stay as they are. Resumes from `folder`; returns it for evaluation.

    `subjects`: those that the encoded part of each batch shows.
    """
    torch.manual_seed(plan.seed)
    model = machine.place(model).train()
    autoencoder.decoder_alone(model)
    loop.fit(STAGE, folder, model, loss_of(model, drawn, composer, plan, machine, subjects), plan.length, plan.pace)
    return model.eval().requires_grad_(requires_grad=False)


def loss_of(
    model: AutoencoderKL,
    drawn: DrawnLatents,
    composer: Composer,
    plan: PolishPlan,
    machine: Machine,
    subjects: Ints | None = None,
) -> Callable[[int], torch.Tensor]:
    """Return the loss of each step: how far what is decoded lies from the scenes that were meant."""
    decoded = machine.faster(autoencoder.decode)

    def loss(step: int) -> torch.Tensor:
        rows = np.random.default_rng((plan.seed, step)).integers(len(drawn.latents), size=plan.drawn)
        usual = autoencoder.draw_batch(composer, plan.usual, step, subjects)
        with torch.no_grad(), machine.autocast():
            encoded = autoencoder.encode(model, usual).float()
        noise = torch.randn(encoded.shape, generator=machine.generator(plan.seed, step), device=encoded.device)
        made = drawn.latents[torch.from_numpy(rows)].to(encoded.device).float() / model.config.scaling_factor
        wanted = torch.cat([composer.pictures(drawn.scenes.pick(rows)), usual])
        with machine.autocast():
            pictures = decoded(model, torch.cat([made, encoded + plan.usual.latent_noise * noise]))
        return autoencoder.reconstruction_loss(pictures.float(), wanted, plan.edges)

    return loss
