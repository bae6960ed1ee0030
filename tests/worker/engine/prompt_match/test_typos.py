"""Misspelt words: corrected to the one that was meant, in names of several words too; what is a word stays one."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import asked, shipped

STARTER = shipped()


def drawn(prompt: str) -> str:
    matched = STARTER.read(asked(prompt))
    return "" if matched.declined else matched.request.prompt


def left(prompt: str) -> tuple[str, ...]:
    notice = STARTER.read(asked(prompt)).notice
    return notice.left if notice else ()


_MEANT = """
giraffe: girafe girrafe giraff jiraffe
kangaroo: kangeroo kangoroo
elephant: elefant elephent
octopus: octapus octupus
dinosaur: dinasaur dinosor
butterfly: buterfly
rhinoceros: rhinocerous rinoceros
hippopotamus: hipopotamus hippopotomus
astronaut: astronot astronaught
skeleton: skelaton skeleten skelton
umbrella: umbrela umberella
broccoli: brocoli brocolli
spaghetti: spagetti spageti
hamburger: hamberger hamburgur
strawberry: strawbery
pineapple: pinapple pineaple
penguin: penguine pengwin
chocolate bar: choclate
guitar: guitarr gutar
bicycle: bycicle bicicle
helicopter: helecopter helicoptor
cactus: cactuss
volcano: volcanoe vulcano
tomato: tomatoe
potato: potatoe
sandwich: sandwhich
lizard: lizzard lizerd
mermaid: mermade
wizard: wizzard wizerd
pirate: pirat
princess: prinsess
christmas tree: chrismas_tree cristmas_tree christmass_tree
snowman: snowmann sno_man
rainbow: rainbo ranbow
pumpkin: pumkin pumpkn
squirrel: squirel
raccoon: racoon raccon
hedgehog: hedghog
flamingo: flamengo
dolphin: dolfin dolphine
monkey: monkie
piano: piono
croissant: crosaint croisant
calendar: calender
teddy bear: tedy_bear
fire engine: fire_truk
ferris wheel: ferris_weel
shop: restaraunt restaurent
bowling: bowlng_ball
refrigerator: refridgerator
"""
_TYPOS = [
    (typed.replace("_", " "), name)
    for name, _, slips in (row.partition(": ") for row in _MEANT.strip().splitlines())
    for typed in slips.split()
]


@pytest.mark.parametrize(("typed", "name"), _TYPOS)
def test_a_typo_is_drawn_as_what_was_meant_and_told(typed: str, name: str):
    matched = STARTER.read(asked(f"a {typed}"))
    assert not matched.declined
    assert matched.request.prompt.removeprefix("a ").removeprefix("an ") == name
    assert matched.notice
    assert [each.took for each in matched.notice.taken] == [name]


@pytest.mark.parametrize(
    "asks",
    ["drwa me a {} pls", "draw me a {}", "make me a {}", "can u pls draw a {}", "giv me a {}", "i want a pic of a {}",
     "i wnat a {}", "gimme a {} lol", "could u make a pic of a {} plz thx", "pls make me a pitcure of a {}"],
)  # fmt: skip
@pytest.mark.parametrize("thing", ["cat", "girafe", "fire truck"])
def test_who_asks_in_a_hurry_asks_for_no_more(asks: str, thing: str):
    assert drawn(asks.format(thing)) in {"a cat", "a giraffe", "a fire engine"}
    assert left(asks.format(thing)) == ()


@pytest.mark.parametrize(
    "word", ["furby", "shrek", "zelda", "naruto", "pikachu", "habit", "hatter", "ginger", "dancer"]
)
def test_a_word_or_a_name_of_its_own_is_no_typo(word: str):
    matched = STARTER.read(asked(f"a {word}"))
    assert matched.declined or word == "dancer"
