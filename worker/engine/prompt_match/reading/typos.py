"""Which word a misspelt one was meant for: of those that say something here the nearest by far, by letters or by sound.

A word of English is no typo, but for the few below, and of two words that are as near none is meant.
"""

import functools
import re
from collections.abc import Iterable

from worker.engine.prompt_match.words.deeds import DEEDS
from worker.engine.prompt_match.words.encounters import ENCOUNTERS
from worker.engine.prompt_match.words.moods import MOODS
from worker.engine.prompt_match.words.similar import SIMILAR
from worker.engine.prompt_match.words.spelling import count_typos, distance

from .standing_words import WORDS

_LEAST = 5  # letters of a word that is corrected
_OFF = 3  # letters by which a word may be longer or shorter than it was meant
_BY_EAR = {4: 1, 5: 1, 6: 2, 7: 2, 8: 3}  # letters of a word → slips that there may be where it sounds the same
_SOUNDS = tuple(
    (re.compile(spelt), sound)
    for spelt, sound in (
        (r"ph", "f"), (r"^kn", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^rh", "r"), (r"[ck]h?", "k"), (r"qu?", "k"),
        (r"^g(?=[iey])", "j"), (r"(?<=[a-z])h", ""), (r"[xz]", "s"), (r"(?<=.)[aeiouyw]", ""), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
# What people write for words to which neither way leads: too short, too far, or English as well.
KNOWN = {
    typed: meant
    for meant, *slips in map(
        str.split,
        """
        draw drwa drw darw
        please pls plz plss plzz pleas pleese
        want wnat wnt
        make mkae maek
        give giv gib
        with wiht
        the teh
        and adn
        giraffe jirafe jiraff
        tomato tomatoe
        potato potatoe
        volcano volcanoe
        raccoon racoon
        raccoons racoons
        calendar calender
        raspberry rasberry rasbery
        snow sno
        pizza piza
        queen qeen
        snake sanke snaek
        tiger tigr
        teddy tedy
        truck truk trcuk
        house huose
        wheel weel whel
        chair cahir chiar
        knife nife knfie
        knight knigt kinght
        wrench rench
        squirrel skwirl
        """.strip().splitlines(),
    )
    for typed in slips
}
_CANDIDATES_LEAST = 4  # letters


@functools.lru_cache(maxsize=1 << 14)
def sound(word: str) -> str:
    """How a word sounds, but for its vowels: those of one sound are spelt alike by whoever goes by ear."""
    for spelt, said in _SOUNDS:
        word = spelt.sub(said, word)
    return word


@functools.cache
def _others() -> frozenset[str]:
    """Words that say something here and name nothing that a model knows."""
    asking = ("please", "picture", "drawing", "image", "would", "could", "something", "create", "generate", "cleaner")
    said = (WORDS, DEEDS, ENCOUNTERS.words, MOODS.words, asking)
    return frozenset(word for words in said for word in words if len(word) >= _CANDIDATES_LEAST)


def meant(word: str, names: Iterable[str]) -> str | None:
    """The word of which this is a typo; None without one, or where several are as near.

    `names`: the words of the things that a model knows. Whether it is a word of its own is for the caller to know.
    """
    if word in KNOWN:
        return KNOWN[word]
    if len(word) < _LEAST or not word.isalpha() or word in _others():
        return None
    known = (names, *((SIMILAR, _others()) if len(word) > _LEAST else ()))  # furby is not fury
    ranked = sorted({(slips, each) for words in known for each in words if (slips := _slips(word, each))})
    best = sorted((each for slips, each in ranked if slips == ranked[0][0]), key=len)
    return best[0] if best and all(each.startswith(best[0]) for each in best) else None  # christmas, christmases


def _slips(word: str, known: str) -> float | None:
    """How far a word is from a known one, if that may be meant; what sounds like it is twice as near."""
    if len(known) < _CANDIDATES_LEAST or abs(len(word) - len(known)) > _OFF:
        return None
    if sound(word) != sound(known):
        return count_typos(word, known)
    count, short = distance(word, known), min(len(word), len(known))
    return count / 2 if 0 < count <= _BY_EAR[min(short, max(_BY_EAR))] else None
