"""Who hangs or stands upside down, who jumps over what, and where the marks of those are whose heads are anywhere."""

import pytest

from tests.worker.engine.prompt_match.starter_reads import MATCHER, layout, left, named
from tests.worker.engine.prompt_match.vocabularies import asked
from worker.engine.prompt_match.drawings.wearers import WEARERS
from worker.engine.prompt_match.layout import Relation, Turn


@pytest.mark.parametrize("who", ["bat", "house", "bear", "man", "monkey", "cat", "banana"])
@pytest.mark.parametrize(
    "of",
    [
        "a {} hanging upside down", "an upside-down {}", "a {} upside down", "a {} doing a handstand",
        "the {} is doing headstands", "a {} standing on its hands", "a {} hanging by its feet", "a {} in a headstand",
        "a {} dangling upside down",
    ],
)  # fmt: skip
def test_it_is_turned_as_a_whole(who: str, of: str):
    found = layout(of.format(who))
    assert [each.turn for each in found.figures] == [Turn.UPSIDE_DOWN]
    assert named(found) == [f"whole {who}" if who in {"bear", "cat", "monkey"} else who]
    assert left(of.format(who)) == ()


@pytest.mark.parametrize(
    "prompt", ["a sloth hanging upside down", "an upside-down sloth", "a sloth hanging by its feet"]
)
def test_who_is_drawn_hanging_stays_so(prompt: str):
    found = MATCHER.read(asked(prompt)).layouts
    assert not found or [each.turn for each in found[0].figures] == [Turn.UPRIGHT]
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "found", "turn"),
    [
        ("a cow jumping over the moon", ["whole cow", "moon"], Turn.BENDING_RIGHT),
        ("the cow jumped over the moon", ["whole cow", "moon"], Turn.BENDING_RIGHT),
        ("a horse leaping over a car", ["horse", "red car"], Turn.BENDING_RIGHT),
        ("a cat hopping over a box", ["whole cat", "cardboard box"], Turn.BENDING_RIGHT),
        ("a cat jumping over a dog", ["whole cat", "whole dog"], Turn.BENDING_RIGHT),
        ("a fox jumping over a dog", ["whole fox", "whole dog"], Turn.BENDING_RIGHT),
        ("a frog jumps over a log", ["whole frog", "log"], Turn.UPRIGHT),
        ("an upside down cow jumping over the moon", ["whole cow", "moon"], Turn.UPSIDE_DOWN),
    ],
)
def test_who_jumps_over_something_is_above_it(prompt: str, found: list[str], turn: Turn):
    made = layout(prompt)
    assert (made.relation, named(made), made.figures[0].turn) == (Relation.LEAP, found, turn)
    assert made.figures[1].turn is Turn.UPRIGHT
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "found"),
    [("a pig flying over a house", ["whole pig", "house"]), ("a bird over a house", ["bird", "house"])],
)
def test_who_flies_over_something_is_above_it_and_seen_whole(prompt: str, found: list[str]):
    made = layout(prompt)
    assert (made.relation, named(made)) == (Relation.ABOVE, found)


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("an angry chicken", Relation.LEFT_OF_HEAD),
        ("a sleeping ostrich", Relation.LEFT_OF_HEAD),
        ("a goose in love", Relation.LEFT_OF_HEAD),
        ("a sad goldfish", Relation.LEFT_OF_HEAD),
        ("an angry chicken facing the other way", Relation.AT_HEAD),
        ("an angry octopus", Relation.AT_HEAD),
        ("a lonely giraffe", Relation.OVER_HEAD),
    ],
)
def test_a_mark_is_at_the_head(prompt: str, found: Relation):
    made = layout(prompt)
    assert [way.relation for way in made.hanging] == [found]
    icon = prompt.split()[2 if prompt.split()[1] in {"angry", "sleeping", "sad", "lonely"} else 1]
    assert made.figures[0].wears == WEARERS.get(icon)
