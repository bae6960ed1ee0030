"""Emoji in a prompt and what they are called: the obvious thing to type for a model that draws them."""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_JOINER, _PICTURE = "\u200d", "\ufe0f"
_TONE = "[\U0001f3fb-\U0001f3ff]"
_ONE = (
    "(?:[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297"
    f"\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001fbff]{_PICTURE}?{_TONE}?)"
)
_OWN, _SHORT = r"<a?:(?P<own>\w{1,64}):\d{1,20}>", r":(?P<short>[a-zA-Z][\w+-]{1,63}):"
_EMOJI = re.compile(rf"{_ONE}(?:{_JOINER}{_ONE})*|{_OWN}|{_SHORT}")
_FILLING = re.compile(r"\b(?:symbol|sign|white|black|heavy|medium|lower left|emoji component)\b")


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """The names of the emoji in a text, with where they stand: characters, `:short_names:`, and a server's own ones."""
    for found in _EMOJI.finditer(text):
        typed = found["own"] or found["short"]
        called = re.sub(r"([a-z])([A-Z])", r"\1 \2", typed).replace("_", " ") if typed else name(found[0])
        yield called, found.start(), found.end()


def name(emoji: str) -> str:
    """What an emoji is called in English; "" when there is no name for it.

    The usual names differ for some from those of the characters that they are made of; `emoji.json` has them.
    """
    bare = re.sub(f"{_PICTURE}|{_TONE}", "", emoji)
    if bare in _usual():
        return _usual()[bare]
    names = [unicodedata.name(letter, "").casefold() for letter in bare if letter != _JOINER]
    if len(names) == 1:
        return " ".join(names[0].split())
    return " ".join(_FILLING.sub(" ", " ".join(names)).split())


@cache
def _usual() -> dict[str, str]:
    names: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return names
