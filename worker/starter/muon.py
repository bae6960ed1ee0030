"""Muon: the optimiser of a denoiser's matrices, which learns more in a step than AdamW alone.

A weight matrix moves along its momentum with all singular values made nearly one, so that rare directions move as far
as common ones. Source: Keller Jordan and others, "Muon: An optimizer for hidden layers in neural networks" (2024),
https://kellerjordan.github.io/posts/muon/; the step's size after Liu and others, "Muon is scalable for LLM training"
(2025), arXiv:2502.16982, so that AdamW's learning rate and weight decay hold here too.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import torch

from worker.starter import distributed

MOMENTUM = 0.95

_QUINTIC = (3.4445, -4.7750, 2.0315)  # of the source: steepest at zero, and then between 0.7 and 1.2
_ITERATIONS = (2, 2, 1)  # five, in groups that share a Gram matrix
_LIKE_ADAMW = 0.2  # the root mean square of AdamW's steps, in learning rates
_BUFFER = "momentum_buffer"


class Muon(torch.optim.AdamW):
    """AdamW for all parameters but `matrices`, which Muon moves.

    A training that AdamW began goes on: its momentum is taken over.

    Args:
        parameters: all of them.
        matrices: some of them, of two or more dimensions; a conv's weight is one row for each channel that it makes.
        options: AdamW's.
    """

    def __init__(
        self, parameters: Iterable[torch.nn.Parameter], matrices: Collection[torch.nn.Parameter], **options: Any
    ) -> None:
        super().__init__(parameters, **options)
        self._matrices = {id(one) for one in matrices}

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """Move all parameters that have a gradient; those of the matrices are taken away."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            moved = [(one, one.grad) for one in group["params"] if id(one) in self._matrices and one.grad is not None]
            weights, ahead = [one for one, _ in moved], [self._ahead(*each) for each in moved]
            for weight, direction in zip(weights, distributed.shared_out(orthogonal, ahead), strict=True):
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                reach = _LIKE_ADAMW * max(direction.shape) ** 0.5
                weight.add_(direction.view_as(weight), alpha=-group["lr"] * reach)
                weight.grad = None
        super().step()
        return loss

    def _ahead(self, weight: torch.nn.Parameter, gradient: torch.Tensor) -> torch.Tensor:
        """Renew the momentum; returns where it is going, (rows, columns), as Nesterov looks ahead."""
        state = self.state[weight]
        if _BUFFER not in state:
            begun = state.get("exp_avg")
            state.clear()
            state["step"] = torch.zeros(())  # AdamW looks for it in all that is restored
            state[_BUFFER] = torch.zeros_like(weight) if begun is None else begun / (1 - MOMENTUM)
        momentum = state[_BUFFER].mul_(MOMENTUM).add_(gradient)
        return gradient.add(momentum, alpha=MOMENTUM).flatten(1)


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """Return `matrix` (rows, columns) with singular values of about 0.7 to 1.2, in bfloat16, by Newton and Schulz.

    An iteration multiplies by a polynomial of the Gram matrix, which is small; every other time that is computed from
    the one before instead of from the whole matrix again, which takes a third off. More often, and rounding shows.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    made = (matrix.T if tall else matrix).bfloat16()
    made = made / made.norm().clamp(min=1e-7)
    for iterations in _ITERATIONS:
        gram = made @ made.T
        factor = _quintic(gram)
        for _ in range(iterations - 1):
            gram = factor @ gram @ factor
            factor = _quintic(gram) @ factor
        made = torch.mm(factor, made)
    return made.T if tall else made


def _quintic(gram: torch.Tensor) -> torch.Tensor:
    first, third, fifth = _QUINTIC
    factor = torch.addmm(gram, gram, gram, beta=third, alpha=fifth)
    factor.diagonal().add_(first)
    return factor
