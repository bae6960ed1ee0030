"""How much memory weights take, and whether a card has it."""

import math
from collections.abc import Iterable

_GIB = 1024**3
_BYTES = 2  # of a weight in 16 bits, as the engine holds them on a card
_SHOWN = 0.1  # GiB
_BESIDES = 1.3  # for what is computed, and the decoder


def weight_of(files: Iterable[dict[str, list[int]]]) -> float:
    """GiB of these tensors in 16 bits."""
    return sum(math.prod(shape) for shapes in files for shape in shapes.values()) * _BYTES / _GIB


def advice(weight: float, card: float | None) -> str:
    """What to do where it does not fit into the memory of a card; both in GiB."""
    size = f"about {weight:.1f}" if weight >= _SHOWN else f"less than {_SHOWN}"
    about = f"Its weights take {size} GiB in 16 bits"
    if card is None or weight * _BESIDES <= card:
        return f"{about}."
    if weight / 2 * _BESIDES <= card:
        return f'{about}, and the card has {card:.0f}: write quantize = "fp8" into its table.'
    return f'{about}, and the card has {card:.0f}: write quantize = "fp8" and offload = "model" into its table.'
