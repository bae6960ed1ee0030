"""Models in less memory than their weights take: fewer bits a value, or only that part on the card which is at work.

All of it is diffusers' own. No kernel comes from the Hub.
"""

import importlib.util
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers.hooks import apply_layerwise_casting

from worker.engine.errors import ModelError

from . import fit
from .device import Device
from .model_config import Offload, Quantize

log = logging.getLogger(__name__)

GGUF = "gguf"
_PACKAGES = {"nf4": "bitsandbytes", GGUF: "gguf"}
# Of text encoders: T5 brings its numbers into the format that its `wo` is stored in, which is none to calculate with.
_KEPT = ("norm", "embed", "shared", r"\bwo\b")


def must_have_package(model: str, quantize: Quantize | None) -> None:
    """Raises ModelError where what reads such weights is not installed."""
    package = _PACKAGES.get(quantize or "")
    if package and importlib.util.find_spec(package) is None:
        raise ModelError(
            model,
            f'quantize = "{quantize}" needs the package {package}, which is not installed.',
            f'Run `pip install {package}` where Easel is installed, or write quantize = "fp8", which needs none.',
        )


def must_have_card(model: str, quantize: Quantize | None, device: Device) -> None:
    """Raises ModelError where such weights are not calculated with."""
    if quantize == "nf4" and device.torch_device.type == "cpu":
        raise ModelError(
            model,
            'quantize = "nf4" needs a graphics card, and Easel draws on the CPU here.',
            'Write quantize = "fp8", which any device can do, or leave it out.',
        )


def advice(parts: Mapping[str, int], itemsize: int, device: Device) -> str:
    """What to write into a model's table so that it fits; "" where nothing helps."""
    return fit.advice(parts, itemsize, device.usage().get("device_total", 0))


def arguments(folder: Path, parts: Mapping[str, int], quantize: Quantize | None, dtype: torch.dtype) -> dict[str, Any]:
    """What a folder's pipeline is loaded with, beside the usual; `nf4` alone has any."""
    if quantize != "nf4":
        return {}
    named = [name for name, values in parts.items() if fit.worth(name, values)]
    log.info("%s: %s in four bits", folder, ", ".join(named))
    config = diffusers.PipelineQuantizationConfig(
        quant_backend="bitsandbytes_4bit",
        quant_kwargs={"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": dtype},
        components_to_quantize=named,
    )
    return {"quantization_config": config}


def from_gguf(folder: Path, file: Path, dtype: torch.dtype) -> dict[str, Any]:
    """The denoiser of a folder from a file of its own, by its name in the pipeline. Raises ValueError."""
    index = diffusers.DiffusionPipeline.load_config(folder)
    name = next((name for name in fit.DENOISERS if name in index), None)
    maker = getattr(getattr(diffusers, index[name][1] if name else "", None), "from_single_file", None)
    if name is None or maker is None:
        raise ValueError("diffusers reads no GGUF file for this kind of model")
    config = diffusers.GGUFQuantizationConfig(compute_dtype=dtype)
    made = maker(
        str(file), quantization_config=config, dtype=dtype, config=str(folder), subfolder=name, local_files_only=True
    )
    return {name: made}


def in_eight_bits(pipeline: Any, dtype: torch.dtype) -> None:
    """Store the large parts of a pipeline in fp8. A layer is lifted to `dtype` while it calculates."""
    for part in _large(pipeline):
        if isinstance(part, diffusers.ModelMixin):
            part.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype)
        else:
            apply_layerwise_casting(part, torch.float8_e4m3fn, dtype, skip_modules_pattern=_KEPT)


def place(pipeline: Any, device: Device, offload: Offload | None) -> None:
    """Bring a pipeline to where it calculates; with `offload` only each part while it does."""
    if offload != "model":
        pipeline.to(device.torch_device)
    elif device.torch_device.type == "cpu":
        log.info("offload changes nothing here: there is no memory but the computer's own")
    else:
        pipeline.enable_model_cpu_offload(device=device.torch_device)


def apart_from_files(pipeline: Any) -> None:
    """Hold what is in the computer's memory in memory of its own.

    Weights that need no other format stay mapped to their files. If such a file is written over meanwhile, the model
    would draw other pictures under the old name; if it gets shorter, the system would end the process.
    """
    known: dict[tuple[Any, ...], torch.Tensor] = {}  # several layers may have one tensor
    for part in pipeline.components.values():
        if not isinstance(part, torch.nn.Module):
            continue
        for tensor in (*part.parameters(), *part.buffers()):
            if tensor.device.type == "cpu":
                key = tensor.data_ptr(), tensor.dtype, tensor.shape, tensor.stride()
                if key not in known:
                    known[key] = tensor.data.clone()
                tensor.data = known[key]


def _large(pipeline: Any) -> Iterator[torch.nn.Module]:
    for name, part in pipeline.components.items():
        if isinstance(part, torch.nn.Module) and fit.worth(name, sum(each.numel() for each in part.parameters())):
            yield part
