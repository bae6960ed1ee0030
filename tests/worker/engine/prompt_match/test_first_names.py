"""Models whose captions mostly were one sentence are told every prompt in that sentence, in first names."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import PLAIN, STARTER, asked
from worker.contract.types.operation import Operation, SourcePicture
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
    told = TOLD.read(request).request.prompts
    assert [each.split(",")[0] for each in told] == [
        "a flat illustration of a cat face",
        "a glossy sticker of a cat face",
    ]


def test_each_picture_is_told_to_the_last_word():
    """Which style and background, its seed says, alone or among others; what a picture begins with has its own."""
    request = asked("a cat").model_copy(update={"count": 3, "seed": 7})
    told = TOLD.read(request).request.prompts
    assert all(each.startswith("a ") and each.endswith(" background") for each in told)
    assert len({*told}) == 3
    assert TOLD.read(request.only(1)).request.prompts == told[1:2]
    blue = TOLD.read(asked("a blue cat").model_copy(update={"count": 10})).request.prompts
    assert all(each.endswith("pink background") for each in blue)
    begun = {"operation": Operation.IMG2IMG, "sources": (SourcePicture(width=256, height=256),), "strength": 0.5}
    assert TOLD.read(request.model_copy(update=begun)).request.prompts == ()
    assert matcher(usual_sentence=False).read(request).request.prompts == ()


def test_versions_of_a_picture_have_its_background():
    assert TOLD.ground((168, 210, 240), (20, 20, 30)) == ("light blue", "black")
    assert TOLD.ground((168, 210, 240), (172, 216, 250)) == ("light blue",)
    request = asked("a cat").model_copy(update={"count": 2, "seed": 7})
    for each in TOLD.read(request, ground=("light blue", "black")).request.prompts:
        assert each.endswith("cat face, light blue to black gradient background")
    own = TOLD.read(asked("a cat, pink background"), ground=("black",)).request.prompts
    assert own == ("a glossy sticker of a cat face, pink background",)


@pytest.mark.parametrize("prompt", ["a cat", "a cartoon of a cat, sky blue background", "an apple"])
def test_other_models_are_told_what_they_know_as_it_was_typed(prompt: str):
    assert matcher(usual_sentence=False).read(asked(prompt)).request.prompt == prompt
    assert not PLAIN.usual_sentence
