"""One step for many pictures, whatever their samplers, numbers of steps and guidance scales."""

from collections.abc import Sequence
from typing import Protocol

import torch

from .trajectory import Condition, Trajectory


class Model(Protocol):
    """What predicts."""

    @property
    def dtype(self) -> torch.dtype:
        """Its number format."""

    def call(self, latents: torch.Tensor, timesteps: torch.Tensor, conditions: Sequence[Condition]) -> torch.Tensor:
        """One prediction a row.

        Args:
            latents: (rows, channels, height, width) in the model's number format.
            timesteps: (rows,) in float32.
            conditions: one a row.
        """


@torch.no_grad()
def advance(model: Model, pictures: Sequence[Trajectory], rows: int, *, filled: bool = False) -> list[int]:
    """Take one step for each picture; their latents have one shape. Returns the rows of each call.

    Pictures stay as they were when this raises. Latents, guidance and samplers are in float32; the model alone is in
    its own number format.

    A call has `rows` at most; the memory that it takes grows with them. When it is `filled`, it has just so many, some
    of them for nothing: what a picture becomes then depends on no other, to the last bit.
    """
    scales = torch.stack([each.table.scales[each.step] for each in pictures])
    latents = torch.stack([each.latents for each in pictures]) * scales.view(-1, 1, 1, 1)
    guided = [number for number, each in enumerate(pictures) if each.without is not None]
    places = [*guided, *range(len(pictures))]
    conditions = [*(each.without for each in pictures if each.without is not None), *(each.prompt for each in pictures)]
    timesteps = torch.stack([each.table.timesteps[each.step] for each in pictures])
    inputs = latents.to(model.dtype)
    parts: list[torch.Tensor] = []
    calls = _filled(len(places), rows) if filled else _chunks(len(places), rows)
    for chosen in calls:
        chunk = [places[each] for each in chosen]
        parts.append(model.call(inputs[chunk], timesteps[chunk], [conditions[each] for each in chosen]).float())
    every = torch.cat(parts)[: len(places)]
    predictions = every[len(guided) :].clone()
    if guided:
        without = every[: len(guided)]
        scale = torch.tensor([pictures[number].guidance for number in guided], device=every.device)
        predictions[guided] = without + scale.view(-1, 1, 1, 1) * (predictions[guided] - without)
    predictions = torch.stack([each.kept(own) for each, own in zip(pictures, predictions, strict=True)])
    # All of them before the first is done: each may be the one that finds no memory left.
    states = [each.noised(state) for each, state in zip(pictures, _sample(pictures, predictions), strict=True)]
    for each, prediction, state in zip(pictures, predictions, states, strict=True):
        each.take(prediction, state)
    return [len(chosen) for chosen in calls]


def _filled(count: int, rows: int) -> list[list[int]]:
    """Split them into calls of just so many; the first stands again where there are no more."""
    places = [*range(count), *[0] * (-count % rows)]
    return [places[start : start + rows] for start in range(0, len(places), rows)]


def _chunks(count: int, most: int) -> list[range]:
    """Split so many rows into as few calls as may be, of about the same size each."""
    calls = -(-count // most)
    return [range(count * call // calls, count * (call + 1) // calls) for call in range(calls)]


def _sample(pictures: Sequence[Trajectory], predictions: torch.Tensor) -> list[torch.Tensor]:
    """The state of each picture after its sampler's step, but for fresh noise."""
    size = max(each.table.state for each in pictures)
    inputs = predictions.new_zeros(len(pictures), size + 1, *predictions.shape[1:])
    steps = predictions.new_zeros(len(pictures), size, size + 1)
    for number, each in enumerate(pictures):
        own = each.table.state
        inputs[number, :own] = each.state
        steps[number, :own, :own] = each.table.advance[each.step, :, :own]
        steps[number, :own, size] = each.table.advance[each.step, :, own]
    inputs[:, size] = predictions
    # Added up one by one. A multiplication of matrices rounds as its size wills, which others' samplers have a part in;
    # what of these numbers are zeros changes nothing.
    weights = steps.view(*steps.shape, 1, 1, 1)
    states = weights[:, :, 0] * inputs[:, None, 0]
    for place in range(1, size + 1):
        states = states + weights[:, :, place] * inputs[:, None, place]
    return [states[number, : each.table.state] for number, each in enumerate(pictures)]
