"""`/help about:prompt` teaches by examples that a press draws, in words that the model at hand knows."""

import asyncio
import io

import pytest
from PIL import Image

from bot.commands import examples
from bot.texts import lesson
from tests.bot.harness import STARTER, Harness
from worker.contract.discord_limits import CONTENT_MAX, CUSTOM_ID_MAX, LABEL_MAX
from worker.contract.message.custom_ids import DrawId, elsewhere
from worker.contract.message.languages import ENGLISH
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.vocabulary_notice import Known

FEW = Known(things=("owl", "cat", "red apple", "boat"), styles=("glossy sticker",), backgrounds=("light blue",))


async def test_a_press_draws_an_example(harness: Harness):
    asked = await harness.discord.slash("gallery", "bea", "help", {"about": "prompt"})
    said = await harness.answer(asked)
    assert said.ephemeral
    assert "a [kind of picture] of [subject], [style cues]" in said.content
    (shown,) = said.attachments  # of several, each would be cut to a square
    assert shown.filename == "lesson.webp"
    assert (shown.description or "").startswith("The same cat")
    with Image.open(io.BytesIO(await harness.discord.download(shown))) as picture:
        assert picture.width > 600
    first = said.buttons[0]
    example = examples.of(STARTER)[0]
    assert first["label"] == f"Draw: {example}"[:LABEL_MAX]
    drawn = await harness.discord.press(said, first["custom_id"], "bea")
    assert not (await harness.answer(drawn)).ephemeral
    assert (await harness.job(drawn.id)).request.prompt == example


async def test_an_example_that_is_pressed_twice_in_haste_is_drawn_once(harness: Harness):
    asked = await harness.discord.slash("gallery", "bea", "help", {"about": "prompt"})
    said = await harness.answer(asked)
    first, second, *_ = said.buttons
    both = await asyncio.gather(*(harness.discord.press(said, first["custom_id"], "bea") for _ in range(2)))
    (job,) = await harness.all_jobs()
    (other,) = [await harness.answer(each) for each in both if str(each.id) != job]
    assert (other.content, other.ephemeral, other.buttons) == ("Already asked; it is in line.", True, [])
    await harness.discord.press(said, second["custom_id"], "bea")
    assert len(await harness.all_jobs()) == 2


@pytest.mark.parametrize("knows", [None, FEW, FEW.model_copy(update={"styles": (), "backgrounds": ()})])
def test_examples_are_in_words_that_the_model_knows(knows: Known | None) -> None:
    found = examples.of(ModelInfo(id="m", title="M", knows=knows))
    assert len(set(found)) == 3
    for each in found:
        assert DrawId.parse(str(DrawId(each))) == DrawId(each)
        assert len(str(DrawId(each))) <= CUSTOM_ID_MAX
        assert elsewhere(str(DrawId(each)))
        if knows:
            assert any(thing in each for thing in knows.things)
    if knows is FEW:
        assert "a glossy sticker of an owl, light blue background" in found


def test_things_with_long_names_fit_too() -> None:
    known = Known(things=("x" * 90,), styles=("y" * 40,), backgrounds=("z" * 40,))
    for each in examples.of(ModelInfo(id="m", title="M", knows=known)):
        assert len(str(DrawId(each))) <= CUSTOM_ID_MAX


def test_it_fits_a_message() -> None:
    assert len(lesson.prompt("x" * 100, few=True, language=ENGLISH)) < CONTENT_MAX
