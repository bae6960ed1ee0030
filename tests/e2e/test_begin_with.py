"""What begins with a picture, from the command to the message: drawn over, and in trouble on the way."""

import asyncio
import io
from typing import Any

from PIL import Image, ImageChops

from deploy.sandbox.client import Message, file
from tests.e2e.local import DEADLINE
from tests.e2e.person import Asked, Easel, eventually, job_of
from worker.contract.types import recipe
from worker.contract.types.job import Job, Reason, State
from worker.contract.types.operation import Operation
from worker.contract.types.variation import STRENGTHS, Variation
from worker.engine.service.fake_backend import paint

CDN = "/cdn/ephemeral-attachments/*"
WITHOUT = "Draw without it"


def photo(kind: str = "PNG", size: tuple[int, int] = (160, 120)) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


async def begin(easel: Easel, prompt: str, content: bytes | None = None, **more: Any) -> Asked:
    image = file("photo.png", content or photo())
    return await easel.ask(prompt, image=image, **more)


async def ended(easel: Easel, asked: Asked, words: str) -> tuple[Job, Message]:
    record = await easel.reaches(asked.job, State.FAILED)
    return record, await easel.sandbox.wait_edit(asked.message, lambda it: words in it.content, DEADLINE)


async def test_a_picture_is_drawn_over_and_its_message_says_so(easel: Easel) -> None:
    asked = await begin(easel, "over it", seed=11, strength=0.25, lora="pixel:0.5")
    message = await easel.once(asked)
    assert " · from a picture · 4:3 · strength 0.25 · LoRA pixel 0.5 · " in message.content
    content = await easel.sandbox.download(message.attachments[0])
    found = recipe.read(content)
    assert found is not None
    assert found.request.operation is Operation.IMG2IMG
    assert b"ephemeral-attachments" not in content
    with Image.open(io.BytesIO(content)) as drawn, Image.open(io.BytesIO(photo())) as begun:
        new = paint("over it pixel 0.5", 11, 144, 112)
        # As much of it as was asked for, but for what is cut at its edges.
        whole = ImageChops.difference(drawn.convert("RGB"), Image.blend(begun.resize(drawn.size), new, 0.25))
    assert max(whole.tobytes()) < 12
    done = await easel.sandbox.press(message, "1:rerun", "Cem", timeout=DEADLINE)
    assert done.message_id is not None
    again = await easel.sandbox.message(done.message_id)
    assert (await easel.reaches(job_of(again), State.POSTED)).request.sources == found.request.sources
    larger = await easel.sandbox.press(message, "Upscale", "Cem", timeout=DEADLINE)
    assert larger.message_id is not None
    record = await easel.reaches(job_of(await easel.sandbox.message(larger.message_id)), State.POSTED)
    assert record.sources is not None


async def test_how_a_picture_of_ones_own_turns_to_noise(easel: Easel) -> None:
    message = await easel.once(await begin(easel, "over it", seed=11))
    panel = await easel.sandbox.press(message, "More", "Cem", timeout=DEADLINE)
    assert panel.message_id is not None
    done = await easel.sandbox.press(panel.message_id, "How it turns to noise", "Cem", timeout=DEADLINE)
    assert done.message_id is not None
    shown = await easel.sandbox.wait_edit(done.message_id, lambda it: len(it.attachments) == 2, DEADLINE)
    assert "-# How the picture turns to noise: noise is added to its latents" in shown.content
    still, moving = shown.attachments
    assert (still.description or "").startswith("Moments from a picture to noise, noise 0 %, 14 %, ")
    assert moving.description == "Moving, from a picture to noise"
    for attachment in shown.attachments:
        found = recipe.read(await easel.sandbox.download(attachment))
        assert found is not None
        assert found.request.forward


async def test_one_of_several_pictures_is_varied_and_its_message_says_of_which(easel: Easel) -> None:
    asked = await easel.ask("in other versions", seed=11, count=2)
    message = await easel.once(asked, 2)
    done = await easel.sandbox.press(message, "V2", "Cem", timeout=DEADLINE)
    assert done.message_id is not None
    varied = await easel.sandbox.message(done.message_id)
    record = await easel.reaches(job_of(varied), State.POSTED)
    assert (record.request.count, record.verb) == (4, "varylittle")
    varied = await easel.sandbox.wait_edit(varied.id, lambda it: "Variation" in it.content, DEADLINE)
    assert "Variation (subtle) of picture 2 of [these](https://discord.com/channels/" in varied.content
    assert f"/{message.id})" in varied.content
    first, strength = await easel.sandbox.download(message.attachments[1]), STRENGTHS[Variation.LITTLE]
    made = await easel.sandbox.download(varied.attachments[0])
    asked_for = record.request
    new = paint("in other versions", asked_for.seed, asked_for.width, asked_for.height)
    with Image.open(io.BytesIO(made)) as drawn, Image.open(io.BytesIO(first)) as begun:
        whole = ImageChops.difference(drawn.convert("RGB"), Image.blend(begun.convert("RGB"), new, strength))
    assert max(whole.tobytes()) < 12


async def test_a_picture_that_is_gone_is_told_and_can_be_done_without(easel: Easel) -> None:
    await easel.sandbox.fault("GET", CDN, status=404, times=None)
    asked = await begin(easel, "from what was there")
    record, message = await ended(easel, asked, "could not be used")
    assert (record.reason, record.attempt) == (Reason.SOURCE, 1)
    assert "The picture to draw from could not be used. It is gone; its message was deleted" in message.content
    done = await easel.sandbox.press(message, "1:rerun", "Bea", timeout=DEADLINE)
    assert done.message_id is not None
    offer = await easel.sandbox.message(done.message_id)
    assert offer.ephemeral
    done = await easel.sandbox.press(offer, WITHOUT, "Bea", timeout=DEADLINE)
    assert done.message_id is not None
    again = await easel.reaches(job_of(await easel.sandbox.message(done.message_id)), State.POSTED)
    assert again.request.sources == ()


async def test_a_horse_that_is_killed_while_it_fetches_loses_nothing(easel: Easel) -> None:
    await easel.sandbox.fault("GET", CDN, delay=3.0)
    asked = await begin(easel, "carried off")

    async def fetching() -> bool:
        record = await easel.jobs.get(asked.job)
        return bool(record and record.progress and record.progress.phase == "fetch")

    await eventually(fetching, "the picture to be fetched")
    await asyncio.to_thread(easel.local.kill, "horse")
    assert (await easel.reaches(asked.job, State.POSTED)).attempt == 2
    await easel.once(asked)
