"""Pictures that are followed while others are drawn: by ControlNets, which add to what a UNet makes on its way.

Rows of one call follow by the same networks; each brings its own picture and weight in its condition.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from worker.engine.step.trajectory import Condition

from .base import stacked

LOOK = "look"  # what an image encoder says of a reference, for an IP-Adapter within the UNet


def picture_of(network: str) -> str:
    """The name of its picture in a condition: (3, height, width) in pixels, from 0 to 1."""
    return f"picture of {network}"


def weight_of(network: str) -> str:
    """The name of its weight in a condition: a number."""
    return f"weight of {network}"


def look(conditions: Sequence[Condition]) -> dict[str, Any]:
    """What the UNet is told of references beside the rest; nothing without any."""
    return {"image_embeds": [stacked(conditions, LOOK)]} if LOOK in conditions[0] else {}


def residuals(
    networks: Mapping[str, torch.nn.Module],
    latents: torch.Tensor,
    timesteps: torch.Tensor,
    conditions: Sequence[Condition],
    added: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the networks add to the UNet's blocks, as its arguments; nothing without networks."""
    every: list[torch.Tensor] = []
    for name, network in networks.items():
        *down, mid = _added(network, name, latents, timesteps, conditions, added)
        every = [one + own for one, own in zip(every, [*down, mid], strict=True)] if every else [*down, mid]
    if not every:
        return {}
    return {"down_block_additional_residuals": tuple(every[:-1]), "mid_block_additional_residual": every[-1]}


def _added(
    network: torch.nn.Module,
    name: str,
    latents: torch.Tensor,
    timesteps: torch.Tensor,
    conditions: Sequence[Condition],
    added: Mapping[str, Any] | None,
) -> list[torch.Tensor]:
    down, mid = network(
        latents,
        timesteps,
        encoder_hidden_states=stacked(conditions, "text"),
        controlnet_cond=stacked(conditions, picture_of(name)).to(latents.dtype),
        added_cond_kwargs=added,
        return_dict=False,
    )
    weights = stacked(conditions, weight_of(name)).to(latents.dtype).view(-1, 1, 1, 1)
    return [each * weights for each in (*down, mid)]
