"""The autoencoder: 256 × 256 RGB ⇄ 16 × 16 latents of 16 channels.

The encoder gives a mean and a fixed small variance (its log-variance rows never train). Training adds noise to the
latent and a small pull towards zero, so that the latent space is smooth, has about unit scale, and forgives a denoiser
that is slightly off.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch.nn import functional

from worker.starter import loop
from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.scenes import Ints
from worker.starter.machine import Machine

FACTOR = 16
_LOG_VARIANCE = -6.0
_CARRIERS = slice(2, 5)
_ANCHOR = 3.0
_LINEAR = 4.0

_LENGTH, _PACE = loop.Length(12_000), loop.Pace(1e-3)


@dataclass(frozen=True)
class AutoencoderShape:
    """Sizes of the autoencoder; five levels make a factor of 16."""

    channels: tuple[int, ...] = (32, 64, 128, 128, 128)
    latent_channels: int = 16


@dataclass(frozen=True)
class AutoencoderPlan:
    """How to train the autoencoder.

    `latent_noise` and `latent_pull` are the two regularisers; `crop` is the side of the pieces it learns from (0 for
    whole pictures); `any_colour` the share of backgrounds that have no name.
    """

    length: loop.Length = _LENGTH
    pace: loop.Pace = _PACE
    batch: int = 8
    crop: int = 128
    latent_noise: float = 0.1
    latent_pull: float = 2e-3
    any_colour: float = 0.3
    seed: int = 1

    def on(self, machine: Machine) -> "AutoencoderPlan":
        """Fit it to the machine: a GPU takes big batches of whole pictures."""
        return replace(self, batch=48, crop=0) if machine.large else self


def build(shape: AutoencoderShape | None = None, size: int = 256) -> AutoencoderKL:
    """Return a fresh autoencoder. Two norm groups: more would wipe out flat areas in the narrow top layers."""
    shape = shape or AutoencoderShape()
    levels = len(shape.channels)
    model = AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        block_out_channels=shape.channels,
        layers_per_block=1,
        latent_channels=shape.latent_channels,
        norm_num_groups=2,
        sample_size=size,
        mid_block_add_attention=False,  # pieces and whole pictures then look alike to it
    )
    _initialise(model)
    with torch.no_grad():
        model.quant_conv.weight[shape.latent_channels :] = 0
        model.quant_conv.bias[shape.latent_channels :] = _LOG_VARIANCE
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
    """Unscaled mean latents (batch, c, h/16, w/16) of pictures (batch, 3, h, w) in -1..1."""
    moments: torch.Tensor = model.quant_conv(model.encoder(pictures))
    return moments[:, : model.config.latent_channels]


def decode(model: AutoencoderKL, latents: torch.Tensor) -> torch.Tensor:
    """Pictures (batch, 3, h, w), about -1..1, of unscaled latents."""
    pictures: torch.Tensor = model.decoder(model.post_quant_conv(latents))
    return pictures


def reconstruction_loss(made: torch.Tensor, wanted: torch.Tensor, edges: float = 0.5) -> torch.Tensor:
    """Mean absolute error of the pixels plus `edges` times that of their horizontal and vertical differences."""
    loss = functional.l1_loss(made, wanted)
    for axis in (2, 3):
        loss = loss + edges * functional.l1_loss(made.diff(dim=axis), wanted.diff(dim=axis))
    return loss


def draw_batch(composer: Composer, plan: AutoencoderPlan, step: int, subjects: Ints | None = None) -> torch.Tensor:
    """Return the pictures (batch, 3, side, side) of step `step`: a function of the seed and the step alone."""
    rng = np.random.default_rng((plan.seed, step))
    drawn = scenes.draw(rng, plan.batch, composer.vocabulary, subjects)
    pictures = composer.pictures(drawn)
    wild = rng.random(plan.batch) < plan.any_colour
    if wild.any():
        colours = torch.from_numpy(rng.uniform(-1, 1, (int(wild.sum()), 1, 3)).astype(np.float32))
        ends = colours.expand(-1, 2, -1).to(composer.device)
        pictures[torch.from_numpy(wild).to(composer.device)] = composer.pictures(drawn.pick(wild.nonzero()[0]), ends)
    if not plan.crop:
        return pictures
    corners = rng.integers(composer.size - plan.crop + 1, size=(plan.batch, 2))
    pieces = [one[:, y : y + plan.crop, x : x + plan.crop] for one, (y, x) in zip(pictures, corners, strict=True)]
    return torch.stack(pieces)


def train(
    composer: Composer,
    plan: AutoencoderPlan,
    folder: Path,
    machine: Machine,
    model: AutoencoderKL | None = None,
    subjects: Ints | None = None,
) -> AutoencoderKL:
    """Train a fresh autoencoder, or only the decoder of `model` when one is given (its latents then stay as they are).

    Resumes from `folder` when it holds a checkpoint; returns the model in evaluation mode.
    """
    torch.manual_seed(plan.seed)
    decoder_only = model is not None
    model = machine.place(model or build(size=composer.size))
    model.train()
    if decoder_only:
        decoder_alone(model)
    else:
        model.requires_grad_(True)
    error = loss_of(model, composer, plan, machine, subjects)
    loop.fit("decoder" if decoder_only else "autoencoder", folder, model, error, plan.length, plan.pace)
    return model.eval().requires_grad_(False)


def decoder_alone(model: AutoencoderKL) -> None:
    """Let what follows train the decoder and nothing else, so that latents stay as they are."""
    model.requires_grad_(False)
    model.decoder.requires_grad_(True)
    model.post_quant_conv.requires_grad_(True)


def loss_of(
    model: AutoencoderKL, composer: Composer, plan: AutoencoderPlan, machine: Machine, subjects: Ints | None = None
) -> Callable[[int], torch.Tensor]:
    """Return the loss of each step: reconstruction through a noised latent, plus the latent's power times its pull."""
    frozen = not model.quant_conv.weight.requires_grad
    encoded, decoded = machine.faster(encode), machine.faster(decode)

    def loss(step: int) -> torch.Tensor:
        pictures = draw_batch(composer, plan, step, subjects)
        with machine.autocast():
            with torch.set_grad_enabled(not frozen):
                latents = encoded(model, pictures).float()
            generator = machine.generator(plan.seed, step)
            noise = torch.randn(latents.shape, generator=generator, device=latents.device)
            made = decoded(model, latents + plan.latent_noise * noise)
        error: torch.Tensor = reconstruction_loss(made.float(), pictures) + plan.latent_pull * latents.square().mean()
        return error

    return loss


