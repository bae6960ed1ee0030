"""What may face either way does so by the seed, where no words say which; where they do, it is as they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked, shipped
from worker.contract.types.operation import Operation, SourcePicture
from worker.contract.types.request import SEED_MAX, Request
from worker.engine.prompt_match.layout import Turn

STARTER = shipped()
OLD = shipped(subjects=tuple(each.model_copy(update={"either_way": False}) for each in SHIPPED.subjects))
OPEN = [
    "a fish",
    "a red car",
    "cartoon of a unicorn, pink background",
    "a green dragon",
    "a tiny snail",
    "a fox in the forest",
]
SAID = ["a fish facing left", "a car driving to the right", "a fish swimming leftwards", "a horse in profile",
        "a rocket leaning left", "a rocket upside down", "a fish on the left"]  # fmt: skip
ONE_WAY = ["an alarm clock", "a school", "a blue guitar", "a sleeping face", "a small laptop"]
SEVERAL = ["a cat and a dog", "two fish", "a frog with a crown"]


def mirrored(prompt: str, seed: int = 0, count: int = 4, by=STARTER) -> list[bool]:
    matched = by.read(asked(prompt).model_copy(update={"seed": seed, "count": count}))
    return [layout.mirrored for layout in matched.layouts] or [False] * count


def begun(prompt: str) -> Request:
    picture = {"operation": Operation.IMG2IMG, "sources": (SourcePicture(width=128, height=128),), "strength": 0.5}
    return asked(prompt).model_copy(update={**picture, "count": 2, "seed": 0})


@pytest.mark.parametrize("prompt", OPEN)
@given(seed=st.integers(0, SEED_MAX))
def test_of_four_pictures_two_face_each_way(prompt: str, seed: int):
    found = mirrored(prompt, seed)
    assert found in ([True, False, True, False], [False, True, False, True])
    assert [mirrored(prompt, (seed + index) % (SEED_MAX + 1), 1)[0] for index in range(4)] == found


@pytest.mark.parametrize("prompt", [*SAID, *ONE_WAY, *SEVERAL])
def test_what_words_say_or_letters_forbid_is_no_matter_of_the_seed(prompt: str):
    assert len({*mirrored(prompt)}) == 1


@pytest.mark.parametrize("prompt", ["a mirrored fish", "a fish facing the other way", "a flipped guitar"])
def test_what_is_to_be_mirrored_is_so_in_every_picture(prompt: str):
    assert mirrored(prompt) == [True] * 4
    assert mirrored(prompt, by=OLD) == [True] * 4


@pytest.mark.parametrize("prompt", OPEN)
def test_a_vocabulary_that_says_nothing_of_it_has_all_face_one_way(prompt: str):
    assert mirrored(prompt, by=OLD) == [False] * 4
    assert not OLD.read(begun(prompt)).follows


@pytest.mark.parametrize("prompt", OPEN)
def test_what_is_mirrored_is_told_the_model_in_the_same_words(prompt: str):
    several = asked(prompt).model_copy(update={"seed": 0, "count": 4})
    assert STARTER.read(several).request == OLD.read(several).request


@pytest.mark.parametrize("prompt", [*OPEN, *ONE_WAY, "a mirrored fish", *SEVERAL])
def test_versions_of_a_picture_have_its_direction(prompt: str):
    """No seed turns them; and where the picture may have been turned, that is looked for."""
    matched = STARTER.read(begun(prompt))
    assert not any(layout.mirrored for layout in matched.layouts)
    assert matched.follows == (prompt in {*OPEN, "a mirrored fish"})
    assert not STARTER.read(asked(prompt)).follows


def test_in_another_shape_it_is_turned_too():
    wide = asked("a fish").model_copy(update={"seed": 0, "count": 2, "width": 192, "drawn_at": 128})
    matched = STARTER.read(wide)
    assert [layout.mirrored for layout in matched.layouts] == [True, False]
    assert matched.request.prompts == tuple(layout.figures[0].words for layout in matched.layouts)


@pytest.mark.parametrize(
    ("prompt", "mirrored", "follows"),
    [("a fish", False, True), ("a mirrored fish", True, False), ("a small flipped guitar", True, False)],
)
def test_in_another_shape_versions_are_the_way_round_that_words_say(prompt: str, mirrored: bool, follows: bool):
    """They are drawn anew, so what comes nearer to the picture tells less than words do."""
    matched = STARTER.read(begun(prompt).model_copy(update={"width": 192, "drawn_at": 128}))
    assert [layout.mirrored for layout in matched.layouts] == [mirrored] * len(matched.layouts)
    assert matched.layouts
    assert matched.follows == follows


def test_a_turned_layout_is_the_same_but_for_its_direction():
    (layout,) = STARTER.read(asked("a small star in the top left corner")).layouts
    other = layout.turned_round()
    assert other != layout
    assert other.turned_round() == layout
    assert (other.figures[0].words, other.figures[0].turn, other.across) == (layout.figures[0].words, Turn.UPRIGHT, 0.0)
