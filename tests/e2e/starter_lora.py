"""A LoRA of noise for the starter, in a catalogue of its own: the model that ships, and something to draw it with."""

import re
from pathlib import Path

from worker.engine.settings import CATALOGUE

NAME = "wild"
_RANK, _LOUD = 4, 0.6


def catalogue(folder: Path) -> Path:
    """A models.toml with the starter as it ships and that LoRA."""
    weights = CATALOGUE.parent.parent / "starter" / "weights"
    _write(folder / f"{NAME}.safetensors", weights / "unet" / "diffusion_pytorch_model.safetensors")
    table = CATALOGUE.read_text().split("[[model]]\n")[1].partition("\n# [[model]]")[0]
    table = re.sub(r'source = "[^"]*"', f'source = "{weights}"', table)
    lora = f'[[model.lora]]\nid = "{NAME}"\ntitle = "Wild"\nsource = "{NAME}.safetensors"\ntriggers = ["wildly"]\n'
    path = folder / "models.toml"
    path.write_text(f"[[model]]\n{table}\n{lora}")
    return path


def _write(file: Path, network: Path) -> None:
    """As PEFT writes them, for the queries of every attention."""
    import numpy as np
    from safetensors import safe_open
    from safetensors.numpy import save_file

    dice, state = np.random.default_rng(0), {}
    with safe_open(network, framework="numpy") as opened:
        for key in opened.keys():  # noqa: SIM118 - it is no dictionary
            if key.endswith(("to_q.weight", "to_v.weight")):
                out, into = opened.get_slice(key).get_shape()
                path = f"unet.{key.removesuffix('.weight')}"
                state[f"{path}.lora_A.weight"] = dice.normal(0, _LOUD, (_RANK, into)).astype(np.float32)
                state[f"{path}.lora_B.weight"] = dice.normal(0, _LOUD, (out, _RANK)).astype(np.float32)
    save_file(state, file)
