"""How many of a thing a prompt asks for: two cats, a pair of shoes, several stars."""

from collections.abc import Sequence
from itertools import count

from worker.engine.prompt_match.vocabulary import KnownSubject
from worker.engine.prompt_match.words.similar import SIMILAR
from worker.engine.prompt_match.words.spelling import phrase, singulars

SEVERAL = 3  # what words such as `several` stand for
PLURAL = 2  # what a bare plural stands for
_ONE_TO_TWENTY = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty"""
NUMBERS = dict(zip(_ONE_TO_TWENTY.split(), count(1), strict=False)) | {
    "single": 1, "another": 1, "couple": 2, "pair": 2, "duo": 2, "both": 2, "trio": 3,
    "dozen": 12, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_SEVERAL = """
several some many few multiple numerous various bunch group lots lot herd flock pack swarm crowd pile team army
family collection set stack row line plenty tons dozens hundreds thousands
"""
_GROUPS = frozenset(_SEVERAL.split())
_AFTER_AN_ARTICLE = frozenset(("couple", "pair", "duo", "trio", "dozen", "hundred", "thousand", "single"))
# After a number: an age, a measure, how many heads one thing has.
_UNITS = """
year years yr yrs month months week weeks day days hour hours minute minutes inch inches foot feet ft meter
meters metre metres mile miles cm mm km kg pound pounds percent degrees d px pixels k headed eyed legged armed
tailed horned winged leaf legs sided story storey player wheeled dimensional
"""
_MEASURES = frozenset(_UNITS.split())
_LIMBS = frozenset(("feet",))  # at the end these are counted
_YEARS = range(1800, 2200)
_SAME = frozenset(("fish", "sheep", "deer", "salmon", "trout", "shrimp"))
_ONE_DRAWING = frozenset(("headphones", "earphones", "earbuds", "drums", "flames", "lips"))  # plurals of one thing
SHOWN = {"cherries": 2}  # of what a drawing shows several of, by its emoji's name: so many in all styles
_TELLING = frozenset(("with", "of", "behind", "in", "on"))  # after them a name only tells more of its head
EACH = frozenset(("both", "each", "all"))  # of several every one
COUNT_WORDS = frozenset((*NUMBERS, *_GROUPS))


def number(words: Sequence[str], at: int) -> int | None:
    """How many the word says; None where it is no count, but an age, a measure, a year or part of a name."""
    word = words[at]
    word = word[:-1] if word.endswith("x") and word[:-1].isdecimal() else word  # 2x
    after = words[at + 1 : at + 2]
    if after and after[0] in _MEASURES and not (after[0] in _LIMBS and at + 2 == len(words)):
        return None
    if word.isdecimal() and word.isascii():
        return None if len(word) > len("999") or not int(word) or int(word) in _YEARS else int(word)
    return SEVERAL if word in _GROUPS else NUMBERS.get(word)


def times(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """How many the words after a thing say, and how many words that are: cat x2, cat x 2."""
    said = "".join(words[at : at + 2]) if words[at : at + 1] == ["x"] else "".join(words[at : at + 1])
    if not said.startswith("x") or not said[1:].isascii() or not said[1:].isdecimal() or len(said) > len("x999"):
        return None
    return (int(said[1:]), 1 + (words[at] == "x")) if int(said[1:]) else None


def is_vague(word: str) -> bool:
    """Whether a word says that there are several, and not how many."""
    return word in _GROUPS


def needs_no_article(word: str) -> bool:
    """Whether `a` before the word makes another word of it: a 5 is no count, a couple is."""
    return word not in _AFTER_AN_ARTICLE and word not in _GROUPS


def is_plural(typed: Sequence[str], subject: KnownSubject) -> bool:
    """Whether some words for a subject ask for more than one: cats, cups of coffee; but not grapes, its very name."""
    names = {phrase(name) for name in subject.names}
    names |= {phrase(name.removesuffix(" face")) for name in subject.names if "'" not in name}
    if not typed or typed[-1] in _ONE_DRAWING:
        return False
    for end in (tuple(typed[at:]) for at in range(len(typed))):
        heads = {(one, *end[1:]) for one in singulars(end[0])}
        tails = {(*end[:-1], one) for one in singulars(end[-1])}
        if end in names or names & (heads | tails):  # cups of coffee are several, the sun behind clouds is one
            return end not in names and bool(names & heads or _TELLING.isdisjoint(end))
    listed = typed[-1] not in SIMILAR and any(one in SIMILAR for one in singulars(typed[-1]))
    listed = listed and (typed[-1:] == typed or _TELLING.isdisjoint(typed))  # a face with hearts is one
    return listed and not is_plural_name(subject)


def is_plural_name(subject: KnownSubject) -> bool:
    """Whether a drawing of a subject shows several already: grapes, books."""
    said = phrase(subject.names[0])
    return "with" not in said and bool(said and singulars(said[-1]))


def is_same_in_plural(word: str) -> bool:
    """Whether a word is its own plural: fish."""
    return word in _SAME
