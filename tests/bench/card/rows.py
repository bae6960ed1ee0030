"""Milliseconds of a row by how many a call has: where more of them stop to pay."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from . import clock


def inputs(pipeline: Any, rows: int, side: int) -> dict[str, Any]:
    """What a network is called with."""
    unet = pipeline.unet
    device, dtype = unet.device, unet.dtype
    given: dict[str, Any] = {
        "sample": torch.randn(rows, 4, side // 8, side // 8).to(device, dtype),
        "timestep": torch.full((rows,), 500.0, device=device),
        "encoder_hidden_states": torch.randn(rows, 77, unet.config.cross_attention_dim).to(device, dtype),
        "return_dict": False,
    }
    if unet.config.addition_embed_type == "text_time":
        pooled = unet.config.projection_class_embeddings_input_dim - 6 * unet.config.addition_time_embed_dim
        given["added_cond_kwargs"] = {
            "text_embeds": torch.randn(rows, pooled).to(device, dtype),
            "time_ids": torch.zeros(rows, 6, device=device, dtype=dtype),
        }
    return given


@torch.inference_mode()
def rows(pipeline: Any, side: int, most: int, say: Callable[..., None]) -> None:
    """1, 2, 4 … at once."""
    base, count = 0.0, 1
    while count <= most:
        given = inputs(pipeline, count, side)
        each = clock.median(partial(pipeline.unet, **given)) / count
        base = base or each
        say(part="rows", rows=count, ms_each=each * 1000, gain=base / each)
        count *= 2
