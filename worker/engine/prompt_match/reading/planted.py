"""Where many of a plant grow: in a tulip field, in a field of sunflowers, in a pumpkin patch, in a bamboo forest.

Nobody stands in one of these: they grow round whatever is there, as its scenery.
"""

from itertools import islice

from worker.engine.prompt_match.layout import Spread
from worker.engine.prompt_match.words.spelling import variants

from .lexicon import Lexicon
from .prompt import ARTICLES, PromptWords
from .scene import Planted, Scene, Thing
from .similarity import near, satisfying
from .surroundings import PREPOSITIONS

# Words for such places → the word of `surroundings` whose colours they have, and what of it stands round, if anything.
_GROUNDS = """
field: field fields meadow meadows plantation plantations farm farms vineyard vineyards prairie
garden: garden gardens patch patches bed beds flowerbed flowerbeds
park: orchard orchards grove groves
forest: forest forests wood woods jungle jungles thicket
"""
_GROUND = {
    word: place for place, words in (row.split(": ") for row in _GROUNDS.strip().splitlines()) for word in words.split()
}
_FLOWERS = """
tulip rose sunflower hibiscus blossom cherry-blossom lotus dandelion lavender seedling four-leaf-clover mushroom
jack-o-lantern strawberry watermelon melon carrot tomato potato eggplant cactus pineapple bell-pepper hot-pepper
leafy-green broccoli onion garlic grapes blueberries cucumber wood potted-plant bouquet herb tree-stump lemon peach
mango red-apple green-apple pear cherries tangerine banana coconut olive avocado kiwi-fruit lime
lily orchid fern raspberry radish plum
"""
_TALL = "bamboo ear-of-corn wheat evergreen-tree deciduous-tree palm-tree christmas-tree"
SPREADS = dict.fromkeys(_FLOWERS.split(), Spread.FIELD) | dict.fromkeys(_TALL.split(), Spread.SIDES)
_SOME = frozenset(("flower", "flowers", "wildflower", "wildflowers", "blossom", "blossoms"))
_ANY, _FIELD = "tulip", "field"
_OF = (("of",), ("full", "of"), ("filled", "with"), ("covered", "with"), ("covered", "in"))
_AMID = PREPOSITIONS | {"amid", "amidst", "along", "behind", "outside", "exploring", "past", "between", "from"}
_BEFORE = 4  # words between the preposition and the plant, at most: in a beautiful wide yellow tulip field


def find(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take, in place, the first plants out of the things of a scene that grow in such a place round the others."""
    for at in range(len(prompt)):
        found = _compound(prompt, lexicon, at)
        if prompt.plain[at] in _GROUND:
            found = _grown(prompt, lexicon, scene, at)
        led = _led(prompt, found.words.start) if found else range(0)
        if found and led:
            scene.things = [each for each in scene.things if not _is_within(each, found.words)]
            prompt.use(found.words.start, found.words.stop)
            prompt.use(led.start, led.stop)
            scene.planted = found
            return


def give_back(lexicon: Lexicon, scene: Scene) -> None:
    """Draw the plant itself where nothing else is to be drawn."""
    if scene.planted and not scene.things:
        number, words = scene.planted.number, scene.planted.words
        scene.things.append(Thing(number, lexicon.vocabulary.subjects[number].names[0], words.start, words.stop))
        scene.planted = None


def _compound(prompt: PromptWords, lexicon: Lexicon, at: int) -> Planted | None:
    """What grows in a place that is one word with it: a cornfield."""
    said, ground, rest = prompt.plain[at].partition(_FIELD)
    number = _by_word(lexicon, said) if ground and rest in ("", "s") and prompt.free(at) else None
    return None if number is None else Planted(number, range(at, at + 1), ground)


def _grown(prompt: PromptWords, lexicon: Lexicon, scene: Scene, at: int) -> Planted | None:
    """What grows in the place that a word tells of."""
    ground = _GROUND[prompt.plain[at]]
    plain, end = prompt.plain[: prompt.comma(at)], at + 1
    led = next((len(said) for said in _OF if tuple(plain[end : end + len(said)]) == said), 0)
    start = end + led
    while led and start < len(plain) and plain[start] in {*ARTICLES, *lexicon.vocabulary.paints}:
        start += 1
    after = (range(start, min(start + length, len(plain))) for length in (2, 1) if led and start < len(plain))
    first = max((each for each in range(at + 1) if prompt.words[each].breaks), default=0)
    before = (range(at - length, at) for length in (2, 1) if at - length >= first)
    for span in (*after, *before):
        number = _plant(prompt, lexicon, scene, span)
        if number is not None:
            paint = prompt.plain[span.start - 1] if span.start else ""
            painted = paint in lexicon.vocabulary.paints and lexicon.vocabulary.subjects[number].coloured
            begin = span.start - (painted and span.stop <= at)
            return Planted(number, range(min(begin, at), max(span.stop, end)), ground, paint if painted else "")
    return None


def _plant(prompt: PromptWords, lexicon: Lexicon, scene: Scene, span: range) -> int | None:
    """The plant that some words name, all of them; a general word's own choice for flowers."""
    named = next((each for each in scene.things if each.at == span.start and each.end == span.stop), None)
    if named:
        return named.number if _icon(lexicon, named.number) in SPREADS else None
    return _by_word(lexicon, prompt.plain[span.start]) if len(span) == 1 and prompt.free(span.start) else None


def _by_word(lexicon: Lexicon, word: str) -> int | None:
    """The plant that a word means, or of which one that comes near: of flowers any will do."""
    if word in _SOME:
        return lexicon.named(_ANY)
    forms = ((word,), *variants((word,))) if word else ()
    known = (each for form in forms for each in (lexicon.named(form[0]), lexicon.icons.get(form)))
    numbers = [*known, satisfying(lexicon, [word]), *islice(near(lexicon, [word]), 1)]
    return next((each for each in numbers if each is not None and _icon(lexicon, each) in SPREADS), None)


def _is_within(thing: Thing, words: range) -> bool:
    return words.start <= thing.at < words.stop and not thing.alone


def _led(prompt: PromptWords, at: int) -> range:
    """The preposition before a word, with few words between; none where none is."""
    for before in range(at - 1, max(-1, at - 2 - _BEFORE), -1):
        if prompt.words[before + 1].breaks:
            return range(0)
        if prompt.plain[before] in _AMID:
            return range(before, before + 1)
    return range(0)


def _icon(lexicon: Lexicon, number: int) -> str:
    return lexicon.vocabulary.subjects[number].icon
