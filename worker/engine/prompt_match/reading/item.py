"""A thing of a prompt while it is read how it stands."""

from dataclasses import dataclass

from worker.engine.prompt_match.drawings.roles import ThingRole
from worker.engine.prompt_match.grip import Grip
from worker.engine.prompt_match.layout import Relation, Size
from worker.engine.prompt_match.words.postures import UPRIGHT, Place, Posture

from .joints import Join, Relating
from .scene import Thing

BESIDE = Relating(Relation.BESIDE)


@dataclass(eq=False)
class Item:
    """A thing while it is read.

    Attributes:
        begin: where what tells more of it begins: its number, its size.
        told: the words that ask for so many, and no fewer; else "".
        plural: `count` is what a bare plural stands for.
        join: how it is joined to the one before.
        joined: the words that do so.
        each: of several before it each has one: both wearing a hat.
        body: `on` or `in` where it is said to be on or in a part of the one before: on its head.
        grip: how it is held, if it is and that is known.
        holders: on which it hangs; it has no place of its own then.
        way: how the holders stand to it.
        spread: each of so many holders, the last ones, has one; else the only one has all.
        single: only one of several has it, the next of them the next: one with a hat, one with glasses.
        paints: the colours that the first ones have, where each has its own.
    """

    thing: Thing
    role: ThingRole
    begin: int = 0
    count: int = 1
    told: str = ""
    plural: bool = False
    size: Size = Size.USUAL
    posture: Posture = UPRIGHT
    place: Place | None = None
    join: Join | None = None
    joined: tuple[str, ...] = ()
    each: bool = False
    body: str = ""
    grip: Grip | None = None
    holders: tuple["Item", ...] = ()
    way: Relating = BESIDE
    spread: bool = False
    single: bool = False
    paints: tuple[str, ...] = ()

    @property
    def middle(self) -> tuple[float, float]:
        """Where it is, across and down; the middle where nothing was said."""
        told = (self.place.across, self.place.down) if self.place else (None, None)
        across, down = (0.5 if each is None else each for each in told)
        return across, down
