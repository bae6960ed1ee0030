import json

from worker.engine.prompt_match import ModelVocabulary
from worker.starter.vocabulary import COLOURS, STYLES, Subject, Vocabulary

KNOWN = Vocabulary(
    (
        Subject(
            "red-apple", ("red apple", "apple"), ("ripe",), ("fruit",), True, ("red", "brown"), (("red",), ()), True
        ),
        Subject("owl", ("owl",)),
    ),
    at_once=1,
)


def test_what_is_written_is_read(tmp_path):
    KNOWN.write(tmp_path / "vocabulary.json")
    assert Vocabulary.read(tmp_path / "vocabulary.json") == KNOWN


def test_training_and_engine_understand_one_file_alike(tmp_path):
    KNOWN.write(tmp_path / "vocabulary.json")
    read_by_engine = ModelVocabulary.model_validate_json((tmp_path / "vocabulary.json").read_bytes())
    written = json.loads((tmp_path / "vocabulary.json").read_text())
    for style in written["styles"]:
        assert style.pop("package")  # which only the training asks for
    assert read_by_engine.model_dump(mode="json") == written


def test_no_two_colours_or_styles_share_a_name_or_look_alike():
    for things in (COLOURS, STYLES):
        names = [name for thing in things for name in thing.names]
        assert len(names) == len(set(names))
    assert len(COLOURS) >= 16
    for index, colour in enumerate(COLOURS):
        for other in COLOURS[:index]:
            apart = sum((a - b) ** 2 for a, b in zip(colour.rgb, other.rgb, strict=True)) ** 0.5
            assert apart > 28, (colour.names[0], other.names[0])
