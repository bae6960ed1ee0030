"""The real engine with the model that ships: the same way through everything, with torch at the end of it."""

import io

import pytest
from PIL import Image

from tests.e2e.local import DEADLINE
from tests.e2e.person import Easel, job_of
from tests.e2e.starter_lora import NAME
from worker.contract.types import recipe
from worker.contract.types.job import State

pytestmark = pytest.mark.engine

PROMPT = "a glossy sticker of a red apple, light blue background"


async def test_imagine_draws_with_the_starter(starter: Easel) -> None:
    asked = await starter.ask(PROMPT, count=2, steps=8)
    message = await starter.once(asked, pictures=2)
    pictures = [await starter.sandbox.download(each) for each in message.attachments]
    assert len({pixels(each) for each in pictures}) == 2
    record = await starter.reaches(asked.job, State.POSTED)
    found = recipe.read(pictures[1])
    assert found is not None
    assert found.again == record.request.only(1)


async def test_a_landscape_comes_as_one_and_its_versions_too(starter: Easel) -> None:
    asked = await starter.ask("a cat and a dog", aspect_ratio="3:2", steps=4)
    message = await starter.once(asked)
    assert "3:2" in message.content
    assert size(await starter.sandbox.download(message.attachments[0])) == (384, 256)
    done = await starter.sandbox.press(message, "Vary a little", "Bea", timeout=DEADLINE)
    assert done.message_id is not None
    varied = await starter.reaches(job_of(await starter.sandbox.message(done.message_id)), State.POSTED)
    assert varied.result is not None
    assert {(each.width, each.height) for each in varied.result.pictures} == {(384, 256)}


async def test_the_same_seed_gives_the_same_pixels(starter: Easel) -> None:
    drawn = []
    for _ in range(2):
        message = await starter.once(await starter.ask(PROMPT, seed=42, steps=6))
        drawn.append(pixels(await starter.sandbox.download(message.attachments[0])))
    assert drawn[0] == drawn[1]


async def test_a_lora_changes_what_is_drawn_by_its_weight_and_nothing_of_it_stays(starter: Easel) -> None:
    drawn = []
    for lora in ("", NAME, f"{NAME}:0.3", ""):
        asked = await starter.ask(PROMPT, seed=42, steps=4, **({"lora": lora} if lora else {}))
        message = await starter.once(asked)
        drawn.append(await starter.sandbox.download(message.attachments[0]))
        found = recipe.read(drawn[-1])
        assert found is not None
        assert [each.id for each in found.request.loras] == [NAME] * bool(lora)
    plain, whole, weaker, after = map(pixels, drawn)
    assert plain == after
    assert len({plain, whole, weaker}) == 3


async def test_a_preview_comes_with_the_progress(starter: Easel) -> None:
    asked = await starter.ask(PROMPT, steps=100)
    shown = await starter.sandbox.wait_edit(
        asked.message, lambda m: "of 100" in m.content and bool(m.attachments), DEADLINE
    )
    preview = await starter.sandbox.download(shown.attachments[0])
    with Image.open(io.BytesIO(preview), formats=("JPEG",)) as image:
        assert max(image.size) <= 256
    await starter.sandbox.press(asked.message, "Cancel", "Bea", timeout=DEADLINE)
    await starter.reaches(asked.job, State.CANCELLED)


async def test_words_that_it_does_not_know_are_told_under_the_nearest(starter: Easel) -> None:
    message = await starter.once(await starter.ask("a cartoon of a pengiun, plugh, white background", seed=7, steps=2))
    assert "**a cartoon of a pengiun, plugh, white background**" in message.content
    last = message.content.splitlines()[-1]
    assert last.startswith("-# Starter knows ")
    assert last.endswith(" emoji-like things: it took “penguin” for “pengiun”; it left out “plugh”. "
                         "`/models` shows what it knows.")  # fmt: skip
    known = await starter.once(await starter.ask("a cartoon of a penguin, white background", seed=7, steps=2))
    assert "Starter knows" not in known.content
    drawn = [await starter.sandbox.download(each.attachments[0]) for each in (message, known)]
    assert pixels(drawn[0]) == pixels(drawn[1])
    found = recipe.read(drawn[0])
    assert found is not None
    assert found.request.prompt == "a cartoon of a pengiun, plugh, white background"


async def test_people_may_see_what_it_knows(starter: Easel) -> None:
    shown = await starter.sandbox.slash("gallery", "Bea", "models", timeout=DEADLINE)
    assert shown.message_id is not None
    (embed,) = (await starter.sandbox.message(shown.message_id)).raw["embeds"]
    assert "penguin" in embed["description"]


def pixels(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGB").tobytes()


def size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as image:
        return image.size
