"""Words as they are compared: without case, accents, hyphens and apostrophes; plurals; typos."""

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_IRREGULAR = {
    "man": "men", "woman": "women", "person": "people", "child": "children", "mouse": "mice", "goose": "geese",
    "foot": "feet", "tooth": "teeth", "wolf": "wolves", "leaf": "leaves", "knife": "knives", "loaf": "loaves",
    "elf": "elves", "dwarf": "dwarves", "cactus": "cacti", "scarf": "scarves", "ox": "oxen",
}  # fmt: skip
_SINGULAR = {plural: single for single, plural in _IRREGULAR.items()}
# One thing, which has no singular of that meaning: who asks for a glass wants no spectacles.
_PAIRS = {"glasses", "shorts"}
_SHORT, _LONG = 6, 7  # letters up to which a slip may not change one, and from which there may be two slips


def plain(word: str) -> str:
    """One word as it is compared."""
    flat = unicodedata.normalize("NFKD", word.replace("'", "").replace("’", "")).casefold()
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text as they are compared, with where they stand."""
    for found in _WORD.finditer(text):
        yield plain(found[0]), found.start(), found.end()


def phrase(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    return tuple(word for word, _, _ in spans(text))


def variants(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A phrase in the plural and in the singular, also where it is no English word."""
    *before, last = words
    if last in _PAIRS:
        return
    others = {_IRREGULAR.get(last, ""), _SINGULAR.get(last, ""), *_plurals(last), _singular(last)} - {"", last}
    for other in sorted(others):
        yield (*before, other)
    if before and before[0] != last:
        for other in sorted({*_plurals(before[0])} - {before[0]}):  # slices of pizza
            yield (other, *before[1:], last)


def _plurals(word: str) -> tuple[str, ...]:
    """How its plural may be written: tacos like photos, tomatoes like potatoes."""
    if word.endswith("y") and word[-2:-1] not in {"a", "e", "i", "o", "u", ""}:
        return (word[:-1] + "ies",)
    if word.endswith("o"):
        return word + "s", word + "es"
    return (word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"),)


def singulars(word: str) -> tuple[str, ...]:
    """Of which words it may be the plural, by its form; English or not: roses of rose and of ros."""
    if word in _PAIRS or word.endswith(("ss", "us", "is")):
        return ()
    cut = (_SINGULAR.get(word, ""), word[:-1], word[:-2], word[:-3] + "y")
    return tuple(each for each in cut if each and word in {_IRREGULAR.get(each), *_plurals(each)})


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else ""


def count_typos(typed: str, meant: str) -> int | None:
    """How many slips make `typed` of `meant`; None when it is likelier another word.

    A slip is a letter left out, added, swapped with its neighbour or, in longer words, changed. In short words a
    changed letter makes another word: horse, house; boot, boat.
    """
    short = min(len(typed), len(meant))
    most = 2 if short >= _LONG else 1
    if short < 4 or abs(len(typed) - len(meant)) > most or typed[0] != meant[0]:
        return None
    count = distance(typed, meant)
    if count > most or (len(typed) == len(meant) < _SHORT and sorted(typed) != sorted(meant)):
        return None
    return count


def distance(one: str, two: str) -> int:
    """Damerau and Levenshtein's distance, each pair of letters swapped at most once (optimal string alignment)."""
    rows = [list(range(len(two) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, other in enumerate(two, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == two[j - 2] and one[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows = [*rows[-1:], row]
    return rows[-1][-1]
