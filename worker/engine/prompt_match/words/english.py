"""Which words are English: what is one was typed on purpose, and is no slip of a name that the model knows.

Gloves are no globe, however few letters are between them. The words, with how often each occurs in the subtitles of
films, are pyspellchecker's; they are read when the first word comes that nothing else explains.
"""

import functools

from spellchecker import SpellChecker

from .spelling import variants

_OFTEN = 60  # times that a word occurs at least: among those of fewer are slips


def is_word(word: str) -> bool:
    """Whether a word, as it is compared, is English, or the plural or singular of such a word."""
    return not _words().isdisjoint((word, *(form for (form,) in variants((word,)))))


@functools.cache
def _words() -> frozenset[str]:
    counted = SpellChecker(language="en").word_frequency.items()
    return frozenset(word for word, count in counted if count >= _OFTEN)
