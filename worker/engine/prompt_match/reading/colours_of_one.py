"""Several colours that one thing has at once: a red and blue car; a mug, purple and teal; a rainbow cat.

Which of its parts has which nobody says, so the engine lets them run into each other (`worker.engine.pipeline.blend`).
"""

from dataclasses import dataclass, replace

from worker.engine.prompt_match.drawings.natural_colours import MANY_COLOURED, WITH_WHITE, are_natural
from worker.engine.prompt_match.drawings.roles import BEINGS, role
from worker.engine.prompt_match.words import any_colour
from worker.engine.prompt_match.words.phrases import Phrases

from . import joints, several_colours
from .item import Item
from .lexicon import FILLERS, Lexicon
from .prompt import PromptWords
from .scene import Thing

_RAINBOW = ("red", "orange", "yellow", "green", "blue", "purple")
_COLOURFUL = frozenset(("colorful", "colourful"))
_CALLED = {"grey": "gray"}
# Those that are none of the model's: one of two is told to be drawn as that.
_LIKE = {
    "navy": "blue", "gold": "yellow", "golden": "yellow", "silver": "gray", "cyan": "teal", "turquoise": "teal",
    "aqua": "teal", "violet": "purple", "lavender": "purple", "lilac": "purple", "indigo": "purple", "maroon": "red",
    "crimson": "red", "scarlet": "red", "burgundy": "red", "magenta": "pink", "fuchsia": "pink", "beige": "brown",
    "tan": "brown", "bronze": "brown", "cream": "white", "ivory": "white", "charcoal": "gray",
}  # fmt: skip
_JOINS = frozenset(("and", "to", "into", "n", "with"))  # a red to blue gradient, white with black
_SHADES = frozenset(("light", "dark", "bright", "pale", "deep", "neon", "hot", "pastel", "half", "part", "partly"))
_LONGEST = 12  # words of such a list that are looked at
# What only says that there are several, before them and behind them.
_SEVERAL = Phrases(
    {
        True: """two tone, two toned, two color, two colour, two colored, two coloured, dual tone, dual color,
        dual colour, bicolor, bicolour, bicolored, bicoloured"""
    }
)
_COLOURED = Phrases(
    {
        True: """colored, coloured, color, colour, colors, colours, gradient, ombre, two tone, two toned, color scheme,
        colour scheme, mix, blend, combination, all over, fur, feathers, plumage, scales, petals, paint, body"""
    }
)
# What may stand between them and a thing, and is told as left out.
_BETWEEN = """
striped checkered checked plaid spotted patterned dotted porcelain ceramic wooden plastic metal metallic leather knitted
knit wool woolen silk cotton paper glass shiny glossy fluffy furry
"""
BETWEEN = frozenset(_BETWEEN.split())
# What leads to them behind a thing; clothes are what `in` may mean of somebody.
_LED = Phrases(
    {
        "in": """in, in the colors, in the colours, in colors, in colours, in a mix of, in shades of, in a gradient of,
        dressed in""",
        "with": "with, with a bit of, with some, with a touch of",
        "is": """colored, coloured, painted, painted in, dyed, is, are, that is, that are, which is, which are,
        with colors, with colours, with the colors, with the colours, of color, of colour, that has the colors""",
    }
)


@dataclass(frozen=True)
class ColoursOfOne:
    """The colours that one thing is said to have.

    Attributes:
        paints: at least two, in their order.
        words: from the first to the last that say so.
        like: some are only the nearest to what was said.
    """

    paints: tuple[str, ...]
    words: range
    like: bool = False

    @property
    def may_be_each(self) -> bool:
        """Whether of several things each may have one of them: of black and white cats each has both."""
        return not several_colours.NO_TWO.issuperset(self.paints)


