"""One upscale: the task's picture made larger, in tiles as large as memory holds. Runs on the GPU thread."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from worker.contract.types.model_info import UpscalerInfo
from worker.engine.errors import NoTileError
from worker.engine.service.render_task import RenderTask
from worker.engine.step.memory import is_out_of_memory

from .enlarge import TILE, enlarge
from .load import Upscaler

log = logging.getLogger(__name__)

_TILES = (TILE, TILE, TILE // 2, TILE // 4)  # the same once more in the room made


def about(path: Path, upscaler: Upscaler, pixels_max: int) -> UpscalerInfo:
    """What the worker says of an upscaler: its file's name is what it is known by."""
    name = re.sub(r"[^a-z0-9._-]", "-", path.stem.lower())[:50]
    return UpscalerInfo(id=f"upscaler.{name}", title=path.stem[:100], scale=upscaler.scale, pixels_max=pixels_max)


def draw(upscaler: Upscaler, source: Image.Image, task: RenderTask, make_room: Callable[[], None]) -> None:
    """Enlarge `source` and hand it over.

    When memory does not suffice, it is begun again after `make_room`, then in smaller tiles.

    Raises:
        NoTileError: it does not fit even so.
        RenderError: and its kin, as the task says.
    """
    task.phase("steps")
    for tile in _TILES:  # from the start each time: a kept half would be of other tiles, and tiles take seconds
        large = _fits(upscaler, source, task, tile)
        if large is not None:
            break
        log.warning("render %s: out of memory with tiles of %d", task.call.id, tile)
        make_room()  # outside the handler: its traceback would keep the tensors alive
    else:
        raise NoTileError
    task.phase("decode")
    task.picture(0, large)


def _fits(upscaler: Upscaler, source: Image.Image, task: RenderTask, tile: int) -> Image.Image | None:
    try:
        return enlarge(upscaler, source, task.step, tile)
    except Exception as error:  # torch's out-of-memory errors have several types; the rest goes on
        if not is_out_of_memory(error):
            raise
        return None
