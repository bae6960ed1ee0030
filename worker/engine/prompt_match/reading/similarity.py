"""An unknown thing → the known one that may be drawn for it, and those that come near."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile

from worker.engine.prompt_match.words.declined import FEELINGS, feelings, is_person
from worker.engine.prompt_match.words.english import is_word
from worker.engine.prompt_match.words.similar import SIMILAR, Names
from worker.engine.prompt_match.words.spelling import count_typos, phrase, variants
from worker.engine.prompt_match.words.synonyms import IDLE_WORDS, LAST, LOOSE_TAGS, QUALITIES, STYLES, SURROUNDINGS

from .lexicon import Index, Lexicon

_WORDS_MAX = 12  # of one run that are looked at: a prompt may hold a thousand
_TAG_MAX = 3  # words
FACE = "face"
_NAMING = {"named", "called"}  # what follows is a name
_TOO_LONG = 99
_FRONT, _END = 3, 4  # letters of a compound's parts, at least
_SHORT_ENDS = {"bee", "bus", "car", "cat", "cow", "dog", "fox", "hat", "owl", "pig"}  # a landscape is no ape
_STEM, _SHARE = 5, 0.6  # letters that two words of one stem begin with, and their share of what was typed
_INDIRECT = 6  # letters of a word that may be one of the table slipped or grown
_LONG = tuple(word for word in SIMILAR if len(word) > _END)


def satisfying(lexicon: Lexicon, words: Sequence[str]) -> int | None:
    """The number of the subject that may be drawn for some words in a row; None where all that comes near is less."""
    number, satisfies = next(_search(lexicon, words), (None, False))
    return number if satisfies else None


def near(lexicon: Lexicon, words: Sequence[str]) -> Iterator[int]:
    """The numbers of subjects that come near to some words in a row, whether they satisfy or not, the nearest first."""
    return (number for number, _ in _search(lexicon, words))


def _search(lexicon: Lexicon, words: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Subjects that come near to some words in a row, the nearest first, and whether each of them satisfies.

    English says the thing last, so the last word is tried first, and verbs, adverbs and the like after all others. Two
    words that the table has as one mean that, and neither of them alone: a light house is no house.

    People and feelings are looked up in the table alone, whose rows for them hold people and faces: where it has none
    for the last word that is a thing, what stands before that is no answer either (`declined` says why).
    """
    words = [*takewhile(lambda word: word not in _NAMING, words[:_WORDS_MAX])]
    if len(words) > 1 and (joined := by_synonym(lexicon, "".join(words[-2:]))) is not None:
        yield joined, True  # a crazy face, of which neither word tells enough
        return
    some = [word for word in words if word not in FEELINGS and not _is_idle(word)]
    if words and not some and (shows := by_feeling(lexicon, words)) is not None:
        yield shows, True
    if len(some) > 1 and (joined := _slip(lexicon, "".join(some), most=1)) is not None:
        yield joined, True
    if len(some) > 1 and is_listed(joint := "".join(some[-2:])):
        yield from _in_table(lexicon, joint)
        return
    if len(some) > 1 and FACE in some:
        some.remove(FACE)  # whose face, or what it does, is what counts
    known = True  # the word that is meant: a magic wand is no magic
    for at in sorted(range(len(some)), key=lambda at: (is_verb_or_adverb(some[at]) or some[at] in IDLE_WORDS, -at)):
        found = [*_in_table(lexicon, some[at])]
        if not is_person(some[at]):
            found += [(number, sure) for way, sure in _WAYS if (number := way(lexicon, some, at)) is not None]
        yield from ((number, satisfies and known) for number, satisfies in found)
        if is_person(some[at]):
            return
        known &= bool(found) or asks_for_nothing(lexicon, some[at]) or any(map(str.isdigit, some[at]))


def _in_table(lexicon: Lexicon, word: str) -> Iterator[tuple[int, bool]]:
    yield from ((number, True) for number in _named(lexicon, word, lambda names: names.satisfying))
    yield from ((number, False) for number in _named(lexicon, word, lambda names: names.near))


def by_feeling(lexicon: Lexicon, words: Iterable[str]) -> int | None:
    """The face that shows most of the feelings which some words tell of, and of such the fewest others."""
    asked = feelings(words)
    showing = [(number, shown) for number, shown in lexicon.faces.items() if shown & asked]
    best = max(showing, key=lambda each: (len(each[1] & asked), -len(each[1] - asked)), default=None)  # the first one
    return best[0] if best else None


def by_mixed_feelings(lexicon: Lexicon, words: Sequence[str]) -> int | None:
    """The face that shows several of the feelings which some words tell of: crying and laughing."""
    number = by_feeling(lexicon, words)
    return number if number is not None and len(lexicon.faces[number] & feelings(words)) > 1 else None


def is_verb_or_adverb(word: str) -> bool:
    """Whether a word looks like what is done, or how: it is not the thing that is drawn."""
    looks_so = len(word) > 5 and word.endswith(("ing", "ed", "ly"))
    return looks_so and not is_person(word) and word not in SIMILAR  # a sibling is none, and no morning either


