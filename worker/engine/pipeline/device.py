"""Which device draws, in which number format, and how much memory it has."""

import logging
from dataclasses import dataclass

import torch

from worker.engine.errors import EngineError
from worker.engine.service import memory

log = logging.getLogger(__name__)

# Keep a part of the memory for activations: a render needs some beside the weights.
_SHARE = 0.7
_BATCH_PIXELS = 4 * 1024 * 1024
_SMALL = 192 * 192


@dataclass(frozen=True)
class Device:
    """The chosen device and the number format that it is good at."""

    torch_device: torch.device
    dtype: torch.dtype
    together: int = 0  # what the operator set; 0 leaves it to `batch`

    @property
    def name(self) -> str:
        """Such as `cpu`, or `cuda:0 (NVIDIA L4)`."""
        if self.torch_device.type == "cuda":
            return f"{self.torch_device} ({torch.cuda.get_device_name(self.torch_device)})"
        return str(self.torch_device)

    def batch(self, pixels: int) -> int:
        """How many pictures of so many pixels are drawn at once: of one request, or one and its padding.

        Sums taken in another order differ in their last bits (1e-6 after 20 steps in float32), so how many are
        drawn at once must depend on nothing but their size if a picture drawn again alone from its recipe is to
        have the very same pixels. On a CPU that is kept: always two of a small size (four of the starter's then
        take 0.65 of the time that they take one by one, one takes 1.3), always one of a larger size, where a
        batch gains nothing. A GPU draws what there is, up to four megapixels.
        """
        if self.together:
            return self.together
        if self.torch_device.type == "cpu":
            return 2 if pixels <= _SMALL else 1
        return max(1, _BATCH_PIXELS // pixels)

    @property
    def pads(self) -> bool:
        """Whether a batch that is not full is filled up."""
        return self.torch_device.type == "cpu"

    def room(self) -> int:
        """Bytes that weights may take."""
        if self.torch_device.type == "cuda":
            return int(torch.cuda.mem_get_info(self.torch_device)[0] * _SHARE)
        return int(memory.available() * _SHARE)

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


def choose(device: str, dtype: str, threads: int, together: int = 0) -> Device:
    """Set torch up. Raises EngineError when the wanted device is not there."""
    if threads:
        torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True  # same recipe, same pixels
    found = torch.device(_best() if device == "auto" else device)
    _must_be_there(found)
    chosen = Device(found, getattr(torch, dtype) if dtype != "auto" else _format(found), together)
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


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch or Python ran out of memory, on whichever device."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return isinstance(error, RuntimeError) and ("out of memory" in str(error) or "can't allocate memory" in str(error))


def is_lost(error: BaseException) -> bool:
    """Whether the device can only be used again by a new process."""
    return isinstance(error, RuntimeError) and "CUDA error" in str(error)
