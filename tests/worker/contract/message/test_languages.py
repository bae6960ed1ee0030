"""Sentences in another language: found in a catalogue, with its own plurals, and English where it has none."""

import gettext
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from tests.marks import unmarked
from worker.contract.message.languages import ENGLISH, Language, available, language, usable

PSEUDO = language("qps")


def polish(**sentences: str) -> Language:
    """A language of three plural forms."""
    catalogue = Catalog(locale="pl")
    catalogue.add(("{count} step", "{count} steps"), ("{count} krok", "{count} kroki", "{count} kroków"))
    catalogue.add("seed {seed}", sentences.get("seed", "ziarno {seed}"))
    catalogue.add("More", "Jeszcze", context="button")
    out = BytesIO()
    write_mo(out, catalogue)
    out.seek(0)
    return Language("pl", gettext.GNUTranslations(out))


@pytest.mark.parametrize(("count", "said"), [(1, "1 krok"), (3, "3 kroki"), (5, "5 kroków"), (22, "22 kroki")])
def test_a_catalogue_has_plurals_of_its_own(count: int, said: str) -> None:
    assert polish().ngettext("{count} step", "{count} steps", count) == said


def test_what_a_catalogue_lacks_is_said_in_english() -> None:
    assert polish().gettext("seed {seed}", seed=7) == "ziarno 7"
    assert polish().gettext("guidance {scale}", scale=7.5) == "guidance 7.5"
    assert polish().pgettext("button", "More") == "Jeszcze"
    assert polish().pgettext("list", "More") == "More"


@pytest.mark.parametrize(
    "wrong", ["ziarno {sed}", "ziarno {", "ziarno {0}", "ziarno {seed.real.odd}", "ziarno {seed!x}"]
)
def test_a_translation_that_is_wrong_is_no_worse_than_english(wrong: str) -> None:
    assert polish(seed=wrong).gettext("seed {seed}", seed=7) == "seed 7"


def test_a_compiled_translation_is_found_by_its_code(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="de")
    catalogue.add("Cancelled.", "Abgebrochen.")
    with (folder / "easel.mo").open("wb") as file:
        write_mo(file, catalogue)
    assert available(tmp_path) == ("en", "de")
    assert language("de", tmp_path).gettext("Cancelled.") == "Abgebrochen."


def test_a_language_that_is_not_there_is_refused_in_words() -> None:
    assert usable("en") == "en"
    with pytest.raises(ValueError, match="it must be one of: en"):
        usable("tlh")


@pytest.mark.parametrize(
    ("things", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c", "d"], "a, b, c and d")]
)
def test_things_are_listed(things: list[str], said: str) -> None:
    assert ENGLISH.listed(things) == said


def test_the_pseudo_language_marks_sentences_and_what_is_in_them() -> None:
    assert PSEUDO.gettext("“{asked}” for {count}", asked="x", count=3) == "⟦“⟪x⟫” for 3⟧"
    assert unmarked(PSEUDO.gettext("{what}. Done.", what=PSEUDO.gettext("done {x}", x=ENGLISH.gettext("English")))) == [
        "English"
    ]
    assert unmarked("a ⟦red⟧ apple, 12 × 3 <@5>", ["apple"]) == ["a"]


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.text() | st.integers() | st.floats(), min_size=2))
def test_data_is_never_a_format(data: dict[str, object]) -> None:
    shown = [f"{each:g}" if isinstance(each, float) else str(each) for each in (data["a"], data["b"])]
    assert ENGLISH.gettext("{b}-{a}", **data) == f"{shown[1]}-{shown[0]}"
