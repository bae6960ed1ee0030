"""Who does something together with somebody is drawn beside them, whatever it is that they do or are."""

import pytest

from tests.worker.engine.prompt_match.starter_reads import MATCHER, layout, left, named
from tests.worker.engine.prompt_match.vocabularies import asked
from worker.engine.prompt_match.layout import Relation


def drawn(prompt: str) -> list[str]:
    """Who stands there, without what only shows what they do."""
    found = layout(prompt)
    return named(found)[: found.standing]


@pytest.mark.parametrize(
    "deed",
    [
        "best friends", "being friends", "being best friends", "are best friends", "as friends", "becoming friends",
        "who are best friends", "hugging", "fighting",
    ],
)  # fmt: skip
def test_who_are_friends_stand_side_by_side_and_nothing_is_left_out(deed: str):
    for prompt in (f"a turtle and a snail {deed}", f"turtle and snail {deed}"):
        assert drawn(prompt) == ["turtle", "snail"]
        assert left(prompt) == ()


@pytest.mark.parametrize(
    "deed",
    [
        "playing together", "having a picnic", "on a walk", "going on a walk", "dance",
        "camping", "share", "lying down", "go shopping", "swim", "run",
        "sit together", "enemies", "partners in crime", "friends", "chat", "being silly", "cook", "wait",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("prompt", "who"),
    [
        ("a fox and a rabbit", ["fox", "rabbit"]),
        ("a lion, a cat and a mouse", ["lion", "cat", "mouse"]),
        ("two owls and a robot", ["owl", "owl", "robot"]),
    ],
)
def test_the_last_of_several_is_not_lost_to_what_they_do(prompt: str, who: list[str], deed: str):
    assert [each.removeprefix("whole ") for each in drawn(f"{prompt} {deed}")] == who
    assert {*deed.split()} & {word for each in left(f"{prompt} {deed}") for word in each.split()}


@pytest.mark.parametrize(
    ("prompt", "who"),
    [
        ("a fox and a bear share a cake", ["fox", "bear", "birthday cake"]),
        ("a cat and a dog wait for a bus", ["cat", "dog", "bus"]),
        ("a cat and a dog kiss", ["cat", "dog"]),
    ],
)
def test_what_they_do_it_with_is_drawn_too(prompt: str, who: list[str]):
    assert drawn(prompt) == who


def test_they_sit_on_one_thing():
    (layout,) = MATCHER.read(asked("a fox and a bear sit on a sofa")).layouts
    assert (layout.relation, layout.leading) == (Relation.ON, 2)


@pytest.mark.parametrize("prompt", ["a cat and a dog collar", "a cat and a dog house", "a frog and a mushroom house"])
def test_a_name_that_goes_on_is_still_another_thing(prompt: str):
    assert "dog" not in MATCHER.read(asked(prompt)).request.prompt
    for found in MATCHER.read(asked(prompt)).layouts:
        assert not {"dog", "mushroom"} & {*drawn(prompt)}, found
