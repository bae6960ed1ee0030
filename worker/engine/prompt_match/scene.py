"""What a prompt shows, as far as the model's words go, and what is left over."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Thing:
    """A subject that is to be drawn.

    Attributes:
        name: in the words of captions.
        at: where in the prompt its word stands.
        asked: what was asked for, when this is only near to it.
        exact: the model was taught the very words that were used.
        alone: an emoji, which is never part of a compound.
    """

    number: int
    name: str
    at: int
    end: int
    asked: str = ""
    exact: bool = False
    alone: bool = False


@dataclass
class Scene:
    """What a prompt shows.

    Attributes:
        things: subjects from left to right.
        taken: for what was asked, which is not known → what is drawn instead.
        left: what is left out, as it was written.
        declined: what was asked for, where no known thing satisfies; there are no things then.
        near: the usual names of things that come near to that, the nearest first.
        crowded: among it are things that are known, but too many for one picture.
        understood: the model was taught every word of it; the prompt needs no change.
    """

    things: list[Thing] = field(default_factory=list)
    style: str = ""
    colours: tuple[str, ...] = ()
    size: str = ""
    places: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    crowded: bool = False
    understood: bool = False
