"""What a starter can draw and the words for it: subjects, styles, background colours.

The engine reads the written file with stricter classes: `worker.engine.prompt_match.vocabulary` says why.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

FILE = "vocabulary.json"


@dataclass(frozen=True)
class Subject:
    """One thing to draw. `icon` is its name in every emoji set.

    `names` are what people call it, the usual one first; `tags` are looser words that mean it alone, and `cues` words
    that a few others share, such as "pet". `coloured`: most of it has one hue, which Easel's engine can move to
    another. `blends`: the backgrounds, by their usual names, that it does not stand out from. `lost`: for each style
    those that take parts of it for their own when it is cut out. `either_way`: nothing in it is wrong the other way
    round, as letters would be.
    """

    icon: str
    names: tuple[str, ...]
    tags: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    coloured: bool = False
    blends: tuple[str, ...] = ()
    lost: tuple[tuple[str, ...], ...] = ()
    either_way: bool = False


@dataclass(frozen=True)
class Style:
    """One emoji set and the words that ask for it (the first is the usual one)."""

    package: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Colour:
    """A background. `names` are its words, `rgb` its value (0..255)."""

    names: tuple[str, ...]
    rgb: tuple[int, int, int]


STYLES: tuple[Style, ...] = (
    Style("@iconify-json/fluent-emoji-flat", ("flat illustration", "flat design", "flat vector drawing")),
    Style("@iconify-json/fluent-emoji", ("glossy sticker", "glossy 3d sticker", "shiny sticker")),
    Style("@iconify-json/noto", ("cartoon", "cartoon drawing", "cartoon picture")),
    Style("@iconify-json/twemoji", ("simple icon", "icon", "minimal icon")),
)

COLOURS: tuple[Colour, ...] = (
    Colour(("white",), (255, 255, 255)),
    Colour(("light gray", "light grey"), (208, 211, 216)),
    Colour(("gray", "grey", "dark gray", "dark grey"), (112, 116, 124)),
    Colour(("black",), (22, 22, 26)),
    Colour(("light blue", "sky blue"), (170, 214, 245)),
    Colour(("blue", "bright blue"), (52, 120, 226)),
    Colour(("dark blue", "navy blue", "navy"), (30, 50, 116)),
    Colour(("teal", "turquoise"), (24, 146, 150)),
    Colour(("mint green", "light green", "mint"), (166, 232, 190)),
    Colour(("green", "bright green"), (62, 168, 74)),
    Colour(("dark green", "forest green"), (22, 84, 52)),
    Colour(("yellow", "bright yellow"), (255, 224, 84)),
    Colour(("orange", "bright orange"), (250, 150, 56)),
    Colour(("red", "bright red"), (214, 48, 50)),
    Colour(("brown", "dark brown"), (122, 78, 50)),
    Colour(("beige", "cream", "sand"), (238, 218, 184)),
    Colour(("pink", "light pink"), (255, 184, 208)),
    Colour(("magenta", "hot pink"), (230, 62, 150)),
    Colour(("lavender", "light purple", "lilac"), (206, 190, 248)),
    Colour(("purple", "violet", "dark purple"), (118, 62, 176)),
)


@dataclass(frozen=True)
class Vocabulary:
    """All that one model knows. It is stored beside the weights, so that they can be tested by their own words.

    `at_once`: how many things it shows well in one picture, `sizes`: which words for sizes it has learnt to draw,
    `paints`: which colours it gives to things; Easel's engine leaves out others. `usual_sentence`: captions were mostly
    those of `captions.canonical`, and the engine puts prompts into such. `arranged`: each thing was taught alone, large
    and upright, and the engine puts several, smaller and turned ones together.
    """

    subjects: tuple[Subject, ...]
    styles: tuple[Style, ...] = STYLES
    colours: tuple[Colour, ...] = COLOURS
    at_once: int = 2
    sizes: tuple[str, ...] = ()
    paints: tuple[str, ...] = ()
    usual_sentence: bool = False
    arranged: bool = False

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """Build it from its JSON form."""
        return cls(
            tuple(
                Subject(
                    one["icon"],
                    tuple(one["names"]),
                    tuple(one["tags"]),
                    tuple(one["cues"]),
                    one.get("coloured", False),
                    tuple(one.get("blends", ())),
                    tuple(map(tuple, one.get("lost", ()))),
                    one.get("either_way", False),
                )
                for one in stored["subjects"]
            ),
            tuple(Style(one["package"], tuple(one["names"])) for one in stored["styles"]),
            tuple(Colour(tuple(one["names"]), tuple(one["rgb"])) for one in stored["colours"]),
            stored.get("at_once", 2),
            tuple(stored.get("sizes", ())),
            tuple(stored.get("paints", ())),
            stored.get("usual_sentence", False),
            stored.get("arranged", False),
        )

    def to_json(self) -> dict[str, Any]:
        """Its JSON form."""
        return asdict(self)

    def write(self, path: Path) -> None:
        """Write it as JSON, one entry a line."""
        lines = ",\n".join(f' "{part}": {_lines(held)}' for part, held in self.to_json().items())
        path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


def _lines(held: object) -> str:
    """JSON of a list with a line for each entry, of anything else in one."""
    if not isinstance(held, tuple):
        return json.dumps(held)
    return "[\n  " + ",\n  ".join(json.dumps(entry, ensure_ascii=False) for entry in held) + "\n ]"
