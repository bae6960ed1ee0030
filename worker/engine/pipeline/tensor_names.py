"""Do a model's files hold the tensors that its parts need, no fewer and no others?

The libraries say little about that. What is missing they fill with random numbers or zeros, what nobody needs they pass
over, and the model then draws noise, or nearly right pictures, for ever.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import diffusers
import torch

from worker.engine.errors import ModelError

from . import model_files

# As the first versions of diffusers called the projections of an attention; it still reads them.
_OLD = (("query", "to_q"), ("key", "to_k"), ("value", "to_v"), ("proj_attn", "to_out.0"))
_OLD_NAME = re.compile(r"\.(query|key|value|proj_attn)\.(weight|bias)$")
_SHOWN = 3
_NUMBERS = ("position_ids", "num_batches_tracked")  # what modules count with, which some files hold and others do not
_AGAIN = "Its files may be of another model, or another version of it: copy or download it again."


def check(model: str, pipeline: Any, folder: Path, variant: str | None) -> None:
    """Compare a diffusers folder with the pipeline that was loaded from it. Raises ModelError."""
    for name, part in pipeline.components.items():
        # Of those in fewer bits the tensors are others; diffusers itself fails where such a one is missing.
        if (
            not isinstance(part, torch.nn.Module)
            or getattr(part, "is_quantized", False)
            or hasattr(part, "hf_quantizer")
        ):
            continue
        shapes: dict[str, list[int]] = {}
        for file in model_files.chosen(folder / name, variant):
            shapes |= model_files.shapes(file)
        if isinstance(part, diffusers.ModelMixin):
            _same_names(model, folder / name, part, shapes)
        else:
            _no_fewer_values(model, folder / name, part, shapes)


def _same_names(model: str, where: Path, part: torch.nn.Module, shapes: Iterable[str]) -> None:
    found, needed = {_today(name) for name in shapes}, {_today(name) for name in part.state_dict()}
    passed_over = getattr(type(part), "_keys_to_ignore_on_load_unexpected", None) or ()
    missing, unused = _but_numbers(needed - found), _but_numbers(found - needed)
    unused = [name for name in unused if not any(re.search(pattern, name) for pattern in passed_over)]
    if missing:
        raise ModelError(model, f"{where} lacks {_some(missing)}.", _AGAIN)
    if unused:
        raise ModelError(model, f"{where} holds {_some(unused)}, which {type(part).__name__} does not have.", _AGAIN)


def _no_fewer_values(model: str, where: Path, part: torch.nn.Module, shapes: dict[str, list[int]]) -> None:
    # transformers renames tensors as it loads them, and one may stand for several: only how much there is can tell.
    own = {parameter.data_ptr(): parameter.numel() for parameter in part.parameters()}
    held = sum(torch.Size(shape).numel() for shape in shapes.values())
    if held < sum(own.values()):
        words = f"{where} holds {held:,} of the {sum(own.values()):,} numbers that {type(part).__name__} consists of."
        raise ModelError(model, words, _AGAIN)


def _but_numbers(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not name.endswith(_NUMBERS))


def _today(name: str) -> str:
    return _OLD_NAME.sub(lambda found: f".{dict(_OLD)[found[1]]}.{found[2]}", name)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more tensors" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
