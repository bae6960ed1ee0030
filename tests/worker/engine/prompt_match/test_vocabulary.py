"""The file that a model may bring, and what becomes of one that is damaged."""

import logging
from pathlib import Path

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED
from worker.engine.prompt_match import vocabulary
from worker.starter import WEIGHTS

APPLE = '{"icon": "x", "names": ["apple"], "tags": [], "cues": []}'


def found(folder: Path, text: str | bytes) -> vocabulary.ModelVocabulary | None:
    (folder / "vocabulary.json").write_bytes(text.encode() if isinstance(text, str) else text)
    return vocabulary.find("mine", folder)


def test_the_starter_brings_one_and_people_may_see_it():
    assert vocabulary.find("starter", WEIGHTS) == SHIPPED
    known = SHIPPED.known()
    assert "penguin" in known.things
    assert "glossy sticker" in known.styles
    assert "light blue" in known.backgrounds


def test_most_models_bring_none(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    assert vocabulary.find("mine", tmp_path) is None
    assert not caplog.records


def test_things_alone_suffice(tmp_path: Path):
    assert found(tmp_path, f'{{"subjects": [{APPLE}], "more": 1}}') is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        b"\xff\xfe",
        '{"subjects": []}',
        '{"subjects": [{"names": []}]}',
        '{"subjects": [{"names": "apple"}]}',
        '{"subjects": [{"names": [""]}]}',
        f'{{"subjects": [{APPLE}], "colours": [{{"names": ["red"], "rgb": [300, 0, 0]}}]}}',
        f'{{"subjects": [{APPLE}], "styles": null}}',
    ],
)
def test_a_damaged_one_is_ignored_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str | bytes):
    with caplog.at_level(logging.WARNING):
        assert found(tmp_path, text) is None
    assert "vocabulary.json is ignored" in caplog.text
    assert "mine" in caplog.text


def test_names_without_letters_do_no_harm(tmp_path: Path):
    from tests.worker.engine.prompt_match.vocabularies import asked
    from worker.contract.types.model_info import ModelInfo
    from worker.engine.prompt_match import PromptMatcher

    odd = found(tmp_path, '{"subjects": [{"names": ["+", "–"]}], "styles": [{"names": ["!"]}]}')
    assert odd is not None
    assert PromptMatcher(ModelInfo(id="odd", title="Odd"), odd, ()).read(asked("anything")).request.prompt == "a +"
