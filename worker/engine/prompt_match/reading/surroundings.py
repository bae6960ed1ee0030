"""Where a thing is → the background that brings it to mind: in the forest, at night, underwater.

A model that draws things on plain colours has no scenery, but a sky that runs into sand is more of a beach than none.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from .denials import is_just_denied
from .lexicon import FILLERS, Lexicon
from .prompt import PromptWords
from .scene import Thing

# Colours from top to bottom: words that say so after `in the`, `on a`, `at` and the like.
_PLACES = """
green, dark green: forest woods wood jungle rainforest swamp tree trees bush bushes
light blue, green: grass meadow field fields garden park lawn farm countryside hill hills yard savanna prairie
    spring summer sunshine sun
light blue, beige: beach sand shore coast seaside island desert dune dunes
light blue, blue: sea ocean lake river creek stream water wave waves pond pool harbor harbour
light blue, white: sky heaven air cloud clouds snow ice winter arctic antarctica iceberg north
dark blue, black: space galaxy universe cosmos orbit star stars
dark blue, blue: night midnight nighttime moonlight
purple, orange: sunset sunrise dawn dusk evening twilight
black, gray: moon mars cave dungeon
gray, light gray: rain storm thunderstorm fog mist smoke
light blue, gray: city town street road highway mountain mountains village
orange, red: fire flames lava volcano hell
light blue, orange: autumn fall
gray, black: dark darkness shadow shadows
"""
# Words that say so wherever they stand.
_ALONE = """
blue, dark blue: underwater undersea
light blue, white: snowy wintry
dark blue, blue: nighttime midnight moonlit nocturnal
gray, light gray: rainy foggy misty
dark blue, black: starry
light blue, green: sunny
"""
# Of these words those for the weather and for the time of day: either may be told of a place as well.
_WEATHER = """
spring summer sunshine sun sunny snow snowy winter wintry rain rainy storm thunderstorm fog foggy mist misty smoke
autumn fall
"""
_TIMES = """
night midnight nighttime moonlight moonlit nocturnal starry sunset sunrise dawn dusk evening twilight darkness dark
"""
WEATHER, TIMES = frozenset(_WEATHER.split()), frozenset(_TIMES.split())
_UNDER = {"under", "below", "beneath", "underneath"}
_DEEP = ("light blue", "blue"), ("blue", "dark blue")  # of what is on the water, of what is under it
# What is behind what would not show on the lower one of the colours of its place: a polar bear in the snow, by evening.
_CLEARER: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("light blue", "white"): (("light blue", "blue"), ("blue", "dark blue")),
    ("light blue", "beige"): (("light blue", "orange"),),
    ("light blue", "gray"): (("light blue", "blue"), ("light blue", "green")),
    ("gray", "light gray"): (("gray", "black"), ("dark blue", "blue")),
    ("light blue", "green"): (("green", "dark green"),),
}
# Likewise for what is painted, of which no part of the background may hide any, and for what is dark before the night.
_FOR_PAINTED: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("light blue", "blue"): (("light blue", "white"), ("light blue", "beige")),
    ("blue", "dark blue"): (("light blue", "white"),),
    ("light blue", "white"): (("blue", "dark blue"), ("light blue", "blue")),
    ("light blue", "beige"): (("light blue", "blue"), ("blue", "dark blue")),
    ("light blue", "green"): (("light blue", "orange"),),
    ("green", "dark green"): (("light blue", "orange"),),
    ("light blue", "orange"): (("green", "dark green"),),
    ("purple", "orange"): (("orange", "red"), ("dark blue", "blue"), ("light blue", "blue")),
    ("orange", "red"): (("purple", "orange"), ("black", "gray")),
    ("gray", "light gray"): (("dark blue", "blue"),),
    ("light blue", "gray"): (("light blue", "green"), ("light blue", "blue")),
    ("black", "gray"): (("dark blue", "blue"), ("purple", "orange")),
    ("gray", "black"): (("dark blue", "blue"), ("purple", "orange")),
}
_FOR_DARK: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("dark blue", "blue"): (("purple", "orange"),),
    ("dark blue", "black"): (("purple", "orange"),),
}
# Paints → backgrounds that they are hardly seen before.
LIKE = {
    "red": ("red",), "orange": ("orange",), "yellow": ("yellow",), "green": ("green",), "teal": ("teal",),
    "blue": ("blue", "dark blue"), "purple": ("purple", "lavender"), "pink": ("pink",), "brown": ("brown",),
    "black": ("black", "dark blue"), "gray": ("gray", "light gray"), "white": ("white", "light gray", "beige"),
}  # fmt: skip
PREPOSITIONS = _UNDER | {
    "in", "on", "at", "over", "near", "by", "beside", "inside", "above", "through", "across", "against", "into",
    "around", "among",
}  # fmt: skip
_SHOWING = (("with",), ("full", "of"), ("filled", "with"), ("covered", "with"), ("covered", "in"))
_NIGHT_SKY = frozenset(("star", "stars", "moon"))  # what is drawn under these is there at night
_BETWEEN = 3  # words between, at most: on a beautiful white beach


def _table(rows: str) -> dict[str, tuple[str, ...]]:
    each = (row.split(":") for row in rows.replace("\n    ", " ").strip().splitlines())
    return {word: tuple(colours.split(", ")) for colours, words in each for word in words.split()}


PLACES, ALONE = _table(_PLACES), _table(_ALONE)
# All pairs of colours that stand for surroundings: what a training shows so that they can be drawn.
PAIRS = tuple(sorted({*PLACES.values(), *ALONE.values(), *_DEEP}))


@dataclass(frozen=True)
class Surroundings:
    """Which words of the prompt they are, and the colours that stand for them, from top to bottom.

    `place`: the one of these words that says where, or what is meant by it: under the sea is underwater.
    """

    words: range
    colours: tuple[str, ...]
    place: str


def find(prompt: PromptWords, lexicon: Lexicon, things: Sequence[Thing]) -> list[Surroundings]:
    """The first surroundings that are none of the things, in colours that the model knows; of each kind one.

    Words that go with a thing count as well: a sailboat is on the sea before it is there by name.
    """
    found: list[Surroundings] = []
    taken = {at for thing in things for at in range(thing.at, thing.end)}
    for at in (at for at in range(len(prompt)) if at not in taken):
        word, before = prompt.plain[at], _preposition(prompt, at, taken)
        where = before is not None or shows(prompt, at) > 0 or _leads(prompt, at)
        colours = PLACES.get(word, ALONE.get(word, ())) if where else ALONE.get(word, ())
        if before is not None and prompt.plain[before] in _UNDER and colours == _DEEP[0]:
            word, colours = "underwater", _DEEP[1]
        known = _known(colours, lexicon)
        denied = is_just_denied(prompt, at if before is None else before)
        if known and not denied and (_leads(prompt, at) or not _goes_on(prompt, at + 1, taken)):
            first = at if before is None else before + 1
            while first < at and prompt.plain[first] in FILLERS:
                first += 1
            if first == at > 0 and prompt.plain[at - 1] in ALONE and not prompt.words[at].breaks:
                first -= kind(prompt.plain[at - 1]) == kind(word)  # a starry night
            if kind(word) not in [kind(each.place) for each in found]:
                found.append(Surroundings(range(first, at + 1), known, word))
    return found


def of_place(place: str, words: range, lexicon: Lexicon) -> Surroundings:
    """The surroundings for a word of the table, which some words mean."""
    return Surroundings(words, _known(PLACES[place], lexicon), place)


def shows(prompt: PromptWords, at: int) -> int:
    """How many words after a place say that it is told what is there: a garden with tulips; 0 where none do."""
    plain, after = prompt.plain, at + 1
    if plain[at] not in PLACES or after == len(prompt) or prompt.words[after].breaks:
        return 0
    return next((len(said) for said in _SHOWING if tuple(plain[after : after + len(said)]) == said), 0)


def _leads(prompt: PromptWords, at: int) -> bool:
    """Whether a word says when, or in which weather, before such a place: a night sky with stars."""
    after = at + 1
    if prompt.plain[at] not in WEATHER | TIMES or after == len(prompt) or prompt.words[after].breaks:
        return False
    return shows(prompt, after) > 0 and kind(prompt.plain[at]) != kind(prompt.plain[after])


def kind(place: str) -> int:
    """0 for a word that says where, 1 for the weather, 2 for the time of day."""
    return 2 if place in TIMES else int(place in WEATHER)


def clearer(colours: tuple[str, ...], lexicon: Lexicon, things: Sequence[Thing]) -> tuple[str, ...]:
    """The colours of a place, or those of one like it before which its things stand out that these would hide.

    What is painted has another colour than the one that was measured, but is cut out in that.
    """
    subjects = lexicon.vocabulary.subjects
    hidden = {each for thing in things if not thing.paint for each in subjects[thing.number].blends}
    lost = {each for thing in things if thing.paint for each in LIKE.get(thing.paint, ())}
    covered = {each for thing in things if thing.paint for each in subjects[thing.number].blends}
    dark = _FOR_DARK.get(colours, ()) if "black" in hidden or not lost.isdisjoint(colours) else ()
    rows = (*dark, *_CLEARER.get(colours, ()), *(_FOR_PAINTED.get(colours, ()) if lost else ()))
    others = [colours, *filter(None, (_known(each, lexicon) for each in rows))]
    shows = [each for each in others if each[-1:] and each[-1] not in hidden and lost.isdisjoint(each)]
    if dark:
        shows = [each for each in shows if "black" not in hidden or hidden.isdisjoint(each)] or shows
    # One before which it can be cut out, if there is one.
    return next((each for each in shows if covered.isdisjoint(each)), next(iter(shows), colours))


def sky(prompt: PromptWords, lexicon: Lexicon, things: Sequence[Thing]) -> tuple[str, ...]:
    """The colours behind what is drawn under the stars or the moon; none where nothing is."""
    for thing in things:
        taken = {at for other in things if other is not thing for at in range(other.at, other.end)}
        before = None if thing.alone else _preposition(prompt, thing.at, taken)
        if before is not None and prompt.plain[before] in _UNDER and prompt.plain[thing.end - 1] in _NIGHT_SKY:
            return _known(PLACES["night"], lexicon)
    return ()


def _known(colours: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """Those that the model knows, as many as it shows at once."""
    found = [lexicon.colour(colour.split(), 0) for colour in colours]
    known = tuple(dict.fromkeys(each[0].words for each in found if each and each[0].exact))
    return known if lexicon.gradients else known[:1]


def _goes_on(prompt: PromptWords, at: int, taken: Container[int]) -> bool:
    """Whether the next word says it better: in the dark forest."""
    there = at < len(prompt) and at not in taken and not prompt.words[at].breaks
    return there and prompt.plain[at] in PLACES


def _preposition(prompt: PromptWords, at: int, taken: Container[int]) -> int | None:
    """Where the preposition of a word stands, with few words and no thing between."""
    for before in range(at - 1, max(-1, at - 2 - _BETWEEN), -1):
        if prompt.words[before + 1].breaks or before in taken:
            return None
        if prompt.plain[before] in PREPOSITIONS:
            return before
    return None
