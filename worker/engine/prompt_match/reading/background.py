"""The background that a prompt asks for: one colour, or two that run into each other."""

from dataclasses import dataclass

from .lexicon import FILLERS, Kind, Lexicon, MatchedColour
from .prompt import PromptWords

_BACKGROUND_WORDS = {"background", "backdrop", "wallpaper"}
_TINTED = {"colored", "coloured", "color", "colour", "solid", "plain", "studio"}
_NAME = 4  # words of a name that may stand before its last


@dataclass(frozen=True)
class Background:
    """A background.

    Attributes:
        colours: in the words of captions, from top to bottom.
        asked: what was asked for, when the model lacks that colour; else "".
        exact: it stands there in the words of captions.
    """

    colours: tuple[str, ...] = ()
    asked: str = ""
    exact: bool = True


def find(prompt: PromptWords, lexicon: Lexicon) -> Background:
    """Take `light blue background`, `red to yellow gradient background` and the like out of a prompt.

    All before the things: so `orange background` asks for no fruit.
    """
    for at in range(len(prompt)):
        if not _is_within(prompt, lexicon, at) and (found := _at(prompt, lexicon, at)):
            return found
    return Background()


def stray(prompt: PromptWords, lexicon: Lexicon) -> Background:
    """Take a colour that is left when the things are taken, and stands for itself or after `on`."""
    for at in range(len(prompt)):
        found = lexicon.colour(prompt.plain[: prompt.part(at)], at) if prompt.free(at) else None
        if found and _stands_alone(prompt, lexicon, at, found[1], exact=found[0].exact):
            return _take(prompt, (found[0],), at, at + found[1], exact=False)
    return Background()


def _at(prompt: PromptWords, lexicon: Lexicon, at: int) -> Background | None:
    plain = prompt.plain
    first = lexicon.colour(plain[: prompt.part(at)], at, surroundings=True)  # a ghost, white: no ghost white
    if not first:
        return None
    matched, end = [first[0]], at + first[1]
    second = lexicon.colour(plain, end + 1, surroundings=True) if plain[end : end + 1] == ["to"] else None
    kept = end
    if second:
        end += 1 + second[1]
        if lexicon.gradients:
            matched, kept = [*matched, second[0]], end
    tints = end
    while end < len(plain) and plain[end] in _TINTED | {"gradient"}:
        end += 1
    if plain[end : end + 1] == [] or plain[end] not in _BACKGROUND_WORDS:
        return None
    prompt.use(end, end + 1)
    said = plain[tints:end] == ["gradient"] * (len(matched) - 1) and plain[end] == "background"
    return _take(prompt, tuple(matched), at, kept, exact=said)


def _take(prompt: PromptWords, matched: tuple[MatchedColour, ...], at: int, end: int, *, exact: bool) -> Background:
    prompt.use(at, end)
    colours = tuple(dict.fromkeys(colour.words for colour in matched))
    known = all(colour.exact for colour in matched)
    written = prompt.is_written(at, end, " to ".join(colour.words for colour in matched))
    return Background(colours, "" if known else prompt.said(at, end), exact and written)


def _is_within(prompt: PromptWords, lexicon: Lexicon, at: int) -> bool:
    """Whether a word belongs to a name that begins before it: a traffic light, blue background."""
    for begin in range(max(0, at - _NAME), at):
        found = lexicon.match(prompt.plain[: prompt.part(begin)], begin)
        if found and found[0].kind is Kind.SUBJECT and begin + found[1] > at:
            return True
    return False


def _stands_alone(prompt: PromptWords, lexicon: Lexicon, at: int, length: int, *, exact: bool) -> bool:
    end = at + length
    ends = end == len(prompt) or prompt.words[end].breaks or prompt.plain[end] in FILLERS
    single = exact and not _is_beside_another(prompt, lexicon, at, end)
    segment = single and prompt.words[at].breaks and at > 0
    over = prompt.before(at) in {"on", "against", "over"}
    return ends and (over or segment or (single and not _BACKGROUND_WORDS.isdisjoint(prompt.plain)))


def _is_beside_another(prompt: PromptWords, lexicon: Lexicon, at: int, end: int) -> bool:
    """Whether another colour stands beside one: both are of a thing. A controller, purple and teal."""
    after = end + (prompt.plain[end : end + 1] == ["and"])
    return any(prompt.free(other) and lexicon.colour(prompt.plain, other) for other in (at - 1, after))
