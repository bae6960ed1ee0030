"""A kind of picture that the starter has not learnt is told, and none of its words is drawn."""

import pytest

from worker.contract.types.own_words import own_words

from .starter_reads import MATCHER, left
from .test_bystanders import drawn
from .vocabularies import SHIPPED, asked, household, shipped

SKETCHED = ("pencil sketch", "crayon drawing", "colored pencil drawing", "ink illustration", "pen doodle", "chalk art")
PAINTED = ("oil painting", "acrylic painting", "watercolor portrait", "pastel drawing", "brush painting")
PHOTOGRAPHED = ("photo", "realistic photo", "photograph", "polaroid", "3d render", "film still", "studio photo")
SURFACES = ("book cover", "movie poster", "birthday card", "wood carving", "ice sculpture", "t-shirt design",
            "stained glass window", "tarot card", "bronze statue", "balloon figure")  # fmt: skip
TOOK = {
    **dict.fromkeys(SKETCHED, "cartoon"),
    **dict.fromkeys(PAINTED, "flat illustration"),
    **dict.fromkeys(PHOTOGRAPHED, "glossy sticker"),
    "pixel art": "simple icon",
}


def took(prompt: str) -> dict[str, str]:
    notice = MATCHER.read(asked(prompt)).notice
    return {each.asked: each.took for each in notice.taken} if notice else {}


@pytest.mark.parametrize("kind", TOOK)
@pytest.mark.parametrize("said", ["a {} of a dog", "{} of a dog", "a dog, {}", "{}: a dog"])
def test_a_way_of_drawing_takes_a_style_and_adds_nothing(said: str, kind: str):
    prompt = said.format(kind)
    assert drawn(prompt) == ["dog"]
    assert took(prompt) == {kind: TOOK[kind]}
    assert not left(prompt)


@pytest.mark.parametrize("kind", SURFACES)
@pytest.mark.parametrize("said", ["a {} of a dog", "a {} with a dog", "a dog on a {}", "a dog, {}"])
def test_what_a_picture_is_on_or_of_is_left_out(said: str, kind: str):
    assert drawn(said.format(kind)) == ["dog"]
    assert left(said.format(kind)) == (kind,)
    assert not took(said.format(kind))


@pytest.mark.parametrize(
    ("prompt", "asked_for", "style"),
    [
        ("a realistic cat", "realistic", "glossy sticker"),
        ("a hyper-realistic cat and a dog", "hyper-realistic", "glossy sticker"),
        ("a cat, cinematic, cinematic lighting", "cinematic", "glossy sticker"),
        ("a photo of a cat, 4k, trending on artstation", "photo", "glossy sticker"),
        ("a cat in a photo", "photo", "glossy sticker"),
        ("a cat drawn with a pencil", "drawn with a pencil", "cartoon"),
        ("a cat in crayon", "in crayon", "cartoon"),
        ("a cat, oil on canvas", "oil on canvas", "flat illustration"),
        ("a painting of a cat", "painting", "flat illustration"),
        ("an anime cat", "anime", "cartoon"),
        ("a comic book page of a cat", "comic book page", "cartoon"),
    ],
)
def test_what_was_taken_for_a_style_is_told(prompt: str, asked_for: str, style: str):
    assert took(prompt) == {asked_for: style}


@pytest.mark.parametrize("words", ["4k", "8k, hd", "masterpiece, best quality", "highly detailed", "sharp focus"])
def test_praise_needs_no_notice(words: str):
    assert MATCHER.read(asked(f"a cat, {words}")).notice is None


def test_of_two_kinds_the_one_that_says_more_is_taken_and_a_named_style_before_both():
    assert took("a realistic oil painting of a cat") == {"oil painting": "flat illustration"}
    assert left("a realistic oil painting of a cat") == ("realistic",)
    assert not took("a pencil sketch of a cat, simple icon")
    assert left("a pencil sketch of a cat, simple icon") == ("pencil sketch",)
    assert MATCHER.read(asked("a realistic cat, glossy sticker")).notice is None


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a pencil and a dog", ["pencil", "dog"]),
        ("a dog with a pencil", ["dog", "pencil"]),
        ("a sketch of a pencil", ["pencil"]),
        ("a pencil sketch", ["pencil"]),
        ("a pencil drawing a dog", ["pencil", "dog"]),
        ("a cat reading a comic book", ["cat", "open book"]),
        ("a cat and a comic book", ["cat", "open book"]),
        ("a photo of a camera", ["camera"]),
        ("the statue of liberty", ["statue of liberty"]),
        ("a pencil case and a dog", ["pencil", "dog"]),
        ("a painter painting a cat", ["painter", "cat"]),
    ],
)
def test_things_that_are_meant_are_drawn(prompt: str, things: list[str]):
    assert drawn(prompt) == things


@pytest.mark.parametrize("prompt", ["a cat, not realistic", "a cat, no photo", "a cat holding a photo"])
def test_what_is_denied_or_held_is_no_style(prompt: str):
    assert not took(prompt)


def test_a_model_without_such_a_style_reads_on_as_before():
    assert shipped(styles=()).read(asked("a photo of a dog")).notice is None
    assert household().read(asked("a photo of a house")).request.prompt


@pytest.mark.parametrize(
    "prompt", ["a chalk drawing of a dog", "a cinematic dog", "a lifelike dog", "polaroid of a dog"]
)
def test_the_pictures_of_one_prompt_get_no_other_styles(prompt: str):
    made = own_words(prompt, SHIPPED.known(), (0, 1, 2))
    assert not any(style.names[0] in words for style in SHIPPED.styles for words in made)
