"""In which way somebody has a thing, and where the mouth and the hands for that are."""

from dataclasses import dataclass, replace
from enum import Enum, auto


class Grip(Enum):
    """What is done with a thing, as far as that decides where it is; all of it `Relation.WITH`."""

    MOUTH = auto()  # eaten, drunk, blown: at the mouth
    HANDS = auto()  # held before the belly
    UPRIGHT = auto()  # long, and held upright at the side: a sword, an umbrella
    AFLOAT = auto()  # on a string, whose lower end is in a hand: a balloon
    FLOWN = auto()  # far up at the side: a kite
    READ = auto()  # wide, before the chest
    ACROSS = auto()  # slanted before the chest: a guitar
    GROUND = auto()  # on the ground before somebody who looks over it: a drum
    PUSHED = auto()  # on the same ground, at the side to which somebody looks
    PULLED = auto()  # likewise at the other side
    RAISED = auto()  # over the head


@dataclass(frozen=True)
class Reach:
    """Where the mouth and the hands of somebody are, in shares of the room that they take in their drawing.

    Attributes:
        mouth: across and down: its middle, or the tip of a snout that is seen from the side.
        eyes: how far down they reach.
        hands: across and down: the middle between both.
        beside: from which share across on nothing covers the eyes of whom is not seen from the side.
        sideways: seen from the side, looking to the left in the drawing; else facing whoever looks at it.
    """

    mouth: tuple[float, float] = (0.5, 0.4)
    eyes: float = 0.33
    hands: tuple[float, float] = (0.5, 0.72)
    beside: float = 0.74
    sideways: bool = False

    @property
    def turned_round(self) -> "Reach":
        """The same of the drawing the other way round."""
        mouth, hands = ((1 - across, down) for across, down in (self.mouth, self.hands))
        return replace(self, mouth=mouth, hands=hands)
