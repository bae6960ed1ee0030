"""Animals and vehicles that the starter lacks: the nearest one is drawn, alone as well as with what they have."""

import pytest

from .starter_reads import MATCHER, layout, left, named
from .vocabularies import asked

NEAREST = """
frog: tadpole toad
lizard: gecko iguana chameleon newt salamander
snake: cobra python viper rattlesnake
dove: pigeon
crow: magpie jackdaw
eagle: hawk falcon vulture
bird: sparrow hummingbird woodpecker
wolf: hyena jackal dingo
leopard: lynx bobcat cheetah panther puma jaguar
bison: buffalo yak
cow: ox bull calf
donkey: mule
horse: pony foal stallion
sheep: lamb ewe
pig: piglet hog
baby chick: gosling duckling
bear: grizzly cub
deer: gazelle antelope elk
otter: ferret weasel
hedgehog: porcupine
hamster: gerbil
monkey: baboon chimpanzee
seal: manatee
whale: orca
fish: eel swordfish anglerfish clownfish koi salmon trout guppy
butterfly: moth
bee: wasp hornet bumblebee
beetle: firefly cockroach
caterpillar: centipede
snail: slug
penguin: puffin
ostrich: emu
"""
VEHICLES = """
bicycle: unicycle tricycle
scooter: moped vespa
red car: limousine sedan
van: campervan minivan microbus
bus: minibus motorhome coach
speedboat: hovercraft
canoe: gondola kayak
ship: ferry
rowboat: raft dinghy
airplane: jet
propeller plane: biplane glider
"""


def rows(table: str) -> list[tuple[str, str]]:
    listed = (row.split(": ") for row in table.strip().splitlines())
    return [(word, name) for name, words in listed for word in words.split()]


@pytest.mark.parametrize(("word", "name"), rows(NEAREST))
def test_an_animal_is_the_nearest_one_alone_and_with_things(word: str, name: str):
    assert drawn(f"a {word}") == [name]
    for prompt, thing in {
        f"{word} wearing a tiny backpack": "backpack",
        f"tired {word} eating pizza": "pizza",
        f"kid petting a {word}": "boy",
    }.items():
        things = [each.removeprefix("whole ") for each in drawn(prompt)]
        assert {name, thing} <= {*things}, prompt
        assert not left(prompt), prompt


@pytest.mark.parametrize(("word", "name"), rows(VEHICLES))
def test_a_vehicle_is_the_nearest_one_alone_and_with_somebody(word: str, name: str):
    assert drawn(f"a {word}") == [name]
    assert {"whole bear", "bear", name, "convertible"} & {*drawn(f"a bear near a {word}")} >= {name}


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a lion cub", ["lion"]),
        ("a lion cub eating pizza", ["lion", "pizza"]),
        ("a seal pup", ["seal"]),
        ("an elephant calf with a balloon", ["elephant", "balloon"]),
        ("a penguin chick with a scarf", ["penguin", "scarf"]),
        ("a hermit crab with a top hat", ["crab", "top hat"]),
        ("a kid goat", ["goat"]),
        ("a camper van", ["van"]),
        ("a killer whale", ["whale"]),
    ],
)
def test_the_young_and_kinds_of_two_words(prompt: str, things: list[str]):
    assert drawn(prompt) == things


@pytest.mark.parametrize("word", ["gizmo", "snorlax", "quokka"])
def test_of_whom_nothing_near_is_known_is_told(word: str):
    assert MATCHER.read(asked(f"a {word}")).declined
    assert any(word in each for each in left(f"{word} wearing a tiny backpack"))


def drawn(prompt: str) -> list[str]:
    matched = MATCHER.read(asked(prompt))
    if matched.layouts:
        return named(layout(prompt))
    return [matched.request.prompt.removeprefix("an ").removeprefix("a ")]
