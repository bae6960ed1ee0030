"""What somebody is in, where its word has another drawing else, or none: in a boat, in a box, in a bowl, in a lake."""

from dataclasses import dataclass, replace
from itertools import pairwise

from worker.engine.prompt_match.drawings.roles import BEINGS, ThingRole, role
from worker.engine.prompt_match.reading import joints
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import PromptWords, Use
from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.reading.standing_words import WORDS
from worker.engine.prompt_match.reading.surroundings import PREPOSITIONS
from worker.engine.prompt_match.words.spelling import phrase

_IN = frozenset((Join.IN, Join.INSIDE))
_RIVER = "river"
_BESIDE = frozenset((Join.CLOSE, Join.NEAR, Join.OVER, Join.LEAP, Join.BEHIND))
_HOLDING = frozenset((Join.OF, Join.WITH))
_ABOARD = _IN | {Join.ON, Join.DRIVE, Join.RIDE}


@dataclass(frozen=True)
class _Open:
    """What has an opening, instead of what has none.

    Attributes:
        words: with which that other one is asked for; others mean it itself: a sailboat.
        icons: of what takes its place, the best one first.
        joins: which ways to be in it.
        who: who alone is in that, if not everybody.
    """

    words: frozenset[str]
    icons: tuple[str, ...]
    joins: frozenset[Join] = _IN
    who: frozenset[str] | None = None


def _words(said: str) -> frozenset[str]:
    return frozenset(said.split())


# Who lives under water: no face looks out of it, and all of a sea is round them.
_FISH = _words(
    "tropical-fish blowfish goldfish shark octopus jellyfish squid shrimp lobster crab dolphin spouting-whale "
    "seahorse starfish stingray narwhal mermaid"
)
_IN_BOWLS = _FISH | _words("turtle axolotl frog snake")
_SHIPS = _words("ship sailboat pirate-ship")
_FLOWERS = _words(
    "cactus tulip rose sunflower hibiscus blossom cherry-blossom lotus dandelion lavender seedling four-leaf-clover "
    "herb bamboo palm-tree evergreen-tree deciduous-tree bouquet lily orchid fern"
)

# By the emoji's name of what the word means else.
_OPEN = {
    "sailboat": _Open(_words("boat boats"), ("rowboat", "canoe"), _ABOARD),
    "ship": _Open(_words("boat boats"), ("rowboat", "canoe"), _ABOARD),
    "motor-boat": _Open(_words("boat boats"), ("rowboat", "canoe"), _ABOARD),
    "automobile": _Open(_words("car cars"), ("convertible",), _IN | {Join.DRIVE}),
    "package": _Open(_words("box boxes package parcel"), ("open-box",)),
    "hot-beverage": _Open(_words("cup cups coffee tea mug"), ("teacup", "mug")),
    "pot-of-food": _Open(_words("pot pots soup stew"), ("cauldron", "flower-pot")),
    "cooking-pot": _Open(_words("pot pots"), ("flower-pot",), who=_FLOWERS),
    "bowl": _Open(_words("bowl bowls"), ("fishbowl",), who=_IN_BOWLS),
    "potted-plant": _Open(_words("pot pots planter"), ("flower-pot",)),
    "tank": _Open(_words("tank"), ("fishbowl",), who=_IN_BOWLS),
    "person-taking-bath": _Open(_words("tub bath bathtub"), ("bathtub",)),
}
_OWN_WATER = _words("person-swimming person-surfing person-rowing-boat person-taking-bath")  # is in their drawings


@dataclass(frozen=True)
class _Meant:
    """What one is in by a word that names nothing else there.

    Attributes:
        words, told: those words, and such as stand before them.
        icon: of what is meant.
        joins: which ways to be in it.
        who, never: who alone is in that, if not everybody, and who is not.
    """

    words: frozenset[str]
    told: frozenset[str]
    icon: str
    joins: frozenset[Join] = _IN
    who: frozenset[str] | None = None
    never: frozenset[str] = frozenset()


_MEANT = (
    _Meant(
        _words("pond ponds lake puddle pool river creek stream water brook lagoon swamp"),
        _words("swimming small big large little deep shallow muddy clear cold clean kiddie mud rain water"),
        "pond", _IN | {Join.ON}, never=_FISH | _OWN_WATER | _SHIPS,
    ),
    _Meant(
        _words("bowl bowls tank"), _words("glass round small big little water fish"), "fishbowl",
        who=_IN_BOWLS,
    ),
    _Meant(
        _words("pot pots flowerpot planter"), _words("clay plant flower terracotta garden little small"), "flower-pot"
    ),
    _Meant(_words("bath tub"), _words("bubble warm hot wash bath small big"), "bathtub", never=_OWN_WATER),
    _Meant(_words("bottle bottles"), _words("glass small little big"), "jar"),
    _Meant(_words("cup cups"), _words("tea small little big"), "teacup"),
)  # fmt: skip


