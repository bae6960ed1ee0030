"""Each rung alone, on the calls of one picture: what it gains, and how far its numbers are from those without it."""

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from . import clock
from .rows import inputs

Say = Callable[..., None]


@torch.inference_mode()
def network(pipeline: Any, side: int, say: Say) -> None:
    """`channels_last`, and QKV fused, which is exact here but never for SD3.5."""
    given = inputs(pipeline, 2, side)
    rungs: dict[str, Callable[[Any], Any]] = {
        "plain": lambda unet: unet,
        "channels_last": lambda unet: unet.to(memory_format=torch.channels_last),
        "fused_qkv": _fused,
    }
    known: torch.Tensor | None = None
    base = 0.0
    for name, climb in rungs.items():
        unet = climb(copy.deepcopy(pipeline.unet))
        made = unet(**given)[0].float()
        seconds = clock.median(partial(unet, **given))
        known, base = (made, seconds) if known is None else (known, base)
        say(part="rungs", of="network", rung=name, ms=seconds * 1000, gain=base / seconds, apart=_apart(made, known))
        del unet


@torch.inference_mode()
def decoder(pipeline: Any, side: int, say: Say) -> None:
    """Lifted to float32, as `force_upcast` asks of float16; as it is; and `channels_last`."""
    dtype = pipeline.vae.dtype
    rungs: dict[str, tuple[torch.dtype, Any]] = {
        "lifted": (torch.float32, torch.contiguous_format),
        "not lifted": (dtype, torch.contiguous_format),
        "channels_last": (dtype, torch.channels_last),
    }
    known: torch.Tensor | None = None
    base = 0.0
    for name, (lifted, layout) in rungs.items():
        vae = copy.deepcopy(pipeline.vae).to(lifted).to(memory_format=layout)
        latents = torch.randn(1, 4, side // 8, side // 8, generator=torch.Generator().manual_seed(1))
        latents = latents.to(vae.device, lifted)
        made = vae.decode(latents, return_dict=False)[0].float()
        seconds = clock.median(partial(vae.decode, latents, return_dict=False))
        known, base = (made, seconds) if known is None else (known, base)
        say(part="rungs", of="decoder", rung=name, ms=seconds * 1000, gain=base / seconds, apart=_apart(made, known))
        del vae


def _fused(unet: Any) -> Any:
    unet.fuse_qkv_projections()
    return unet


def _apart(made: torch.Tensor, known: torch.Tensor) -> float:
    return float((made - known).abs().max() / known.abs().max())
