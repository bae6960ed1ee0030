"""Phrases → what they mean: the longest that begins at a word counts."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from .spelling import phrase

Meant = TypeVar("Meant")


class Phrases(Generic[Meant]):
    """A table of phrases.

    Args:
        rows: what is meant → phrases with commas between.

    Attributes:
        words: all that occur.
        longest: how many words the longest has.
    """

    def __init__(self, rows: Mapping[Meant, str]) -> None:
        self._meant = {phrase(said): meant for meant, listed in rows.items() for said in listed.split(",")}
        self.longest = max(map(len, self._meant))
        self.words = frozenset(word for said in self._meant for word in said)

    def match(self, words: Sequence[str], at: int) -> tuple[Meant, int] | None:
        """What the longest phrase that begins at a word means, and its length in words."""
        for length in range(min(self.longest, len(words) - at), 0, -1):
            if (meant := self._meant.get(tuple(words[at : at + length]))) is not None:
                return meant, length
        return None
