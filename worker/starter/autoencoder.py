"""The autoencoder: 128 × 128 RGB ⇄ 8 × 8 latents of 16 channels.

The encoder gives a mean and a fixed small variance (its log-variance rows never train). Training adds noise to the
latent and a small pull towards zero, so that the latent space is smooth, has about unit scale, and forgives a denoiser
that is slightly off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch.nn import functional

from worker.starter import checkpoints
from worker.starter.compose import compose, draw_view, to_model
from worker.starter.glyphs import Pixels
from worker.starter.subjects import COLOURS

LATENT_CHANNELS = 16
FACTOR = 16
_LOG_VARIANCE = -6.0
_CARRIERS = slice(2, 5)
_ANCHOR = 3.0
_LINEAR = 4.0


@dataclass(frozen=True)
class AutoencoderPlan:
    """How to train the autoencoder. `latent_noise` and `latent_pull` are the two regularisers."""

    steps: int = 2100
    batch: int = 8
    learning_rate: float = 1e-3
    warmup: int = 100
    latent_noise: float = 0.1
    latent_pull: float = 2e-3
    seed: int = 1
    any_colour: float = 0.15


def build(channels: tuple[int, ...] = (16, 32, 64, 128, 128), size: int = 128) -> AutoencoderKL:
    """Return a fresh autoencoder. Two norm groups: more would wipe out flat areas in the narrow top layers."""
    model = AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * len(channels),
        up_block_types=("UpDecoderBlock2D",) * len(channels),
        block_out_channels=channels,
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=2,
        sample_size=size,
    )
    _initialise(model)
    with torch.no_grad():
        model.quant_conv.weight[LATENT_CHANNELS:] = 0
        model.quant_conv.bias[LATENT_CHANNELS:] = _LOG_VARIANCE
    return model


@torch.no_grad()
def _initialise(model: AutoencoderKL) -> None:
    """Start as an autoencoder that already keeps the average colour of every 16 × 16 block.

    GroupNorm removes the mean and scale of a flat picture, which is all there is to its colour, and a fresh model
    spends its first thousands of steps to get round that. So: (1) each group of the residual stream gets constant
    channels that dominate its statistics ("anchors"); (2) three channels carry red, green and blue unchanged from
    end to end ("carriers"); (3) the other channels of the stream keep the signal's scale; (4) branches start at zero.
    """
    for name, module in model.named_modules():
        if name.endswith(("conv2", "to_out.0")):
            torch.nn.init.zeros_(module.weight)
        elif isinstance(module, torch.nn.Conv2d) and not name.endswith("conv1"):
            torch.nn.init.normal_(module.weight, std=module.weight[0].numel() ** -0.5)
            _carry(name, module)
    for norm in (model.encoder.conv_norm_out, model.decoder.conv_norm_out):
        norm.bias[_CARRIERS] = _LINEAR  # SiLU is nearly linear up there
    for last in (model.encoder.conv_out, model.decoder.conv_out):
        last.bias[:3] = -_LINEAR


def _carry(name: str, conv: torch.nn.Conv2d) -> None:
    """Route the carriers through one conv of the residual stream, and anchor the stream where it goes on."""
    first, last = name.endswith("coder.conv_in"), name.endswith("coder.conv_out")
    beside_latent = "quant" in name
    rgb = slice(0, 3)
    inputs = rgb if first or beside_latent else _CARRIERS
    outputs = rgb if last or beside_latent else _CARRIERS
    if last:
        conv.weight *= 0.1
    conv.weight[outputs] = 0
    conv.weight[:, inputs] *= 0.5
    kernel = torch.zeros(conv.weight.shape[2:])
    if conv.stride == (2, 2):
        kernel[:2, :2] = 0.25  # diffusers pads right and below: the first four taps are the block
    else:
        kernel[kernel.shape[0] // 2, kernel.shape[1] // 2] = 1.0
    for channel in range(3):
        conv.weight[outputs.start + channel, inputs.start + channel] = kernel
    if conv.bias is not None:
        torch.nn.init.zeros_(conv.bias)
        if not (last or beside_latent):
            _anchor(conv.weight, conv.bias)


def _anchor(weight: torch.Tensor, bias: torch.Tensor) -> None:
    """Make a few outputs of each of the two norm groups all but constant, in pairs of opposite sign."""
    group = len(bias) // 2
    pairs = max(1, group // 16)
    for start in (0 if pairs == 1 else _CARRIERS.stop, group):
        bias[start : start + 2 * pairs : 2] = _ANCHOR
        bias[start + 1 : start + 2 * pairs : 2] = -_ANCHOR
        weight[start : start + 2 * pairs] *= 0.1


def encode(model: AutoencoderKL, pictures: torch.Tensor) -> torch.Tensor:
    """Unscaled mean latents (batch, 16, h/16, w/16) of pictures (batch, 3, h, w) in -1..1."""
    moments: torch.Tensor = model.quant_conv(model.encoder(pictures))
    return moments[:, :LATENT_CHANNELS]


def decode(model: AutoencoderKL, latents: torch.Tensor) -> torch.Tensor:
    """Pictures (batch, 3, h, w), about -1..1, of unscaled latents."""
    pictures: torch.Tensor = model.decoder(model.post_quant_conv(latents))
    return pictures


def reconstruction_loss(made: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Mean absolute error of the pixels plus half that of their horizontal and vertical differences."""
    loss = functional.l1_loss(made, wanted)
    for axis in (2, 3):
        loss = loss + 0.5 * functional.l1_loss(made.diff(dim=axis), wanted.diff(dim=axis))
    return loss


