"""Somebody in something: what that is, and how much of whoever is in it is seen."""

import json

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, STARTER, asked, shipped
from worker.engine.prompt_match import PromptMatcher
from worker.engine.prompt_match.drawings.openings import OPENINGS, seen
from worker.engine.prompt_match.drawings.roles import BEINGS, ROLES, role
from worker.engine.prompt_match.layout import Layout, Relation
from worker.engine.prompt_match.matcher import MatchedPrompt
from worker.engine.prompt_match.opening import Within
from worker.engine.prompt_match.vocabulary import KnownSubject
from worker.starter import WEIGHTS

_ROWS = """
open-box: open box, cardboard box, box
teacup: teacup, tea cup
fishbowl: fishbowl, fish bowl, aquarium
cauldron: cauldron
rowboat: rowboat, rowing boat
pond: pond
flower-pot: flower pot
"""
_OPEN = {icon: names.split(", ") for icon, names in (row.split(": ") for row in _ROWS.strip().splitlines())}
_NAMES = {name for names in _OPEN.values() for name in names}
_OTHERS = [
    each.model_copy(update={"names": tuple(name for name in each.names if name not in _NAMES) or each.names})
    for each in SHIPPED.subjects
    if each.icon not in _OPEN
]
_SUBJECTS = (*_OTHERS, *(KnownSubject(icon=icon, names=tuple(names)) for icon, names in _OPEN.items()))
ICONS = {name: each.icon for each in reversed(_SUBJECTS) for name in each.names}


@pytest.fixture(scope="module")
def matcher() -> PromptMatcher:
    """Of the shipped model's words and those of everything that has an opening."""
    tokens = json.loads((WEIGHTS / "tokenizer" / "vocab.json").read_bytes())
    return PromptMatcher(STARTER, SHIPPED.model_copy(update={"subjects": _SUBJECTS}), tokens)


def layout(read: MatchedPrompt) -> Layout:
    assert read.layouts
    return read.layouts[0]


def icons(found: Layout) -> list[str]:
    """Of the figures, in their order."""
    names = [each.words.split(", ")[0].split(" of ", 1)[1] for each in found.figures]
    bare = [name.removeprefix("a ").removeprefix("an ").removeprefix("blue ") for name in names]
    return [ICONS[name] for name in bare]


INSIDE = [
    ("a puppy in a box", "open-box"),
    ("a puppy in a cardboard box", "open-box"),
    ("an owl sitting inside of a box", "open-box"),
    ("a kitten stuck in a box", "open-box"),
    ("a fox peeking out of a box", "open-box"),
    ("a cat sleeping in a basket", "basket"),
    ("a hamster coming out of a basket", "basket"),
    ("a frog in a teacup", "teacup"),
    ("a mouse in a cup", "teacup"),
    ("a mouse in a tea cup", "teacup"),
    ("a hamster in a coffee cup", "teacup"),
    ("a cat in a mug", "mug"),
    ("a bear in a boat", "rowboat"),
    ("a raccoon fishing in a boat", "rowboat"),
    ("a dog on a boat", "rowboat"),
    ("a wizard in a rowing boat", "rowboat"),
    ("a pig in a sailboat", "sailboat"),
    ("a dog in a canoe", "canoe"),
    ("a bear in a car", "convertible"),
    ("a pig driving a car", "convertible"),
    ("a lion driving a blue car", "convertible"),
    ("a dog in a taxi", "taxi"),
    ("a duck taking a bath in a bathtub", "bathtub"),
    ("a duck in a tub", "bathtub"),
    ("a duck playing in a bath", "bathtub"),
    ("a hedgehog in a bucket", "bucket"),
    ("a frog in a cauldron", "cauldron"),
    ("a bunny in a flower pot", "flower-pot"),
    ("a bunny hiding in a clay pot", "flower-pot"),
    ("a goldfish in a bowl", "fishbowl"),
    ("a goldfish swimming in a glass bowl", "fishbowl"),
    ("a turtle in a small tank", "fishbowl"),
    ("a fairy in a jar", "jar"),
    ("a ship in a bottle", "jar"),
    ("a cat in a bowl", "bowl"),
    ("a bear in a cooking pot", "cooking-pot"),
    ("a lobster in a pot", "cooking-pot"),
    ("a hedgehog in a frying pan", "frying-pan"),
    ("a pig in a wheelbarrow", "wheelbarrow"),
    ("an owl in a sink", "sink"),
    ("a cat in the oven", "oven"),
    ("a mouse in a wallet", "wallet"),
    ("a lion in a birdcage", "birdcage"),
    ("a sloth relaxing in a hammock", "hammock"),
    ("a clown in a cannon", "cannon"),
    ("a dog in a van", "van"),
    ("a bear wrapped in a blanket", "blanket"),
    ("a girl under a blanket", "blanket"),
    ("a fox behind a fence", "fence"),
    ("a cow looking over a fence", "fence"),
    ("a duck in a pond", "pond"),
    ("a duck floating on a pond", "pond"),
    ("a crocodile in a river", "river"),
    ("a hippo in the water", "pond"),
    ("a frog playing in a muddy puddle", "pond"),
    ("a moose in the lake", "pond"),
    ("an elephant swimming in a swimming pool", "pond"),
]


@pytest.mark.parametrize(("prompt", "thing"), INSIDE)
def test_somebody_is_in_what_is_open(prompt: str, thing: str, matcher: PromptMatcher):
    read = matcher.read(asked(prompt))
    found = layout(read)
    assert found.relation is Relation.IN
    assert icons(found)[1] == thing
    assert found.figures[1].opening == OPENINGS[thing]
    assert read.notice is None or read.notice.left == ()


