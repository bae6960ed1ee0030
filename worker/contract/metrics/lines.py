"""A metric's change as one line in a pipe, from processes that end before anybody asks them, to one that stays.

A supervisor makes the pipe, its parts inherit it, and the processes that slots fork inherit it from them. A line is
written at once and whole (`PIPE_BUF`), so what a process counted before it was killed is there, nothing is counted
twice, and no file is left behind. Nobody ever waits: where the pipe is full or its reader gone, the line is lost, and a
full one is told of with the next that goes through.
"""

import json
import os
import select
from collections.abc import Mapping
from typing import Any

from .counts import NO_METRICS, Metrics
from .table import LOST

PIPE = "EASEL_METRICS_PIPE"  # in a part's environment: the number of the end that it writes to


class MetricsPipe:
    """Writes to it; `file` is set not to block."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lost = 0
        os.set_blocking(file, False)

    def count(self, name: str, by: float = 1, /, **labels: str) -> None:
        """So many more."""
        self._write("count", name, by, labels)

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """One more of a histogram."""
        self._write("observe", name, value, labels)

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """What a gauge shows from now on."""
        self._write("set", name, value, labels)

    def _write(self, how: str, name: str, value: float, labels: Mapping[str, str]) -> None:
        lost = self._lost
        line = json.dumps([how, name, value, labels, lost]).encode() + b"\n"
        if len(line) > select.PIPE_BUF:
            return
        try:
            os.write(self._file, line)
        except BlockingIOError:
            self._lost += 1
        except OSError:  # its reader has gone, and takes us along
            return
        else:
            self._lost -= lost


def metrics_of(environment: Mapping[str, str]) -> Metrics:
    """What a part counts with: the pipe that its supervisor gave it, if it did."""
    try:
        return MetricsPipe(int(environment[PIPE]))
    except (KeyError, ValueError, OSError):
        return NO_METRICS


def take(board: Metrics, line: bytes) -> None:
    """Count what a line says. One that cannot be read is nothing."""
    try:
        how, name, value, labels, lost = json.loads(line)
        labels = {str(label): str(each) for label, each in labels.items()}
        change: Any = {"count": board.count, "observe": board.observe, "set": board.set}[how]
        change(str(name), float(value), **labels)
        board.count(LOST, float(lost))
    except (ValueError, KeyError, TypeError, AttributeError):
        return