@torch.no_grad()
def quality(model: AutoencoderKL, pictures: torch.Tensor) -> tuple[float, float]:
    """Mean PSNR (dB) and SSIM of the reconstructions of pictures (n, 3, h, w) in -1..1."""
    made = torch.cat([decode(model, encode(model, few)) for few in torch.split(pictures, 16)]).clamp(-1, 1)
    errors = (made - pictures).square().mean(dim=(1, 2, 3))
    psnr = (10 * torch.log10(4.0 / errors.clamp(min=1e-10))).mean().item()
    return psnr, ssim(made, pictures)


def ssim(first: torch.Tensor, second: torch.Tensor, side: int = 11, sigma: float = 1.5) -> float:
    """Mean structural similarity of pictures (n, 3, h, w) in -1..1 (Wang et al. 2004; Gaussian window)."""
    steps = torch.arange(side, dtype=first.dtype, device=first.device) - side // 2
    row = torch.exp(-(steps**2) / (2 * sigma**2))
    window = torch.outer(row, row) / row.sum() ** 2
    kernel = window.expand(first.shape[1], 1, side, side)

    def blur(values: torch.Tensor) -> torch.Tensor:
        return functional.conv2d(values, kernel, groups=values.shape[1])

    mean_a, mean_b = blur(first), blur(second)
    var_a, var_b = blur(first * first) - mean_a**2, blur(second * second) - mean_b**2
    covariance = blur(first * second) - mean_a * mean_b
    c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    top = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return (top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))).mean().item()
