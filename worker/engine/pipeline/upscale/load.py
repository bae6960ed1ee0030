"""An upscaler's file → a network in memory: safetensors only.

The compact architecture is read here. Every other one that super-resolution files come in is read by `spandrel`, if
that is installed (`pip install --no-deps spandrel einops`). It is no requirement: it asks for torchvision, which has to
fit torch to the letter, for two functions of architectures that are no upscalers.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from worker.contract.types.request import SCALE_MAX
from worker.engine.pipeline.upscale.compact import Compact


class UpscalerError(Exception):
    """An upscaler's file cannot be used. The message says which, why and what to do."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"upscaler {path}: {why}")
        self.path, self.why = path, why


@dataclass(frozen=True)
class Upscaler:
    """A network in memory: pictures (n, 3, h, w) in 0..1 → (n, 3, scale h, scale w).

    Attributes:
        sees: how many pixels around it a pixel of the result depends on; tiles overlap by that, so they show no seams.
    """

    network: torch.nn.Module
    scale: int
    architecture: str
    device: torch.device
    sees: int = 48  # of most; attention may see further, but faintly


def load(path: Path, device: torch.device | str = "cpu") -> Upscaler:
    """Read an upscaler, in single precision.

    Raises:
        UpscalerError: no such file, not safetensors, of an architecture that nothing here reads, or of a scale that is
            no use.
    """
    if path.suffix != ".safetensors":
        raise UpscalerError(path, "only .safetensors files are read; convert it, or take another")
    try:
        state = {name: value.to(torch.float32, copy=True) for name, value in load_file(path).items()}
    except FileNotFoundError as error:
        raise UpscalerError(path, "there is no such file") from error
    except (SafetensorError, OSError) as error:
        raise UpscalerError(path, "it is damaged, or no safetensors file") from error
    # A network with NaNs would give a black picture without any error.
    if not all(value.isfinite().all() for value in state.values()):
        raise UpscalerError(path, "some of its weights are no numbers; it is damaged")
    device = torch.device(device)
    compact = Compact.of(state)
    if compact is None:
        return _by_spandrel(path, state, device)
    _check(path, compact.scale)
    return Upscaler(compact.to(device), compact.scale, "Compact", device, compact.sees)


def _check(path: Path, scale: int) -> None:
    if not 1 < scale <= SCALE_MAX:
        raise UpscalerError(path, f"its scale is {scale}; 2 to {SCALE_MAX} can be used")


def _by_spandrel(path: Path, state: dict[str, torch.Tensor], device: torch.device) -> Upscaler:
    try:
        with _without_torchvision():
            from spandrel import ImageModelDescriptor, ModelLoader, UnsupportedModelError
    except ImportError as error:
        raise UpscalerError(
            path, "it is not of the compact architecture; most others: pip install --no-deps spandrel einops"
        ) from error
    try:
        model = ModelLoader(device=device).load_from_state_dict(state)
    except UnsupportedModelError as error:
        raise UpscalerError(path, "no architecture is known that its tensors fit") from error
    if not isinstance(model, ImageModelDescriptor) or (model.input_channels, model.output_channels) != (3, 3):
        raise UpscalerError(path, f"{model.architecture.name} does not turn an RGB picture into a larger one")
    _check(path, model.scale)
    model.model.float().eval().requires_grad_(requires_grad=False)
    return Upscaler(_Described(model), model.scale, model.architecture.name, device)


class _Described(torch.nn.Module):
    """A network as `spandrel` calls it: pieces are padded to the sizes that its architecture needs."""

    def __init__(self, model: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self._model = model

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Enlarge."""
        return self._model(pictures)


@contextmanager
def _without_torchvision() -> Iterator[None]:
    """Let `spandrel` be imported where torchvision is not installed: stand in for the three names that it asks for."""
    names = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")
    if find_spec("torchvision") is not None:
        yield
        return
    # They stay only while `spandrel` is imported: transformers and others ask whether torchvision is there.
    stands: dict[str, ModuleType] = {name: ModuleType(name) for name in names}
    for name in ("InterpolationMode", "rotate", "normalize"):
        setattr(stands[names[-1]], name, None)
    sys.modules.update(stands)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
