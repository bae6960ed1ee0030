"""A request → what a pipeline of diffusers is called with; families differ in what they take and what guides them."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from PIL import Image

from worker.contract.types.request import Request

from .beyond import seed_of_turn

_SOURCES = ("image", "mask_image")
_SIZE = ("width", "height")  # which some take from the picture that they begin with


def arguments(
    pipeline: Any, asked: Request, chunk: list[int], sources: Sequence[Image.Image] = (), turn: int = 0
) -> dict[str, Any]:
    """What the pipeline is called with to draw pictures `chunk` of a request that begins with `sources`.

    `turn`: of several drawings of the same picture, as `seed_of_turn` takes it.

    At a guidance scale of 1 and below the pipelines make no unconditional pass.
    """
    takes = inspect.signature(type(pipeline).__call__).parameters
    given: dict[str, Any] = {
        "prompt": asked.prompt,
        "width": asked.width,
        "height": asked.height,
        "num_inference_steps": asked.steps,
        "num_images_per_prompt": len(chunk),
        # On the CPU even for a GPU: CUDA's generator draws other numbers, and a seed has to mean one picture anywhere.
        "generator": [_dice(seed_of_turn(asked.seed_of(index), turn)) for index in chunk],
    }
    if "num_images_per_prompt" not in takes or asked.prompts:
        given.pop("num_images_per_prompt")
        given["prompt"] = [asked.prompt_of(index) for index in chunk]
    if "use_resolution_binning" in takes:  # it would draw the nearest size of a table, and shrink or cut that
        given["use_resolution_binning"] = False
    if sources:
        given |= dict(zip(_SOURCES, sources, strict=False)) | {"strength": asked.strength}
        given = {name: value for name, value in given.items() if name not in _SIZE or name in takes}
    given |= _guided(takes, asked)
    if asked.prompts and "negative_prompt" in given:  # as many as there are prompts, or some pipelines refuse
        given["negative_prompt"] = [given["negative_prompt"]] * len(chunk)
    return given


def _dice(seed: int) -> torch.Generator:
    return torch.Generator("cpu").manual_seed(seed)


def _guided(takes: Mapping[str, inspect.Parameter], asked: Request) -> dict[str, Any]:
    if _by_true_guidance(takes):  # Qwen-Image: without any negative prompt it makes no unconditional pass at all
        return {"true_cfg_scale": asked.guidance_scale, "negative_prompt": asked.negative_prompt or " "}
    given: dict[str, Any] = {"guidance_scale": asked.guidance_scale} if "guidance_scale" in takes else {}
    # Flux and other models distilled from guidance take none; what they do not know they would refuse with a TypeError.
    if asked.negative_prompt and "negative_prompt" in takes:
        given["negative_prompt"] = asked.negative_prompt
    return given


def _by_true_guidance(takes: Mapping[str, inspect.Parameter]) -> bool:
    """Whether `guidance_scale` is for distilled models only there, and an argument of another name does the work.

    Flux has that argument as well, switched off: it is distilled.
    """
    found = takes.get("true_cfg_scale")
    return found is not None and isinstance(found.default, int | float) and found.default > 1
