"""An upscaler in memory, once it has enlarged something."""

import logging
from pathlib import Path

import torch
from PIL import Image

from worker.contract.types.model_info import UpscalerInfo

from .draw import about
from .enlarge import enlarge
from .load import Upscaler, UpscalerError, load

log = logging.getLogger(__name__)


def tried(path: Path, device: torch.device, pixels_max: int) -> tuple[UpscalerInfo, Upscaler]:
    """Load it and try it. Raises UpscalerError."""
    try:
        upscaler = load(path, device)
        enlarge(upscaler, Image.new("RGB", (16, 16)))
    except UpscalerError:
        raise
    except Exception as error:  # whatever a strange network makes torch raise, models must be drawn with
        log.debug("upscaler %s", path, exc_info=True)
        raise UpscalerError(path, f"it does not work ({type(error).__name__}: {error}).") from error
    return about(path, upscaler, pixels_max), upscaler
