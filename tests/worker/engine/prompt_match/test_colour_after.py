"""A colour may stand after what has it."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import asked, shipped

STARTER = shipped()


def painted(prompt: str) -> list[tuple[str, str]]:
    """Each figure's colour and what was left out of a prompt, of which nothing is declined."""
    found = STARTER.read(asked(prompt))
    assert not found.declined
    return [(each.paint, each.words.split(" of ")[1].split(",")[0]) for each in found.layouts[0].figures]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a car in blue", [("blue", "a red car")]),
        ("car, in pink", [("pink", "a red car")]),
        ("a bicycle in green", [("green", "a bicycle")]),
        ("a balloon, in pink, simple icon, mint green background", [("pink", "a balloon")]),
        ("three balloons in green", [("green", "a balloon")] * 3),
        ("a t-shirt in the colour green", [("green", "a t-shirt")]),
        ("an umbrella colored purple", [("purple", "an umbrella")]),
        ("a fox painted blue", [("blue", "a fox")]),
        ("a lion that is purple", [("purple", "a lion")]),
        ("a dress in red and a hat", [("red", "a dress"), ("", "a top hat")]),
        ("a cat with a balloon in blue", [("", "a cat"), ("blue", "a balloon")]),
    ],
)
def test_it_is_that_things(prompt: str, expected: list[tuple[str, str]]) -> None:
    assert painted(prompt) == expected
    assert STARTER.read(asked(prompt)).notice is None


@pytest.mark.parametrize(
    ("prompt", "left"),
    [
        ("a man in black", "black"),  # what he wears
        ("a lion in purple", "purple"),
        ("a tulip in blue water", None),  # where it is
        ("a tulip in turquoise", "turquoise"),
    ],
)
def test_what_else_it_may_mean_is_not_painted(prompt: str, left: str | None) -> None:
    found = STARTER.read(asked(prompt))
    assert not any(each.paint for layout in found.layouts for each in layout.figures)
    if left:
        assert found.notice is not None
        assert left in found.notice.left
