"""Plurals, typos and articles."""

import pytest

from worker.engine.prompt_match.words.article import with_article
from worker.engine.prompt_match.words.spelling import count_typos, phrase, variants


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("elefant", "elephant", 2),
        ("elephnat", "elephant", 1),
        ("elephan", "elephant", 1),
        ("elephantt", "elephant", 1),
        ("eelphnat", "elephant", 2),
        ("pengiun", "penguin", 1),
        ("rabit", "rabbit", 1),
        ("rocke", "rocket", 1),
        ("hosue", "house", 1),
        ("horse", "house", None),
        ("boot", "boat", None),
        ("roccat", "rocket", None),
        ("robbo", "robot", None),
        ("olephant", "elephant", None),
        ("umbrellaaa", "umbrella", 2),
        ("umbrellaaaa", "umbrella", None),
        ("cat", "cats", None),
    ],
)
def test_how_many_slips_make_a_word(typed: str, meant: str, count: int | None) -> None:
    assert count_typos(typed, meant) == count


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("city", "cities"),
        ("toy", "toys"),
        ("box", "boxes"),
        ("wish", "wishes"),
        ("mouse", "mice"),
        ("leaf", "leaves"),
        ("potato", "potatoes"),
        ("taco", "tacos"),
        ("kangaroo", "kangaroos"),
        ("volcano", "volcanos"),
        ("volcano", "volcanoes"),
        ("wave", "waves"),
    ],
)
def test_plurals_and_singulars_are_known_as_the_same(one: str, many: str) -> None:
    assert (many,) in list(variants((one,)))
    assert (one,) in list(variants((many,)))


@pytest.mark.parametrize(("word", "no"), [("glass", "glas"), ("bus", "bu"), ("tennis", "tenni"), ("gas", "ga")])
def test_not_every_s_is_a_plural(word: str, no: str) -> None:
    assert (no,) not in list(variants((word,)))


def test_who_asks_for_a_glass_wants_no_spectacles() -> None:
    assert list(variants(("glasses",))) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("apple", "an apple"),
        ("house", "a house"),
        ("umbrella", "an umbrella"),
        ("unicorn", "a unicorn"),
        ("hourglass", "an hourglass"),
        ("one-piece swimsuit", "a one-piece swimsuit"),
        ("euro banknote", "a euro banknote"),
        ("glasses", "glasses"),
        ("cherries", "cherries"),
        ("cactus", "a cactus"),
        ("fire", "fire"),
    ],
)
def test_the_article_goes_by_sound_and_plurals_have_none(name: str, said: str) -> None:
    assert with_article(name) == said


def test_words_are_compared_without_case_accents_and_apostrophes() -> None:
    assert phrase("Crème-Brûlée, Woman’s HAT") == ("creme", "brulee", "womans", "hat")
