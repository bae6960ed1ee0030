"""The table of everyday words, `similar.txt`: what models that lack one may draw for it, and what only comes near.

General words of which nothing stands there are in it by their kinds (`kinds`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .kinds import KINDS
from .synonyms import IDLE_PHRASES, IDLE_WORDS, STOP_WORDS

_IDLE = IDLE_WORDS | STOP_WORDS
_MUTUAL = 3  # names at the beginning of a row that come near to each other


@dataclass(frozen=True)
class Names:
    """What the table has for one word; of each kind the best name comes first.

    Attributes:
        satisfying: of things whose picture is one of what the word means.
        near: of things that are something else.
    """

    satisfying: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def both(self) -> tuple[str, ...]:
        """All names, the nearest first."""
        return self.satisfying + self.near


def _read() -> dict[str, Names]:
    table: dict[str, Names] = {}
    rows = list(_rows(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")))
    for words, names in rows:
        for word in words:
            known = table.get(word, Names())
            satisfying = (*known.satisfying, *names.satisfying)
            near = tuple(name for name in (*known.near, *names.near) if name != word and name not in satisfying)
            table[word] = Names(satisfying, near)
    for _, names in rows:
        for name in filter(str.isalnum, names.both[:_MUTUAL]):  # only single words are looked up
            table.setdefault(name, Names(near=tuple(each for each in names.both if each != name)))
    for said, kinds in KINDS.items():
        for words in (each.split() for each in said if not _IDLE.issuperset(each.split())):
            if tuple(words) not in IDLE_PHRASES:  # what asks for nothing in particular is no thing
                table.setdefault("".join(words), Names(kinds))  # several are looked up as one
    return table


def _rows(text: str) -> Iterator[tuple[list[str], Names]]:
    for row in text.replace("\n    ", " ").splitlines():
        if row and not row.startswith("#"):
            words, _, names = row.partition(":")
            satisfying, _, near = names.partition("|")
            yield words.split(), Names(_listed(satisfying), _listed(near))


def _listed(names: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, names.split(","))))


SIMILAR = _read()
