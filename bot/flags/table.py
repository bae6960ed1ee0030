"""The flags: one row each, by the option that it stands for."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Takes(Enum):
    """What comes after a flag's name."""

    NOTHING = "nothing"
    WORD = "word"  # one, or several in quotes
    SAMPLER = "sampler"  # as many words as its title has
    NAMES = "names"  # one word, and one more after each comma
    ALL = "all"  # up to the next flag


@dataclass(frozen=True)
class Flag:
    """One flag.

    Attributes:
        option: of `/imagine`, or what only flags can say.
        names: without dashes; the first is the one that is written.
        takes: what comes after it.
    """

    option: str
    names: tuple[str, ...]
    takes: Takes = Takes.WORD

    @property
    def gathers(self) -> bool:
        """Whether it may come more than once, each adding to what it says."""
        return self.takes in {Takes.NAMES, Takes.ALL}


WEIGHT = "iw"  # Midjourney's: how much of a picture is kept, where a strength is how much is drawn anew
STYLE_WEIGHT = "sw"  # Midjourney's, likewise: 100 is as usual
COUNTED: Mapping[str, tuple[int, str]] = {WEIGHT: (1, "0.6"), STYLE_WEIGHT: (1000, "100")}  # the most, and an example
REPEAT, DRAFT = "repeat", "draft"
FLAGS = (
    Flag("aspect_ratio", ("ar", "aspect", "aspect-ratio", "ratio")),
    Flag("negative_prompt", ("no", "negative", "negative-prompt", "neg"), Takes.ALL),
    Flag("seed", ("seed",)),
    Flag("steps", ("steps", "step")),
    Flag("guidance", ("cfg", "guidance", "cfg-scale", "scale", "guidance-scale")),
    Flag("count", ("count", "n", "pictures")),
    Flag("model", ("model", "m")),
    Flag("scheduler", ("sampler", "scheduler"), Takes.SAMPLER),
    Flag("strength", ("strength", WEIGHT)),
    Flag("lora", ("lora", "loras"), Takes.NAMES),
    Flag("image", ("image", "img")),
    Flag("guide", ("guide", "follow")),
    Flag("guide_by", ("guide-by", "follow-by")),
    Flag("guide_weight", ("guide-weight", "follow-weight")),
    Flag("style", ("sref", "style-image")),  # `--style` is Midjourney's for something else
    Flag("style_by", ("style-by",)),  # most models have one network for it
    Flag("style_weight", ("style-weight", STYLE_WEIGHT)),
    Flag(REPEAT, ("repeat", "r")),
    Flag(DRAFT, ("draft",), Takes.NOTHING),
)
FLAGS_ALONE = frozenset({"style_by", REPEAT, DRAFT})  # no options of `/imagine`
BY_OPTION: Mapping[str, Flag] = {flag.option: flag for flag in FLAGS}
_BY_NAME = {name.replace("-", ""): flag for flag in FLAGS for name in flag.names}
# Midjourney's flags for which there is nothing here: people who type them are told so, and are offered no other name.
_MIDJOURNEYS = frozenset({
    "c", "chaos", "cref", "cw", "sv", "oref", "ow", "exp", "fast", "relax", "turbo", "hd", "sd", "niji",
    "p", "personalize", "profile", "q", "quality", "raw", "s", "stealth", "public", "stop", "style", "stylize", "tile",
    "v", "version", "video", "w", "weird", "sameseed", "creative", "test", "testp", "uplight", "upbeta",
})  # fmt: skip
_NEAR = 0.7  # how alike two names are to be, from 0 to 1


def counted_otherwise(text: str) -> str:
    """The name of the flag that counts in another way than its option, if one stands there as it was typed; else ""."""
    return next((name for name in COUNTED if text.startswith(f"--{name} ")), "")


def named(name: str) -> Flag | None:
    """The flag with this name, however its words are joined and whatever its case."""
    return _BY_NAME.get(_plain(name))


def midjourneys(name: str) -> bool:
    """Whether Midjourney has this flag, and Easel none that does the same."""
    return _plain(name) in _MIDJOURNEYS


def nearest(name: str) -> str:
    """The flag whose name is most like this one, by its first name; "" where none is."""
    found = difflib.get_close_matches(_plain(name), _BY_NAME, n=1, cutoff=_NEAR)
    return _BY_NAME[found[0]].names[0] if found else ""


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").casefold()
