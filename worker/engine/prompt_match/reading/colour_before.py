"""The colour of a thing, said before it, or after: a blue car, a car in blue; a goldfish is an orange fish."""

from dataclasses import replace

from worker.engine.prompt_match.drawings.natural_colours import is_natural
from worker.engine.prompt_match.words import spelling

from . import colour_after, colours_of_one
from .lexicon import Lexicon
from .plural import is_plural
from .prompt import PromptWords
from .scene import Scene, Thing

_BY_NATURE = {
    "goldfish": "orange", "ruby": "red", "emerald": "green", "sapphire": "blue", "grizzly": "brown",
}  # fmt: skip


def paint(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Paint, in place, each thing in the colour that is said of it, where the model can.

    Where it cannot, say so of a thing whose own name holds another colour: a green apple, drawn red.
    """
    scene.things[:] = [_by_nature(prompt, lexicon, thing) for thing in scene.things]
    for place, thing in enumerate(scene.things):
        if lexicon.arranged and (several := _several_before(prompt, lexicon, thing)):
            for at in range(several.at, thing.at):
                if prompt.plain[at] not in colours_of_one.BETWEEN:
                    prompt.use(at, at + 1)
            scene.things[place] = several
        elif after := colour_after.told(prompt, lexicon, thing):
            prompt.use(thing.end, after.stop)
            scene.things[place] = thing.painted(prompt.plain[after.stop - 1], lexicon.bare)
        elif told := _told_before(prompt, lexicon, thing):
            prompt.use(told.at, thing.at)
            scene.things[place] = told


def _several_before(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> Thing | None:
    """The thing in all colours that are listed right before it; none where each of several has one of them."""
    said = colours_of_one.before(prompt, lexicon, thing)
    paired = said is not None and prompt.plain[max(0, said.words.start - 2) : said.words.start] == ["pair", "of"]
    if not said or (said.may_be_each and is_plural(prompt, lexicon, thing) and not paired):
        return None
    return replace(colours_of_one.in_several(prompt, lexicon, thing, said), at=said.words.start)


def _told_before(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> Thing | None:
    """The thing as the word before it says; none where that is no colour of it."""
    before = thing.at - 1
    if thing.alone or not prompt.free(before) or prompt.words[thing.at].breaks:
        return None
    if _is_second_colour(prompt, lexicon, before):
        return None  # it has both, or where nothing is put together neither: which part has which no caption says
    own, colour = lexicon.coloured.get(thing.number), prompt.plain[before]
    if not thing.head and is_natural(lexicon.vocabulary.subjects[thing.number].icon, colour):
        return replace(thing, at=before)
    if colour in lexicon.vocabulary.paints:
        return replace(thing.painted(colour, lexicon.bare), at=before)
    if own and lexicon.is_colour(colour):
        return replace(thing, name=own, at=before, asked=prompt.said(before, thing.end))
    return None


def _by_nature(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> Thing:
    """A thing in the colour that what was asked for has by nature."""
    words = tuple(prompt.plain[thing.at : thing.end])
    written = map("".join, (words, *spelling.variants(words)))
    said = [_BY_NATURE[each] for each in written if each in _BY_NATURE]
    subject = lexicon.vocabulary.subjects[thing.number]
    named = spelling.phrase(thing.name) == words  # it is drawn as it is: no orange goldfish
    if thing.alone or named or not said or not subject.coloured or said[0] not in lexicon.vocabulary.paints:
        return thing
    return replace(thing.painted(said[0], lexicon.bare), asked="")


def _is_second_colour(prompt: PromptWords, lexicon: Lexicon, at: int) -> bool:
    """Whether a word is the second of two colours of one thing: black and white, red/blue."""
    apart = prompt.plain[at - 1 : at] == ["and"]
    first = at - 1 - apart
    joined = apart or prompt.words[at].breaks
    two = joined and prompt.free(first) and lexicon.is_colour(prompt.plain[first])
    return two and lexicon.is_colour(prompt.plain[at])
