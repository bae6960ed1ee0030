"""Every cause that a process may give has a sentence, and its data is all that the sentence needs."""

import inspect
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.marks import Translated, unmarked
from worker.contract.message.cause_texts import SENTENCES, cause_sentence, logged
from worker.contract.message.languages import ENGLISH
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause

CAUSES: dict[str, Callable[..., Cause]] = {
    name: made
    for name, made in inspect.getmembers(causes, inspect.isfunction)
    if not name.startswith("_") and inspect.signature(made).return_annotation is Cause
}
SAMPLES = {int: 3, float: 2.5, str: "*name*"}
UNKNOWN = "A newer version of Easel knows more about why; whoever runs it finds it in the log."


def sample(name: str) -> Cause:
    return CAUSES[name](
        **{key: SAMPLES[each.annotation] for key, each in inspect.signature(CAUSES[name]).parameters.items()}
    )


def test_every_cause_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == set(CAUSES)
    assert len(CAUSES) > 30


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_is_called_like_its_code_and_its_data_fills_its_sentence(name: str) -> None:
    cause = sample(name)
    assert cause.code == name
    assert set(cause.data) == set(inspect.signature(CAUSES[name]).parameters)
    sentence = SENTENCES[name]
    forms = sentence[0] if isinstance(sentence, tuple) else (sentence,)
    for form in forms:
        assert {field for _, field, _, _ in string.Formatter().parse(form) if field} <= set(cause.data)
    said = cause_sentence(cause, ENGLISH)
    assert said.endswith(".")
    assert "{" not in said
    assert said != UNKNOWN
    assert unmarked(cause_sentence(cause, Translated()), ["*name*"]) == []


@pytest.mark.parametrize(
    "made", [causes.steps_over_sampler("dpmpp_2m_karras", 90, 50), causes.sampler_unfit("dpmpp_2m_karras")]
)
def test_a_sampler_is_called_as_people_chose_it(made: Cause) -> None:
    assert "DPM++ 2M Karras" in cause_sentence(made, ENGLISH)
    assert "dpmpp_2m_karras" in logged(made)


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_survives_a_record(name: str) -> None:
    assert Cause.read(sample(name).dump()) == sample(name)


@given(st.text(), st.dictionaries(st.text(max_size=9), st.text() | st.integers() | st.floats() | st.none(), max_size=3))
def test_what_a_newer_easel_says_never_breaks_a_message(code: str, data: dict[str, object]) -> None:
    cause = Cause.of(code, data)
    if cause is not None:
        assert cause_sentence(cause, ENGLISH).endswith(".")


@given(st.sampled_from(sorted(CAUSES)), st.dictionaries(st.sampled_from(["most", "width", "title"]), st.text()))
def test_neither_does_data_that_was_damaged(code: str, data: dict[str, str]) -> None:
    assert cause_sentence(Cause(code=code, data=dict(data)), ENGLISH)


def test_an_unknown_code_gets_a_polite_sentence() -> None:
    assert cause_sentence(Cause(code="from_the_future", data={"x": 1}), ENGLISH) == UNKNOWN


@given(st.text())
def test_what_a_record_holds_is_a_cause_or_nothing(text: str) -> None:
    assert Cause.read(text) is None or text


def test_data_does_nothing_on_screen_and_is_short() -> None:
    said = cause_sentence(causes.discord_says("@everyone **x** " + "y" * 5000), ENGLISH)
    assert "@everyone" not in said
    assert "**" not in said
    assert len(said) < 400
    assert len(causes.discord_says("y" * 5000).dump()) < 400


def test_logs_have_it_in_english_as_it_is() -> None:
    assert logged(causes.no_such_upscaler("x_4")) == "No upscaler is called x_4 here."
