"""Resumable training: checkpoints (safetensors and JSON, never pickle), loss logs, the learning-rate ramp."""

import csv
import json
import logging
import time
from collections import deque
from pathlib import Path
from typing import Any, Self

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

log = logging.getLogger(__name__)

_NAME = "checkpoint.safetensors"


def ramp(step: int, warmup: int, steps: int) -> float:
    """Factor on the learning rate: a linear rise over `warmup` steps, level to 50 %, then linearly to 2 %."""
    if step < warmup:
        return (step + 1) / warmup
    return max(0.02, min(1.0, 2.0 * (1.0 - step / steps)))


def save(folder: Path, step: int, model: torch.nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """Write model and optimiser state so that a crash at any moment leaves the previous checkpoint usable."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"model.{name}": value.detach().contiguous() for name, value in model.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value.contiguous() for name, value in state.items()}
    partial = folder / "checkpoint.part"
    save_file(tensors, partial, metadata={"step": json.dumps(step)})
    partial.rename(folder / _NAME)


def restore(folder: Path, model: torch.nn.Module, optimiser: torch.optim.Optimizer) -> int:
    """Load the checkpoint in `folder` if there is one. Returns how many steps were done (0 for none)."""
    path = folder / _NAME
    if not path.exists():
        return 0
    tensors = load_file(path)
    model.load_state_dict({k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")})
    states: dict[int, dict[str, Any]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser."):
            _, index, name = key.split(".", 2)
            states.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({"state": states, "param_groups": optimiser.state_dict()["param_groups"]})
    return done(folder)


def restore_part(folder: Path, module: torch.nn.Module, part: str) -> None:
    """Load one named child of the saved model into `module`, if there is a checkpoint."""
    path = folder / _NAME
    if path.exists():
        prefix = f"model.{part}."
        tensors = load_file(path)
        module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})


def done(folder: Path) -> int:
    """How many steps the checkpoint in `folder` has seen (0 when there is none)."""
    path = folder / _NAME
    if not path.exists():
        return 0
    with safe_open(path, "pt") as opened:
        return int(json.loads(opened.metadata()["step"]))


class Progress:
    """The loss of every step in `<name>-loss.csv`, continued where a resumed run takes over, and progress lines.

    A context manager, which closes the file.
    """

    def __init__(self, name: str, folder: Path, start: int, steps: int, every: int = 50) -> None:
        self._name, self._start, self._steps, self._every = name, start, steps, every
        self._recent: deque[float] = deque(maxlen=every)
        path = folder / f"{name}-loss.csv"
        kept = [row for row in read_losses(path) if row[0] < start]
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", newline="", buffering=1)
        self._writer = csv.writer(self._file)
        self._writer.writerows((step, f"{loss:.5f}") for step, loss in kept)
        self._began = time.monotonic()

    def add(self, step: int, loss: float) -> None:
        """Record one step, and log a line now and then."""
        self._recent.append(loss)
        self._writer.writerow((step, f"{loss:.5f}"))
        if (step + 1) % self._every == 0:
            rate = (step + 1 - self._start) / (time.monotonic() - self._began)
            mean, left = sum(self._recent) / len(self._recent), (self._steps - step - 1) / rate
            line = "%s %d/%d loss %.4f, %.2f steps/s, %.0f s left"
            log.info(line, self._name, step + 1, self._steps, mean, rate, left)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def read_losses(path: Path) -> list[tuple[int, float]]:
    """Steps and losses of a log written by `LossLog` (empty when there is none)."""
    if not path.exists():
        return []
    with path.open(newline="") as opened:
        return [(int(row[0]), float(row[1])) for row in csv.reader(opened) if len(row) == 2]
