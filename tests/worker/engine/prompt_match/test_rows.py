"""Several that are said to stand side by side are in one row, and how many a row has of them."""

import pytest

from tests.worker.engine.prompt_match.starter_reads import layout, left
from worker.engine.pipeline.spots import spots_of
from worker.engine.prompt_match.layout import Layout, Relation


def rows(found: Layout) -> int:
    """In how many rows equally large figures stand in a square picture."""
    return len({round(spot.top) for _, spot in spots_of(found, [(200.0, 200.0)] * len(found.figures), (256, 256))})


SAID = (
    "in a row", "in one row", "in a line", "in line", "side by side", "next to each other", "beside each other",
    "lined up", "standing in a row", "sitting side by side", "all in a row", "in a long line", "shoulder to shoulder",
    "next to one another",
)  # fmt: skip


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("who", ["three ducks", "five cats", "a cat, a dog and a fox", "six green apples"])
def test_what_is_side_by_side_is_in_one_row_and_nothing_is_left_out(who: str, said: str):
    prompt = f"{who} {said}"
    assert rows(layout(prompt)) == 1
    assert rows(layout(who)) > 1
    assert len(layout(prompt).figures) == len(layout(who).figures)
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("a row of ducks", 3),
        ("a row of five ducks", 5),
        ("a line of penguins", 3),
        ("a line of four penguins", 4),
        ("a long row of six stars", 6),
    ],
)
def test_a_row_of_them_is_one(prompt: str, count: int):
    assert len(layout(prompt).figures) == count
    assert rows(layout(prompt)) == 1


@pytest.mark.parametrize(
    ("prompt", "count"), [("a group of five cats", 5), ("a bunch of seven balloons", 7), ("a flock of birds", 3)]
)
def test_of_a_group_there_are_as_many_as_it_has(prompt: str, count: int):
    assert len(layout(prompt).figures) == count
    assert rows(layout(prompt)) > 1
    assert left(prompt) == ()


@pytest.mark.parametrize(("shape", "said"), [("in a circle", "circle"), ("in a pile", "pile"), ("in a stack", "stack")])
def test_another_shape_is_told_as_left_out(shape: str, said: str):
    found = layout(f"five cats {shape}")
    assert (len(found.figures), rows(found) > 1) == (5, True)
    assert left(f"five cats {shape}") == (said,)


@pytest.mark.parametrize(
    ("prompt", "relation", "leading"),
    [
        ("two cats next to each other on a sofa", Relation.ON, 2),
        ("three owls sitting in a row on a tree", Relation.ON, 3),
        ("a cat side by side with a dog", Relation.BESIDE, 1),
    ],
)
def test_what_they_are_on_is_still_read(prompt: str, relation: Relation, leading: int):
    assert (layout(prompt).relation, layout(prompt).leading) == (relation, leading)
    assert left(prompt) == ()


def test_each_other_is_none_of_them():
    for prompt in ("three cats side by side wearing crowns", "three cats next to each other wearing crowns"):
        assert [each.on for each in layout(prompt).hanging] == [0, 1, 2]


def test_a_row_boat_is_no_row():
    assert not layout("two cats in a row boat").in_a_row
