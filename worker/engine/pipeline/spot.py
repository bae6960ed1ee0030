"""Where a figure goes, and what room it takes."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """Where a figure goes, in any unit: its left upper corner, and how many times as large it is as it was cut out."""

    left: float
    top: float
    scale: float = 1.0


Extent = tuple[float, float]  # width and height
Spots = Sequence[tuple[int, Spot]]  # figures by their numbers, the hindmost first
Group = tuple[Spots, Extent]  # some figures, from 0 on, and what room all of them take
