"""Seconds of a call, to its end on the device."""

import statistics
import time
from collections.abc import Callable

import torch

_SECONDS, _TRIES = 1.5, 40


def wait() -> None:
    """Until the device has done all that it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def once(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    wait()
    began = time.perf_counter()
    call()
    wait()
    return time.perf_counter() - began


def median(call: Callable[[], object]) -> float:
    """Of some calls, after those that warm it."""
    for _ in range(3 if torch.cuda.is_available() else 1):
        call()
    taken, began = list[float](), time.perf_counter()
    while len(taken) < 2 or (time.perf_counter() - began < _SECONDS and len(taken) < _TRIES):
        taken.append(once(call))
    return statistics.median(taken)
