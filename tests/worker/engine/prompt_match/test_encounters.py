"""What two do with each other: how near they are, how turned, and what is seen between them."""

import pytest

from tests.worker.engine.prompt_match.starter_reads import layout, left, named
from worker.engine.prompt_match.layout import Closeness, Layout, Relation, Turn

RIGHT, LEFT = Turn.BENDING_RIGHT, Turn.BENDING_LEFT
HUGS = ["hugging", "hugging each other", "cuddling", "snuggling", "embracing", "sharing a hug", "cuddled up together"]
KISSES = ["kissing", "kissing each other", "sharing a kiss", "having a kiss", "smooching", "in love", "falling in love",
          "on a date", "who are in love", "getting married", "flirting"]  # fmt: skip
FIGHTS = ["fighting", "fighting each other", "battling", "wrestling", "in a fight", "having a fight", "dueling"]
ARGUES = ["arguing", "arguing with each other", "quarreling", "bickering", "having an argument",
          "yelling at each other"]  # fmt: skip
FIVES = ["high-fiving", "high fiving each other", "giving each other a high five", "giving high fives"]


def between(found: Layout) -> list[tuple[str, str, int]]:
    """What is between two, how, and whom it stands to."""
    names = named(found)[found.standing :]
    ways = zip(names, found.hanging, strict=True)
    return [(name, way.relation.name, way.on) for name, way in ways if way.relation is not Relation.ON_HEAD]


def turns(found: Layout) -> list[Turn]:
    return [each.turn for each in found.figures[: found.standing]]


@pytest.mark.parametrize("deed", [*HUGS, *KISSES])
@pytest.mark.parametrize("who", ["a bear and a rabbit", "two penguins", "fox and frog", "a robot and an alien"])
def test_who_love_each_other_bend_to_each_other_below_a_heart(who: str, deed: str):
    found = layout(f"{who} {deed}")
    assert between(found) == [("red heart", "OVER_TWO", 0)]
    assert turns(found) == [RIGHT, LEFT]
    assert found.closeness is (Closeness.OVERLAPPING if deed in HUGS else Closeness.TOUCHING)
    assert left(f"{who} {deed}") == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "a cat hugging a teddy bear", "a bear hugs a bunny", "a girl kissing her dog", "a princess kissing a frog",
        "an owl in love with a fox", "hugging bears", "kissing penguins", "a fox snuggling up with a panda",
        "a panda giving a hug to a koala", "a lion and a fox, kissing",
    ],
)  # fmt: skip
def test_one_who_hugs_or_kisses_another_does_too(prompt: str):
    found = layout(prompt)
    assert between(found) == [("red heart", "OVER_TWO", 0)]
    assert turns(found) == [RIGHT, LEFT]
    assert left(prompt) == ()


@pytest.mark.parametrize("deed", FIGHTS)
@pytest.mark.parametrize("who", ["a lion and a robot", "two dragons", "a shark and a bear"])
def test_who_fight_are_apart_with_an_explosion_between(who: str, deed: str):
    found = layout(f"{who} {deed}")
    assert between(found) == [("explosion", "BETWEEN_TWO", 0)]
    assert (found.closeness, turns(found)) == (Closeness.APART, [Turn.UPRIGHT] * 2)
    assert left(f"{who} {deed}") == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "a fight between a lion and a dragon", "epic battle between a lion and a dragon", "lion vs dragon",
        "a lion versus a dragon", "lion v dragon", "a lion vs. a dragon", "a lion attacking a dragon",
        "a lion fighting against a dragon", "duel between a lion and a dragon",
    ],
)  # fmt: skip
def test_a_fight_is_told_in_many_ways(prompt: str):
    found = layout(prompt)
    assert named(found) == ["whole lion", "dragon", "explosion"]
    assert between(found) == [("explosion", "BETWEEN_TWO", 0)]
    assert left(prompt) == ()


@pytest.mark.parametrize("who", ["a shark fighting a bear", "two dragons fighting", "a horse vs a robot"])
def test_who_is_seen_from_the_side_looks_at_the_other(who: str):
    assert [each.mirrored for each in layout(who).figures[:2]] == [True, False]


@pytest.mark.parametrize("who", ["an owl fighting a shark", "a ghost vs a robot"])
def test_who_is_seen_from_the_front_or_looks_there_anyway_is_as_drawn(who: str):
    assert not any(each.mirrored for each in layout(who).figures)


def test_who_is_the_other_way_round_bends_to_the_same_side():
    found = layout("a horse kissing a fox")
    assert (turns(found), found.figures[0].mirrored) == ([LEFT, LEFT], True)  # turned first, then mirrored


