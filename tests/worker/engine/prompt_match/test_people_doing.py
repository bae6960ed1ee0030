"""People of a kind who do something: the head of a pirate on somebody who surfs, and who stays as they were."""

import itertools

import pytest

from tests.worker.engine.prompt_match.test_dressed import ALONE, EVERYDAY, STARTER, dressed, layout, told
from worker.engine.prompt_match.drawings.busts import BUSTS, FEMALE, PLAIN, WHOLE
from worker.engine.prompt_match.drawings.heads import GIVERS, HEADS, PLACES
from worker.engine.prompt_match.layout import Relation

WHO = [
    ("a pirate", "pirate"), ("an astronaut", "astronaut"), ("a king", "king"), ("a knight", "knight"),
    ("a zombie", "zombie"), ("a vampire", "vampire"), ("a clown", "clown face"), ("a firefighter", "firefighter"),
    ("a viking", "viking"), ("a nurse", "nurse"), ("a wizard", "wizard"), ("a grandmother", "grandma"),
    ("an old man", "grandpa"), ("an elderly lady", "grandma"), ("a boy", "boy"), ("a student", "student"),
    ("a baby", "baby"), ("a bearded man", "man with a beard"), ("a mummy", "mummy"),
]  # fmt: skip
DOES = [
    ("surfing", "surfer"), ("lifting weights", "weightlifter"), ("juggling", "juggler"), ("skiing", "skier"),
    ("riding a bike", "cyclist"), ("on a bicycle", "cyclist"), ("playing basketball", "basketball player"),
    ("in a bathtub", "bathing person"), ("taking a bath", "bathing person"), ("swimming", "swimmer"),
    ("doing yoga", "meditating person"), ("is running", "runner"), ("golfing", "golfer"), ("rowing a boat", "rower"),
    ("who is climbing", "climber"), ("snowboarding", "snowboarder"), ("fencing", "fencer"),
    ("doing a cartwheel", "gymnast"), ("fishing", "fisherman"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "head"), WHO)
def test_somebody_who_does_something_has_their_own_head(who: str, head: str):
    for deed, figure in DOES:
        assert dressed(f"{who} {deed}") == [f"{figure}: {head}"], deed
        assert told(f"{who} {deed}")[1] == ()


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("a surfing pirate", ["surfer: pirate"]),
        ("a dancing ninja", ["dancing man: ninja"]),
        ("a queen dancing", ["dancer: queen"]),
        ("a princess is happily dancing", ["dancer: princess"]),
        ("a king and a queen dancing", ["dancing man: king", "dancer: queen"]),
        ("two pirates surfing", ["surfer: pirate"] * 2),
        ("three girls dancing", ["dancer: girl"] * 3),
        ("a pirate and a cat surfing", ["surfer: pirate", "surfer: cat"]),
        ("a pirate, a king and a ninja doing yoga", [f"meditating person: {each}" for each in
                                                     ("pirate", "king", "ninja")]),
        ("a man and a pirate surfing", ["surfer", "surfer: pirate"]),
        ("a cowboy surfing and a dog", ["surfer: cowboy", "dog"]),
        ("a nurse juggling apples", ["juggler: nurse", "red apple", "red apple"]),
    ],
)  # fmt: skip
def test_with_others_and_several(prompt: str, shown: list[str]):
    assert dressed(prompt) == shown


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("a wizard with a basketball", ["wizard", "basketball"]),
        ("a chef with a bicycle", ["chef", "bicycle"]),
        ("a doctor running a hospital", ["doctor", "hospital"]),
        ("a king sleeping", ["king", "zzz"]),
        ("a knight fighting a dragon", ["knight", "dragon", "explosion"]),
        ("a rubber duck in a bathtub", ["rubber duck", "bathtub"]),
        ("a girl surfing the web", ["girl", "laptop"]),
        ("a king and a queen", ["king", "queen"]),
        ("a cat and a dog dressed as wizards", ["wizard: cat", "wizard: dog"]),
        *((prompt, []) for prompt in (
            "a pirate", "a man surfing", "a woman surfing", "a kid skiing", "a skier", "a skier skiing",
            "a ballerina dancing", "a mermaid swimming", "a superhero flying", "a pirate jumping",
            "the king's horse running", "a grandfather knitting",
        )),
    ],
)  # fmt: skip
def test_who_does_nothing_that_has_a_figure_stays_as_it_was(prompt: str, shown: list[str]):
    assert dressed(prompt) == shown


@pytest.mark.parametrize("prompt", ["a pirate surfing", "a girl surfing", "an old man skiing"])
def test_without_putting_together_nobody_has_another_head(prompt: str):
    for matcher in (ALONE, EVERYDAY):
        found = layout(prompt, matcher)
        assert not found or not found.heads


def test_both_say_where_the_head_is():
    found = layout("a pirate surfing")
    assert found
    assert [each.head for each in found.figures] == [PLACES["person-surfing"], BUSTS["pirate"]]
    assert [way.relation for way in found.hanging] == [Relation.HEAD]


def test_only_of_busts_is_nothing_but_the_head_taken():
    found = layout("a cat surfing")
    assert found
    assert found.figures[1].head is None


def test_the_table_has_busts_and_whole_figures_that_are_known():
    known = {each.icon for each in STARTER._lexicon.vocabulary.subjects}
    assert known >= {*BUSTS} | WHOLE
    assert {*PLACES} >= WHOLE
    assert {*PLAIN.values()} | FEMALE <= {*BUSTS}
    assert {*BUSTS} - {*HEADS} == {"clown-face"}
    for one, other in itertools.combinations((GIVERS, {*BUSTS}, WHOLE), 2):
        assert not {*one} & {*other}
