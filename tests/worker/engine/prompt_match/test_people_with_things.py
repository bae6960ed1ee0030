"""Somebody who does something with a thing is drawn with it, in whatever mood and by whatever word."""

import itertools

import pytest

from worker.engine.prompt_match.grip import Grip

from .starter_reads import MATCHER, layout, left, named
from .vocabularies import asked

PEOPLE = {
    "mom": "woman", "dad": "man", "guy": "man", "dude": "man", "lady": "woman", "kid": "boy", "teen": "boy",
    "teenager": "boy", "grandma": "grandma", "granny": "grandma", "uncle": "man", "aunt": "woman", "friend": "man",
    "neighbor": "man", "boss": "office worker", "student": "student", "person": "man", "someone": "man",
    "stranger": "man", "sister": "girl", "brother": "boy", "nephew": "boy", "coworker": "office worker",
    "tourist": "man", "husband": "man", "wife": "woman", "chef": "chef", "blonde": "woman",
}  # fmt: skip
LOOKS = {
    "": None, "tired ": "zzz", "sleepy ": "zzz", "exhausted ": "zzz", "angry ": "anger symbol", "sad ": "droplet",
    "happy ": None, "bald ": None, "tall ": None, "old tired ": "zzz",
}  # fmt: skip
DEEDS = {
    "drinking coffee": "cup of coffee", "drinking tea": "teacup", "holding a cat": "cat",
    "eating pizza": "pizza", "eating fries": "french fries", "reading a book": "open book",
    "on the bus": "bus", "asleep on the bus": "bus",
    "in a car": "convertible", "feeding pigeons": "dove", "walking a dog": "dog", "walking a puppy": "dog",
    "riding a unicycle": "bicycle", "petting a kitten": "cat", "with a puppy": "dog", "and a pigeon": "dove",
    "washing a car": "red car", "saving a pony": "horse", "chasing pigeons": "dove", "watching pigeons": "dove",
    "hugging a panda": "panda", "sitting in a kayak": "canoe",
}  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
def test_they_are_drawn_with_what_they_do_something_with(who: str):
    looks = itertools.cycle([*LOOKS, ""] if len(who) % 2 else LOOKS)  # each deed in another mood
    for look, (deed, thing) in zip(looks, DEEDS.items(), strict=False):
        prompt = f"{look}{who} {deed}"
        drawn = [each.removeprefix("whole ") for each in named(layout(prompt))]
        aged = "grandma" if PEOPLE[who] == "woman" else "grandpa"
        assert PEOPLE[who] in drawn or ("old" in look and aged in drawn), prompt
        assert thing in drawn, prompt
        mark = "zzz" if "asleep" in deed else LOOKS[look]
        assert mark is None or mark in drawn, prompt


@pytest.mark.parametrize("who", ["", "a ", "my ", "the "])
def test_whoever_drinks_has_it_at_the_mouth(who: str):
    found = layout(f"{who}tired mom drinking coffee")
    assert named(found) == ["woman", "cup of coffee", "zzz"]
    assert found.figures[1].grip is Grip.MOUTH
    assert not left(f"{who}tired mom drinking coffee")


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("old lady with a cat", ["grandma", "cat"]),
        ("elderly gentleman feeding pigeons", ["grandpa", "dove", "dove"]),
        ("three tired dads drinking beer", ["man"] * 3 + ["beer mug"] + ["zzz"] * 3),
        ("excited friends eating pizza", ["man", "man", "pizza", "sparkles", "sparkles"]),
        ("sleepy puppy drinking milk", ["dog", "glass of milk", "zzz"]),
        ("pigeon stealing fries", ["dove", "french fries"]),
        ("a brother and a sister eating noodles", ["boy", "girl", "ramen"]),
        ("asleep guy on the subway", ["man", "train", "zzz"]),
    ],
)
def test_several_old_people_and_animals_likewise(prompt: str, drawn: list[str]):
    assert named(layout(prompt)) == drawn


@pytest.mark.parametrize("who", ["plumber", "tired lawyer", "lumberjack", "bored cashier", "angry gamer"])
@pytest.mark.parametrize("deed", ["drinking coffee", "eating noodles", "holding a cat", "with a puppy", "on the bus"])
def test_who_cannot_be_drawn_is_told_as_left_out(who: str, deed: str):
    matched = MATCHER.read(asked(f"{who} {deed}"))
    assert not matched.declined
    assert matched.notice
    assert any(who in each for each in matched.notice.left)
    assert not any(who in each.asked for each in matched.notice.taken)


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [("a fox studying math", "fox"), ("a cat telling jokes", "cat"), ("a washing machine", "washing machine")],
)
def test_what_is_done_brings_no_thing_that_is_not_named(prompt: str, drawn: str):
    assert MATCHER.read(asked(prompt)).request.prompt.endswith(f"a {drawn}")
