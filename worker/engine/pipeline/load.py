"""A catalogue entry → a pipeline in memory: safetensors only, no code but that of diffusers and transformers."""

import gc
import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers import AutoPipelineForText2Image, DiffusionPipeline
from huggingface_hub import hf_hub_download

from worker.contract.types.model_info import ModelInfo
from worker.engine.errors import ModelError
from worker.engine.prompt_match import Reader, Vocabulary, vocabulary

from . import model_files
from .device import Hardware
from .model_config import Entry, File, Folder, Hub
from .preview import Palette, palette

log = logging.getLogger(__name__)

_REVISION_MAX = 100
# How single files of the two usual kinds are told apart: by the names of their text encoders' tensors.
_KINDS = {
    "conditioner.embedders.": "StableDiffusionXLPipeline",
    "cond_stage_model.": "StableDiffusionPipeline",
}


@dataclass(frozen=True)
class Local:
    """A model whose files are on this machine, whole.

    Attributes:
        path: a diffusers folder, or one safetensors file.
        revision: what its pictures' recipes name: the entry's revision, the Hub's commit, or a fingerprint.
        values: numbers in its weights, from which the memory that it takes follows.
        vocabulary: all that it was taught to name, where it says so.
    """

    entry: Entry
    path: Path
    revision: str
    values: int
    vocabulary: Vocabulary | None = None

    @property
    def info(self) -> ModelInfo:
        """The model as people are told of it."""
        known = self.vocabulary.known() if self.vocabulary else None
        return self.entry.info.model_copy(update={"knows": known})


@dataclass(frozen=True)
class Held:
    """A model in memory."""

    local: Local
    pipeline: Any
    palette: Palette | None
    scheduler: Any  # as the model brought it; renders use fresh ones made from its configuration
    reader: Reader | None = None

    @property
    def id(self) -> str:
        """The model's id."""
        return self.local.entry.info.id


def fetch(entry: Entry) -> Local:
    """Find a model's files, downloading those of the Hub, and check them. Raises ModelError."""
    model, where = entry.info.id, entry.origin.where(entry.base)
    commit = ""
    match where:
        case Folder(path):
            path = path.resolve()
        case File(path):
            path = path.resolve()
        case Hub(file=None):
            path = _download(model, where, entry.origin.variant)
            commit = path.name
        case Hub(file=str(name)):
            path = _download_file(model, where, name)
            commit = path.parent.name
    if path.is_dir() or isinstance(where, Folder):
        model_files.check_folder(model, path)
    else:
        model_files.check_file(model, path)
    weights = model_files.weights(path)
    revision = entry.origin.revision or commit or model_files.fingerprint(weights)
    values = sum(math.prod(shape) for file in weights for shape in model_files.shapes(file).values())
    known = vocabulary.find(model, path) if path.is_dir() else None
    return Local(entry, path, revision[:_REVISION_MAX], values, known)


def _download(model: str, hub: Hub, variant: str | None) -> Path:
    log.info("model %s: fetching %s from the Hub", model, hub.id)
    try:
        return Path(DiffusionPipeline.download(hub.id, revision=hub.revision, variant=variant, use_safetensors=True))
    except (OSError, ValueError) as error:  # what the Hub's client raises: unreachable, gated, no such repository
        raise _no_download(model, hub, error) from error


def _download_file(model: str, hub: Hub, file: str) -> Path:
    log.info("model %s: fetching %s of %s from the Hub", model, file, hub.id)
    try:
        return Path(hf_hub_download(hub.id, file, revision=hub.revision))
    except (OSError, ValueError) as error:
        raise _no_download(model, hub, error) from error


def _no_download(model: str, hub: Hub, error: Exception) -> ModelError:
    return ModelError(
        model,
        f"{hub.id} could not be fetched from the Hub ({type(error).__name__}).",
        "Check its name and revision, the network, and that it has safetensors; gated models need HF_TOKEN.",
    )


def dtype_of(local: Local, hardware: Hardware) -> torch.dtype:
    """The number format in which a model is held."""
    own = local.entry.origin.dtype
    return getattr(torch, own) if own else hardware.dtype


def load(local: Local, hardware: Hardware) -> Held:
    """Bring a model into memory. Raises ModelError, or what torch raises when memory does not suffice."""
    entry, began = local.entry, time.monotonic()
    dtype = dtype_of(local, hardware)
    try:
        pipeline = _folder(local, dtype) if local.path.is_dir() else _single(local, dtype)
        pipeline.to(hardware.device)
        colours = palette(pipeline.vae, local.path if local.path.is_dir() else local.path.parent)
    except (OSError, ValueError, KeyError, AttributeError, ImportError, TypeError) as error:
        log.debug("model %s", entry.info.id, exc_info=True)
        why = (str(error).splitlines() or [""])[0][:200]
        raise ModelError(
            entry.info.id,
            f"{local.path} cannot be loaded ({type(error).__name__}: {why}).",
            "It may be damaged, or of a kind that this version of diffusers does not know.",
        ) from error
    pipeline.set_progress_bar_config(disable=True)
    log.info(
        "model %s: %s held in %.1f s (%.0f MB)",
        entry.info.id,
        type(pipeline).__name__,
        time.monotonic() - began,
        local.values * dtype.itemsize / 1e6,
    )
    reader = Reader(entry.info, local.vocabulary, pipeline.tokenizer.get_vocab()) if local.vocabulary else None
    return Held(local, pipeline, colours, pipeline.scheduler, reader)


def _folder(local: Local, dtype: torch.dtype) -> Any:
    without = dict.fromkeys(model_files.left_out(local.path))  # diffusers wants to be told so once more
    return AutoPipelineForText2Image.from_pretrained(
        local.path,
        dtype=dtype,
        variant=local.entry.origin.variant,
        use_safetensors=True,
        local_files_only=True,
        **(without | _without_checker(model_files.pipeline_class(local.path))),
    )


def _single(local: Local, dtype: torch.dtype) -> Any:
    origin, names = local.entry.origin, model_files.shapes(local.path)
    kind = origin.pipeline or next((k for start, k in _KINDS.items() if any(n.startswith(start) for n in names)), None)
    maker = getattr(getattr(diffusers, kind or "", None), "from_single_file", None)
    if maker is None:
        raise ValueError("its kind cannot be told from its keys; set `pipeline` to its class in diffusers")
    config = origin.config
    if config is not None and (local.entry.base / config).is_dir():
        config = str(local.entry.base / config)
    return maker(str(local.path), dtype=dtype, config=config, **_without_checker(kind))


def _without_checker(kind: str | None) -> dict[str, Any]:
    """The checker of Stable Diffusion 1 blackens pictures without a word; what may be drawn is a server's policy."""
    if kind == "StableDiffusionPipeline":
        return {"safety_checker": None, "requires_safety_checker": False}
    return {}


def release() -> None:
    """Let go of pipelines that nobody refers to any more."""
    gc.collect()
