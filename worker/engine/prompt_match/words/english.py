"""Which words are English: what is one was typed on purpose, and is no slip of a name that the model knows.

Gloves are no globe, however few letters are between them. The words, with how often each occurs in the subtitles of
films, are pyspellchecker's; they are read when the first word comes that nothing else explains.
"""

import functools
import unicodedata

from spellchecker import SpellChecker

from .spelling import phrase, variants

_OFTEN = 60  # times that a word occurs at least: among those of fewer are slips
_HARDLY = 1 / 3  # of its words that are English, up to which a text is in another language
_ARTICLES = frozenset(("a", "an"))
_ENGLISH_ALONE = frozenset(("the", "and", "of", "with"))  # beside these the rest are names


def is_word(word: str) -> bool:
    """Whether a word, as it is compared, is English, or the plural or singular of such a word."""
    return not _words().isdisjoint((word, *(form for (form,) in variants((word,)))))


def is_english(text: str) -> bool:
    """Whether a text may be English: most of its letters are Latin, and more than hardly any of its words is known."""
    letters = [each for each in text if each.isalpha()]
    latin = sum(unicodedata.name(each, "").startswith("LATIN ") for each in letters)
    if latin < len(letters) / 2:
        return False
    words = [each for each in phrase(text) if each.isalpha()]
    known = sum(map(is_word, words))
    # One unknown word in Latin letters is a name, whoever it is: a pikachu is in no dictionary.
    names = [each for each in words if each not in _ARTICLES]
    return len(names) < 2 or known > len(words) * _HARDLY or not _ENGLISH_ALONE.isdisjoint(words)


@functools.cache
def _words() -> frozenset[str]:
    counted = SpellChecker(language="en").word_frequency.items()
    return frozenset(word for word, count in counted if count >= _OFTEN)
