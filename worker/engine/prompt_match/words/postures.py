"""Words for sizes, for places in the picture, and for how a thing is turned."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from worker.engine.prompt_match.layout import Size, Turn

from .phrases import Phrases

SIZES = Phrases(
    {
        Size.TINY: "tiny, mini, miniature, teeny, teeny tiny, itsy bitsy, microscopic, minuscule, very small, "
        "very little, very tiny, really small, so small",
        Size.SMALL: "small, little, smaller",
        Size.LARGE: "big, large, huge, giant, gigantic, enormous, massive, colossal, very big, very large, really big",
    }
)


_LINES = ("row", "line", "single row", "single line", "long row", "long line", "straight row", "straight line",
          "single file", "neat row", "neat line")  # fmt: skip
# That several stand in one row; `in a row of` tells how many there are instead.
ROWS = Phrases(
    {
        True: ", ".join(
            [
                *(f"{verb}{led} {line}" for verb in ("", "standing ", "sitting ", "lined up ", "all ")
                  for led in ("in a", "in one", "in") for line in _LINES),
                "side by side, standing side by side, sitting side by side, next to each other, beside each other",
                "standing next to each other, sitting next to each other, next to one another, beside one another",
                "standing beside each other, sitting beside each other, shoulder to shoulder",
                "lined up, lining up, standing lined up, lined up side by side, lined up next to each other",
                "one next to the other, one beside the other, one after another, one after the other",
            ]
        )
    }
)  # fmt: skip


@dataclass(frozen=True)
class Posture:
    """How one thing is turned."""

    turn: Turn = Turn.UPRIGHT
    mirrored: bool = False


UPRIGHT = Posture()
UPSIDE_DOWN = Posture(Turn.UPSIDE_DOWN)
HANGING = frozenset(("sloth",))  # by their emoji's names: those that hang in their drawings
_LEANING = ("tilted", "tilting", "leaning", "slanted", "slanting", "rotated")


_ITS = ("its", "his", "her", "the", "their")


def _all(said: str, *words: tuple[str, ...]) -> str:
    """A phrase with every choice of the words in it, with a comma after each."""
    return "".join(f"{said.format(*choice)}, " for choice in product(*words))


def _leaning(side: str) -> str:
    return ", ".join(f"{verb} {to}{side}" for verb in _LEANING for to in ("", "to the ", "to its ", "towards the "))


TURNED_OVER = (
    "upside down, upsidedown, turned upside down, flipped upside down, inverted, flipped over, "
    "turned over, overturned, head down, balancing on its head, standing on its head, standing on his head, "
    "standing on her head, standing on their heads, handstand, headstand, handstanding, headstanding, "
    + _all("{} {}", ("hanging", "hangs", "hang", "dangling", "suspended", "sleeping", "standing", "walking"),
           ("upside down", "head down", "head first"))
    + _all("{} {}", ("doing", "does", "do", "performing", "in", "making"),
           ("a handstand", "handstands", "a headstand", "headstands", "a hand stand", "a head stand"))
    + _all("{} on {} hands", ("standing", "walking"), _ITS)
    + _all("{} by {} {}", ("hanging", "hangs", "dangling"), _ITS, ("feet", "tail", "legs", "toes"))
    + "standing on their head, flipped vertically"
)  # fmt: skip
POSTURES = Phrases(
    {
        UPSIDE_DOWN: TURNED_OVER,
        Posture(Turn.LEANING_LEFT): _leaning("left"),
        Posture(Turn.LEANING_RIGHT): f"{_leaning('right')}, tilted, slanted, lopsided, crooked",
        Posture(mirrored=True): "mirrored, mirror image, mirror imaged, flipped, flipped horizontally, "
        "facing the other way, facing the opposite way, facing the other direction, facing the opposite direction",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where something is to be, from 0, left and top, to 1; None where nothing was said.

    Attributes:
        at, end: which words say so.
    """

    across: float | None
    down: float | None
    at: int
    end: int


_AT = frozenset(("in", "on", "at", "to", "near", "into"))
_THE = frozenset(("the", "its", "a", "one"))
_DOWN = {"top": 0.0, "upper": 0.0, "bottom": 1.0, "lower": 1.0}
_ACROSS = {"left": 0.0, "right": 1.0}
_MIDDLE = frozenset(("middle", "center", "centre"))
_PARTS = frozenset(("corner", "side", "half", "edge", "part", "third"))
_PICTURES = frozenset(("picture", "image", "photo", "page", "canvas", "frame", "screen", "scene", "drawing", "room"))
PLACE_WORDS = frozenset((*_DOWN, *_ACROSS, *_PARTS, *_PICTURES))


def place(words: Sequence[str], at: int) -> Place | None:
    """The place that begins at a word: in the top left corner, at the bottom; none beside a thing: left of a cat."""
    end = at
    led = words[end] in _AT
    end += led
    end += words[end : end + 1] != [] and words[end] in _THE
    down = _DOWN.get(words[end]) if end < len(words) else None
    end += down is not None
    end += down is not None and words[end : end + 1] != [] and words[end] in _MIDDLE
    across = _ACROSS.get(words[end]) if end < len(words) else None
    end += across is not None
    end += words[end : end + 1] == ["hand"]
    if words[at] == "on" and end - at == 1 + (down is not None) and down == 0.0:
        return None  # on top, of something
    whole = words[end : end + 1] != [] and words[end] in _PARTS
    end += whole
    corner = whole and words[end - 1] == "corner" and led
    if words[end : end + 1] == ["of"]:
        if not _PICTURES.intersection(words[end + 1 : end + 3]):
            return None
        end += 2 + (words[end + 1] in _THE)
    if down is None and across is None:
        return Place(1.0, 1.0, at, end) if corner else None
    known = led or (down is not None and across is not None) or whole
    return Place(across, down, at, end) if known else None
