"""Each rung alone, on the calls of one picture: what it gains, and how far its numbers are from those without it."""

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch

from . import clock
from .bench import Bench
from .row import Row


def _fused(network: Any) -> Any:
    network.fuse_qkv_projections()
    return network


_CLIMB: dict[str, Callable[[Any], Any]] = {
    "channels_last": lambda network: network.to(memory_format=torch.channels_last),
    "fused_qkv": _fused,
}


class _Compared:
    """Figures of a rung beside those of the first."""

    def __init__(self) -> None:
        self._first: tuple[torch.Tensor, float] | None = None

    def figures(self, call: Callable[[], torch.Tensor]) -> dict[str, Any]:
        made, seconds = call().float(), clock.median(call)
        self._first = self._first or (made, seconds)
        known, base = self._first
        apart = float((made - known).abs().max() / known.abs().max())
        return {"ms": seconds * 1000, "gain": base / seconds, "apart": apart}


def network(bench: Bench) -> Iterator[Row]:
    """`channels_last`, and QKV fused, which is exact but for SD3.5."""
    compared = _Compared()
    rows = 2 if bench.asked.guidance_scale > 1 else 1

    def climbed(rung: str) -> dict[str, Any]:
        plain = bench.network
        try:
            bench.network = _CLIMB[rung](copy.deepcopy(plain))
            return compared.figures(partial(bench.call, rows))
        finally:
            bench.network = plain

    about = {"part": "rungs", "of": "network"}
    yield Row(about | {"rung": "plain"}, lambda: compared.figures(partial(bench.call, rows)))
    for rung in bench.rungs:
        yield Row(about | {"rung": rung}, partial(climbed, rung))


def decoder(bench: Bench) -> Iterator[Row]:
    """Lifted to float32, as `force_upcast` asks of float16; as it is; and `channels_last`."""
    own = bench.pipeline.vae.dtype
    rungs: dict[str, tuple[torch.dtype, Any]] = {
        "lifted": (torch.float32, torch.contiguous_format),
        "not lifted": (own, torch.contiguous_format),
        "channels_last": (own, torch.channels_last),
    }
    compared = _Compared()
    shape = bench.stepper.family.shape(bench.asked)

    def measure(dtype: torch.dtype, layout: Any) -> dict[str, Any]:
        vae = copy.deepcopy(bench.pipeline.vae).to(dtype).to(memory_format=layout)
        latents = torch.randn(1, *shape, generator=torch.Generator().manual_seed(1)).to(vae.device, dtype)
        with torch.inference_mode():
            return compared.figures(lambda: vae.decode(latents, return_dict=False)[0])

    for name, given in rungs.items():
        yield Row({"part": "rungs", "of": "decoder", "rung": name}, partial(measure, *given))
