"""A catalogue entry → its files on this machine, whole, and what their headers tell: revision, size, vocabulary."""

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from diffusers import DiffusionPipeline
from huggingface_hub import hf_hub_download

from worker.contract.types.model_info import ModelInfo
from worker.engine.errors import ModelError
from worker.engine.prompt_match import ModelVocabulary, vocabulary

from . import fit, low_memory, model_files
from .device import Device
from .model_config import HubModel, LocalFile, LocalFolder, ModelConfig

log = logging.getLogger(__name__)

_REVISION_MAX = 100


@dataclass(frozen=True)
class ResolvedModel:
    """A model whose files are on this machine, whole.

    Attributes:
        path: a diffusers folder, or one safetensors file.
        revision: what its pictures' recipes name: the entry's revision, the Hub's commit, or a fingerprint.
        parts: how many numbers the weights of each part hold, by its name, from which the memory that it takes follows.
        print: the fingerprint of its files as they were checked.
        vocabulary: all that it was taught to name, where it says so.
    """

    config: ModelConfig
    path: Path
    revision: str
    parts: Mapping[str, int] = field(default_factory=dict)
    print: str = ""
    vocabulary: ModelVocabulary | None = None

    @property
    def changed(self) -> bool:
        """Whether its files are others than those that were checked. Raises OSError."""
        return self.print != model_files.fingerprint(_weights(self.config, self.path))

    @property
    def denoiser(self) -> Path | None:
        """The file of its own that the denoiser comes from, where there is one."""
        named = self.config.origin.denoiser
        return self.config.base / Path(named).expanduser() if named else None

    @property
    def info(self) -> ModelInfo:
        """The model as people are told of it."""
        known = self.vocabulary.known() if self.vocabulary else None
        loras = tuple(lora.info for lora in self.config.loras)
        guides = tuple(guide.info for guide in self.config.guides)
        return self.config.info.model_copy(update={"knows": known, "loras": loras, "guides": guides})


def fetch(config: ModelConfig) -> ResolvedModel:
    """Find a model's files, downloading those of the HubModel, and check them. Raises ModelError."""
    # Files are checked before torch reads a byte: a broken folder then shows at the start, not at a person's request.
    model, where = config.info.id, config.origin.where(config.base)
    commit = ""
    match where:
        case LocalFolder(path):
            path = path.resolve()
        case LocalFile(path):
            path = path.resolve()
        case HubModel(file=None):
            path = _download(model, where, config.origin.variant)
            commit = path.name  # the Hub's cache names snapshots by commit; a branch such as `main` names no weights
        case HubModel(file=str(name)):
            path = _download_file(model, where, name)
            commit = path.parent.name
    low_memory.must_have_package(model, config.origin.quantize)
    if path.is_dir() or isinstance(where, LocalFolder):
        model_files.check_folder(model, path, _elsewhere(config))
    else:
        model_files.check_file(model, path)
        if folder := own_configuration(config):
            model_files.check_configuration(model, folder)
    weights = _weights(config, path)
    if config.origin.denoiser:
        model_files.check_gguf(model, weights[-1])
    print_ = model_files.fingerprint(weights)
    revision = config.origin.revision or commit or print_
    known = vocabulary.find(model, path) if path.is_dir() else None
    return ResolvedModel(config, path, revision[:_REVISION_MAX], _parts(path, weights), print_, known)


def _elsewhere(config: ModelConfig) -> tuple[str, ...]:
    """Parts of a folder whose weights are not read, because a file of its own has them."""
    return fit.DENOISERS if config.origin.denoiser else ()


def _weights(config: ModelConfig, path: Path) -> list[Path]:
    """All files of weights that are read, at last a denoiser of its own."""
    found = model_files.weights(path, config.origin.variant, _elsewhere(config))
    return [*found, config.base / Path(config.origin.denoiser).expanduser()] if config.origin.denoiser else found


def _parts(path: Path, weights: list[Path]) -> dict[str, int]:
    # From the headers alone: whether a model fits must be known before its weights are read.
    parts: dict[str, int] = {}
    for file in (each for each in weights if each.suffix == ".safetensors"):
        name = file.parent.name if path.is_dir() else ""
        values = sum(math.prod(shape) for shape in model_files.shapes(file).values())
        parts[name] = parts.get(name, 0) + values
    return parts


def _download(model: str, hub: HubModel, variant: str | None) -> Path:
    log.info("model %s: fetching %s from the Hub", model, hub.id)
    try:
        return Path(DiffusionPipeline.download(hub.id, revision=hub.revision, variant=variant, use_safetensors=True))
    except (OSError, ValueError) as error:  # what the Hub's client raises: unreachable, gated, no such repository
        raise _no_download(model, hub, error) from error


def _download_file(model: str, hub: HubModel, file: str) -> Path:
    log.info("model %s: fetching %s of %s from the Hub", model, file, hub.id)
    try:
        return Path(hf_hub_download(hub.id, file, revision=hub.revision))
    except (OSError, ValueError) as error:
        raise _no_download(model, hub, error) from error


def _no_download(model: str, hub: HubModel, error: Exception) -> ModelError:
    return ModelError(
        model,
        f"{hub.id} could not be fetched from the Hub ({type(error).__name__}).",
        "Check its name and revision, the network, and that it has safetensors; gated models need HF_TOKEN.",
    )


def dtype_of(resolved: ResolvedModel, device: Device) -> torch.dtype:
    """The number format in which a model is held."""
    own = resolved.config.origin.dtype
    return getattr(torch, own) if own else device.dtype


def bytes_of(resolved: ResolvedModel, device: Device) -> int:
    """What a model's weights take on the device, as far as its files tell."""
    origin, file = resolved.config.origin, resolved.denoiser
    own = file.stat().st_size if file and origin.offload != "model" else 0
    return own + fit.needed(resolved.parts, dtype_of(resolved, device).itemsize, origin.quantize, origin.offload)


def advice(resolved: ResolvedModel, device: Device) -> str:
    """What to write into its table where it does not fit; "" where nothing helps, or something is written."""
    if resolved.config.origin.quantize or resolved.config.origin.offload:
        return ""
    return low_memory.advice(resolved.parts, dtype_of(resolved, device).itemsize, device)


def own_configuration(config: ModelConfig) -> Path | None:
    """The folder with the configuration of a single file, where its entry names one."""
    folder = config.base / config.origin.config if config.origin.config else None
    return folder if folder and folder.is_dir() else None