@pytest.mark.parametrize("animal", ["cat", "dog", "rabbit", "cow", "pig", "tiger"])
@pytest.mark.parametrize("deed", ["chasing a robot", "fighting a robot", "vs a robot", "running after a robot"])
def test_animals_that_run_and_fight_have_bodies(animal: str, deed: str):
    assert f"whole {animal}" in named(layout(f"a {animal} {deed}"))
    assert f"whole {animal}" not in named(layout(f"a {animal} hugging a robot"))


@pytest.mark.parametrize(
    ("prompt", "row"),
    [
        ("a bear chasing a fox", ["whole fox", "whole bear"]),
        ("a bear running after a fox", ["whole fox", "whole bear"]),
        ("a fox chased by a bear", ["whole fox", "whole bear"]),
        ("a fox running away from a bear", ["whole fox", "whole bear"]),
        ("a police car chasing a red car", ["red car", "police car"]),
    ],
)
def test_who_is_chased_is_before_the_other_with_dust_between(prompt: str, row: list[str]):
    found = layout(prompt)
    assert named(found) == [*row, "cloud of dust"]
    assert between(found) == [("cloud of dust", "AT_HEELS", 0)]
    assert not any(each.mirrored for each in found.figures)
    assert left(prompt) == ()


@pytest.mark.parametrize("deed", ARGUES)
@pytest.mark.parametrize("who", ["two robots", "a cat and a dog"])
def test_who_argue_are_angry_on_the_outside_with_lightning_between(who: str, deed: str):
    found = layout(f"{who} {deed}")
    assert between(found) == [
        ("anger symbol", "LEFT_OF_HEAD", 0), ("anger symbol", "AT_HEAD", 1), ("lightning bolt", "BETWEEN_TWO", 0)
    ]  # fmt: skip
    assert left(f"{who} {deed}") == ()


@pytest.mark.parametrize("deed", FIVES)
def test_a_hand_is_over_who_give_each_other_five(deed: str):
    assert between(layout(f"a fox and a bear {deed}")) == [("waving hand", "OVER_TWO", 0)]
    assert left(f"a fox and a bear {deed}") == ()


@pytest.mark.parametrize("deed", ["kissing", "hugging", "in love"])
def test_sun_and_moon_have_faces_for_that(deed: str):
    assert named(layout(f"a sun and a moon {deed}"))[:2] == ["smiling sun", "smiling moon"]


def test_things_get_faces_where_nobody_has_one():
    found = layout("a pizza and a taco kissing")
    assert [way.relation for way in found.hanging].count(Relation.FACE) == 2
    assert Relation.FACE not in [way.relation for way in layout("a boy hugging a tree").hanging]


def test_a_tree_does_not_bend():
    assert turns(layout("a boy hugging a tree")) == [RIGHT, Turn.UPRIGHT]


def test_of_three_the_mark_is_between_two_of_them_and_the_middle_one_stands_upright():
    found = layout("a fox and a bear and a rabbit hugging")
    assert turns(found) == [RIGHT, Turn.UPRIGHT, LEFT]
    assert between(found) == [("red heart", "OVER_TWO", 1)]


def test_they_do_it_on_a_bed_too_and_stay_two_below_the_moon():
    on = layout("two cats hugging on a bed")
    assert (on.relation, on.leading, between(on)) == (Relation.ON, 2, [("red heart", "OVER_TWO", 0)])
    below = layout("foxes kissing under the moon")
    assert named(below)[1:] == ["fox", "fox", "red heart"]


def test_what_is_worn_is_still_worn():
    found = layout("a bear with a hat hugging a bunny")
    assert named(found) == ["bear", "rabbit", "top hat", "red heart"]
    assert turns(found)[:2] == [RIGHT, LEFT]


@pytest.mark.parametrize("prompt", ["a cat in love", "a cat in love with a pizza"])
def test_one_alone_in_love_has_the_heart_at_its_own_head(prompt: str):
    found = layout(prompt)
    assert between(found)[-1] == ("red heart", "AT_HEAD", 0)
    assert (found.closeness, turns(found)[0]) == (Closeness.USUAL, Turn.UPRIGHT)


@pytest.mark.parametrize("prompt", ["a bear hugging", "a bear fighting", "a bear attacking a postman"])
def test_what_one_alone_does_with_nobody_is_told_as_left_out(prompt: str):
    assert left(prompt)


@pytest.mark.parametrize(
    "prompt",
    ["a cat and a dog", "a bear next to a fox", "a boxing glove and a cat", "a fox and a bear not fighting",
     "a cat and a sign that says kiss", "six cats fighting"],
)  # fmt: skip
def test_others_stand_as_ever(prompt: str):
    found = layout(prompt)
    assert found.closeness is Closeness.USUAL
    assert not {way.relation for way in found.hanging} & {Relation.OVER_TWO, Relation.BETWEEN_TWO, Relation.AT_HEELS}
