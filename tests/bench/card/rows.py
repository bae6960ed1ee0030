"""Milliseconds of a row by how many a call has: where more of them stop to pay."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from . import clock
from .bench import Bench
from .row import Row


def rows(bench: Bench) -> Iterator[Row]:
    """1, 2, 4 … at once."""
    alone: list[float] = []

    def measure(count: int) -> dict[str, Any]:
        each = clock.median(partial(bench.call, count)) / count
        alone.append(each)
        return {"ms_each": each * 1000, "gain": alone[0] / each}

    count = 1
    while count <= bench.rows:
        yield Row({"part": "rows", "rows": count}, partial(measure, count))
        count *= 2
