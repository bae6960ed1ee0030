"""Animals as people: who gets whose head, and what stays as it was."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import asked, everyday, shipped
from worker.engine.prompt_match import PromptMatcher
from worker.engine.prompt_match.drawings.heads import FACES, GIVERS, PLACES, TENDED
from worker.engine.prompt_match.drawings.roles import BEINGS, role
from worker.engine.prompt_match.layout import FIGURES_MAX, Layout, Relation

STARTER, ALONE, EVERYDAY = shipped(), shipped(arranged=False), everyday()


def layout(prompt: str, matcher: PromptMatcher = STARTER) -> Layout | None:
    found = matcher.read(asked(prompt)).layouts
    return found[0] if found else None


def name(words: str) -> str:
    """A thing without article, style and background."""
    said = words.partition(" of ")[2] or words
    return said.partition(",")[0].removeprefix("an ").removeprefix("a ")


def dressed(prompt: str, matcher: PromptMatcher = STARTER) -> list[str]:
    """What stands in a picture, each with its head: `wizard: black cat`."""
    found = layout(prompt, matcher)
    if not found:
        return []
    names = [f"{each.paint} {name(each.words)}".strip() for each in found.figures]
    shown = [each for at, each in enumerate(names) if at not in found.heads.values()]
    heads = found.heads
    return [f"{each}: {names[heads[at]]}" if at in heads else each for at, each in enumerate(shown)]


def told(prompt: str) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    notice = STARTER.read(asked(prompt)).notice
    return ([(each.asked, each.took) for each in notice.taken], notice.left) if notice else ([], ())


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        # side by side, in both orders
        ("an astronaut cat", "astronaut: cat"), ("cat astronaut", "astronaut: cat"), ("a dog chef", "chef: dog"),
        ("a raccoon detective", "detective: raccoon"), ("superhero hamster", "superhero: hamster"),
        ("a robot chef", "chef: robot"), ("a princess frog", "princess: frog"), ("a puppy chef", "chef: dog"),
        # as
        ("a cat dressed as a wizard", "wizard: cat"), ("a bear as a police officer", "police officer: bear"),
        ("a fox disguised as a ninja", "ninja: fox"), ("a koala who is a doctor", "doctor: koala"),
        ("a panda pretending to be a pilot", "pilot: panda"),
        ("a lion dressed up like santa claus", "santa claus: lion"),
        ("a mouse dressed as a little princess", "princess: mouse"),
        # clothes
        ("a frog in a tuxedo", "man in a tuxedo: frog"), ("a fox wearing a black suit and tie", "office worker: fox"),
        ("a wolf in an astronaut suit", "astronaut: wolf"), ("a pig in a chef's outfit", "chef: pig"),
        ("a frog in a yellow raincoat", "person in a raincoat: frog"),
        ("a bear in pajamas", "person in pajamas: bear"), ("a pirate in pyjamas", "person in pajamas: pirate"),
        ("a dog wearing a hoodie", "person in a hoodie: dog"),
        ("a cat in a red sweater", "red person in a sweater: cat"),
        ("grandma in a cozy pink sweater", "pink person in a sweater: grandma"),
        ("a man in a green hoodie", "green person in a hoodie: man"),
        ("a girl in a raincoat", "person in a raincoat: girl"),
        ("a dog in a superhero costume", "superhero: dog"), ("a cow in a spacesuit", "astronaut: cow"),
        # what is done
        ("hamster lifting weights", "weightlifter: hamster"), ("a cat doing yoga", "meditating person: cat"),
        ("a fox juggling", "juggler: fox"), ("a juggling fox", "juggler: fox"), ("a tiger surfing", "surfer: tiger"),
        ("a bunny riding a bike", "cyclist: rabbit"), ("a panda playing basketball", "basketball player: panda"),
        ("a koala snowboarding", "snowboarder: koala"), ("a pig golfing", "golfer: pig"),
        ("a dancing bear", "dancing man: bear"), ("a swimming dog", "swimmer: dog"),
        # colours are the animal's
        ("a black cat astronaut", "astronaut: black cat"), ("a pink pig in a tuxedo", "man in a tuxedo: pink pig"),
        ("a blue dog surfing", "surfer: blue dog"),
    ],
)  # fmt: skip
def test_an_animal_is_shown_as_a_person_with_its_head(prompt: str, shown: str):
    assert dressed(prompt) == [shown]
    assert told(prompt) == ([], ())


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("two astronaut cats", ["astronaut: cat"] * 2),
        ("three cat wizards", ["wizard: cat"] * 3),
        ("cats dressed as wizards", ["wizard: cat"] * 2),
        ("a cat and a dog dressed as wizards", ["wizard: cat", "wizard: dog"]),
        ("a cat and a dog dancing", ["dancing man: cat", "dancing man: dog"]),
        ("a lion, a cat and a mouse doing yoga", [f"meditating person: {each}" for each in ("lion", "cat", "mouse")]),
        ("a man and a cat surfing", ["surfer", "surfer: cat"]),
        ("a cat astronaut and a dog chef", ["astronaut: cat", "chef: dog"]),
        ("a dog and a cat in a tuxedo", ["dog", "man in a tuxedo: cat"]),
        ("a cat wizard with a crown", ["wizard: cat", "crown"]),
        ("a cat astronaut on the moon", ["astronaut: cat", "moon"]),
        ("a cat chef holding an egg", ["chef: cat", "egg"]),
        ("a sleepy cat astronaut", ["astronaut: cat", "zzz"]),
        (f"{FIGURES_MAX} cat astronauts", ["astronaut: cat"] * FIGURES_MAX),
    ],
)
def test_with_others_and_several(prompt: str, shown: list[str]):
    assert dressed(prompt) == shown
    assert told(prompt)[1] == ()


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("a cat and a wizard", ["cat", "wizard"]),
        ("a cat with an astronaut", ["cat", "astronaut"]),
        ("a cat, an astronaut", ["cat", "astronaut"]),
        ("a wizard holding a cat", ["wizard", "cat"]),
        ("a man and a cat", ["man", "cat"]),
        ("a cat wearing a wizard hat", ["cat", "wizard hat"]),
        ("a koala on a bicycle", ["whole koala", "bicycle"]),
        ("two owls and a robot doing yoga", ["owl", "owl", "robot"]),
        ("a fox and a rabbit cook", ["fox", "rabbit"]),
        ("a cat and a dog kiss", ["cat", "dog", "red heart"]),
        ("a dog surfing the web", ["dog", "laptop"]),
        ("a cat playing guitar", ["cat", "guitar"]),
        *((prompt, []) for prompt in (
            "police dog", "guide dog", "fire ant", "painter's cat", "a wizard's cat", "a pig farmer", "a pilot whale",
            "a cat like a tiger", "a dog running", "an astronaut", "a cat", "a cat as a lumberjack", "a ninja turtle",
            "an elephant surfing",
        )),
    ],
)  # fmt: skip
def test_what_is_no_animal_as_a_person_stays_as_it_was(prompt: str, shown: list[str]):
    assert dressed(prompt) == shown


@pytest.mark.parametrize(
    ("prompt", "taken", "left"),
    [
        ("a cat policewoman", [("policewoman", "police officer")], ()),
        ("a beagle astronaut", [("beagle", "dog")], ()),
        ("a cat dressed as an evil wizard", [], ("evil",)),
        ("a penguin surfing", [], ("surfing",)),
    ],
)
def test_what_is_not_shown_so_is_told(prompt: str, taken: list[tuple[str, str]], left: tuple[str, ...]):
    assert told(prompt) == (taken, left)


@pytest.mark.parametrize("prompt", ["a cat astronaut", "a cat dressed as a wizard", "a cat surfing"])
def test_without_that_person_or_without_putting_together_nothing_is_dressed(prompt: str):
    for matcher in (ALONE, EVERYDAY):
        found = layout(prompt, matcher)
        assert not found or not found.heads


def test_figures_say_where_the_head_is():
    found = layout("a cat astronaut and a dog")
    assert found
    assert found.figures[0].head == PLACES["astronaut"]
    assert [each.head for each in found.figures[1:]] == [None, None]
    assert found.hanging[-1].relation is Relation.HEAD


def test_the_table_has_people_and_animals():
    roles = {each.icon: role(each) for each in STARTER._lexicon.vocabulary.subjects}
    assert roles.keys() >= GIVERS
    assert {roles[each] for each in GIVERS} | {roles[each] for each in {*PLACES} & {*roles}} <= {*BEINGS}
    assert {icon for icon, _ in FACES.values()} <= GIVERS
    assert all(giver in GIVERS and person in PLACES for giver, person in TENDED)
    assert not GIVERS & {*PLACES}
    for place in PLACES.values():
        assert 0 < place.wide < 1
        assert 0 <= place.down < 0.5
        assert place.hat or not place.gold
