"""What a training shows: a bar with its loss and speed, and the loss of every step in a CSV file."""

import csv
import logging
import os
import sys
import time
from pathlib import Path
from typing import Self

import torch

log = logging.getLogger(__name__)

_BAR = 24


class TrainingProgress:
    """A context manager that records losses and shows how far a training is.

    Losses stay on their device until a line is due, so that a GPU never waits for them.

    Args:
        name: of the training; the file is `<name>-loss.csv`.
        folder: where it lies; a resumed run continues it.
        start: the first step that this run does.
        kept: whether it shows and records at all; of several processes one does.
    """

    def __init__(self, name: str, folder: Path, start: int, every: int = 25, *, kept: bool = True) -> None:
        self._name, self._start, self._every = name, start, every
        path = folder / f"{name}-loss.csv" if kept else Path(os.devnull)
        before = [row for row in read_losses(path) if row[0] < start] if kept else []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._kept = kept
        self._file = path.open("w", newline="", buffering=1)
        self._writer = csv.writer(self._file)
        self._writer.writerows((step, f"{loss:.5f}") for step, loss in before)
        self._waiting: list[tuple[int, torch.Tensor]] = []
        self._began, self._share = time.monotonic(), 0.0

    def add(self, step: int, loss: torch.Tensor, share: float) -> None:
        """Record one step's loss; `share` of the training is done with it."""
        self._waiting.append((step, loss.detach()))
        self._share = share
        if len(self._waiting) >= self._every:
            self._tell()

    def _tell(self) -> None:
        losses = torch.stack([loss for _, loss in self._waiting]).float().tolist()
        steps = [step for step, _ in self._waiting]
        self._waiting.clear()
        self._writer.writerows((step, f"{loss:.5f}") for step, loss in zip(steps, losses, strict=True))
        if not self._kept:
            return
        spent = time.monotonic() - self._began
        filled = round(_BAR * self._share)
        line = (
            f"{self._name} [{'#' * filled}{'.' * (_BAR - filled)}] {self._share:4.0%} step {steps[-1] + 1} "
            f"loss {sum(losses) / len(losses):.4f}, {(steps[-1] + 1 - self._start) / spent:.2f} steps/s"
        )
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{line}\x1b[K")
        else:
            log.info("%s", line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._waiting:
            self._tell()
        if self._kept and sys.stderr.isatty():
            sys.stderr.write("\n")
        self._file.close()


def read_losses(path: Path) -> list[tuple[int, float]]:
    """Steps and losses of a log written by `TrainingProgress` (empty when there is none)."""
    if not path.exists():
        return []
    with path.open(newline="") as opened:
        return [(int(row[0]), float(row[1])) for row in csv.reader(opened) if len(row) == 2]
