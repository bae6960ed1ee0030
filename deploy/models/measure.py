"""How much memory weights take, and whether a card has it."""

import math
from collections.abc import Iterable, Mapping

from worker.engine.pipeline import fit
from worker.engine.pipeline.model_config import Offload, Quantize

_GIB = 1024**3
_BYTES = 2  # of a weight in 16 bits, as the engine holds them on a card
_SHOWN = 0.1  # GB
Shapes = Mapping[str, list[int]]


def parts_of(files: Iterable[tuple[str, Shapes]]) -> dict[str, int]:
    """Numbers in the weights of each part: `files` are the part's name ("" for a file with all) and its shapes."""
    parts: dict[str, int] = {}
    for name, shapes in files:
        parts[name] = parts.get(name, 0) + sum(math.prod(shape) for shape in shapes.values())
    return parts


def advice(
    parts: Mapping[str, int], card: float | None, quantize: Quantize | None = None, offload: Offload | None = None
) -> str:
    """What they take, and what to do where it does not fit into the memory of a card (GiB; None: there is none).

    `quantize` and `offload` are what the model's table has already.
    """
    weight, memory = fit.needed(parts, _BYTES, quantize, offload), (card or 0) * _GIB
    size = f"about {weight / 1e9:.1f}" if weight >= _SHOWN * 1e9 else f"less than {_SHOWN}"
    fields = [f'quantize = "{quantize}"'] * bool(quantize) + [f'offload = "{offload}"'] * bool(offload)
    how = f"with {' and '.join(fields)}" if fields else "in 16 bits"
    about = f"its weights take {size} GB {how}"
    if card is None:
        return f"{about}; no NVIDIA card was found here."
    if fit.fits(weight, memory):
        return f"{about}, and fit into the {memory / 1e9:.0f} GB of this card."
    smaller = fit.advice(parts, _BYTES, memory)
    return smaller or f"{about}. The card has {memory / 1e9:.0f} GB, and that is too little, whatever its table says."
