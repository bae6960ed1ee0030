import numpy as np

from worker.starter.captions import canonical, caption
from worker.starter.subjects import COLOURS, STYLES, SUBJECTS

APPLE, STICKER, BLUE = SUBJECTS[0], STYLES[1], COLOURS[3]


def test_the_usual_sentence():
    assert canonical(STICKER, APPLE, BLUE) == "a glossy sticker of a red apple, light blue background"


def test_articles_fit():
    by_icon = {subject.icon: subject for subject in SUBJECTS}
    said = [canonical(STICKER, by_icon[icon], BLUE) for icon in ("octopus", "unicorn", "umbrella", "cherries")]
    assert [words.split(" of ")[1].split(",")[0] for words in said] == [
        "an octopus", "a unicorn", "an umbrella", "cherries"
    ]  # fmt: skip


def test_captions_are_seeded_varied_and_always_name_the_subject():
    def draw():
        rng = np.random.default_rng(7)
        return [caption(STICKER, APPLE, BLUE, rng, ("ripe",)) for _ in range(400)]

    drawn = draw()
    assert drawn == draw()
    assert len(set(drawn)) > 50
    assert all("apple" in words or "ripe" in words for words in drawn)
    assert any("background" not in words for words in drawn)
    assert any("sticker" not in words for words in drawn)


def test_no_two_subjects_or_colours_share_a_name():
    for things in (SUBJECTS, COLOURS, STYLES):
        names = [name for thing in things for name in thing.names]
        assert len(names) == len(set(names))
