"""How far a variation goes from its picture."""

from collections.abc import Mapping
from enum import StrEnum


class Variation(StrEnum):
    """As people ask for it."""

    LITTLE = "little"  # seen to be the same picture
    LOT = "lot"  # another of the same words


PICTURES = 4  # of a picture, where limits allow as many
# How much is drawn anew, for all models. As `python -m worker.starter.variations` measures it for the starter, a little
# is about half as far from its picture as another seed is; from 0.8 on it is as far, and grows no further.
STRENGTHS: Mapping[Variation, float] = {Variation.LITTLE: 0.5, Variation.LOT: 0.8}


def variation_of(strength: float | None) -> Variation | None:
    """Which it is by the strength that it was asked for with; None for any other."""
    return next((each for each, usual in STRENGTHS.items() if usual == strength), None)
