"""Models whose captions mostly were one sentence are told every prompt in that sentence, in first names."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import PLAIN, STARTER, asked
from worker.engine.prompt_match import ModelVocabulary, PromptMatcher

WORDS = {
    "subjects": [{"names": ["cat face", "cat"]}, {"names": ["pink heart"]}, {"names": ["red apple", "apple"]}],
    "styles": [{"names": ["flat illustration", "cartoon"]}, {"names": ["glossy sticker"]}],
    "colours": [
        {"names": ["light blue", "sky blue"], "rgb": [170, 214, 245]},
        {"names": ["pink"], "rgb": [255, 184, 208]},
        {"names": ["black"], "rgb": [22, 22, 26]},
    ],
    "at_once": 1,
    "paints": ["blue", "green"],
    "usual_sentence": True,
}
SAID = [f"{word}</w>" for word in ["to", "gradient", "and", "left", "right", "mirrored", "upside", "down"]]


def matcher(**changed: object) -> PromptMatcher:
    return PromptMatcher(STARTER, ModelVocabulary.model_validate(WORDS | changed), SAID)


TOLD = matcher()


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a cat", "a cat face"),
        ("cat, glossy sticker, pink background", "a glossy sticker of a cat face, pink background"),
        ("a cartoon of a cat, sky blue background", "a flat illustration of a cat face, light blue background"),
        ("a cat, sky blue to black gradient background", "a cat face, light blue to black gradient background"),
        ("a green cat, cartoon", "a flat illustration of a green cat face"),
        ("a cat upside down, pink background", "a cat face upside down, pink background"),
        ("an apple", "a red apple"),
    ],
)
def test_a_prompt_is_put_into_that_sentence(prompt: str, words: str):
    found = TOLD.read(asked(prompt))
    assert found.request.prompt == words
    assert found.notice is None
    assert TOLD.read(found.request).request.prompt == words


def test_so_are_words_of_each_picture():
    request = asked("a cat").model_copy(update={"count": 2, "prompts": ("a cat, cartoon", "a cat, glossy sticker")})
    assert TOLD.read(request).request.prompts == (
        "a flat illustration of a cat face",
        "a glossy sticker of a cat face",
    )


@pytest.mark.parametrize("prompt", ["a cat", "a cartoon of a cat, sky blue background", "an apple"])
def test_other_models_are_told_what_they_know_as_it_was_typed(prompt: str):
    assert matcher(usual_sentence=False).read(asked(prompt)).request.prompt == prompt
    assert not PLAIN.usual_sentence
