"""What is drawn in a colour anyway, or called after it, is not painted in that: a red fox."""

import pytest

from worker.engine.prompt_match.drawings.natural_colours import _COLOURS

from .starter_reads import MATCHER
from .vocabularies import SHIPPED, asked


def paints(prompt: str) -> list[str]:
    """In which colours the things of its picture are painted; "" where in their own."""
    found = MATCHER.read(asked(prompt))
    assert not found.declined
    assert found.notice is None
    return [each.paint for each in found.layouts[0].figures] if found.layouts else [""]


@pytest.mark.parametrize(
    "prompt",
    [
        "a red fox", "an orange fox", "a red squirrel", "a brown bear", "a gray wolf", "a grey wolf", "a blue whale",
        "a green frog", "a yellow lemon", "an orange tangerine", "a red strawberry", "a pink pig",
        "a pink flamingo", "a white swan", "a white ghost", "a gray elephant", "a black crow", "a red panda",
    ],
)  # fmt: skip
def test_a_colour_that_it_has_is_no_paint(prompt: str):
    assert paints(prompt) == [""]


@pytest.mark.parametrize(
    ("prompt", "painted"),
    [
        ("a blue fox", ["blue"]), ("a red wolf", ["red"]), ("a black bear", ["black"]), ("a white tiger", ["white"]),
        ("a pink frog", ["pink"]), ("a red cat", ["red"]), ("a blue lemon", ["blue"]),
        ("a red fox and a blue fox", ["", "blue"]), ("two red foxes", ["", ""]),
    ],
)  # fmt: skip
def test_any_other_is(prompt: str, painted: list[str]):
    assert paints(prompt) == painted


def test_all_that_the_table_names_is_known():
    assert {*_COLOURS} <= {subject.icon for subject in SHIPPED.subjects}