@pytest.mark.parametrize(
    ("prompt", "who", "thing"),
    [
        ("two ducks in a pond", ["duck"] * 2, "pond"),
        ("three hippos in a river", ["hippopotamus"] * 3, "river"),
        ("a pond with two ducks", ["duck"] * 2, "pond"),
        ("two kittens in a box", ["cat-face"] * 2, "open-box"),
        ("a basket of kittens", ["cat-face"] * 2, "basket"),
        ("a dog and a cat in a boat", ["dog-face", "cat-face"], "rowboat"),
    ],
)
def test_several_are_in_one(prompt: str, who: list[str], thing: str, matcher: PromptMatcher):
    found = layout(matcher.read(asked(prompt)))
    assert (found.relation, found.leading) == (Relation.IN, len(who))
    assert icons(found) == [*who, thing]


@pytest.mark.parametrize(
    ("prompt", "figures"),
    [
        ("a bowl of cherries", ["cherries", "bowl"]),
        ("a bowl of green grapes", ["grapes", "bowl"]),
        ("a bowl of kittens", ["cat-face"] * 2 + ["bowl"]),
        ("a pan of bacon", ["bacon", "frying-pan"]),
        ("a wheelbarrow of pumpkins", ["jack-o-lantern"] * 2 + ["wheelbarrow"]),
        ("a cactus in a pot", ["cactus", "flower-pot"]),
        ("a pot of roses", ["rose"] * 2 + ["flower-pot"]),
        ("a bowl with a goldfish", ["goldfish", "fishbowl"]),
        ("a pot full of lobsters", ["lobster"] * 2 + ["cooking-pot"]),
    ],
)
def test_food_and_plants_are_in_what_holds_them(prompt: str, figures: list[str], matcher: PromptMatcher):
    read = matcher.read(asked(prompt))
    assert icons(layout(read)) == figures
    assert layout(read).relation is Relation.IN
    assert read.notice is None


def test_who_is_in_it_wears_what_it_wears(matcher: PromptMatcher):
    found = layout(matcher.read(asked("a cat in a hat in a box")))
    assert icons(found) == ["cat-face", "open-box", "top-hat"]
    assert [(way.on, way.relation) for way in found.hanging] == [(0, Relation.ON_HEAD)]


@pytest.mark.parametrize(
    ("prompt", "figures"),
    [
        ("a box", ["open-box"]),
        ("a boat", ["sailboat"]),
        ("a red car", ["automobile"]),
        ("a cat and a boat", ["cat-face", "sailboat"]),
        ("a cat beside a car", ["cat-face", "automobile"]),
        ("a cat next to a pond", ["cat-face", "pond"]),
        ("a frog by the lake", ["frog"]),
        ("a bear with a bowl", ["bear", "bowl"]),
        ("a fish in the sea", ["tropical-fish"]),
        ("a shark in the water", ["shark"]),
        ("a dolphin in a pool", ["dolphin"]),
        ("a sailboat on a lake", ["sailboat"]),
        ("a man swimming in the lake", ["person-swimming"]),
        ("a bear in the sea", ["bear"]),
        ("a lake", []),
    ],
)
def test_nobody_is_in_what_is_only_near_or_where_all_is(prompt: str, figures: list[str], matcher: PromptMatcher):
    read = matcher.read(asked(prompt))
    numbered = icons(read.layouts[0]) if read.layouts else []
    assert numbered in ([], figures)
    assert not read.layouts or read.layouts[0].relation is not Relation.IN
    assert "pond" not in (numbered if "pond" not in figures else [])


def test_what_is_taken_for_water_is_told(matcher: PromptMatcher):
    notice = matcher.read(asked("a crocodile in a lake")).notice
    assert notice
    assert [(each.asked, each.took) for each in notice.taken] == [("lake", "pond")]


def test_water_round_somebody_leaves_the_background(matcher: PromptMatcher):
    in_pond, alone = (matcher.read(asked(prompt)) for prompt in ("a duck in a lake", "a duck"))
    assert layout(in_pond).figures[0].words == alone.request.prompts[0]


@pytest.mark.parametrize(("prompt", "thing"), [("a duck in a pond", ""), ("a dog in a car", "convertible")])
def test_a_model_without_it_draws_what_it_knows(prompt: str, thing: str):
    subjects = tuple(each for each in SHIPPED.subjects if each.icon not in _OPEN)
    read = shipped(subjects=subjects).read(asked(prompt))
    drawn = [each.words for found in read.layouts[:1] for each in found.figures]
    assert all("pond" not in words for words in drawn)
    assert not thing or thing in drawn[1]


@pytest.mark.parametrize("icon", OPENINGS)
def test_places_are_within_what_they_are_of(icon: str):
    opening = OPENINGS[icon]
    assert icon in ROLES
    assert 0 < opening.down < 1
    assert opening.across - opening.wide / 2 >= -0.05
    assert opening.across + opening.wide / 2 <= 1.05
    assert opening.within is Within.INSIDE or not opening.arc


def test_of_heads_nearly_all_is_seen_and_of_others_more_than_half():
    for each in SHIPPED.subjects:
        if role(each) in BEINGS:
            assert 0.55 <= seen(each.icon) <= 0.9
    assert seen("red-apple") == 0.5
    assert seen("cat-face") == 0.9
    assert seen("cat") < 0.65
