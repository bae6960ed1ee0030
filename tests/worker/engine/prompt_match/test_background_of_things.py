"""Where a prompt names no background, the engine takes one before which its things show."""

from itertools import pairwise

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked, shipped
from worker.contract.types.own_words import LEAST
from worker.engine.prompt_match.matcher import MatchedPrompt

STARTER = shipped()
OLD = shipped(subjects=tuple(each.model_copy(update={"blends": ()}) for each in SHIPPED.subjects))
PLAIN = set(SHIPPED.known().plain)
NAMED = {each.rgb: each.names[0] for each in SHIPPED.colours}
LOST = {each.names[0]: PLAIN & {*each.blends} for each in SHIPPED.subjects}


def given(prompt: str, by=STARTER, seed: int = 0) -> list[str]:
    """The backgrounds of forty pictures: not those before which things are drawn that are cut out."""
    requests = (asked(prompt).model_copy(update={"seed": seed + start, "count": 10}) for start in range(0, 40, 10))
    return [behind for request in requests for behind in behind_all(by.read(request))]


def behind_all(matched: MatchedPrompt) -> list[str]:
    told = [words.rpartition(", ")[2].removesuffix(" background") for words in matched.request.prompts]
    grounds = [each.ground for each in matched.layouts] or [()] * len(told)
    return [" to ".join(NAMED[each] for each in ground) or words for words, ground in zip(told, grounds, strict=True)]


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a banana", "banana"), ("two ghosts", "ghost"), ("a snowman on", "snowman"), ("🐷", "pig"),
        ("a pig", "pig"), ("a cat with a banana", "cat, banana"), ("a star and a cloud", "star, cloud"),
        ("a small sun", "sun"), ("a bananna", "banana"), ("the sun upside down", "sun"), ("a bunny", "rabbit"),
    ],
)  # fmt: skip
def test_things_show(prompt: str, things: str):
    lost = set().union(*(LOST[each] for each in things.split(", ")))
    assert lost
    assert set(given(prompt)) == PLAIN - lost
    assert set(given(prompt, OLD)) == PLAIN


@pytest.mark.parametrize("prompt", ["a ghost, a star, a pig and a snail", "a cloud, a banana, a skull and a peacock"])
def test_of_many_things_there_is_still_a_choice(prompt: str):
    found = given(prompt)
    assert len({*found}) >= LEAST
    assert all(one != other for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("prompt", "background"),
    [
        ("a banana, yellow background", "yellow"),
        ("a ghost on white", "white"),
        ("a cloud, white to light gray gradient background", "white to light gray gradient"),
        ("a snowman in the snow", "light blue to blue gradient"),
    ],
)
def test_what_is_named_is_kept(prompt: str, background: str):
    assert set(given(prompt)) == {background}


def test_what_is_given_another_colour_shows_in_both():
    """A blue banana is drawn in yellow first, so it stands before neither."""
    assert set(given("a blue banana")) == PLAIN - {"light blue"} - LOST["banana"]
    assert set(given("a white banana")) == PLAIN - {"white", "light gray"} - LOST["banana"]


def test_versions_of_a_picture_keep_the_background_that_it_has():
    told = STARTER.read(asked("two bananas"), ground=("yellow",)).request.prompts
    assert all(words.endswith("yellow background") for words in told)
