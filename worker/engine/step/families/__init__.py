"""What is particular to a kind of model. What has no file here is drawn by its own diffusers pipeline."""

from typing import Any

from .base import Family
from .flux import Flux
from .sd3 import StableDiffusion3
from .sdxl import StableDiffusionXL
from .stable_diffusion import StableDiffusion

_FAMILIES: dict[str, type[Family]] = {
    "StableDiffusionPipeline": StableDiffusion,
    "StableDiffusionXLPipeline": StableDiffusionXL,
    "StableDiffusion3Pipeline": StableDiffusion3,
    "FluxPipeline": Flux,
}


def family_of(pipeline: Any) -> Family | None:
    """The family of a loaded pipeline; None where it has to be drawn by the pipeline itself."""
    kind = _FAMILIES.get(type(pipeline).__name__)
    return kind(pipeline) if kind and kind.knows(pipeline) else None
