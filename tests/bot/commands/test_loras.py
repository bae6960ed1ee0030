"""The option `lora`, as text and as suggestions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.loras import AskedLora, read, suggest
from bot.source_errors import BadLoras
from worker.contract.discord_limits import CHOICE_NAME_MAX, CHOICES_MAX
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo

PIXEL, INK = LoraInfo(id="pixel", title="Pixel art", triggers=("pixels",)), LoraInfo(id="ink", title="Ink")
MODEL = ModelInfo(id="m", title="M", loras=(PIXEL, INK))
OTHER = ModelInfo(id="o", title="O", loras=(LoraInfo(id="ink", title="Other ink"), LoraInfo(id="lcm", title="LCM")))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", ()), (" , ", ()), ("pixel", (("pixel", None),)), ("Pixel art : 0.8", (("Pixel art", 0.8),)),
        ("pixel:1,ink:-2", (("pixel", 1.0), ("ink", -2.0))),
        ("a, b:0, c:.5, d", (("a", None), ("b", 0.0), ("c", 0.5), ("d", None))),
    ],
)  # fmt: skip
def test_names_come_with_their_weights(text: str, asked: tuple[tuple[str, float | None], ...]):
    assert read(text) == tuple(AskedLora(*each) for each in asked)


@pytest.mark.parametrize(
    "text", ["a:", "a:x", "a:2.1", "a:-3", "a:nan", "a:inf", ":1", "a:1:2", "a, A", "a,b,c,d,e", "a:0,8,a"]
)
def test_what_is_no_list_of_them_is_refused(text: str):
    with pytest.raises(BadLoras):
        read(text)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("", ["pixel", "ink", "lcm"]), ("IN", ["ink"]), ("art", ["pixel"]), ("pixel:0.8", ["pixel:0.8"]),
        ("pixel art:", ["pixel"]), ("pix:0.8", []), ("pixel:0.8,", ["pixel:0.8, ink", "pixel:0.8, lcm"]),
        ("pixel:0.8, l", ["pixel:0.8, lcm"]), ("nothing", []),
    ],
)  # fmt: skip
def test_the_last_name_is_completed(typed: str, values: list[str]):
    assert [each.value for each in suggest(typed, [MODEL, OTHER])] == values


def test_a_suggestion_tells_title_and_trigger_words():
    assert [each.name for each in suggest("", [MODEL])] == ["Pixel art · pixels", "Ink"]
    assert suggest("pixel:0.8", [MODEL])[0].name == "Pixel art · ×0.8 · pixels"


@given(st.text(max_size=150))
def test_whatever_is_typed_gives_suggestions_that_discord_takes_and_that_are_read(typed: str):
    many = MODEL.model_copy(update={"loras": tuple(LoraInfo(id=f"l{n}", title="x" * 100) for n in range(40))})
    found = suggest(typed, [many])
    assert len(found) <= CHOICES_MAX
    for each in found:
        assert 0 < len(each.name) <= CHOICE_NAME_MAX
        assert 0 < len(str(each.value)) <= CHOICE_NAME_MAX
