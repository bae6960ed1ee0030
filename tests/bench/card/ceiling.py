"""How much faster eight people's requests can be at best where they are drawn together.

The plain pipeline takes each request's steps in calls of its own rows and decodes its pictures in one call. No loop can
do better than the same rows, each in what a row takes in the best of all calls, and likewise the decoder. So the bound
needs calls alone, no loop: what is missing to it is the loop's doing, and nothing beyond it can be had on this device.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch

from worker.contract.types.request import Request

from . import clock
from .bench import Bench
from .loop import eight
from .row import Row

_TRIES = 7
_DECODED = (1, 2, 4)  # pictures of one call of the decoder


def ceiling(bench: Bench) -> Iterator[Row]:
    """For all, and for the network alone."""
    yield Row({"part": "ceiling", "what": "8 people"}, partial(_bound, bench, eight(bench, bench.asked)))


def _bound(bench: Bench, wishes: list[Request]) -> dict[str, Any]:
    rows = [wish.count * (2 if wish.guidance_scale > 1 else 1) for wish in wishes]
    called = {many: _least(partial(bench.call, many)) for many in sorted({*rows, bench.rows})}
    decoded = {many: _least(partial(_decode, bench, many)) for many in _DECODED}
    pairs = list(zip(wishes, rows, strict=True))
    alone = sum(wish.steps * called[many] for wish, many in pairs)
    together = sum(wish.steps * many for wish, many in pairs) * _best(called)
    decoder = sum(decoded[wish.count] for wish in wishes)
    shared = sum(wish.count for wish in wishes) * _best(decoded)
    return {
        "ms_a_row": {many: round(1000 * seconds / many, 2) for many, seconds in called.items()},
        "ms_a_picture_decoded": {many: round(1000 * seconds / many, 2) for many, seconds in decoded.items()},
        "plain_s": alone + decoder, "at_best_s": together + shared,
        "network_times_as_fast": alone / together, "times_as_fast": (alone + decoder) / (together + shared),
    }  # fmt: skip


def _best(seconds: dict[int, float]) -> float:
    """Of one, in the call that takes least for each."""
    return min(taken / many for many, taken in seconds.items())


def _decode(bench: Bench, pictures: int) -> None:
    family = bench.stepper.family
    family.decode(torch.randn(pictures, *family.shape(bench.asked)).to(family.device))


def _least(call: Callable[[], object]) -> float:
    """Seconds of a call when nothing else wants the device; on a CPU its processor time, as others may want that."""
    call()
    return min(_seconds(call) for _ in range(_TRIES))


def _seconds(call: Callable[[], object]) -> float:
    if torch.cuda.is_available():
        return clock.once(call)
    began = time.process_time()
    call()
    return time.process_time() - began
