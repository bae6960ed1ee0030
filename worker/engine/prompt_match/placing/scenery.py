"""Where a thing is → what stands round it: trees in a forest, a moon at night, a palm on a beach.

`surroundings` says the colours of a place; here stands what the model draws of it, one thing or two. Nobody asked for
these by name, so they are left out without a word where the picture has no room, and where what was asked for, or is
not to be there, is one of their kind: a tree in the forest, a castle at night without stars.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from worker.engine.prompt_match.drawings.roles import WEAR, ThingRole, role
from worker.engine.prompt_match.layout import DRAWINGS_MAX, FIGURES_MAX, OVERHEAD, Relation, Scenery, Spread
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.planted import SPREADS
from worker.engine.prompt_match.reading.scene import Planted, Scene, Thing

# Names of things, in turns of equal worth, and how they are spread: words of places. The first thing counts for most.
_PLACES = """
evergreen tree/deciduous tree SIDES: forest woods wood tree trees
palm tree/deciduous tree SIDES: jungle rainforest
deciduous tree SIDE: farm countryside hill hills savanna
tulip/sunflower LOW: garden meadow field fields grass yard lawn spring
deciduous tree SIDE, tulip LOW: park
sun CORNER: summer sunshine sun sunny prairie
palm tree SIDE: beach shore coast seaside island
cactus SIDE, sun CORNER: desert dune dunes
wave LOW: sea ocean water wave waves
fish SCATTERED: underwater undersea
cloud ABOVE: sky heaven air cloud clouds
snowflake SCATTERED: snow ice winter snowy wintry
snow-capped mountain/mountain RANGE, snowflake SCATTERED: arctic antarctica iceberg north
planet CORNER, star SCATTERED: space galaxy universe cosmos orbit mars
star SCATTERED: star stars starry
moon/full moon CORNER, star SCATTERED: night midnight nighttime moonlight moonlit nocturnal
sun RISING: sunset sunrise dawn dusk evening twilight
cloud with rain ABOVE: rain rainy
storm ABOVE: storm thunderstorm
skyscraper RANGE: city town street
house SIDES: village
snow-capped mountain/mountain RANGE: mountain mountains
fire LOW: fire flames lava volcano hell
maple leaf SCATTERED: autumn fall
"""
# Of what is one kind, one that was asked for stands for all.
_ALIKE = """
evergreen tree, deciduous tree, palm tree, christmas tree, desert island
tulip, sunflower, rose, hibiscus, cherry blossom, bouquet
sun, sunrise, sun behind cloud, moon, full moon
star, shooting star, sparkles
planet, globe
cloud, cloud with rain, cloud with snow, storm, sun behind cloud
snowflake, cloud with snow
mountain, snow-capped mountain, volcano
wave, desert island
"""
# Before which background a thing is drawn that would not stand out whole from that of its places. Where it has gaps
# some of that is left in them, so all others are drawn before the background of the picture.
_BEFORE = """
dark blue: evergreen tree, deciduous tree, palm tree, snow-capped mountain, mountain, skyscraper, house, cloud, cloud
    with rain, sun, fire
