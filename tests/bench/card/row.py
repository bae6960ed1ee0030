"""Rows of the table, measured one after the other: each is told as soon as it is known, and one that fails too."""

import json
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

_WORDS = 300


class Row(NamedTuple):
    """What is measured, and how; `measure` gives its figures by name."""

    about: dict[str, Any]
    measure: Callable[[], dict[str, Any]]


Clock = Callable[[], float]


def tell(rows: Iterable[Row], about: dict[str, Any], until: float, clock: Clock = time.monotonic) -> int:
    """Print each as a line of JSON; nothing begins after `until`. Returns how many failed."""
    failed = 0
    for row in _guarded(rows):
        if clock() > until:
            say(about | row.about | {"left_out": "no time"})
            continue
        began = clock()
        try:
            found = row.measure()
        except Exception as error:  # noqa: BLE001 - the next row may work, and time on a card is short
            failed += 1
            found = {"error": f"{type(error).__name__}: {error}"[:_WORDS]}
        say(about | row.about | found | {"took_s": clock() - began})
    return failed


def _guarded(rows: Iterable[Row]) -> Iterable[Row]:
    """Those that can be begun, and one for what keeps the others from it."""
    try:
        yield from rows
    except Exception as error:  # noqa: BLE001 - as above
        yield Row({}, _failing(error))


def _failing(error: Exception) -> Callable[[], dict[str, Any]]:
    def fail() -> dict[str, Any]:
        raise error

    return fail


def say(row: dict[str, Any]) -> None:
    """A line; figures with four digits."""
    rounded = {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in row.items()}
    print(json.dumps(rounded), flush=True)  # noqa: T201 - a table is made of such lines