def batches(glyphs: Pixels, plan: AutoencoderPlan, start: int = 0) -> Iterator[torch.Tensor]:
    """Endless composed pictures (batch, 3, h, w); batch number `start` is the same however one gets there."""
    flat = glyphs.reshape(-1, *glyphs.shape[-3:])
    step = start
    while True:
        rng = np.random.default_rng((plan.seed, step))
        chosen = rng.integers(len(flat), size=plan.batch)
        pictures = [compose(flat[i], _background(rng, plan), draw_view(rng, flat.shape[1])) for i in chosen]
        yield torch.from_numpy(to_model(np.stack(pictures)))
        step += 1


def _background(rng: np.random.Generator, plan: AutoencoderPlan) -> tuple[int, int, int]:
    if rng.random() < plan.any_colour:
        red, green, blue = rng.integers(256, size=3)
        return int(red), int(green), int(blue)
    return COLOURS[int(rng.integers(len(COLOURS)))].rgb


def train(glyphs: Pixels, plan: AutoencoderPlan, folder: Path, model: AutoencoderKL | None = None) -> AutoencoderKL:
    """Train a fresh autoencoder, or only the decoder of `model` when one is given (its latents then stay as they are).

    Resumes from `folder` when it holds a checkpoint; returns the model in evaluation mode.
    """
    torch.manual_seed(plan.seed)
    decoder_only = model is not None
    model = model or build(size=glyphs.shape[-2])
    model.requires_grad_(not decoder_only).train()
    if decoder_only:
        model.decoder.requires_grad_(True)
        model.post_quant_conv.requires_grad_(True)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.learning_rate, betas=(0.9, 0.99), weight_decay=0.0, fused=True)
    start = checkpoints.restore(folder, model, optimiser)
    name = "decoder" if decoder_only else "autoencoder"
    with checkpoints.Progress(name, folder, start, plan.steps) as progress:
        for step, pictures in zip(range(start, plan.steps), batches(glyphs, plan, start), strict=False):
            for group in optimiser.param_groups:
                group["lr"] = plan.learning_rate * checkpoints.ramp(step, plan.warmup, plan.steps)
            error, size = losses(model, pictures, plan, torch.Generator().manual_seed(plan.seed + step))
            torch.autograd.backward(error + plan.latent_pull * size)
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            progress.add(step, error.item())
            if (step + 1) % 300 == 0 or step + 1 == plan.steps:
                checkpoints.save(folder, step + 1, model, optimiser)
    return model.eval().requires_grad_(False)


def losses(
    model: AutoencoderKL, pictures: torch.Tensor, plan: AutoencoderPlan, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the reconstruction loss of `pictures` (batch, 3, h, w) through a noised latent, and the latent's power."""
    frozen = not model.quant_conv.weight.requires_grad
    with torch.autocast("cpu", torch.bfloat16):
        with torch.set_grad_enabled(torch.is_grad_enabled() and not frozen):
            latents = encode(model, pictures).float()
        noise = torch.randn(latents.shape, generator=generator)
        made = decode(model, latents + plan.latent_noise * noise)
    return reconstruction_loss(made.float(), pictures), latents.square().mean()
