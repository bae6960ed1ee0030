"""General words: what there is to choose from, and what is drawn where they are narrowed down."""

import pytest

from worker.contract.types.own_words import ONLY, own_words
from worker.engine.prompt_match.words.kinds import KINDS, known_kinds
from worker.engine.prompt_match.words.spelling import phrase

from .vocabularies import PLAIN, SHIPPED, asked, shipped

SEEDS = tuple(range(14))
FIRST = {subject.names[0] for subject in SHIPPED.subjects}
SAID = [word for said in KINDS for word in said]
KNOWN = SHIPPED.known()


def drawn(prompt: str) -> list[str]:
    """The things of which a prompt's picture is made."""
    found = shipped().read(asked(prompt))
    assert not found.declined
    words = [each.words for each in found.layouts[0].figures] if found.layouts else [found.request.prompt]
    return [each.split(" of ", 1)[-1].split(",")[0].removeprefix("a ").removeprefix("an ") for each in words]


def test_every_kind_is_something_that_the_starter_knows_by_that_name():
    assert not {name for names in KINDS.values() for name in names} - FIRST


def test_every_general_word_stands_once():
    assert len({*map(phrase, SAID)}) == len(SAID)


@pytest.mark.parametrize("said", SAID)
def test_every_picture_of_a_general_word_is_of_one_of_its_kinds_and_nobody_is_told_of_another(said: str):
    words = own_words(f"a {said}", KNOWN, SEEDS)
    found = shipped().read(asked(f"a {said}").model_copy(update={"count": 10, "seed": 0, "prompts": words[:10]}))
    shown = {
        each.split(",")[0].split(" of ", 1)[-1].removeprefix("a ").removeprefix("an ") for each in found.request.prompts
    }
    names = next(names for words, names in KINDS.items() if said in words)
    assert shown <= {*names}
    assert len(shown) >= min(len(names), 7)
    assert not found.declined
    assert not (found.notice and found.notice.taken)


@pytest.mark.parametrize("word", sorted(ONLY - {"of", "a", "an"}))
@pytest.mark.parametrize("prompt", ["a {} dog", "a dog {}", "a dog, {}", "{}: a dog"])
def test_what_says_no_more_stands_anywhere_beside_a_general_word(word: str, prompt: str):
    assert drawn(f"{prompt.format(word)}, a corgi, flat illustration") == ["corgi"]


def test_what_was_kept_is_read_likewise_where_nothing_is_put_together():
    found = shipped().read(asked("a dog, a corgi, pink background"), arranged=False)
    assert "corgi" in found.request.prompt
    assert found.notice is None


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("an animal, a fox", ["fox"]),
        ("a cute dog, a corgi, pink background", ["corgi"]),
        ("a flower, a rose and a tulip", ["rose", "tulip"]),
        ("please draw fruits, banana, cherries", ["banana", "cherries"]),
        ("a sea creature; an octopus in a hat", ["octopus", "top hat"]),
        ("a cat and a dog, a corgi", ["cat", "dog", "corgi"]),  # the first part says more than that
        ("a man with a cat, a whole cat", ["man", "cat", "whole cat"]),
        ("a cat, a dog", ["cat", "dog"]),
        ("a cat", ["cat"]),
    ],
)  # fmt: skip
def test_what_narrows_a_general_word_down_is_drawn_in_its_place(prompt: str, things: list[str]):
    assert drawn(prompt) == things


def test_a_model_is_said_to_know_of_general_words_what_it_knows():
    kinds = {
        word: each.kinds for each in known_kinds(("red apple", "banana", "rose", "ice cream")) for word in each.words
    }
    assert kinds["fruit"] == ("a red apple", "a banana")
    assert "flower" not in kinds
    assert "dessert" not in kinds


def test_one_that_puts_nothing_together_is_said_to_know_none():
    assert PLAIN.known().kinds == ()
    assert len(KNOWN.kinds) == len(KINDS)
