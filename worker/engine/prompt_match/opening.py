"""Where somebody is who is in something: behind the front rim of a box, in a bowl, in the water."""

from dataclasses import dataclass, replace
from enum import Enum, auto


class Within(Enum):
    """How one is in it."""

    INSIDE = auto()  # before its back, behind its front, which hides the lower part
    GLASS = auto()  # seen through it, as a whole
    WATER = auto()  # the lower part is under the surface, as good as hidden


@dataclass(frozen=True)
class Opening:
    """Where one is in a thing, in shares of the room that it takes in its drawing.

    Attributes:
        across: of the middle of its opening, or of what is seen through; from the other side where it is mirrored.
        down: of the front rim in its middle, of the surface; of glass, of the middle of what is seen through.
        wide: of the opening; whoever is in it is no wider.
        high: what is seen of whoever is in it is no higher; of the longer side.
        arc: how far the front rim is higher at its sides.
    """

    across: float
    down: float
    wide: float
    high: float
    arc: float = 0.0
    within: Within = Within.INSIDE

    @property
    def mirrored(self) -> "Opening":
        """The same of the drawing the other way round."""
        return replace(self, across=1 - self.across)
