"""Which device draws, in which number format, and how much memory it has."""

import logging
from dataclasses import dataclass

import torch

from worker.engine.errors import EngineError
from worker.engine.service import memory
from worker.engine.step.memory import is_out_of_memory

from .fit import SHARE

log = logging.getLogger(__name__)

_BATCH_PIXELS = 4 * 1024 * 1024
# What torch and what it stands on say in errors that have no type of their own.
_LOST = ("CUDA error", "HIP error")


@dataclass(frozen=True)
class Device:
    """The chosen device and the number format that it is good at."""

    torch_device: torch.device
    dtype: torch.dtype
    together: int = 0  # what the operator set; 0 leaves it to `batch` and to what is measured
    exact: bool = False  # whether a picture must be the same to the last bit, whatever is drawn beside it

    @property
    def name(self) -> str:
        """Such as `cpu`, or `cuda:0 (NVIDIA L4)`."""
        if self.torch_device.type == "cuda":
            return f"{self.torch_device} ({torch.cuda.get_device_name(self.torch_device)})"
        return str(self.torch_device)

    def batch(self, pixels: int) -> int:
        """How many pictures of so many pixels a model's own pipeline draws at once.

        On a CPU one by one, unless the operator says otherwise: models that Easel's loop does not know are large, and
        large pictures gain nothing from company. A GPU draws what there is, up to four megapixels.
        """
        if self.together:
            return self.together
        return 1 if self.torch_device.type == "cpu" else max(1, _BATCH_PIXELS // pixels)

    @property
    def pads(self) -> bool:
        """Whether a batch of a model's own pipeline is filled up when it is not full."""
        return self.exact or self.torch_device.type == "cpu"

    def room(self) -> int:
        """Bytes that weights may take."""
        if self.torch_device.type == "cuda":
            # What torch keeps of past renders to use again is free as well, though the card does not know.
            device = self.torch_device
            kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
            return int((torch.cuda.mem_get_info(device)[0] + kept) * SHARE)
        return int(memory.available() * SHARE)

    def held(self) -> int | None:
        """Bytes that tensors hold on the device; None where nothing counts them."""
        return torch.cuda.memory_allocated(self.torch_device) if self.torch_device.type == "cuda" else None

    def usage(self) -> dict[str, int]:
        """Bytes by name, for health."""
        usage = {"resident": memory.resident()}
        if self.torch_device.type == "cuda":
            usage["device_free"], usage["device_total"] = torch.cuda.mem_get_info(self.torch_device)
        return usage

    def reset_peak(self) -> None:
        """Begin to measure the peak anew."""
        if self.torch_device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self.torch_device)

    def peak(self) -> int:
        """Peak of device memory since `reset_peak`; on a CPU what the process holds now."""
        if self.torch_device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.torch_device)
        return memory.resident()

    def free_caches(self) -> None:
        """Give back what torch holds but does not use."""
        if self.torch_device.type == "cuda":
            torch.cuda.empty_cache()
        elif self.torch_device.type == "mps":
            torch.mps.empty_cache()


def choose(device: str, dtype: str, threads: int, together: int = 0, *, exact: bool = False) -> Device:
    """Set torch up. Raises EngineError when the wanted device is not there."""
    if threads:
        torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True  # same recipe, same pixels
    found = torch.device(_best() if device == "auto" else device)
    _must_be_there(found)
    chosen = Device(found, getattr(torch, dtype) if dtype != "auto" else _format(found), together, exact)
    log.info("drawing on %s in %s, %d threads", chosen.name, chosen.dtype, torch.get_num_threads())
    return chosen


def _best() -> str:
    if torch.cuda.is_available():
        return "cuda:0"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _must_be_there(device: torch.device) -> None:
    there = {
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }.get(device.type, True)
    if not there:
        raise EngineError(f"EASEL_DEVICE={device}: this machine has no such device. Leave it out, or set it to cpu.")


def _format(device: torch.device) -> torch.dtype:
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.get_device_capability(device) >= (8, 0) else torch.float16
    return torch.float16 if device.type == "mps" else torch.float32


def is_lost(error: BaseException) -> bool:
    """Whether the device can only be used again by a new process."""
    # Some libraries name what they cannot allocate as they name a broken device.
    broken = isinstance(error, RuntimeError) and not is_out_of_memory(error)
    return broken and any(words in str(error) for words in _LOST)
