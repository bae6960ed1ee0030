"""A LoRA's file → what it adds to which layer of a model, whoever wrote it: diffusers, PEFT, kohya and their kin.

diffusers renames what the common trainers write. Easel finds the layers itself and needs no further package for it.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from worker.engine.errors import ModelError

_OTHER_KINDS = {"hada_": "LoHa", "lokr_": "LoKr", "dora_scale": "DoRA", "oft_": "OFT"}
_SIDES = {"A": "down", "B": "up"}
# As diffusers leaves them: by their module, or by an attention's old processor.
_OF_MODULE = re.compile(r"(.+?)\.(?:lora_(A|B)(?:\.default)?|(?:lora|lora_linear_layer)\.(down|up))\.weight")
_OF_PROCESSOR = re.compile(r"(.+?)(?:\.processor)?\.to_(q|k|v|out)_lora\.(down|up)\.weight")
_TEXT = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "out": "out_proj"}
_NETWORK = {"q": "to_q", "k": "to_k", "v": "to_v", "out": "to_out.0"}
_METADATA = "lora_adapter_metadata"  # where diffusers and PEFT write how it was trained


@dataclass(frozen=True)
class Layer:
    """What is added to what a layer makes of its input: `up(down(input)) * scale`.

    Attributes:
        module: linear or convolution.
        down, up: weights, in the shape that the module's own have; between them there are `rank` numbers.
    """

    module: torch.nn.Module
    down: torch.Tensor
    up: torch.Tensor
    scale: float


def layers(name: str, file: Path, pipeline: Any) -> list[Layer]:
    """All that a checked file changes, on the CPU. Raises ModelError where it is not for this pipeline."""
    state, metadata = _read(file)
    for mark, kind in _OTHER_KINDS.items():
        if any(mark in key for key in state):
            raise _unfit(name, f"{file} is a {kind}, which is not read", "Take a plain LoRA.")
    found = _pairs(name, file, *_renamed(name, file, state, pipeline))
    made: list[Layer] = []
    for path, sides in found.items():
        module = _module(pipeline, path)
        if module is None or len(sides) - ("alpha" in sides) != 2:
            raise _other_base(name, file, path)
        layer = _fitted(module, sides, metadata.get(f"{path.split('.')[0]}.lora_alpha"))
        if layer is None:
            raise _other_base(name, file, path)
        made.append(layer)
    if not made:
        raise _unfit(name, f"{file} holds no LoRA", _OTHER)
    return made


def _read(file: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    with safe_open(file, framework="pt") as opened:
        state = {key: opened.get_tensor(key).clone() for key in opened.keys()}  # noqa: SIM118 - it is no dictionary
        written = (opened.metadata() or {}).get(_METADATA, "{}")
    try:
        metadata = json.loads(written)
    except ValueError:
        metadata = {}
    return state, metadata if isinstance(metadata, dict) else {}


def _renamed(
    name: str, file: Path, state: dict[str, torch.Tensor], pipeline: Any
) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
    rename = getattr(type(pipeline), "lora_state_dict", None)
    if rename is None:
        raise _unfit(name, f"{type(pipeline).__name__} takes no LoRA", "Remove its table.")
    config = getattr(getattr(pipeline, "unet", None), "config", None)
    try:
        renamed = rename(state, unet_config=config, return_alphas=True)
    except Exception as error:  # whatever a file that it was not made for makes diffusers raise
        raise _unfit(
            name, f"{file} is of a kind that diffusers does not read ({type(error).__name__})", _OTHER
        ) from error
    if isinstance(renamed, dict):
        return renamed, {}
    return renamed[0], renamed[1] or {}


def _pairs(
    name: str, file: Path, state: dict[str, torch.Tensor], alphas: dict[str, float]
) -> dict[str, dict[str, torch.Tensor]]:
    """By the path of its module in the pipeline: `down`, `up` and, where it says so, `alpha`."""
    found: dict[str, dict[str, torch.Tensor]] = {}
    for key, tensor in state.items():
        if key.endswith(".alpha"):
            continue
        if processor := _OF_PROCESSOR.fullmatch(key):
            which = _TEXT if processor[1].startswith("text_encoder") else _NETWORK
            path, side = f"{processor[1]}.{which[processor[2]]}", processor[3]
        elif module := _OF_MODULE.fullmatch(key):
            path, side = module[1], _SIDES.get(module[2], module[3])
        else:
            raise _other_base(name, file, key)
        found.setdefault(path, {})[side] = tensor
        alpha = alphas.get(f"{key}.alpha", alphas.get(f"{path}.alpha", state.get(f"{path}.alpha")))
        if alpha is not None:
            found[path]["alpha"] = torch.as_tensor(alpha)
    return found


def _module(pipeline: Any, path: str) -> torch.nn.Module | None:
    part, _, rest = path.partition(".")
    whole = getattr(pipeline, part, None)
    # Versions of transformers differ in whether CLIP's layers lie in a `text_model` or not.
    for within in (rest, rest.removeprefix("text_model."), f"text_model.{rest}"):
        try:
            found = whole.get_submodule(within) if isinstance(whole, torch.nn.Module) else None
        except AttributeError:
            continue
        if isinstance(found, torch.nn.Linear | torch.nn.Conv2d):
            return found
    return None


def _fitted(module: torch.nn.Module, sides: dict[str, torch.Tensor], alpha: Any) -> Layer | None:
    """None where it is of another size than its module."""
    down, up, rank = sides["down"], sides["up"], len(sides["down"])
    alpha = float(sides["alpha"]) if "alpha" in sides else alpha
    scale = alpha / rank if isinstance(alpha, int | float) else 1.0
    if isinstance(module, torch.nn.Linear):
        down, up = down.flatten(1), up.flatten(1)
        fits = (down.shape, up.shape) == ((rank, module.in_features), (module.out_features, rank))
        return Layer(module, down, up, scale) if fits else None
    assert isinstance(module, torch.nn.Conv2d)  # noqa: S101 - `_module` finds nothing else
    if down.dim() == 2:  # of a convolution of single pixels, written as if it were linear
        down, up = down[..., None, None], up[..., None, None]
    fits = down.shape == (rank, module.in_channels, *module.kernel_size) and up.shape == (
        module.out_channels,
        rank,
        1,
        1,
    )
    return Layer(module, down, up, scale) if fits and module.groups == 1 else None


_OTHER = "Choose a LoRA that was trained for this kind of model, or remove its table."


def _other_base(name: str, file: Path, key: str) -> ModelError:
    return _unfit(name, f"{file} is for another kind of model: this one has nothing that {key} fits", _OTHER)


def _unfit(name: str, why: str, remedy: str) -> ModelError:
    return ModelError(name, f"{why}.", remedy)
