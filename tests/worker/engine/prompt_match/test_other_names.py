"""What people call a thing too is drawn as that thing, and nobody is told that it was taken as another."""

import pytest

from tests.worker.engine.prompt_match.starter_reads import MATCHER
from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked
from worker.engine.prompt_match import ModelVocabulary
from worker.engine.prompt_match.matcher import MatchedPrompt
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.words.other_names import OTHER_NAMES

LEXICON = Lexicon(SHIPPED, bool, arranged=True)
KNOWN = {name for subject in SHIPPED.subjects for name in subject.names}
SEVERAL = sorted(name for name in KNOWN if 2 <= len(name.split()) <= 3 and name.replace(" ", "").isalpha())


def read(prompt: str) -> MatchedPrompt:
    return MATCHER.read(asked(prompt))


def drawn(prompt: str) -> str:
    found = read(prompt)
    assert not found.declined, prompt
    assert found.notice is None, (prompt, found.notice)
    return found.request.prompts[0].partition(",")[0]  # the background is chosen by the words


def test_every_name_in_the_table_is_one_that_the_starter_has() -> None:
    assert not {name for name in OTHER_NAMES.values() if LEXICON.named(name) is None}


@pytest.mark.parametrize("other", sorted(set(OTHER_NAMES) - KNOWN))
def test_another_name_is_drawn_as_the_name_is(other: str) -> None:
    number = LEXICON.named(OTHER_NAMES[other])
    assert number is not None
    names = SHIPPED.subjects[number].names
    assert any(name in drawn(f"a {other}") for name in names)


@pytest.mark.parametrize("name", SEVERAL)
def test_names_of_several_words_may_be_written_as_one(name: str) -> None:
    if LEXICON.named(joined := name.replace(" ", "")) == LEXICON.named(name):
        assert drawn(f"a {joined}") == drawn(f"a {name}")


def test_such_a_name_stays_a_name_in_a_sentence() -> None:
    assert "hippopotamus" in drawn("a cartoon of a blue hippo, yellow background")
    assert "fire engine" in drawn("two firetrucks")


def test_what_a_model_was_taught_by_itself_is_that() -> None:
    subjects = [{"icon": name.replace(" ", "-"), "names": [name]} for name in ("bee", "bumblebee")]
    both = Lexicon(ModelVocabulary.model_validate({"subjects": subjects}), bool)
    assert both.named("bumblebee") != both.named("bee")
