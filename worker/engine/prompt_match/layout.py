"""How several things, or one that is not usual in size or place, stand in one picture.

A small model that was taught one thing at a time, large and in the middle, draws two of them as a mixture and a small
one as a blot. So each is drawn alone, as it was taught, and the engine puts them together
(`worker.engine.pipeline.arranged`). What is said here comes from the words of a prompt alone; how large a thing came
out only the picture tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from .grip import Grip, Reach
from .opening import Opening

FIGURES_MAX = 9  # in one picture
OVERHEAD = 0.15  # as `Layout.down` has it: where figures hang over what is below them
DRAWINGS_MAX = 4  # for one picture: each costs as much as a picture, so equal figures beyond these share them


class Relation(Enum):
    """How figures stand to each other: the first, or the first ones in a row, to the second."""

    BESIDE = auto()  # in a row from left to right, so many as there are
    ON = auto()  # the first stands on the second
    ABOVE = auto()  # the first is over the second, and touches it not
    LEAP = auto()  # likewise, and is the larger one: it jumps over that
    IN = auto()  # the first is in the second, and looks out of it
    BEFORE = auto()  # the first, small, in front of the second
    WITH = auto()  # the second, small, in front of the first at its side: what is held, eaten, played with
    ON_HEAD = auto()  # the second is worn by the first: a hat, a crown
    ON_EYES = auto()  # likewise: glasses
    ON_LIP = auto()  # likewise: a mustache
    BEHIND_HEAD = auto()  # likewise: headphones, which go round it
    ON_NECK = auto()  # likewise: a scarf, a tie
    UNDER_HEAD = auto()  # likewise, by one of whom only the head is drawn
    BEHIND_BACK = auto()  # likewise: a backpack, of which some is seen beside it
    AT_HEAD = auto()  # the second, a small mark of what the first feels, is at the right of its head
    LEFT_OF_HEAD = auto()  # likewise at the left
    ON_CHEEK = auto()  # likewise: a tear, on one of whom only the head is drawn
    OVER_HEAD = auto()  # likewise over it, and hardly touching: a small cloud
    OVER_TWO = auto()  # the second, a small mark, is over the first and the next in its row, between both
    BETWEEN_TWO = auto()  # likewise between both, before them
    AT_HEELS = auto()  # likewise on the ground: dust of the first, whom the next one runs after
    FACE = auto()  # of what hangs alone: the second's features are put on the first, which has no face of its own
    HEAD = auto()  # likewise: the second's head is put over that of the first, who is dressed as somebody
    LEGS = auto()  # likewise: the second is the legs of the first, which has none of its own
    ARMS = auto()  # likewise, at its sides


PARTS = frozenset((Relation.FACE, Relation.HEAD, Relation.LEGS, Relation.ARMS))
ON_FACES = frozenset((Relation.ON_EYES, Relation.ON_LIP))
AT_HEADS = ON_FACES | {Relation.ON_HEAD, Relation.ON_NECK, Relation.BEHIND_HEAD}  # what animals wear at other places
# Likewise of what is beside their heads, or over them.
MARKS = frozenset((Relation.AT_HEAD, Relation.LEFT_OF_HEAD, Relation.OVER_HEAD))
RIDING = frozenset((Relation.ON, Relation.IN))


class Size(Enum):
    """How much of the picture all figures together fill."""

    TINY = auto()
    SMALL = auto()
    USUAL = auto()
    LARGE = auto()


class Turn(Enum):
    """How a figure is turned."""

    UPRIGHT = auto()
    UPSIDE_DOWN = auto()
    LEANING_LEFT = auto()
    LEANING_RIGHT = auto()
    BENDING_LEFT = auto()  # a few degrees
    BENDING_RIGHT = auto()
    LYING = auto()  # with its top at the left


class Closeness(Enum):
    """How near to each other the figures of a row are."""

    USUAL = auto()
    OVERLAPPING = auto()
    TOUCHING = auto()
    APART = auto()
    FAR = auto()


class Spread(Enum):
    """Where scenery is, and how often."""

    SIDES = auto()  # tall, at both sides
    SIDE = auto()  # tall, at one side
    RANGE = auto()  # wide, from one side to the other
    LOW = auto()  # small, on the ground at both sides
    FIELD = auto()  # some small ones all over the ground, those in front larger
    CORNER = auto()  # small, in an upper corner
    SCATTERED = auto()  # some small ones round the upper half
    ABOVE = auto()  # some wide ones along the upper edge
    RISING = auto()  # large, half behind the figures


@dataclass(frozen=True)
class Scenery:
    """A thing that tells where the figures are, behind them.

    Attributes:
        words: what it is drawn from, once, however often it is there; with a background of its own, if it stands out
            better from that.
        mirrored: what its spread has at the left is at the right.
    """

    words: str
    spread: Spread
    mirrored: bool = False


@dataclass(frozen=True)
class HeadPlace:
    """About where the head of a person is in a drawing, in shares of the room that it takes there.

    Attributes:
        across: of the head's middle.
        down: of its top: of the hair, or of what is seen of the face under a hat.
        wide: of the head.
        hat: whether a hat is above it, which whoever gets that head wears as well.
        gold: whether there is gold on that, which has the colour of skin: a crown.
        reach: how far from its middle hair, hat and ears reach, in widths of the head; what is beyond them is no head.
        fixed: whether this place alone tells where the head is: clothes have the colour of skin, or hair hides it.
    """

    across: float = 0.5
    down: float = 0.05
    wide: float = 0.5
    hat: bool = False
    gold: bool = False
    reach: float = 0.8
    fixed: bool = False

    @property
    def mirrored(self) -> "HeadPlace":
        """The same of the drawing the other way round."""
        return replace(self, across=1 - self.across)


@dataclass(frozen=True)
class WornPlace:
    """Where something is worn, in shares of the room that its wearer takes: a point and how wide that one is there."""

    across: float
    down: float
    wide: float


@dataclass(frozen=True)
class WornPlaces:
    """Where an animal in a drawing wears things, which has its head anywhere.

    Attributes:
        head: the middle of the skull's top, without ears and horns; how wide the skull is.
        eyes: the middle between the eyes, or of the only one that is seen; how wide glasses are.
        lip: of a mustache; likewise.
        neck: the middle of the neck, just below the chin.
    """

    head: WornPlace
    eyes: WornPlace
    lip: WornPlace
    neck: WornPlace

    @property
    def mirrored(self) -> "WornPlaces":
        """The same of the drawing the other way round."""
        places = (replace(each, across=1 - each.across) for each in (self.head, self.eyes, self.lip, self.neck))
        return WornPlaces(*places)


@dataclass(frozen=True)
class Seat:
    """Where one sits or stands on a thing that is ridden, in shares of the room that it takes in its drawing.

    Attributes:
        across: of the rider's middle; from the other side where the thing is mirrored.
        down: of the rider's lower edge.
        large: the rider's height, or most of its width, of the longer side of the thing.
        behind: the rider is behind the thing, of which an edge hides the legs; else before it.
        lying: the thing, drawn upright, lies down for that, and that is the room that is meant.
    """

    across: float
    down: float
    large: float
    behind: bool = False
    lying: bool = False


@dataclass(frozen=True)
class Figure:
    """One thing, drawn alone.

    Attributes:
        words: what it is drawn from, with style and background as captions say it; the background is that of all, or
            another one that takes no part of it for its own.
        turn, mirrored: how it then stands; turned first.
        size: beside the other figures; one thing alone has that of the layout.
        asleep: its eyes are shut, as far as they are found.
        paint: the colour that its main one is moved to, by the name of `worker.engine.pipeline.paint`; "" for its own.
        blend: further colours that this one runs into, down to the lower right, if it has several.
        patched: it has them in patches, as animals do.
        head: where a person's head is, if another one is put over it, if nothing but that is put over another one, or
            if something is worn on its face; before it is mirrored.
        wears: where an animal wears things, if it does; likewise.
        seat: where one is on it, if somebody is and that is known.
        opening: where one is in it, likewise.
        seen: how much of its height, from the top, is to be seen where it is in something itself.
        grip: how it is held, if it is and that is known.
        reach: where its own mouth and hands are, if somebody holds anything; before it is mirrored.
    """

    words: str
    turn: Turn = Turn.UPRIGHT
    mirrored: bool = False
    size: Size = Size.USUAL
    paint: str = ""
    blend: tuple[str, ...] = ()
    patched: bool = False
    asleep: bool = False
    head: HeadPlace | None = None
    wears: WornPlaces | None = None
    seat: Seat | None = None
    opening: Opening | None = None
    seen: float = 0.5
    grip: Grip | None = None
    reach: Reach | None = None


@dataclass(frozen=True)
class Hanging:
    """How a figure hangs on another one, with which it is one whole to all others: worn, held, ridden.

    Attributes:
        on: which figure that is.
        relation: of that to what hangs on it, and not `BESIDE`; several that hang on it in the same way are in a row.
        swapped: the relation is of what hangs to that one instead.
    """

    on: int
    relation: Relation
    swapped: bool = False


@dataclass(frozen=True)
class Layout:
    """What goes where.

    Attributes:
        figures: 1 to `FIGURES_MAX` without `PARTS`, of at most `DRAWINGS_MAX` different words; both counted
            with the scenery.
        relation: of the first `leading` figures to all others that hang on none; says nothing where there are no
            others. Several of one side are in a row.
        leading: at least 1; all, where nothing but a row is meant.
        size: of all together.
        in_a_row: side by side is said, so they are in one row however small that makes them.
        closeness: of the figures in a row, where they are in one.
        across, down: where their middle is, from 0 to 1 of what room they leave; 0.5 is the middle of the picture.
        hanging: how the last figures, as many as are told here, hang on those before them.
        scenery: what stands round them, which makes them a bit smaller.
        ground: the background of the picture, from top to bottom, red, green and blue from 0 to 255 each, where the
            first figure is drawn before another one; else empty.
    """

    figures: tuple[Figure, ...]
    relation: Relation = Relation.BESIDE
    leading: int = 1
    size: Size = Size.USUAL
    across: float = 0.5
    down: float = 0.5
    hanging: tuple[Hanging, ...] = ()
    scenery: tuple[Scenery, ...] = ()
    in_a_row: bool = False
    closeness: Closeness = Closeness.USUAL
    ground: tuple[tuple[int, int, int], ...] = ()

    @property
    def standing(self) -> int:
        """How many figures, the first ones, hang on none."""
        return len(self.figures) - len(self.hanging)

    @property
    def words(self) -> tuple[str, ...]:
        """What is drawn, figure by figure and then the scenery."""
        return tuple(each.words for each in self.figures) + tuple(each.words for each in self.scenery)

    @property
    def stays(self) -> bool:
        """Whether it is one thing where and as large as the model draws it anyway."""
        usual = self.size is Size.USUAL and self.across == self.down == 0.5
        return len(self.figures) == 1 and usual and self.figures[0].turn is Turn.UPRIGHT and not self.scenery

    @property
    def plain(self) -> bool:
        """Whether it is what the model draws anyway, or that the other way round: there is nothing to put together."""
        return self.stays and not self.figures[0].paint

    @property
    def mirrored(self) -> bool:
        """Whether its one thing is the other way round than the model draws it."""
        return len(self.figures) == 1 and self.figures[0].mirrored

    @property
    def faces(self) -> Mapping[int, int]:
        """The figures of which only the features are seen, a face's, by what has them: both as numbers."""
        return self._by_owner(Relation.FACE)

    @property
    def heads(self) -> Mapping[int, int]:
        """The figures of which only the head is seen, by who has it: both as numbers."""
        return self._by_owner(Relation.HEAD)

    @property
    def legs(self) -> Mapping[int, int]:
        """The figures that are legs, by what has them: both as numbers."""
        return self._by_owner(Relation.LEGS)

    @property
    def arms(self) -> Mapping[int, int]:
        """Likewise those that are arms."""
        return self._by_owner(Relation.ARMS)

    @property
    def parts(self) -> frozenset[int]:
        """The numbers of the figures that are but a part of another one."""
        return frozenset(at for at, way in enumerate(self.hanging, self.standing) if way.relation in PARTS)

    def _by_owner(self, relation: Relation) -> dict[int, int]:
        return {way.on: at for at, way in enumerate(self.hanging, self.standing) if way.relation is relation}

    def without_parts(self) -> "Layout":
        """The same without the figures that are but a part of another one: its features, its head, its limbs."""
        has = {at: way.on for at, way in enumerate(self.hanging, self.standing) if way.relation in PARTS}
        kept = [at for at in range(len(self.figures)) if at not in has]
        hanging = tuple(
            replace(way, on=kept.index(has.get(way.on, way.on))) for way in self.hanging if way.relation not in PARTS
        )
        return replace(self, figures=tuple(self.figures[at] for at in kept), hanging=hanging)

    def turned_round(self) -> "Layout":
        """The same with each thing the other way round."""
        return replace(self, figures=tuple(replace(each, mirrored=not each.mirrored) for each in self.figures))


def are_put_together(layouts: Sequence[Layout], drawn_at: int | None) -> bool:
    """Whether anything is to be done with what the model draws, but to mirror it. `drawn_at`: as a request has it."""
    return bool(layouts) and not (drawn_at is None and all(each.plain for each in layouts))
