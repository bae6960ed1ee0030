"""Several processes that train one model, each on its own batches, as `torchrun` starts them.

On CPUs two processes of one thread beat one process of two threads: they wait for each other once a step instead of at
every small operation.
"""

import os
from collections.abc import Callable, Sequence

import torch
from torch import distributed


def join() -> None:
    """Join the other processes if there are any; gradients travel over the loopback or the network (gloo)."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not distributed.is_initialized():
        distributed.init_process_group("gloo")


def size() -> int:
    """How many processes there are."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def rank() -> int:
    """Which of them this is. The first one writes checkpoints and logs the progress."""
    return distributed.get_rank() if distributed.is_initialized() else 0


@torch.no_grad()
def agree(trained: Sequence[torch.nn.Parameter], seconds: float, stop: bool) -> tuple[float, bool]:
    """Average the gradients over all processes, in place.

    Returns what then holds for all: the `seconds` of the first one, and whether any was asked to `stop`.
    """
    if size() == 1:
        return seconds, stop
    said = torch.tensor([seconds if rank() == 0 else 0.0, float(stop)], device=trained[0].device)
    gradients = [one.grad if one.grad is not None else torch.zeros_like(one) for one in trained]
    flat = torch.cat([*(gradient.reshape(-1) for gradient in gradients), said])
    distributed.all_reduce(flat)
    clock, stops = flat[-2:].tolist()
    averages = torch.split(flat[:-2].div_(size()), [one.numel() for one in trained])
    for one, average in zip(trained, averages, strict=True):
        one.grad = average.view_as(one)
    return clock, stops > 0


@torch.no_grad()
def shared_out(work: Callable[[torch.Tensor], torch.Tensor], tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Return `work` of each tensor, of the same shape and in bfloat16; each process does a part and all get the whole.

    Parts are equal by the sizes of tensors, the largest first.
    """
    if size() == 1 or not tensors:
        return [work(one).bfloat16() for one in tensors]
    whole = torch.zeros(sum(one.numel() for one in tensors), dtype=torch.bfloat16, device=tensors[0].device)
    parts = torch.split(whole, [one.numel() for one in tensors])
    made = [part.view(one.shape) for part, one in zip(parts, tensors, strict=True)]
    loads = [0] * size()
    for index in sorted(range(len(tensors)), key=lambda each: -tensors[each].numel()):
        least = loads.index(min(loads))
        loads[least] += tensors[index].numel()
        if least == rank():
            made[index].copy_(work(tensors[index]))
    distributed.all_reduce(whole)  # what others did is zero here
    return made
