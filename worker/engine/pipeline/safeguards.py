"""What a model's own code may do that people must hear of in words, whichever of our loops draws with it."""

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import torch

from worker.contract.types import cause as causes
from worker.engine.errors import RenderError, UnfitError

_AUTOENCODERS = ("vae", "movq", "vqvae", "vqgan")  # as diffusers' pipelines name it


def place(pipeline: Any) -> None:
    """Make a pipeline refuse in words what it does not take, and see what its decoder makes."""
    refuse_in_words(pipeline)
    decoder = getattr(autoencoder(pipeline), "decoder", None)
    if isinstance(decoder, torch.nn.Module):
        decoder.register_forward_hook(_finite)


def autoencoder(pipeline: Any) -> Any:
    """What turns latents into pixels; None where the model draws pixels at once."""
    return next((found for name in _AUTOENCODERS if (found := getattr(pipeline, name, None)) is not None), None)


def refuse_in_words(pipeline: Any) -> None:
    """Make what a pipeline objects to a refusal, and no fault of the engine."""
    check = getattr(pipeline, "check_inputs", None)
    if check is None:
        return

    @functools.wraps(check)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return check(*args, **kwargs)
        except ValueError as error:  # what all of diffusers' checks raise: the request's fault and not the engine's
            first = (str(error).splitlines() or [""])[0].rstrip(".")
            raise UnfitError(causes.model_objects(first)) from error

    pipeline.check_inputs = checked


def _finite(_: torch.nn.Module, __: Any, decoded: Any) -> None:
    # Latents are looked at after the last step. A decoder in half precision may still run over, or have such weights;
    # what is not a number comes out black.
    if not is_finite(decoded if isinstance(decoded, torch.Tensor) else decoded[0]):
        raise RenderError(causes.numbers_absurd())


def is_finite(made: torch.Tensor) -> bool:
    """Whether these are all numbers. Waits for the GPU."""
    return bool(torch.isfinite(made).all())


@contextlib.contextmanager
def formats_kept(module: torch.nn.Module | None) -> Iterator[None]:
    """Give every tensor of a module the number format back that it had before.

    SDXL's pipeline lifts a decoder of half precision to float32 while it decodes. If memory runs out in the middle, it
    would stay so and fail every later render.
    """
    if not isinstance(module, torch.nn.Module):
        yield
        return
    before = {name: tensor.dtype for name, tensor in _tensors(module)}
    try:
        yield
    finally:
        for name, tensor in _tensors(module):
            if tensor.dtype != before.get(name, tensor.dtype):
                tensor.data = tensor.data.to(before[name])


def _tensors(module: torch.nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    yield from module.named_parameters()
    yield from module.named_buffers()