white: fish, storm, maple leaf, cactus
"""
# Where nothing stands on the ground.
_AFLOAT = frozenset(
    (
        "underwater",
        "undersea",
        "sky",
        "heaven",
        "air",
        "cloud",
        "clouds",
        "space",
        "galaxy",
        "universe",
        "cosmos",
        "orbit",
    )
)
# As `Layout.down` has it: where figures stand, and where they float under something.
_GROUND, _LOW = 1.0, 0.7
_ASIDE = 0.12  # as `Layout.across` has it: where what is large at the other side leaves room
_IN_THE_SKY = frozenset((Spread.CORNER, Spread.SCATTERED, Spread.ABOVE))
_AT_ONE_SIDE = frozenset((Spread.SIDE, Spread.RISING))

_SKIES = frozenset((Spread.CORNER, Spread.SCATTERED))
# What no other scenery may be with, as it has the same room: clouds hide the moon and the stars.
_APART = {each: frozenset((each,)) for each in Spread} | {
    Spread.ABOVE: _SKIES | {Spread.ABOVE},
    Spread.CORNER: frozenset((Spread.CORNER, Spread.ABOVE)),
    Spread.SCATTERED: frozenset((Spread.SCATTERED, Spread.ABOVE)),
}

Entries = tuple[tuple[tuple[str, ...], Spread], ...]


def _entry(text: str) -> tuple[tuple[str, ...], Spread]:
    names, _, spread = text.rpartition(" ")
    return tuple(names.split("/")), Spread[spread]


PLACES: dict[str, Entries] = {
    word: tuple(map(_entry, entries.split(", ")))
    for entries, words in (row.split(": ") for row in _PLACES.strip().splitlines())
    for word in words.split()
}
BEFORE = {
    name: colour
    for colour, names in (row.split(": ") for row in _BEFORE.replace("\n    ", " ").strip().splitlines())
    for name in names.split(", ")
}
_KINDS = tuple(frozenset(row.split(", ")) for row in _ALIKE.strip().splitlines())


@dataclass(frozen=True)
class SceneryThing:
    """A thing that nobody asked for, how it is spread, and the background that it is drawn before."""

    thing: Thing
    spread: Spread
    colours: tuple[str, ...]


def found(scene: Scene, lexicon: Lexicon, seed: int) -> list[SceneryThing]:
    """What stands round the things of a scene, as far as the model knows it and there is room; mostly nothing.

    `seed`: of the picture; by it things of equal worth take turns.
    """
    standing = scene.arrangement.standing
    in_a_row = len(scene.arrangement.asked) > 1 and scene.arrangement.relation is Relation.BESIDE
    drawings = {(each.thing.number, each.thing.name) for each in standing}
    room = max(0, min(DRAWINGS_MAX - len(drawings), FIGURES_MAX - scene.arrangement.figures))
    asked = {number for number, _ in drawings} | scene.denied
    things: list[SceneryThing] = []
    if scene.planted and scene.planted.number not in asked:
        things.append(_planted(scene, scene.planted, lexicon))
        asked.add(scene.planted.number)
    for names, spread in _entries(scene, lexicon):
        known = [(number, name) for number, name in _known(names, lexicon) if asked.isdisjoint(_alike(number, lexicon))]
        if not _APART[spread].isdisjoint(each.spread for each in things):
            continue
        if known and not (in_a_row and spread is Spread.LOW):  # it would be hidden
            number, name = known[seed // 2 % len(known)]  # by its last bit the side
            thing = Thing(number, lexicon.vocabulary.subjects[number].names[0], 0, 0)
            things.append(SceneryThing(thing, spread, _before(name, lexicon) or scene.colours))
    return things[:room]


def _planted(scene: Scene, planted: Planted, lexicon: Lexicon) -> SceneryThing:
    subject = lexicon.vocabulary.subjects[planted.number]
    thing = Thing(planted.number, subject.names[0], 0, 0)
    thing = thing.painted(planted.paint, lexicon.bare) if planted.paint else thing
    return SceneryThing(thing, SPREADS[subject.icon], _before(subject.names[0], lexicon) or scene.colours)


def _entries(scene: Scene, lexicon: Lexicon) -> Entries:
    """What is where the things are, and when; the first of each counts for most. At night no sun shines anywhere."""
    where, when = PLACES.get(scene.place, ()), PLACES.get(scene.time, ())
    seen = {each for names, _ in when for number, _ in _known(names, lexicon) for each in _alike(number, lexicon)}
    where = tuple(entry for entry in where if seen.isdisjoint(number for number, _ in _known(entry[0], lexicon)))
    if scene.planted:  # no other flowers grow there
        where = tuple(entry for entry in where if entry[1] is not Spread.LOW)
    return (*where[:1], *when[:1], *where[1:], *when[1:])


def middle(scene: Scene, lexicon: Lexicon, scenery: Sequence[Scenery]) -> tuple[float, float]:
    """Where the figures of a scene are amid its scenery, as `Layout.across` and `down` have it."""
    aside = any(each.spread in _AT_ONE_SIDE for each in scenery)
    across = (1 - _ASIDE if scenery[0].mirrored else _ASIDE) if aside else 0.5
    subjects = lexicon.vocabulary.subjects
    roles = {role(subjects[each.number]) for each in scene.arrangement.asked}
    if roles - {*WEAR} == {ThingRole.SKY}:
        above = any(each.spread in _IN_THE_SKY for each in scenery)
        return across, _LOW if above or scene.place in _AFLOAT else OVERHEAD
    return across, _LOW if scene.place in _AFLOAT else _GROUND


def _known(names: Iterable[str], lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    return ((number, name) for name in names if (number := lexicon.named(name)) is not None)


def _alike(number: int, lexicon: Lexicon) -> set[int]:
    """The subjects of one kind with another one, which is among them."""
    kinds = ({each for each, _ in _known(kind, lexicon)} for kind in _KINDS)
    return {number}.union(*(kind for kind in kinds if number in kind))


def _before(name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The background from which a thing stands out; none where that is the picture's, or the model lacks it."""
    known = lexicon.colour(BEFORE.get(name, "").split(), 0)
    return (known[0].words,) if known and known[0].exact else ()
