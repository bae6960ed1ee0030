from dataclasses import replace

import numpy as np
import pytest

from worker.starter.captions import canonical, caption, told
from worker.starter.data import scenes
from worker.starter.data.scenes import NONE
from worker.starter.vocabulary import COLOURS, STYLES, Subject, Vocabulary

APPLE, STICKER, BLUE = Subject("red-apple", ("red apple", "apple"), ("ripe",), ("fruit",)), STYLES[1], COLOURS[4]
KNOWN = Vocabulary((APPLE, Subject("owl", ("owl",))))


def scene(**columns):
    """One scene of an upright apple, as a glossy sticker on light blue, but for `columns`."""
    one = scenes.draw(np.random.default_rng(0), 1, KNOWN)
    usual = {
        "style": 1,
        "first": 0,
        "second": NONE,
        "colour": 4,
        "colour_below": NONE,
        "size": 0,
        "place": 0,
        "turn": 0,
    }
    return replace(one, mirrored=np.array([False]), **{n: np.array([v]) for n, v in (usual | columns).items()})


def said(one, times=400):
    rng = np.random.default_rng(7)
    return [caption(one, 0, KNOWN, rng) for _ in range(times)]


def test_the_usual_sentence():
    assert canonical(STICKER, APPLE, BLUE) == "a glossy sticker of a red apple, light blue background"
    assert canonical(STICKER, APPLE, BLUE) in said(scene())


@pytest.mark.parametrize(
    ("name", "words"),
    [("octopus", "an octopus"), ("unicorn", "a unicorn"), ("umbrella", "an umbrella"), ("cherries", "cherries"),
     ("eagle", "an eagle"), ("european castle", "a european castle"), ("compass", "a compass"), ("books", "books")],
)  # fmt: skip
def test_articles_fit(name, words):
    text = canonical(STICKER, Subject(name, (name,)), BLUE)
    assert text == f"a glossy sticker of {words}, light blue background"


def test_captions_are_seeded_varied_and_always_name_the_subject():
    drawn = said(scene())
    assert drawn == said(scene())
    assert len(set(drawn)) > 50
    assert all(any(word in text for word in ("apple", "ripe", "fruit")) for text in drawn)
    assert any("background" not in text for text in drawn)
    assert any("sticker" not in text for text in drawn)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"size": 1}, ("small", "little")),
        ({"size": 2}, ("large", "big", "huge")),
        ({"size": 1, "place": 5}, ("in the top left corner",)),
        ({"size": 1, "place": 3}, ("on the left",)),
        ({"turn": 1}, ("tilted to the left", "leaning left")),
        ({"turn": 3}, ("upside down",)),
        ({"mirrored": True}, ("mirrored", "flipped", "facing the other way")),
        ({"colour_below": 16}, ("light blue to pink gradient", "sky blue to light pink gradient")),
    ],
)
def test_what_is_unusual_about_a_scene_is_mostly_said(columns, words):
    texts = said(scene(**{name: value for name, value in columns.items() if name != "mirrored"}))
    if "mirrored" in columns:
        texts = said(replace(scene(), mirrored=np.array([True])))
    share = sum(any(word in text for word in words) for text in texts) / len(texts)
    assert share > (0.4 if "colour_below" in columns else 0.85)
    assert not any(word in text for text in said(scene()) for word in words)


def test_nothing_is_said_of_a_thing_that_may_face_either_way():
    assert said(replace(scene(), flipped=np.array([True]))) == said(scene())


def test_of_two_things_the_captions_say_which_is_left():
    texts = said(scene(second=1))
    assert "a glossy sticker of a red apple on the left and an owl on the right, light blue background" in texts
    ordered = [text for text in texts if "left" in text or "right" in text]
    assert len(ordered) > 200
    for text in ordered:
        apple_first = any(text.find(word) in range(text.find("owl")) for word in ("apple", "ripe", "fruit"))
        assert apple_first == ("to the right of" not in text)


def test_a_caption_that_leaves_nothing_open_says_style_thing_and_background_mostly_as_usual():
    rng = np.random.default_rng(7)
    drawn = [told(scene(), 0, KNOWN, rng) for _ in range(400)]
    assert 0.6 < drawn.count("a glossy sticker of a red apple, light blue background") / len(drawn) < 0.9
    whole = [text for text in drawn if "sticker of" in text and "background" in text]
    assert len(whole) > 0.88 * len(drawn)  # the rest are of the usual kind, so that nothing is forgotten
    assert any("shiny sticker" in text for text in drawn)
