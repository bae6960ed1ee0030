"""Our own drawings: whole, plain, named once, and after those of the packages."""

import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pytest

from worker.starter.data import choice, emoji_art, own_art
from worker.starter.vocabulary import STYLES, Subject, Vocabulary

_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
DISC = f'{_HEAD}<circle cx="16" cy="16" r="14" fill="#3080d0"/></svg>'
DOCUMENTS = own_art.documents()
ENDINGS = {"": "#3080d0", ".glossy": "#d03080", ".icon": "#80d030"}
SHAPES = {"svg", "g", "path", "circle", "ellipse", "rect", "polygon", "line", "polyline"}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_drawing_is_made_of_plain_shapes_in_plain_colours(name):
    root = ET.fromstring(DOCUMENTS[name])
    assert root.get("viewBox") == "0 0 32 32"
    for element in root.iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in SHAPES
        for paint in ("fill", "stroke"):
            colour = element.get(paint, "none")
            assert colour == "none" or (len(colour) == 7 and colour.startswith("#") and colour == colour.lower())
        assert element.get("style") is None


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_drawing_fills_its_square_and_leaves_the_corners(name):
    pytest.importorskip("resvg_py")
    alpha = emoji_art.render(DOCUMENTS[name], 64)[..., 3] > 127
    rows, columns = (np.flatnonzero(alpha.any(axis=axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) >= 54
    assert 0.06 < alpha.mean() < 0.98
    assert not alpha[[0, 0, -1, -1], [0, -1, 0, -1]].any()


def test_what_has_words_is_drawn_and_the_rest_takes_the_place_of_emoji_that_are_learnt():
    named = {subject.icon for subject in own_art.subjects()}
    assert named <= set(own_art.drawings())
    assert set(own_art.drawings()) - named <= choice.FURTHEST
    assert not named & choice.FURTHER


def test_every_word_means_one_thing():
    words = Counter(word for subject in own_art.subjects() for word in (*subject.names, *subject.tags))
    assert max(words.values()) == 1
    assert all(subject.names for subject in own_art.subjects())


def test_what_shines_keeps_its_shape_and_falls_off_to_the_lower_right():
    pytest.importorskip("resvg_py")
    flat, shining = (emoji_art.render(document, 64).astype(int) for document in (DISC, own_art.glossy(DISC)))
    assert np.array_equal(flat[..., 3], shining[..., 3])
    assert shining[14, 22, :3].sum() > flat[32, 32, :3].sum() > shining[52, 44, :3].sum()


def test_a_colour_that_is_met_twice_is_one_gradient():
    twice = DISC.replace("</svg>", '<rect x="1" y="1" width="3" height="3" fill="#3080d0" stroke="#ffffff"/></svg>')
    assert own_art.glossy(twice).count("<linearGradient") == 2


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_nothing_is_lost_where_it_shines(name):
    pytest.importorskip("resvg_py")
    document = DOCUMENTS[name]
    flat, shining = (emoji_art.render(each, 64).astype(int) for each in (document, own_art.glossy(document)))
    assert np.abs(flat[..., 3] - shining[..., 3]).max() <= 2


def test_they_come_after_the_packages_drawings_in_the_same_styles():
    known = Vocabulary((Subject("a", ("a",)),), STYLES[:2])
    found = emoji_art.with_our_own(emoji_art.Drawings(((DISC,), (DISC,)), known))
    assert found.vocabulary.subjects == (*known.subjects, *own_art.subjects())
    assert [row[0] for row in found.svgs] == [DISC, DISC]
    assert [len(row) for row in found.svgs] == [1 + len(own_art.subjects())] * 2
    assert "linearGradient" not in found.svgs[0][1]
    assert "linearGradient" in found.svgs[1][1]


def test_one_that_has_an_emojis_name_takes_its_place(monkeypatch):
    ours = {subject.icon: DISC for subject in own_art.subjects()} | {"a": DISC}
    monkeypatch.setattr(own_art, "documents", lambda: ours)
    known = Vocabulary((Subject("b", ("b",)), Subject("a", ("a",))), STYLES[:1])
    found = emoji_art.with_our_own(emoji_art.Drawings((("theirs", "theirs"),), known))
    assert found.svgs[0][:2] == ("theirs", DISC)
    assert len(found.svgs[0]) == len(found.vocabulary.subjects) == 2 + len(own_art.subjects())


def test_a_thing_can_have_a_drawing_for_each_style(monkeypatch):
    taken = {ending: DISC.replace("#3080d0", colour) for ending, colour in ENDINGS.items()}
    ours = {f"a{ending}": document for ending, document in taken.items()} | {"b": DISC}
    monkeypatch.setattr(own_art, "documents", lambda: ours)
    flat, glossy, cartoon, icon = (own_art.in_style(style) for style in STYLES)
    assert flat["a"] == cartoon["a"] == taken[""]
    assert icon["a"] == taken[".icon"]
    assert glossy["a"] == own_art.glossy(taken[".glossy"])
    assert flat["b"] == icon["b"] == DISC
    assert {*flat} == {"a", "b"} == {*own_art.drawings()}


def test_a_drawing_for_a_style_is_of_a_thing_that_has_one():
    names = [name.split(".") for name in DOCUMENTS]
    assert {name for name, *_ in names} == set(own_art.drawings())
    assert {f".{ending}" for _, *endings in names for ending in endings} <= set(ENDINGS)
