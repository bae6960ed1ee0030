"""An unknown thing → the nearest known one."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from .declined import FEELINGS, feelings, is_person
from .lexicon import Index, Lexicon
from .spelling import count_typos, phrase, variants
from .synonyms import LAST, SIMILAR

_WORDS_MAX = 12  # of one run that are looked at: a prompt may hold a thousand
_CLOSE = 2  # names in a row of the table that are truly near
_TAG_MAX = 3  # words
_TOO_LONG = 99
_FRONT, _END = 3, 4  # letters of a compound's parts, at least
_SHORT_ENDS = {"bee", "bus", "car", "cat", "cow", "dog", "fox", "hat", "owl", "pig"}  # a landscape is no ape
_STEM, _SHARE = 5, 0.6  # letters that two words of one stem begin with, and their share of what was typed
_INDIRECT = 6  # letters of a word that may be one of the table slipped or grown
_LONG = tuple(word for word in SIMILAR if len(word) > _END)


def nearest(lexicon: Lexicon, words: Sequence[str]) -> int | None:
    """The number of the subject that comes nearest to some words in a row; None when nothing does.

    English says the thing last, so the last word is tried first, and verbs and adverbs after all others. Each word is
    looked up in the table of synonyms, among tags and cues, and in that table for what comes less close; then it
    may be a part of a name, a typo, a compound or a word of the same stem, or one of a word in the table.

    People and feelings are looked up in the table alone, whose rows for them hold people and faces: where it has none
    for the last word that is a thing, what stands before that is no answer either (`declined` says why).
    """
    some = [word for word in words[:_WORDS_MAX] if word not in FEELINGS]
    if words and not some:
        return by_feeling(lexicon, words)
    if len(some) > 1 and (joined := _slip(lexicon, "".join(some))) is not None:
        return joined
    order = sorted(range(len(some)), key=lambda at: (is_verb_or_adverb(some[at]), -at))
    ways: tuple[Callable[[Lexicon, Sequence[str], int], int | None], ...] = (
        lambda lexicon, words, at: by_synonym(lexicon, words[at], _CLOSE),
        lambda lexicon, words, at: _tagged(lexicon, lexicon.tags, words, at),
        lambda lexicon, words, at: _tagged(lexicon, lexicon.cues, words, at),
        lambda lexicon, words, at: by_synonym(lexicon, words[at]),
        lambda lexicon, words, at: _part(lexicon, words[at]),
        lambda lexicon, words, at: _slip(lexicon, words[at]),
        lambda lexicon, words, at: _relative(lexicon, words[at]),
        lambda lexicon, words, at: _indirect(lexicon, words[at]),
    )
    for at in order:
        if is_person(some[at]):
            return by_synonym(lexicon, some[at])
        found = (way(lexicon, some, at) for way in ways)
        if (number := next((each for each in found if each is not None), None)) is not None:
            return number
    return None


def by_feeling(lexicon: Lexicon, words: Iterable[str]) -> int | None:
    """The first face that shows a feeling which some words tell of."""
    asked = feelings(words)
    return next((number for number, shown in lexicon.faces.items() if shown & asked), None)


def is_verb_or_adverb(word: str) -> bool:
    """Whether a word looks like what is done, or how: it is not the thing that is drawn."""
    looks_so = len(word) > 5 and word.endswith(("ing", "ed", "ly"))
    return looks_so and not is_person(word) and word not in SIMILAR  # a sibling is none, and no morning either


def by_synonym(lexicon: Lexicon, word: str, most: int | None = None) -> int | None:
    """The subject that the table of synonyms has for this one, among the first `most` names there."""
    names = (name for same in ((word,), *variants((word,))) for name in SIMILAR.get(same[0], ())[:most])
    return next((number for number in map(lexicon.named, names) if number is not None), None)


def last(lexicon: Lexicon, prompt: str) -> int:
    """What to draw for a prompt that nothing comes near to: something pleasant, the same for the same prompt."""
    dice = int.from_bytes(hashlib.sha256(" ".join(prompt.split()).casefold().encode(errors="replace")).digest()[:8])
    pleasant = [number for number in map(lexicon.named, LAST) if number is not None]
    return pleasant[dice % len(pleasant)] if pleasant else dice % len(lexicon.vocabulary.subjects)


def _tagged(lexicon: Lexicon, index: Index, words: Sequence[str], at: int) -> int | None:
    for length in range(min(_TAG_MAX, at + 1), 0, -1):
        if found := index.get(tuple(words[at + 1 - length : at + 1])):
            return max(found, key=lambda number: _shared(lexicon, number, words))  # the first of equals
    return None


def _shared(lexicon: Lexicon, number: int, words: Sequence[str]) -> int:
    subject = lexicon.vocabulary.subjects[number]
    about = {word for said in (*subject.names, *subject.tags, *subject.cues) for word in phrase(said)}
    return len(about & {*words})


def _part(lexicon: Lexicon, word: str) -> int | None:
    found = [number for same in ((word,), *variants((word,))) for number in lexicon.parts.get(same[0], ())]
    return min(found, key=lambda number: _off_head(lexicon, number, word)) if found else None


def _off_head(lexicon: Lexicon, number: int, word: str) -> tuple[bool, int]:
    """Names that end with the word come first, short ones before long ones."""
    names = [said for name in lexicon.vocabulary.subjects[number].names if word in (said := phrase(name))]
    return min(((name[-1] != word, len(name)) for name in names), default=(True, _TOO_LONG))


def _slip(lexicon: Lexicon, word: str) -> int | None:
    meant = _meant(word, lexicon.joined.get(word[:1], {}))
    return None if meant is None else lexicon.joined[word[0]][meant]


def _relative(lexicon: Lexicon, word: str) -> int | None:
    like = _alike(word, lexicon.single)
    return None if like is None else lexicon.single[like]


def _indirect(lexicon: Lexicon, word: str) -> int | None:
    if len(word) < _INDIRECT:
        return None
    known = [each for each in (_meant(word, SIMILAR), _alike(word, _LONG)) if each is not None]
    return next((number for each in known if (number := by_synonym(lexicon, each)) is not None), None)


def _meant(word: str, known: Iterable[str]) -> str | None:
    """The word of which this is a typo."""
    counted = [(0 if word == each else count_typos(word, each), each) for each in known if each[:1] == word[:1]]
    return min(((count, each) for count, each in counted if count is not None), default=(0, None))[1]


def _alike(word: str, known: Iterable[str]) -> str | None:
    """What a compound ends with, or else a word of the same stem: racecar → car, saxophonist → saxophone."""
    known = tuple(known)
    ends = [each for each in known if word.endswith(each) and (len(each) >= _END or each in _SHORT_ENDS)]
    ends = [each for each in ends if len(word) >= len(each) + _FRONT]
    if ends:
        return max(ends, key=len)
    stems = [(_common(each, word), each) for each in known if each[:_STEM] == word[:_STEM] and len(each) <= len(word)]
    close = [(-count, each) for count, each in stems if count >= max(_STEM, _SHARE * len(word))]
    return min(close)[1] if close else None


def _common(one: str, two: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