def settle(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take, in place, what one can be in where somebody is; a river that all is only near is no thing."""
    for earlier, thing in [*pairwise(scene.things)]:
        if not thing.alone and _is_only_there(prompt, lexicon, earlier, thing):
            scene.things.remove(thing)
            prompt.use(thing.at, thing.end, Use.FREE)
    for place, thing in enumerate(scene.things):
        if place and not thing.alone:
            scene.things[place] = _opened(prompt, lexicon, scene.things[place - 1], thing)
    for place, thing in enumerate(scene.things[:-1]):
        if not thing.alone:
            scene.things[place] = _holding(prompt, lexicon, thing, scene.things[place + 1])
    for at in range(len(prompt)):
        before = [each for each in scene.things if each.end <= at]
        within = any(each.at <= at < each.end for each in scene.things)
        found = _found(prompt, lexicon, before[-1], at) if before and not within else None
        if found:
            scene.things.insert(len(before), found)


def _is_only_there(prompt: PromptWords, lexicon: Lexicon, before: Thing, thing: Thing) -> bool:
    """Whether a thing is a river beside another one, or all round it: a fox by the river, a fish in a river."""
    who = lexicon.vocabulary.subjects[before.number]
    if lexicon.vocabulary.subjects[thing.number].icon != _RIVER:
        return False
    found = joints.before(prompt, thing.at, before.end)
    join = found[0] if found else None
    if join in _ABOARD:
        return who.icon in _FISH | _OWN_WATER or role(who) not in {*BEINGS, ThingRole.VEHICLE}
    return join in _BESIDE or (join is None and prompt.before(thing.at) in PREPOSITIONS)


def _opened(prompt: PromptWords, lexicon: Lexicon, before: Thing, thing: Thing) -> Thing:
    """What has an opening instead of a thing, if somebody is in that."""
    meant = _OPEN.get(lexicon.vocabulary.subjects[thing.number].icon)
    if meant and meant.who is not None and lexicon.vocabulary.subjects[before.number].icon not in meant.who:
        return thing
    found = joints.before(prompt, thing.at, before.end) if meant else None
    number = _known(lexicon, *meant.icons) if meant else None
    asked = meant and prompt.plain[thing.end - 1] in meant.words
    if not (meant and asked and found and found[0] in meant.joins) or number is None:
        return thing
    return _as(prompt, lexicon, number, thing)


def _holding(prompt: PromptWords, lexicon: Lexicon, thing: Thing, inside: Thing) -> Thing:
    """What a thing is that holds the next one, if its word has a sense of its own for that: a pot of roses."""
    meant = _OPEN.get(lexicon.vocabulary.subjects[thing.number].icon)
    if not meant or meant.who is None or lexicon.vocabulary.subjects[inside.number].icon not in meant.who:
        return thing
    found, number = joints.before(prompt, inside.at, thing.end), _known(lexicon, *meant.icons)
    holds = found and found[0] in _HOLDING and prompt.plain[thing.end - 1] in meant.words
    return thing if number is None or not holds else _as(prompt, lexicon, number, thing)


def _as(prompt: PromptWords, lexicon: Lexicon, number: int, thing: Thing) -> Thing:
    """A thing as another one that its word means there, in the colour that it has or is told with: a red car."""
    other = lexicon.vocabulary.subjects[number]
    said = [each for each in prompt.plain[thing.at : thing.end] if each in lexicon.vocabulary.paints]
    paint = thing.paint or (said[0] if said else "")
    taken = replace(thing, number=number, name=other.names[0], exact=False, paint="", asked="")
    return taken.painted(paint, lexicon.bare) if paint and other.coloured else taken


def _found(prompt: PromptWords, lexicon: Lexicon, who: Thing, at: int) -> Thing | None:
    """What somebody is in by a word, if that means so."""
    subjects = lexicon.vocabulary.subjects
    icon = subjects[who.number].icon
    able = icon in _SHIPS or role(subjects[who.number]) in BEINGS
    for meant in _MEANT if able and not who.alone else ():
        if prompt.plain[at] not in meant.words or icon in meant.never or not (meant.who is None or icon in meant.who):
            continue
        begin = at
        while begin > who.end and prompt.plain[begin - 1] in meant.told and not prompt.words[begin].breaks:
            begin -= 1
        found, number = joints.before(prompt, begin, who.end), _known(lexicon, meant.icon)
        if number is None or not found or found[0] not in meant.joins or not _ends(prompt, at + 1):
            continue
        name = subjects[number].names[0]
        prompt.use(begin, at + 1)
        said = "" if prompt.plain[at] in phrase(name) else prompt.said(begin, at + 1)
        return Thing(number, name, begin, at + 1, said)
    return None


def _ends(prompt: PromptWords, at: int) -> bool:
    """Whether what is told of a word ends before this one: no water bottle, no pool table."""
    return at == len(prompt) or prompt.words[at].breaks or not prompt.free(at) or prompt.plain[at] in WORDS


def _known(lexicon: Lexicon, *icons: str) -> int | None:
    """The first of some subjects that the model knows."""
    numbers = (lexicon.icons.get(phrase(icon)) for icon in icons)
    return next((number for number in numbers if number is not None), None)