def before(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> ColoursOfOne | None:
    """The colours that stand right before a thing; the last of them may be the first word of its name."""
    if thing.alone:
        return None
    for start in range(max(0, thing.at - _LONGEST), thing.at):
        found = listed(prompt, lexicon, start, within=thing)
        if found and found.words.stop in _ends(prompt, thing):
            led = next((length for length in (2, 1) if _ends_there(prompt, start, length)), 0)
            return replace(found, words=range(start - led, found.words.stop))
    return None


def after(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> ColoursOfOne | None:
    """The colours that are told behind a thing; a pink hat with green has one before it, too."""
    if thing.alone or thing.end >= len(prompt):
        return None
    led = _LED.match(prompt.plain, thing.end)
    start = thing.end + (led[1] if led else 0)
    if not led and not prompt.words[start].breaks and prompt.plain[start] not in _SHADES:
        return None
    if led and led[0] == "in" and not _is_in(lexicon, thing):
        return None
    own = thing.shown_paint if led and led[0] == "with" else ""
    found = listed(prompt, lexicon, start, own=own)
    end = _end(prompt, found.words.stop) if found else 0
    return replace(found, words=range(thing.end, end)) if found and end else None


def give(prompt: PromptWords, lexicon: Lexicon, each: Item) -> range:
    """Give a thing, in place, the colours that are told behind it, or each of several its own; the words for that."""
    if each.paints or each.thing.blend or not each.thing.end:
        return range(0)
    said = after(prompt, lexicon, each.thing)
    if said and said.may_be_each and each.count > 1:
        each.paints = said.paints
    elif said:
        each.thing = in_several(prompt, lexicon, each.thing, said)
    return said.words if said else range(0)


def is_in_many(prompt: PromptWords, each: Item, words: range) -> bool:
    """Whether words for many colours mean those of one thing. A colourful one is that where it is called so only."""
    called = each.begin <= words.start < each.thing.at
    return bool(each.thing.end) and (called or _COLOURFUL.isdisjoint(prompt.plain[words.start : words.stop]))


def in_rainbow(lexicon: Lexicon, thing: Thing) -> Thing:
    """A thing in all colours of the rainbow that are known, unless it is of many anyway."""
    paints = tuple(paint for paint in _RAINBOW if paint in lexicon.vocabulary.paints)
    many = lexicon.vocabulary.subjects[(thing.head or thing).number].icon in MANY_COLOURED
    return thing if many or not paints else thing.painted(paints[0], lexicon.bare, paints[1:])


def in_several(prompt: PromptWords, lexicon: Lexicon, thing: Thing, said: ColoursOfOne) -> Thing:
    """A thing in all colours at once that are said of it; as it is where it has those by nature."""
    shown = thing.head or thing
    icon = lexicon.vocabulary.subjects[shown.number].icon
    if are_natural(icon, said.paints):
        return thing
    first, *others = [paint for paint in said.paints if paint != "white" or icon not in WITH_WHITE]
    painted = thing.painted(first, lexicon.bare, tuple(others))
    if not said.like or thing.asked:
        return painted
    span = range(min(thing.at, said.words.start), max(thing.end, said.words.stop))
    return replace(painted, asked=prompt.said(span.start, span.stop))


def listed(
    prompt: PromptWords, lexicon: Lexicon, start: int, *, within: Thing | None = None, own: str = ""
) -> ColoursOfOne | None:
    """The colours that begin at a word, one after the other; at least two, `own` among them.

    `within`: the thing of whose name the last one may be the first word.
    """
    plain, paints, at, end, like = prompt.plain, [own] if own else list[str](), start, start, False
    while True:
        while at > start and at < len(plain) and plain[at] in _JOINS:
            at += 1
        while at < len(plain) and plain[at] in _SHADES:
            at += 1
        # Of what is often called so, a yellow taxi, a colour may be taken already.
        known = within is not None and at < within.at and not prompt.words[at + 1].breaks
        first = within is not None and at == within.at and within.end - at > 1
        joined = first and at > start and (plain[at - 1] in _JOINS or prompt.words[at].breaks)  # no blue black cat
        named = known or joined
        if not (prompt.free(at) or named) or (within and at > within.at):
            break
        paint = _CALLED.get(plain[at]) or _LIKE.get(plain[at], plain[at])
        if paint not in lexicon.vocabulary.paints:
            break
        like |= plain[at] in _LIKE
        paints.append(paint)
        at = end = at + 1
    different = tuple(dict.fromkeys(paints))
    return ColoursOfOne(different, range(start, end), like) if len(different) > 1 else None


def _ends(prompt: PromptWords, thing: Thing) -> set[int]:
    """Where the colours of a thing may end: at its name, within that, or before what only says that they are such."""
    ends = {thing.at + 1}
    begin = thing.at
    while not prompt.words[begin].breaks:
        ends.add(begin)
        if not begin:
            break
        length = next((length for length in (2, 1) if begin >= length and _says_so(prompt, begin - length, length)), 0)
        if not length:
            break
        begin -= length
    return ends


def _says_so(prompt: PromptWords, at: int, length: int) -> bool:
    said = prompt.plain[at : at + length]
    found = _COLOURED.match(said, 0)
    return (found is not None and found[1] == length) or (length == 1 and said[0] in BETWEEN)


def _ends_there(prompt: PromptWords, end: int, length: int) -> bool:
    found = _SEVERAL.match(prompt.plain[:end], end - length) if end >= length else None
    return found is not None and found[1] == length


def _is_in(lexicon: Lexicon, thing: Thing) -> bool:
    """Whether a thing that is in some colours has them: somebody is dressed so."""
    subject = lexicon.vocabulary.subjects[thing.number]
    return role(subject) not in BEINGS or not any_colour.SAID_IN.isdisjoint(subject.names)


def _end(prompt: PromptWords, at: int) -> int:
    """Where all that is said of colours ends; 0 where a word follows that they belong to: red and blue stripes."""
    if said := _COLOURED.match(prompt.plain, at):
        at += said[1]
    ends = at >= len(prompt) or prompt.words[at].breaks or prompt.plain[at] in FILLERS
    return at if ends or joints.JOINS.match(prompt.plain, at) else 0
