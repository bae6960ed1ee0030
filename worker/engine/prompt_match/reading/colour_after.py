"""A colour that is said after a thing, not before it: a car in blue; a fox, coloured blue; a balloon that is red."""

from worker.engine.prompt_match.words import any_colour

from .lexicon import Lexicon
from .prompt import PromptWords
from .scene import Thing

_IN = ("in", "in the color", "in the colour", "in color", "in colour")
_ANYTHING = (
    "colored", "coloured", "painted", "dyed", "is", "are", "that is", "that are", "which is", "of color", "of colour",
)  # fmt: skip
_SAID = {tuple(words.split()): words in _IN for words in sorted((*_IN, *_ANYTHING), key=len, reverse=True)}


def told(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> range | None:
    """The words right after a thing that say so; the last of them is the colour, one that the model paints with.

    In a colour are only things that come in any: a man in black is dressed so. Of two colours `colours_of_one` tells.
    """
    plain, known = prompt.plain, lexicon.vocabulary
    led = next((words for words in _SAID if tuple(plain[thing.end : thing.end + len(words)]) == words), ())
    colour = thing.end + len(led)
    if not led or colour >= len(plain) or plain[colour] not in known.paints or not prompt.free(colour):
        return None
    if _SAID[led] and any_colour.SAID_IN.isdisjoint(known.subjects[thing.number].names):
        return None
    after = plain[colour + 1 : colour + 3]
    ends = not after or prompt.words[colour + 1].breaks
    another = after[:1] == ["and"] and not any(map(lexicon.is_colour, after[1:]))
    return range(thing.end, colour + 1) if ends or another else None
