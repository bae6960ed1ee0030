"""Checkpoints of a training: safetensors and JSON, never pickle, whole or absent."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

NAME = "checkpoint.safetensors"


@dataclass(frozen=True)
class Mark:
    """How far a training is: steps done and seconds spent on them, over all its runs."""

    step: int = 0
    seconds: float = 0.0


def save(folder: Path, mark: Mark, model: torch.nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """Write model and optimiser state so that a crash at any moment leaves the previous checkpoint usable."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"model.{name}": value.detach().contiguous() for name, value in model.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value.contiguous() for name, value in state.items()}
    partial = folder / "checkpoint.part"
    save_file(tensors, partial, metadata={"mark": json.dumps(asdict(mark))})
    partial.rename(folder / NAME)


def restore(folder: Path, model: torch.nn.Module, optimiser: torch.optim.Optimizer) -> Mark:
    """Load the checkpoint in `folder` if there is one; one without optimiser state starts a fresh optimiser."""
    path = folder / NAME
    if not path.exists():
        return Mark()
    tensors = load_file(path)
    model.load_state_dict({k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")})
    states: dict[int, dict[str, Any]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser."):
            _, index, name = key.split(".", 2)
            states.setdefault(int(index), {})[name] = value
    if states:
        optimiser.load_state_dict({"state": states, "param_groups": optimiser.state_dict()["param_groups"]})
    return done(folder)


def restore_model(folder: Path, module: torch.nn.Module, part: str = "") -> None:
    """Load the saved model, or its child named `part`, into `module`, if there is a checkpoint."""
    path = folder / NAME
    if path.exists():
        prefix = f"model.{part}." if part else "model."
        tensors = load_file(path)
        module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})


def done(folder: Path) -> Mark:
    """How far the checkpoint in `folder` is (step 0 when there is none)."""
    path = folder / NAME
    if not path.exists():
        return Mark()
    return Mark(**json.loads(header(path)["mark"]))


def header(path: Path) -> dict[str, str]:
    """What a safetensors file says of itself beside its tensors."""
    with safe_open(path, "pt") as opened:
        return dict(opened.metadata() or {})
