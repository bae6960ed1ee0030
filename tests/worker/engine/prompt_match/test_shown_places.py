"""A place of which it is told what is there stands behind that, and as many are there as were said."""

import pytest

from tests.worker.engine.prompt_match.starter_reads import MATCHER, layout, left, named
from tests.worker.engine.prompt_match.vocabularies import asked
from worker.engine.prompt_match.layout import Layout


def background(found: Layout) -> str:
    return found.figures[0].words.partition(", ")[2].removesuffix(" gradient background")


@pytest.mark.parametrize(
    ("prompt", "there", "behind"),
    [
        ("beach with palm trees", ["palm tree"] * 2, "light blue to beige"),
        ("a beach with three palm trees", ["palm tree"] * 3, "light blue to beige"),
        ("a beach with kites", ["kite"] * 2, "light blue to beige"),
        ("ocean with whales", ["whale"] * 2, "light blue to blue"),
        ("the sea with four ships", ["ship"] * 4, "light blue to blue"),
        ("a desert with cactuses", ["cactus"] * 2, "light blue to beige"),
        ("a forest full of mushrooms", ["mushroom"] * 2, "green to dark green"),
        ("a meadow covered in sunflowers", ["sunflower"] * 2, "light blue to green"),
        ("a farm with cows", ["cow"] * 2, "light blue to green"),
        ("a lake with ducks and frogs", ["duck", "duck", "frog", "frog"], "light blue to blue"),
        ("a starry night with owls", ["owl"] * 2, "dark blue to blue"),
        ("a snowy forest with foxes", ["fox"] * 2, "light blue to white"),
        ("night sky with stars", ["star"] * 2, "dark blue to blue"),
    ],
)
def test_what_is_in_a_place_is_there_as_often_as_it_is_said(prompt: str, there: list[str], behind: str):
    assert named(layout(prompt)) == there
    assert background(layout(prompt)) == behind
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a beach with a palm tree", "a desert island"),  # which shows one
        ("a tropical island with palm trees", "a desert island"),
        ("a cloud with a smile", "a cloud"),
    ],
)
def test_what_shows_all_of_it_is_still_drawn_alone(prompt: str, words: str):
    assert MATCHER.read(asked(prompt)).request.prompt == words


def test_a_background_that_is_said_goes_before_a_place():
    assert "pink background" in MATCHER.read(asked("a garden with tulips, pink background")).request.prompt
    assert MATCHER.read(asked("beach with palm trees, pink background")).request.prompt.startswith("a desert island")


@pytest.mark.parametrize("prompt", ["a garden", "a beach, with a smile", "a cat with a garden"])
def test_a_place_alone_is_none_behind_something(prompt: str):
    found = MATCHER.read(asked(prompt))
    assert " to " not in found.request.prompt
