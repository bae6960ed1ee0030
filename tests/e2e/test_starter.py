"""The real engine with the model that ships: the same way through everything, with torch at the end of it."""

import io

import pytest
from PIL import Image

from tests.e2e.local import DEADLINE
from tests.e2e.person import Easel
from worker.contract import recipe
from worker.contract.job import State

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


async def test_the_same_seed_gives_the_same_pixels(starter: Easel) -> None:
    drawn = []
    for _ in range(2):
        message = await starter.once(await starter.ask(PROMPT, seed=42, steps=6))
        drawn.append(pixels(await starter.sandbox.download(message.attachments[0])))
    assert drawn[0] == drawn[1]


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


def pixels(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGB").tobytes()
