"""How somebody has a thing, by what is done with it and by what it is."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import asked, shipped
from worker.engine.prompt_match.drawings.heads import HEADS
from worker.engine.prompt_match.drawings.reaches import _KNOWN, reach_of
from worker.engine.prompt_match.drawings.roles import BEINGS, ROLES
from worker.engine.prompt_match.drawings.wearers import WEARERS
from worker.engine.prompt_match.grip import Grip
from worker.engine.prompt_match.layout import Layout, Relation
from worker.engine.prompt_match.reading.grip_words import _DEEDS, _ICONS
from worker.engine.prompt_match.reading.joints import JOINS

STARTER = shipped()


def layout(prompt: str) -> Layout:
    (found,) = STARTER.read(asked(prompt)).layouts
    return found


def grips(prompt: str) -> list[Grip | None]:
    """Those of all but the first figure."""
    return [each.grip for each in layout(prompt).figures[1:]]


@pytest.mark.parametrize(
    ("prompt", "grip"),
    [
        ("a monkey eating a banana", Grip.MOUTH),
        ("a cat devouring a fish", Grip.MOUTH),
        ("a bear sucking on a lollipop", Grip.MOUTH),
        ("a pig munches on a cookie", Grip.MOUTH),
        ("a hedgehog drinking tea", Grip.MOUTH),
        ("a robot sips coffee", Grip.MOUTH),
        ("a cow sniffing a tulip", Grip.MOUTH),
        ("a dragon breathing fire", Grip.MOUTH),
        ("a unicorn blowing a trumpet", Grip.MOUTH),
        ("an elephant plays the flute", Grip.MOUTH),
        ("a dog holding a bone in its mouth", Grip.MOUTH),
        ("a bird with a letter in its beak", Grip.MOUTH),
        ("an otter holding a fish", Grip.HANDS),
        ("a bear with a honey pot", Grip.HANDS),
        ("a rabbit carrying a carrot", Grip.HANDS),
        ("a girl holding a cat", Grip.HANDS),
        ("a fox with a rose in its paw", Grip.HANDS),
        ("a boy playing video games", Grip.HANDS),
        ("a knight with a sword", Grip.UPRIGHT),
        ("a knight wielding an axe", Grip.UPRIGHT),
        ("a frog holding an umbrella", Grip.UPRIGHT),
        ("a wizard waving a magic wand", Grip.UPRIGHT),
        ("a girl with a red balloon", Grip.AFLOAT),
        ("a bear holding a balloon", Grip.AFLOAT),
        ("a boy flying a kite", Grip.FLOWN),
        ("a fox reading a book", Grip.READ),
        ("an owl reads the newspaper", Grip.READ),
        ("a robot using a laptop", Grip.READ),
        ("a cat typing on a laptop", Grip.READ),
        ("a frog playing the guitar", Grip.ACROSS),
        ("a man with a violin", Grip.ACROSS),
        ("a crab playing the drums", Grip.GROUND),
        ("a cat playing the piano", Grip.GROUND),
        ("a boy pushing a shopping cart", Grip.PUSHED),
        ("a horse pulls a sled", Grip.PULLED),
        ("a gorilla lifting a barbell", Grip.RAISED),
    ],
)
def test_what_is_done_with_a_thing_decides_where_it_is(prompt: str, grip: Grip):
    found = layout(prompt)
    assert (found.relation, grips(prompt)) == (Relation.WITH, [grip])
    assert found.figures[0].reach is not None


@pytest.mark.parametrize(
    "prompt",
    [
        "a dog playing with a ball",
        "a dog guarding a treasure chest",
        "a boy kicking a ball",
        "a cat wearing jeans",
        "a cat in boots",
        "a cat on a bed",
        "a cat and a balloon",
        "a cat next to a guitar",
        "a snail carrying a house",
    ],
)
def test_what_else_somebody_does_leaves_a_thing_where_it_was(prompt: str):
    assert grips(prompt) == [None]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a fox with a flower and a balloon", [Grip.HANDS, Grip.AFLOAT]),
        ("a raccoon eating a burger and fries", [Grip.MOUTH, Grip.MOUTH]),
        ("two cats eating pizza", [None, Grip.MOUTH]),
        ("a cat and a dog sharing a pizza", [None, Grip.MOUTH]),
        ("two bears holding balloons", [None, Grip.AFLOAT, Grip.AFLOAT]),
        ("a cat with a hat holding a sword", [None, Grip.UPRIGHT]),
        ("a cat holding a sword and a dog eating a bone", [None, Grip.UPRIGHT, Grip.MOUTH]),
    ],
)
def test_each_of_several_things_has_a_grip_of_its_own(prompt: str, expected: list[Grip | None]):
    assert sorted(map(str, grips(prompt))) == sorted(map(str, expected))


@pytest.mark.parametrize(
    ("prompt", "mirrored"),
    [
        ("a horse eating a carrot", True),
        ("a rabbit eating a carrot", False),
        ("a knight holding an axe", True),
        ("a knight holding a sword", False),
        ("a boy flying a kite", True),
        ("a horse pulling a sled", False),
        ("a boy pulling a sled", True),
        ("a hedgehog reading a book", False),
    ],
)
def test_a_thing_is_turned_to_who_has_it(prompt: str, mirrored: bool):
    assert layout(prompt).figures[-1].mirrored == mirrored


def test_tables_name_what_there_is():
    """Words that join two things, and things and beings that are known."""
    assert _DEEDS.words <= JOINS.words
    assert {icon for icons in _ICONS.values() for icon in icons.split()} <= ROLES.keys()
    assert {icon for icon, role in ROLES.items() if role in BEINGS} >= _KNOWN.keys()


@pytest.mark.parametrize("icon", sorted({*_KNOWN, *WEARERS, *HEADS, "a face", "anybody"}))
@pytest.mark.parametrize("head_alone", [False, True])
def test_hands_are_below_the_mouth_and_that_is_below_the_eyes(icon: str, head_alone: bool):
    reach = reach_of(icon, head_alone=head_alone)
    assert 0 < reach.eyes - 0.02 < reach.mouth[1] < reach.hands[1] + 0.05
    assert not reach.sideways or reach.mouth[0] < 0.45
    assert reach.turned_round.turned_round.mouth == pytest.approx(reach.mouth)
