"""What a prompt shows, as far as the model's words go, and what is left over."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from worker.engine.prompt_match.grip import Grip
from worker.engine.prompt_match.layout import PARTS, RIDING, Closeness, Hanging, Relation, Size
from worker.engine.prompt_match.words.postures import UPRIGHT, Posture


@dataclass(frozen=True)
class Thing:
    """A subject that is to be drawn.

    Attributes:
        name: in the words of captions.
        at: where in the prompt its word stands.
        asked: what was asked for, when this is only near to it.
        exact: the model was taught the very words that were used.
        alone: an emoji, which is never part of a compound.
        paint: the colour that it is to have instead of its own; its `name` holds that too.
        blend: further ones that this one runs into, where it has several at once; likewise.
        head: whose head it has, if that is not its own: of the cat that is dressed as this astronaut. Colours are its.
        role_words: which words name the one as whom that is dressed; none where it is what is done.
    """

    number: int
    name: str
    at: int
    end: int
    asked: str = ""
    exact: bool = False
    alone: bool = False
    paint: str = ""
    blend: tuple[str, ...] = ()
    head: "Thing | None" = None
    role_words: range = range(0)

    def painted(self, colour: str, bare: Callable[[int], str], blend: tuple[str, ...] = ()) -> "Thing":
        """The same in another colour; `bare`: a subject's name without the colour that it has by nature."""
        if self.head:
            return replace(self, head=self.head.painted(colour, bare, blend))
        colours = " and ".join((", ".join((colour, *blend[:-1])), *blend[-1:]))
        return replace(self, name=f"{colours} {bare(self.number)}", exact=False, paint=colour, blend=blend)

    @property
    def shown_paint(self) -> str:
        """The colour of what is told apart by it."""
        return self.head.paint if self.head else self.paint


@dataclass(frozen=True)
class PlacedThing:
    """One thing and how it stands; `size` is beside the others.

    `is_part`: it is another one's head, or mood. `asleep`: so it is. `grip`: how it is held, if it is.
    """

    thing: Thing
    posture: Posture = UPRIGHT
    size: Size = Size.USUAL
    is_part: bool = False
    asleep: bool = False
    grip: Grip | None = None


@dataclass(frozen=True)
class Arrangement:
    """How the things of a scene stand in one picture, each as often as it is there; else as `Layout` says.

    Attributes:
        standing: empty where the model itself is to draw the scene as it is.
    """

    standing: tuple[PlacedThing, ...] = ()
    relation: Relation = Relation.BESIDE
    leading: int = 1
    size: Size = Size.USUAL
    across: float = 0.5
    down: float = 0.5
    hanging: tuple[Hanging, ...] = ()
    in_a_row: bool = False
    closeness: Closeness = Closeness.USUAL

    @property
    def asked(self) -> list[Thing]:
        """The things that were asked for by their names, each as often as it is there."""
        return [each.thing for each in self.standing if not each.is_part]

    @property
    def ridden(self) -> set[int]:
        """The numbers of those on or in which others are."""
        first = len(self.standing) - len(self.hanging)
        hanging = (
            way.on if way.swapped else at for at, way in enumerate(self.hanging, first) if way.relation in RIDING
        )
        return {*hanging, *(range(self.leading, first) if self.relation in RIDING else ())}

    @property
    def figures(self) -> int:
        """How many stand there, with their marks; faces, heads and limbs are none of their own."""
        return len(self.standing) - sum(way.relation in PARTS for way in self.hanging)

    @property
    def parts(self) -> list[Thing]:
        """The heads of those, and what tells of their moods."""
        return [each.thing for each in self.standing if each.is_part]


_PLAIN = Arrangement()


@dataclass(frozen=True)
class Planted:
    """Many of a plant that grow round all: in a tulip field.

    Attributes:
        number: of the subject.
        words: that say so.
        place: the word of `surroundings` for such a place.
        paint: the colour that it is said to have, if any.
    """

    number: int
    words: range
    place: str
    paint: str = ""


@dataclass
class Scene:
    """What a prompt shows.

    Attributes:
        things: subjects from left to right.
        taken: for what was asked, which is not known → what is drawn instead.
        left: what is left out, as it was written.
        declined: what was asked for, where no known thing satisfies; there are no things then.
        near: the usual names of things that come near to that, the nearest first.
        place: the word that says where they are, if `colours` stand for that.
        time: likewise when, or in which weather, if both are said; `colours` stand for this one then.
        planted: what grows all round them.
        denied: subjects that it says are not there, by their numbers.
        at_once: so many things are drawn in one picture, where more of what is known was asked for; else 0.
        arrangement: how the things stand, for a model whose things are put together.
        understood: the model was taught every word of it; the prompt needs no change.
    """

    things: list[Thing] = field(default_factory=list)
    style: str = ""
    colours: tuple[str, ...] = ()
    size: str = ""
    place: str = ""
    time: str = ""
    places: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    planted: Planted | None = None
    denied: set[int] = field(default_factory=set)
    at_once: int = 0
    arrangement: Arrangement = _PLAIN
    understood: bool = False
