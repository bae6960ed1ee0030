"""Words for somebody right after a thing, without a word between, take no thing's place: a dog someone."""

import pytest

from .starter_reads import MATCHER, left
from .vocabularies import asked


def drawn(prompt: str) -> list[str]:
    """The things in its picture, by the names of captions."""
    found = MATCHER.read(asked(prompt))
    assert not found.declined
    words = [each.words for each in found.layouts[0].figures] if found.layouts else [found.request.prompts[0]]
    return [each.split(" of ", 1)[1].partition(",")[0].removeprefix("a ").removeprefix("an ") for each in words]


@pytest.mark.parametrize("thing", ["dog", "red car", "castle", "robot", "pirate", "slice of cake"])
@pytest.mark.parametrize(
    "word", ["someone", "somebody", "everyone", "friend", "buddy", "mom", "dad", "brother", "family"]
)
def test_a_thing_stays_what_it_is_before_words_for_anybody(thing: str, word: str):
    assert drawn(f"a {thing} {word}") == drawn(f"a {thing}")
    assert left(f"a {thing} {word}") == (word,)


@pytest.mark.parametrize("prompt", ["a castle person", "a pizza people", "a red car human"])
def test_what_is_not_alive_has_no_kind_of_people(prompt: str):
    assert drawn(prompt) == drawn(prompt.rpartition(" ")[0])


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("two dogs someone", ["dog", "dog"]),
        ("a dog someone and a cat", ["dog", "cat"]),
        ("a dog and someone", ["dog", "man"]),
        ("someone with a dog", ["man", "dog"]),
        ("a dog and my friend", ["dog", "man"]),
        ("a mom with a cat", ["woman", "cat"]),
        ("a cat person", ["man"]),
        ("a cat lady", ["woman"]),
        ("a horse girl", ["girl"]),
        ("a pizza chef", ["chef"]),
        ("a snow man", ["snowman"]),
        ("a firefighter lady", ["firefighter"]),
        ("someone", ["man"]),
    ],
)  # fmt: skip
def test_who_is_joined_to_a_thing_or_of_a_kind_is_drawn(prompt: str, things: list[str]):
    assert drawn(prompt) == things
