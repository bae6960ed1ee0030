"""A catalogue entry → a pipeline in memory: safetensors only, no code but that of diffusers and transformers."""

import gc
import inspect
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
from worker.engine.prompt_match import ModelVocabulary, PromptMatcher, vocabulary
from worker.engine.step.stepper import Stepper

from . import model_files, safeguards, tensor_names
from .device import Device, is_lost, is_out_of_memory
from .model_config import HubModel, LocalFile, LocalFolder, ModelConfig
from .preview import Palette, clean, palette

log = logging.getLogger(__name__)

_REVISION_MAX = 100
# How single files of the two usual kinds are told apart: by the names of their text encoders' tensors.
_KINDS = {
    "conditioner.embedders.": "StableDiffusionXLPipeline",
    "cond_stage_model.": "StableDiffusionPipeline",
}
# What single files say by the mere name of a tensor: what their network predicts, and that it knows pure noise.
_TOLD: dict[str, dict[str, Any]] = {
    "v_pred": {"prediction_type": "v_prediction"},
    "ztsnr": {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"},
}


@dataclass(frozen=True)
class ResolvedModel:
    """A model whose files are on this machine, whole.

    Attributes:
        path: a diffusers folder, or one safetensors file.
        revision: what its pictures' recipes name: the entry's revision, the Hub's commit, or a fingerprint.
        values: numbers in its weights, from which the memory that it takes follows.
        print: the fingerprint of its files as they were checked.
        vocabulary: all that it was taught to name, where it says so.
    """

    config: ModelConfig
    path: Path
    revision: str
    values: int
    print: str = ""
    vocabulary: ModelVocabulary | None = None

    @property
    def changed(self) -> bool:
        """Whether its files are others than those that were checked. Raises OSError."""
        return self.print != model_files.fingerprint(model_files.weights(self.path, self.config.origin.variant))

    @property
    def info(self) -> ModelInfo:
        """The model as people are told of it."""
        known = self.vocabulary.known() if self.vocabulary else None
        return self.config.info.model_copy(update={"knows": known})


@dataclass(frozen=True)
class LoadedModel:
    """A model in memory."""

    resolved: ResolvedModel
    pipeline: Any
    palette: Palette | None
    scheduler: Any  # as the model brought it; renders use fresh ones made from its configuration
    prompt_matcher: PromptMatcher | None = None
    stepper: Stepper | None = None  # None where the pipeline has to draw by itself

    @property
    def id(self) -> str:
        """The model's id."""
        return self.resolved.config.info.id


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
    if path.is_dir() or isinstance(where, LocalFolder):
        model_files.check_folder(model, path)
    else:
        model_files.check_file(model, path)
        if folder := _own_configuration(config):
            model_files.check_configuration(model, folder)
    weights = model_files.weights(path, config.origin.variant)
    print_ = model_files.fingerprint(weights)
    revision = config.origin.revision or commit or print_
    # From the headers alone: whether a model fits must be known before its weights are read.
    values = sum(math.prod(shape) for file in weights for shape in model_files.shapes(file).values())
    known = vocabulary.find(model, path) if path.is_dir() else None
    return ResolvedModel(config, path, revision[:_REVISION_MAX], values, print_, known)


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


def load(resolved: ResolvedModel, device: Device) -> LoadedModel:
    """Bring a model into memory. Raises ModelError, or what torch raises when memory does not suffice."""
    config, began = resolved.config, time.monotonic()
    dtype = dtype_of(resolved, device)
    try:
        pipeline = _folder(resolved, dtype) if resolved.path.is_dir() else _single(resolved, dtype)
        if resolved.path.is_dir():
            tensor_names.check(config.info.id, pipeline, resolved.path, config.origin.variant)
        pipeline.to(device.torch_device)
    except ModelError:
        raise
    except Exception as error:  # whatever diffusers and transformers raise for damaged or foreign files
        if is_out_of_memory(error) or is_lost(error):  # the cache then drops another model and comes back
            raise
        log.debug("model %s", config.info.id, exc_info=True)
        why = (str(error).splitlines() or [""])[0][:200]
        raise ModelError(
            config.info.id,
            f"{resolved.path} cannot be loaded ({type(error).__name__}: {why}).",
            "It may be damaged, or of a kind that this version of diffusers does not know.",
        ) from error
    safeguards.place(pipeline)
    colours = palette(getattr(pipeline, "vae", None), resolved.path if resolved.path.is_dir() else resolved.path.parent)
    pipeline.set_progress_bar_config(disable=True)
    log.info(
        "model %s: %s held in %.1f s (%.0f MB)",
        config.info.id,
        type(pipeline).__name__,
        time.monotonic() - began,
        resolved.values * dtype.itemsize / 1e6,
    )
    matcher = None
    if resolved.vocabulary:
        matcher = PromptMatcher(config.info, resolved.vocabulary, pipeline.tokenizer.get_vocab())
    return LoadedModel(resolved, pipeline, colours, pipeline.scheduler, matcher, Stepper.of(pipeline, clean))


def _folder(resolved: ResolvedModel, dtype: torch.dtype) -> Any:
    # The index names these parts as null, but diffusers fails on them unless they are passed as None once more.
    without = dict.fromkeys(model_files.left_out(resolved.path))
    return AutoPipelineForText2Image.from_pretrained(
        resolved.path,
        dtype=dtype,
        variant=resolved.config.origin.variant,
        use_safetensors=True,
        local_files_only=True,
        **(without | _without_checker(model_files.pipeline_class(resolved.path))),
    )


def _single(resolved: ResolvedModel, dtype: torch.dtype) -> Any:
    origin, names = resolved.config.origin, model_files.shapes(resolved.path)
    kind = origin.pipeline or next((k for start, k in _KINDS.items() if any(n.startswith(start) for n in names)), None)
    maker = getattr(getattr(diffusers, kind or "", None), "from_single_file", None)
    if maker is None:
        raise ValueError("its kind cannot be told from its keys; set `pipeline` to its class in diffusers")
    folder = _own_configuration(resolved.config)
    config = str(folder) if folder else origin.config
    try:
        pipeline = maker(str(resolved.path), dtype=dtype, config=config, **_without_checker(kind))
    except NotImplementedError as error:  # torch's words for tensors that are still without numbers
        raise ValueError(f"it lacks tensors that a {kind} needs") from error
    if changes := {name: value for key, told in _TOLD.items() if key in names for name, value in told.items()}:
        pipeline.scheduler = type(pipeline.scheduler).from_config(pipeline.scheduler.config, **changes)
    return pipeline


def _own_configuration(config: ModelConfig) -> Path | None:
    """The folder with the configuration of a single file, where its entry names one."""
    folder = config.base / config.origin.config if config.origin.config else None
    return folder if folder and folder.is_dir() else None


def _without_checker(kind: str | None) -> dict[str, Any]:
    """Arguments that leave out a safety checker, whichever class it has.

    It blackens pictures without a word; what may be drawn is a server's policy.
    """
    takes = inspect.signature(getattr(diffusers, kind or "", None) or object).parameters
    without = {"safety_checker": None, "requires_safety_checker": False}
    return {name: value for name, value in without.items() if name in takes}


def release() -> None:
    """Free pipelines that nothing refers to any more.

    Their modules refer to each other in cycles, so counting references alone would keep gigabytes until Python's
    collector happens to run.
    """
    gc.collect()
