"""UNets of inpainting models: beside the latents they are shown where to draw, and what of a picture is around that.

Both follow the latents as further channels: a mask, then the latents of the picture with grey where it is drawn anew.
"""

from collections.abc import Sequence
from typing import Any

import torch

from worker.engine.step.trajectory import Condition

from .base import stacked

_MASKED = "masked"


def takes_masks(pipeline: Any) -> bool:
    """Whether the UNet of a usual pipeline (`is_usual`) is such a one."""
    return bool(pipeline.unet.config.in_channels > pipeline.vae.config.latent_channels)


def shown(anew: torch.Tensor, around: torch.Tensor) -> Condition:
    """What it is shown.

    Args:
        anew: (1, height, width), 1 where it draws and 0 elsewhere.
        around: (channels, height, width), the latents of the masked picture.
    """
    return {_MASKED: torch.cat([anew, around])}


def joined(latents: torch.Tensor, conditions: Sequence[Condition]) -> torch.Tensor:
    """Latents as the UNet takes them."""
    if _MASKED not in conditions[0]:
        return latents
    return torch.cat([latents, stacked(conditions, _MASKED).to(latents.dtype)], dim=1)
