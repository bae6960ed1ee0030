"""Latents → a small picture by one matrix, so that a preview costs next to nothing.

A latent pixel and the colour it stands for are nearly linear in each other for the usual autoencoders. The
matrix lies beside the model in `preview.json`, or is fitted once against its decoder (least squares).
"""

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from worker.engine.step.families.base import Family, statistics

from .schedulers import is_flow

log = logging.getLogger(__name__)

FILE = "preview.json"
SIDE = 256
_FIT_PICTURES, _FIT_CELLS = 8, 8


class Palette:
    """The linear map.

    Args:
        matrix: (channels, 3); latents as the UNet sees them → RGB from -1 to 1.
        bias: (3,).
    """

    def __init__(self, matrix: torch.Tensor, bias: torch.Tensor) -> None:
        self.matrix, self.bias = matrix.float(), bias.float()

    def images(self, latents: torch.Tensor) -> list[Image.Image]:
        """Latents (batch, channels, height, width) → pictures of up to SIDE pixels."""
        rgb = torch.einsum("bchw,cr->bhwr", latents.float(), self.matrix.to(latents.device))
        # The clamp is on the device: the copy to the host is then three bytes a cell, not a float for each channel.
        rgb = (rgb + self.bias.to(latents.device)).clamp(-1, 1).add(1).mul(127.5).byte().cpu()
        return [_enlarge(Image.fromarray(picture.numpy())) for picture in rgb]


def _enlarge(image: Image.Image) -> Image.Image:
    # Enlarged here, for chat clients show a picture of 16 pixels as a dot; by whole factors, which keep cells even.
    times = max(1, min(16, SIDE // max(image.size)))
    return image.resize((image.width * times, image.height * times), Image.Resampling.BICUBIC)


def small(image: Image.Image) -> Image.Image:
    """A finished picture as it is shown among those that are not."""
    copy = image.copy()
    copy.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return copy


def board(cells: list[Image.Image | None]) -> Image.Image:
    """The pictures of one request side by side, as large as the smallest, grey where one has not begun."""
    known = min((cell for cell in cells if cell is not None), key=lambda cell: cell.width)
    columns = 1 if len(cells) == 1 else 2 if len(cells) <= 4 else 4
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (known.width * columns, known.height * rows), (49, 51, 56))
    for index, cell in enumerate(cells):
        if cell is not None:
            sheet.paste(cell.resize(known.size), (index % columns * known.width, index // columns * known.height))
    return sheet


def palette(vae: Any, beside: Path) -> Palette | None:
    """The map of a model: from its file, else fitted. None when its latents are not pictures of channels.

    Autoencoders come in more shapes than anybody knows. A model whose previews we cannot make is drawn without them.
    """
    try:
        return _from_file(vae, beside / FILE) or fit(vae)
    except Exception as error:  # whatever a strange autoencoder makes torch raise, its model must be drawn with
        log.debug("%s", beside, exc_info=True)
        log.info("%s: no previews (%s)", beside, type(error).__name__)
        return None


def _from_file(vae: Any, file: Path) -> Palette | None:
    try:
        data = json.loads(file.read_text())
        # The file belongs to the folder, not to this autoencoder: people swap those, and then it no longer fits.
        found = Palette(torch.tensor(data["matrix"]), torch.tensor(data["bias"]))
        if found.matrix.shape == (vae.config.latent_channels, 3) and found.bias.shape == (3,):
            return found
        log.warning("%s does not fit this model's %d latent channels", file, vae.config.latent_channels)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, LookupError, TypeError) as error:
        log.warning("%s cannot be used (%s); fitting previews anew", file, type(error).__name__)
    return None


def attempt(images: Callable[[], Mapping[int, Image.Image]]) -> Mapping[int, Image.Image]:
    """What `images` makes for a preview; nothing where that fails, for no preview is worth a render."""
    try:
        return images()
    except Exception as error:  # latents of a shape that the map was not fitted for, memory, a strange sampler
        log.warning("no preview (%s)", type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))
        return {}


@torch.no_grad()
def fit(vae: Any) -> Palette:
    """Least squares between cells of plain colours and what the encoder makes of them."""
    factor = getattr(vae, "spatial_compression_ratio", None) or 2 ** (len(vae.config.block_out_channels) - 1)
    # Plain cells of random colour: a real picture would tie the map to its own colours and textures. Each is two
    # latents wide, so that half of what is fitted does not lie at an edge, where neighbours mix.
    dice = torch.Generator().manual_seed(0)
    colours = torch.rand(_FIT_PICTURES, 3, _FIT_CELLS // 2, _FIT_CELLS // 2, generator=dice) * 2 - 1
    cells = torch.nn.functional.interpolate(colours, scale_factor=2, mode="nearest")
    pictures = torch.nn.functional.interpolate(cells, scale_factor=factor, mode="nearest")
    with Family.lifted(vae, vae.config):
        encoded = vae.encode(pictures.to(vae.device, vae.dtype))
    # Tiny and deep-compression autoencoders are no variational ones: they give the latents themselves.
    found = encoded.latent_dist.mean if hasattr(encoded, "latent_dist") else encoded[0]
    latents = found.float().cpu()
    # Into the UNet's scale, for that is what previews are made from; newer autoencoders also shift.
    mean, deviation = statistics(latents, vae.config)
    latents = (latents - (getattr(vae.config, "shift_factor", None) or 0.0) - mean) * vae.config.scaling_factor
    latents = latents / deviation
    inputs = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1])
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], 1)
    solution = torch.linalg.lstsq(inputs, cells.permute(0, 2, 3, 1).reshape(-1, 3)).solution
    return Palette(solution[:-1], solution[-1])


def clean(scheduler: Any, prediction: torch.Tensor, timestep: Any, noisy: torch.Tensor, step: int) -> torch.Tensor:
    """What the model believes the picture to be at this step: the estimate of x₀ from its prediction.

    Args:
        scheduler: the one that is about to take the step.
        prediction: the UNet's output after guidance, shaped like `noisy`.
        timestep: as the pipeline gives it to the scheduler.
        noisy: the latents that the step begins with.
        step: which step it is, from 0.
    """
    sigma: torch.Tensor | None = scheduler.sigmas[step].to(noisy) if hasattr(scheduler, "sigmas") else None
    if sigma is not None and is_flow(scheduler):
        return noisy - sigma * prediction
    if hasattr(scheduler, "precondition_outputs"):  # EDM, whose models are told of another noise and signal
        estimate: torch.Tensor = scheduler.precondition_outputs(noisy, prediction, sigma)
        return estimate
    if sigma is None:  # DDIM, LCM: signal and noise by timestep
        signal: torch.Tensor = scheduler.alphas_cumprod[int(timestep)].to(noisy).sqrt()
        noise = (1 - signal**2).sqrt()
    else:
        signal = (sigma**2 + 1) ** -0.5
        noise = sigma * signal
        if scheduler.init_noise_sigma != 1:  # latents that grow with the noise, as Euler's: bring them to unit variance
            noisy = noisy * signal
    kind = scheduler.config.prediction_type
    if kind == "epsilon":
        return (noisy - noise * prediction) / signal
    if kind == "v_prediction":
        return signal * noisy - noise * prediction
    return prediction
