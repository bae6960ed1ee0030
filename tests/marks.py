"""Finds what was said past the catalogues: in the language `qps`, every sentence stands in ⟦…⟧ and its data in ⟪…⟫."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from worker.contract.message.languages import DOMAIN, LOCALE, Language, Pseudo
from worker.contract.message.markdown import safe

_OPEN, _CLOSE = {"⟦": "⟧", "⟪": "⟫"}, {"⟧", "⟫"}
# Strings in Discord's bodies that nobody reads, by the end of where they stand, or by all of it. All others are read,
# so what is new is checked by itself.
_NOT_READ = re.compile(
    r"(?:.*\.)?(?:custom_id|nonce|filename|content_type|token|url|emoji\.name|choices\.\*\.value|parse\.\*)"
)
_TYPED = re.compile(r"\*\.(?:options\.\*\.)*name")  # commands and their options


class Translated(Pseudo):
    """The pseudo-language, as far as translators could translate it: what `make texts` misses has no marks."""

    def _fill(self, found: str, source: str, data: dict[str, object]) -> str:
        return (
            super()._fill(found, source, data) if source in collected() else Language._fill(self, found, source, data)
        )


@cache
def collected() -> set[str]:
    """Every singular and plural in the template for translators."""
    with (LOCALE / f"{DOMAIN}.pot").open("rb") as file:
        ids = [message.id for message in read_po(file)]
    return {form for each in ids for form in ([each] if isinstance(each, str) else each)}


def unmarked(text: str, names: Iterable[str] = ()) -> list[str]:
    """The words of a text that are neither in a sentence nor one of the names. Raises ValueError for broken marks."""
    known = sorted({form for name in names for form in (name, safe(name, 600), safe(name, 120))}, key=len, reverse=True)
    left = []
    for part in _data(text):
        for name in filter(None, known):
            part = part.replace(name, " ")  # noqa: PLW2901 - it is eaten up
        left += re.findall(r"[^\W\d_]+", re.sub(r"<[@#][!&]?\d+>|<t:\d+:R>|https?://\S+", " ", part))
    return left


def _data(text: str) -> Iterator[str]:
    """The parts of a text that are not our sentences: outside of ⟦⟧, and within ⟪⟫."""
    expected: list[str] = []
    part = ""
    for each in text:
        if each in _OPEN or each in _CLOSE:
            yield part
            part = ""
            if each in _OPEN:
                expected.append(_OPEN[each])
            elif not expected or expected.pop() != each:
                raise ValueError(f"{each} is not expected in {text!r}")
        elif not expected or expected[-1] == "⟫":
            part += each
    yield part
    if expected:
        raise ValueError(f"{expected} are missing in {text!r}")


def read_texts(body: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a body that a person reads, with where it stands: `embeds.*.title`."""
    if isinstance(body, dict):
        for name, each in body.items():
            yield from read_texts(each, f"{path}.{name}" if path else name)
    elif isinstance(body, list):
        for each in body:
            yield from read_texts(each, f"{path}.*" if path else "*")
    elif isinstance(body, str) and not _NOT_READ.fullmatch(path) and not _TYPED.fullmatch(path):
        yield path, body
