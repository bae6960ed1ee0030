"""A catalogue entry → a pipeline in memory: safetensors only, no code but that of diffusers and transformers."""

import gc
import inspect
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import diffusers
import torch
from diffusers import AutoPipelineForText2Image

from worker.contract.types.request import Request
from worker.engine.errors import ModelError
from worker.engine.prompt_match import PromptMatcher
from worker.engine.step.fitted import Fitted
from worker.engine.step.memory import is_out_of_memory
from worker.engine.step.stepper import Stepper

from . import low_memory, model_files, safeguards, tensor_names
from .device import Device, is_lost
from .fetch import ResolvedModel, bytes_of, dtype_of, own_configuration
from .guides import Guides
from .lora import Loras
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
class LoadedModel:
    """A model in memory.

    Attributes:
        fits: pictures that its own pipeline draws at once, by width and height, after more had not fitted into memory.
        decoded_fits: the same of pictures that its decoder decodes at once, by the shape of latents.
    """

    resolved: ResolvedModel
    pipeline: Any
    palette: Palette | None
    scheduler: Any  # as the model brought it; renders use fresh ones made from its configuration
    prompt_matcher: PromptMatcher | None = None
    stepper: Stepper | None = None  # None where the pipeline has to draw by itself
    loras: Loras | None = None
    guides: Guides | None = None
    fits: Fitted = field(default_factory=Fitted)
    decoded_fits: Fitted = field(default_factory=Fitted)

    @property
    def id(self) -> str:
        """The model's id."""
        return self.resolved.config.info.id

    def spacing(self, asked: Request) -> str | None:
        """How a LoRA of a request wants a sampler's timesteps to lie; None: as the model's own do."""
        wanted = {each.id: each.origin.spacing for each in self.resolved.config.loras}
        return next(filter(None, (wanted.get(each.id) for each in asked.loras if each.weight)), None)

    def sampler(self, asked: Request) -> Any:
        """The scheduler that those of a request are made from."""
        if (spacing := self.spacing(asked)) is None:
            return self.scheduler
        return type(self.scheduler).from_config(self.scheduler.config, timestep_spacing=spacing)

    def use(self, asked: Request) -> None:
        """Draw with the LoRAs and guides of a request and no others from now on. Raises ModelGoneError."""
        if self.guides:
            self.guides.use(asked.guides)
        if self.loras is None:
            return
        try:
            self.loras.use(asked.loras)
        finally:  # also where a file is gone: then none is used
            if self.stepper:
                self.stepper.family.texts_mean(self.loras.used)


def load(resolved: ResolvedModel, device: Device) -> LoadedModel:
    """Bring a model into memory. Raises ModelError, or what torch raises when memory does not suffice."""
    config, began = resolved.config, time.monotonic()
    low_memory.must_have_card(config.info.id, config.origin.quantize, device)
    dtype = dtype_of(resolved, device)
    try:
        pipeline = _folder(resolved, dtype) if resolved.path.is_dir() else _single(resolved, dtype)
        if resolved.path.is_dir():
            tensor_names.check(config.info.id, pipeline, resolved.path, config.origin.variant)
        if config.origin.quantize == "fp8":
            low_memory.in_eight_bits(pipeline, dtype)
        # Before parts come and go: what brings them to the device does not bring the pictures that this is fitted by.
        colours = palette(
            getattr(pipeline, "vae", None), resolved.path if resolved.path.is_dir() else resolved.path.parent
        )
        low_memory.place(pipeline, device, config.origin.offload)
        low_memory.apart_from_files(pipeline)
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
    pipeline.set_progress_bar_config(disable=True)
    log.info(
        "model %s: %s held in %.1f s (%.0f MB)",
        config.info.id,
        type(pipeline).__name__,
        time.monotonic() - began,
        bytes_of(resolved, device) / 1e6,
    )
    matcher = None
    if resolved.vocabulary:
        matcher = PromptMatcher(config.info, resolved.vocabulary, pipeline.tokenizer.get_vocab())
    loras = Loras(pipeline, device.torch_device, config.loras) if config.loras else None
    stepper = Stepper.of(pipeline, clean)
    guides = None
    if config.guides and stepper and stepper.family.follows:
        guides = Guides(config.info.id, pipeline, stepper.family, device.torch_device, config.guides)
    return LoadedModel(resolved, pipeline, colours, pipeline.scheduler, matcher, stepper, loras, guides)


def _folder(resolved: ResolvedModel, dtype: torch.dtype) -> Any:
    # The index names these parts as null, but diffusers fails on them unless they are passed as None once more.
    without: dict[str, Any] = dict.fromkeys(model_files.left_out(resolved.path))
    own = low_memory.from_gguf(resolved.path, resolved.denoiser, dtype) if resolved.denoiser else {}
    return AutoPipelineForText2Image.from_pretrained(
        resolved.path,
        dtype=dtype,
        variant=resolved.config.origin.variant,
        use_safetensors=True,
        local_files_only=True,
        **(without | _without_checker(model_files.pipeline_class(resolved.path)) | own),
        **low_memory.arguments(resolved.path, resolved.parts, resolved.config.origin.quantize, dtype),
    )


def _single(resolved: ResolvedModel, dtype: torch.dtype) -> Any:
    origin, names = resolved.config.origin, model_files.shapes(resolved.path)
    kind = origin.pipeline or next((k for start, k in _KINDS.items() if any(n.startswith(start) for n in names)), None)
    maker = getattr(getattr(diffusers, kind or "", None), "from_single_file", None)
    if maker is None:
        raise ValueError("its kind cannot be told from its keys; set `pipeline` to its class in diffusers")
    folder = own_configuration(resolved.config)
    config = str(folder) if folder else origin.config
    try:
        pipeline = maker(str(resolved.path), dtype=dtype, config=config, **_without_checker(kind))
    except NotImplementedError as error:  # torch's words for tensors that are still without numbers
        raise ValueError(f"it lacks tensors that a {kind} needs") from error
    if changes := {name: value for key, told in _TOLD.items() if key in names for name, value in told.items()}:
        pipeline.scheduler = type(pipeline.scheduler).from_config(pipeline.scheduler.config, **changes)
    return pipeline


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
