"""From a prompt to its words and its options. Never an exception, and never a lost word.

A flag is two dashes, or one of the long dashes that phones make of them, or a mix, at the beginning of a word, with a
letter after them. A long dash with a name that is none, nor like one, is just a dash. A backslash makes words of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from worker.contract.message.sampler_titles import SAMPLER_TITLES
from worker.contract.types.request import WEIGHT_MAX

from .table import STYLE_WEIGHT, WEIGHT, Flag, Takes, midjourneys, named, nearest

_SHORT = "-\u2010\u2011"  # a hyphen, and hyphens that do not break lines
_LONG = "\u2012\u2013\u2014\u2015\u2212"
DASHES = rf"(?:[{_SHORT}{_LONG}]{{2,}}|[{_LONG}])"
# A name, behind dashes, at the beginning of a word; with a backslash before it, it is no flag.
START = re.compile(rf"(?<!\S)(?P<escapes>\\*)(?P<dashes>{DASHES})(?P<name>[^\W\d_][^\W\d]*(?:-[^\W\d]+)*)")
QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "'": "'", "‘": "’"}
QUOTED = re.compile(rf"\\*[{''.join(QUOTES)}]")  # how a quotation begins, escaped or not
_WORD = re.compile(r"\s*(\S+)")
_NAMES = re.compile(r"\s*(\S+(?:(?<=,)\s+\S+)*)")
_RATIO = re.compile(r"(\d{1,4})\s?[:x×/]\s?(\d{1,4})[,;]?")
_TITLE_WORDS = 4  # of a sampler, at most


class Trouble(Enum):
    """What is wrong with a flag."""

    UNKNOWN = "unknown"
    MIDJOURNEYS = "midjourneys"  # and nothing here does the same
    NO_VALUE = "no value"
    TWICE = "twice"
    NOT_HERE = "not here"  # where Easel itself may not write
    STRAY = "stray"  # words where only flags belong
    LINK = "link"  # no flag, but no words to draw either: a picture's, here and in the following
    PARTS = "parts"  # Midjourney's, with weights
    PERMUTATION = "permutation"  # Midjourney's, for several prompts in one


@dataclass(frozen=True)
class BadFlag:
    """A flag that stands in the way: as it was typed, and the name that was meant, "" where nobody can tell.

    `in_line`: it stands in the form's line, where nothing but flags belongs. `before`: of TWICE the one that came
    first, as it was typed, by whichever of its names.
    """

    trouble: Trouble
    typed: str
    meant: str = ""
    in_line: bool = False
    before: str = ""


@dataclass(frozen=True)
class Read:
    """What a prompt says: its words, options by their names, and what cannot be understood."""

    words: str
    options: Mapping[str, str]
    bad: tuple[BadFlag, ...] = ()


def read(text: str) -> Read:
    """Take the flags out of a text; without any, its words are the text as it came."""
    kept: list[str] = []
    options: dict[str, str] = {}
    first: dict[str, str] = {}  # each flag as it was typed, by its option
    bad: list[BadFlag] = []
    at = 0
    while (found := _next(text, at)) is not None:
        kept.append(text[at : found.start()])
        name, flag = found["name"], named(found["name"])
        if flag is None:
            bad.append(_unknown(found["dashes"] + name))
            at = found.end()
            continue
        said, at = _value(text, found.end(), flag)
        value = _AS_HERE.get(name.casefold(), str)(said)
        typed = f"--{name}" if flag.takes is Takes.NOTHING else f"--{name} {said}"
        if not value:
            bad.append(BadFlag(Trouble.NO_VALUE, "--" + name, name))
        elif flag.option in options and not flag.gathers:
            bad.append(BadFlag(Trouble.TWICE, typed, name, before=first[flag.option]))
        else:
            options[flag.option] = ", ".join(filter(None, [options.get(flag.option), value]))
            first.setdefault(flag.option, typed)
    kept.append(text[at:])
    words = " ".join(filter(None, map(str.strip, kept))) if options or bad else text
    return Read(_unescaped(words), options, tuple(bad))


def read_line(text: str) -> Read:
    """The same of a line that holds flags alone: words are what cannot be understood there."""
    found = read(text)
    unknown = any(each.trouble in {Trouble.UNKNOWN, Trouble.MIDJOURNEYS} for each in found.bad)
    stray = "" if unknown else found.words.strip()  # or it is what comes after that flag
    bad = (*found.bad, BadFlag(Trouble.STRAY, stray)) if stray else found.bad
    return Read("", found.options, tuple(replace(each, in_line=True) for each in bad))


def _next(text: str, at: int) -> re.Match[str] | None:
    """The next flag from here on."""
    return next((found for found in START.finditer(text, at) if not found["escapes"] and means_one(found)), None)


def means_one(found: re.Match[str]) -> bool:
    """Whether it is a flag but for what escapes it: after a long dash it has to be like one."""
    return {*found["dashes"]} <= {*_SHORT} or _is_like_one(found["name"])


def _is_like_one(name: str) -> bool:
    return named(name) is not None or midjourneys(name) or nearest(name) != ""


def _unknown(typed: str) -> BadFlag:
    name = typed.lstrip(_SHORT + _LONG)
    if midjourneys(name):
        return BadFlag(Trouble.MIDJOURNEYS, "--" + name)
    return BadFlag(Trouble.UNKNOWN, "--" + name, nearest(name))


def _value(text: str, at: int, flag: Flag) -> tuple[str, int]:
    """What comes after a name, and where the rest of the text begins; "" where there is nothing."""
    if flag.takes is Takes.NOTHING:
        return "yes", at
    if text[at : at + 1] in {"=", ":"}:
        at += 1
    following = _next(text, at)
    end = following.start() if following else len(text)
    begins = len(text) - len(text[at:].lstrip())
    closes = _closes(text, begins)
    if closes is not None and (flag.takes is not Takes.ALL or not text[closes + 1 : _flag_after(text, closes)].strip()):
        return text[begins + 1 : closes].strip(), closes + 1
    if flag.takes is Takes.ALL:
        return _unquoted(_unescaped(text[at:end].strip())), end
    if flag.takes is Takes.SAMPLER:
        sampler = _sampler(text, at, end)
        if sampler is not None:
            return sampler
    word = (_NAMES if flag.takes is Takes.NAMES else _WORD).match(text, at, end)
    if word is None:
        return "", at
    value, at = word[1].rstrip(",;"), word.end()
    return _ratio(text[word.start(1) : end], value, word.start(1), at) if flag.option == "aspect_ratio" else (value, at)


def _flag_after(text: str, at: int) -> int:
    following = _next(text, at + 1)
    return following.start() if following else len(text)


def _closes(text: str, at: int) -> int | None:
    """Where the quotation ends that begins here; None where none does."""
    closing = QUOTES.get(text[at : at + 1])
    return next((index for index in range(at + 1, len(text)) if text[index] in closing), None) if closing else None


def _kept(weight: str) -> str:
    """The strength that keeps this much of a picture; what is no number from 0 to 1 stays as it was typed."""
    found = re.fullmatch(r"0?\.\d{1,4}|[01](?:\.0{1,4})?", weight)
    return f"{1 - float(weight):.4f}".rstrip("0").rstrip(".") if found else f"--{WEIGHT} {weight}"


def _hundredth(weight: str) -> str:
    """The weight for one in hundredths, of which nothing here goes beyond the most; what is none stays as typed."""
    found = re.fullmatch(r"\d{1,4}(?:\.\d{1,4})?", weight)
    if found is None:
        return f"--{STYLE_WEIGHT} {weight}"
    return f"{min(float(weight) / 100, WEIGHT_MAX):.4f}".rstrip("0").rstrip(".")


_AS_HERE = {WEIGHT: _kept, STYLE_WEIGHT: _hundredth}  # what Midjourney counts in another way, by the flag's name


def _ratio(text: str, value: str, start: int, end: int) -> tuple[str, int]:
    """A ratio as options have it, however its numbers are joined."""
    found = _RATIO.match(text)
    if found is None or found.end() < len(value):
        return value, end
    return f"{int(found[1])}:{int(found[2])}", max(end, start + found.end())


def _sampler(text: str, at: int, end: int) -> tuple[str, int] | None:
    """The sampler whose name or title the next words are, as many as it takes."""
    words: list[re.Match[str]] = []
    while len(words) < _TITLE_WORDS and (word := _WORD.match(text, words[-1].end() if words else at, end)):
        words.append(word)
    for many in range(len(words), 0, -1):
        found = _SAMPLERS.get(_letters("".join(word[1] for word in words[:many])))
        if found is not None:
            return found, words[many - 1].end()
    return None


def _letters(name: str) -> str:
    return "".join(each for each in name.casefold().replace("+", "p") if each.isalnum())


_SAMPLERS = {_letters(name): str(each) for each, title in SAMPLER_TITLES.items() for name in (str(each), title)}


def _unescaped(text: str) -> str:
    return START.sub(lambda found: found[0].removeprefix("\\"), text)


def _unquoted(text: str) -> str:
    """Without the backslash that keeps a quotation as it is."""
    return text[1:] if QUOTED.match(text) and text[0] == "\\" else text
