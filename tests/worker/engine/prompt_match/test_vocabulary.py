"""The file that a model may bring, and what becomes of one that is damaged."""

import logging
from pathlib import Path

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED
from worker.contract.types.own_words import LEAST, showing
from worker.engine.prompt_match import vocabulary
from worker.engine.prompt_match.words import any_colour
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


def test_people_are_told_before_what_things_are_lost():
    """By every name, and that of an animal without its face; of backgrounds that nobody is given nothing is said."""
    made = vocabulary.ModelVocabulary.model_validate(
        {
            "subjects": [
                {"names": ["pig face", "piglet"], "blends": ["pink", "red"]},
                {"names": ["flamingo"], "blends": ["pink"]},
                {"names": ["apple"], "blends": ["red"]},
                {"names": ["cloud"], "blends": ["pink", "white"]},
                {"names": ["owl"]},
            ],
            "colours": [
                {"names": ["white"], "rgb": [255, 255, 255]},
                {"names": ["red", "bright red"], "rgb": [214, 48, 50]},
                {"names": ["pink"], "rgb": [255, 184, 208]},
            ],
        }
    )
    assert [(each.things, each.before) for each in made.known().unseen] == [
        (("pig face", "pig", "piglet", "flamingo"), ("pink",)),
        (("cloud",), ("white", "pink")),
    ]


def test_people_are_told_what_comes_in_any_colour_where_the_engine_paints():
    known = SHIPPED.known()
    assert {"balloon", "car", "umbrella"} <= {*known.any_colour}
    assert not {"red car", "banana", "lion", "house"} & {*known.any_colour}
    assert {*known.paints} < {*SHIPPED.paints}
    alone = SHIPPED.model_copy(update={"arranged": False}).known()
    assert (alone.any_colour, alone.paints) == ((), ())


def test_whatever_comes_in_any_colour_is_known():
    names = {name for subject in SHIPPED.subjects for name in subject.names}
    assert names >= any_colour.SAID_IN > any_colour.THINGS


@pytest.mark.parametrize("thing", ["bus", "bicycle", "kite", "sailboat", "canoe", "candle", "books", "necktie"])
def test_what_another_part_would_be_painted_of_keeps_its_own_colour_unless_one_is_said(thing: str):
    assert thing not in SHIPPED.known().any_colour
    assert thing in any_colour.SAID_IN


@pytest.mark.parametrize(
    ("thing", "lost", "shown"),
    [
        ("banana", {"yellow"}, {"pink", "mint green", "lavender", "light blue"}),
        ("star", {"yellow"}, {"pink", "light blue"}),
        ("sun", {"yellow"}, {"light blue"}),
        ("ghost", {"white", "light gray"}, {"mint green", "yellow"}),
        ("cloud", {"white", "light gray", "light blue"}, {"pink", "yellow"}),
        ("snowman", {"white", "light gray"}, {"yellow", "pink"}),
        ("pig", {"pink"}, {"light blue", "yellow"}),
        ("grinning face", {"yellow"}, {"pink", "white"}),
        ("frog", {"green"}, {"pink", "white"}),
        ("red car", {"red"}, {"yellow", "white"}),
    ],
)
def test_it_says_before_what_a_thing_of_the_starter_is_lost(thing: str, lost: set[str], shown: set[str]):
    (subject,) = (each for each in SHIPPED.subjects if each.names[0] == thing)
    assert lost <= {*subject.blends}
    assert not shown & {*subject.blends}


def test_every_thing_of_the_starter_shows_somewhere():
    plain = SHIPPED.known().plain
    few = {each.names[0] for each in SHIPPED.subjects if len({*plain} - {*each.blends}) < LEAST}
    # Yellow or white in the other, they stand out from two: one more is then left for neighbours.
    assert few == {"hatching chick", "daisy", "butter", "scales"}
    assert all(len({*plain} - {*each.blends}) >= 2 for each in SHIPPED.subjects)
    assert all(len(showing(plain, [each.blends])) >= LEAST for each in SHIPPED.subjects)
    for each in (each for each in SHIPPED.subjects if each.names[0] in few):
        assert {*plain} - {*each.blends} < {*showing(plain, [each.blends])}
    one_way = {each.names[0] for each in SHIPPED.subjects if not each.either_way}
    assert {"alarm clock", "laptop", "musical note", "racing car"} <= one_way
    assert not {"fish", "red car", "cat", "banana"} & one_way


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