def by_synonym(lexicon: Lexicon, word: str) -> int | None:
    """The subject that satisfies by the table."""
    return next(_named(lexicon, word, lambda names: names.satisfying), None)


def near_by_synonym(lexicon: Lexicon, word: str) -> set[int]:
    """The subjects that only come near by the table."""
    return {*_named(lexicon, word, lambda names: names.near)}


def is_listed(word: str) -> bool:
    """Whether the table has a word, or its singular or plural."""
    return any(same in SIMILAR for (same,) in ((word,), *variants((word,))))


def asks_for_nothing(lexicon: Lexicon, word: str) -> bool:
    """Whether a word tells of no thing: how it is or looks, what it does, or nothing in particular."""
    if word in IDLE_WORDS or not word.isalnum() or word.isdecimal():
        return True
    told = word in QUALITIES or word in STYLES or word in SURROUNDINGS or word in lexicon.apart
    return (told or lexicon.is_colour(word) or is_verb_or_adverb(word)) and not is_listed(word)


def last(lexicon: Lexicon, prompt: str) -> int:
    """What to draw for a prompt that asks for nothing: something pleasant, the same for the same prompt."""
    dice = int.from_bytes(hashlib.sha256(" ".join(prompt.split()).casefold().encode(errors="replace")).digest()[:8])
    pleasant = [number for number in map(lexicon.named, LAST) if number is not None]
    return pleasant[dice % len(pleasant)] if pleasant else dice % len(lexicon.vocabulary.subjects)


def _named(lexicon: Lexicon, word: str, kind: Callable[[Names], Iterable[str]]) -> Iterator[int]:
    names = (name for (same,) in ((word,), *variants((word,))) for name in kind(SIMILAR.get(same, Names())))
    return (number for number in map(lexicon.named, names) if number is not None)


def _is_idle(word: str) -> bool:
    return word in IDLE_WORDS and word not in SIMILAR  # hello has a face


def _tagged(lexicon: Lexicon, index: Index, words: Sequence[str], at: int) -> int | None:
    for length in range(min(_TAG_MAX, at + 1), 0, -1):
        if found := index.get(tuple(words[at + 1 - length : at + 1])):
            return max(found, key=lambda number: _shared(lexicon, number, words))  # the first of equals
    return None


def _is_loose(word: str) -> bool:
    """Whether a word, or its singular or plural, only leads to an emoji."""
    return any(form in LOOSE_TAGS for (form,) in ((word,), *variants((word,))))


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


def _typo(lexicon: Lexicon, word: str) -> int | None:
    """What a word that means nothing else may have been meant for."""
    return None if _is_meant(lexicon, word) else _slip(lexicon, word)


def _listed_typo(lexicon: Lexicon, word: str) -> int | None:
    """What satisfies for a word of the table for which it may have been meant: firetruk."""
    slip = None if len(word) < _INDIRECT or _is_meant(lexicon, word) else _meant(word, SIMILAR)
    return None if slip is None else by_synonym(lexicon, slip)


def _is_meant(lexicon: Lexicon, word: str) -> bool:
    """Whether a word means something, here or in English: it is no typo."""
    return is_listed(word) or word in lexicon.words or word in QUALITIES or is_word(word)


def _slip(lexicon: Lexicon, word: str, most: int = 2) -> int | None:
    meant = _meant(word, lexicon.joined.get(word[:1], {}), most)
    return None if meant is None else lexicon.joined[word[0]][meant]


def _relative(lexicon: Lexicon, word: str) -> int | None:
    like = _alike(word, lexicon.single)
    return None if like is None else lexicon.single[like]


def _indirect(lexicon: Lexicon, word: str) -> int | None:
    if len(word) < _INDIRECT:
        return None
    slip = None if is_word(word) else _meant(word, SIMILAR)
    known = [each for each in (slip, _alike(word, _LONG)) if each is not None]
    return next((number for each in known for number in _named(lexicon, each, lambda names: names.both)), None)


def _meant(word: str, known: Iterable[str], most: int = 2) -> str | None:
    """The word of which this is a typo, with so many slips at `most`."""
    counted = [(0 if word == each else count_typos(word, each), each) for each in known if each[:1] == word[:1]]
    return min(((count, each) for count, each in counted if count is not None and count <= most), default=(0, None))[1]


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


# After the table, and whether what is found satisfies.
_WAYS: tuple[tuple[Callable[[Lexicon, Sequence[str], int], int | None], bool], ...] = (
    (lambda lexicon, words, at: None if _is_loose(words[at]) else _tagged(lexicon, lexicon.tags, words, at), True),
    (lambda lexicon, words, at: _tagged(lexicon, lexicon.tags, words, at), False),
    (lambda lexicon, words, at: _tagged(lexicon, lexicon.cues, words, at), False),
    (lambda lexicon, words, at: _part(lexicon, words[at]), False),
    (lambda lexicon, words, at: _typo(lexicon, words[at]), True),
    (lambda lexicon, words, at: _listed_typo(lexicon, words[at]), True),
    (lambda lexicon, words, at: _relative(lexicon, words[at]), False),
    (lambda lexicon, words, at: _indirect(lexicon, words[at]), False),
)
