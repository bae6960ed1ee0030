"""A picture to begin with, and LoRAs, as a person sees them: typed, refused, changed, drawn again."""

import dataclasses
import io
from typing import Any

import pytest
from PIL import Image

from deploy.sandbox.client import Interaction, Message, file
from tests.bot.harness import PROMPT, STARTER, Harness, until
from worker.contract.message.verbs import Verb
from worker.contract.store import keys
from worker.contract.types.job import Job, State
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation
from worker.contract.types.request import Lora
from worker.contract.types.source_place import SourcePlace, SourcePlaces

ABLE = STARTER.model_copy(
    update={
        "id": "able", "title": "Able", "operations": ("img2img",),
        "loras": (LoraInfo(id="pixel", title="Pixel art", weight=0.7), LoraInfo(id="ink", title="Ink")),
    }
)  # fmt: skip
WITHOUT = "Draw without it"


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


PHOTO = file("photo.png", picture())


async def able(harness: Harness, *models: ModelInfo) -> None:
    """Only these models draw."""
    await harness.jobs.leave("w")
    await harness.redis.delete(keys.MODELS, keys.CATALOGUE)
    told = models or (ABLE,)
    capabilities = [each for model in told for each in model.capabilities]
    await harness.jobs.heartbeat("able", told, 1, capabilities=capabilities)
    harness.bot.intake.live_models._read = float("-inf")  # as if its memory were over


async def begun(harness: Harness, person: str = "bea", **options: Any) -> tuple[Job, Message]:
    asked = await harness.imagine(person, image=PHOTO, **options)
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    return job, await harness.answer(asked)


async def refused(harness: Harness, **options: Any) -> Message:
    message = await harness.answer(await harness.imagine(**options))
    assert message.ephemeral, message.content
    assert await harness.all_jobs() == []
    return message


async def rerun(harness: Harness, message: Message, person: str = "cem") -> Interaction:
    return await harness.discord.press(message, "Rerun", person)


async def cancelled(harness: Harness) -> tuple[Job, Message]:
    job, message = await begun(harness)
    await harness.discord.press(message, "Cancel", "bea")
    return job, await harness.discord.message(message)


async def test_a_picture_and_loras_arrive_and_the_card_says_so(harness: Harness):
    await able(harness)
    job, message = await begun(harness, strength=0.3, lora="pixel, ink:-0.5")
    asked = job.request
    assert (asked.operation, asked.strength, asked.version) == (Operation.IMG2IMG, 0.3, 5)
    assert [(each.width, each.height) for each in asked.sources] == [(64, 48)]
    assert asked.loras == (Lora(id="pixel", weight=0.7), Lora(id="ink", weight=-0.5))
    assert asked.needs == ("img2img:able", "lora/ink:able", "lora/pixel:able")
    assert job.sources is not None
    assert "/ephemeral-attachments/" in job.sources.pictures[0].link
    assert "attachments" not in asked.model_dump_json()
    assert message.content.splitlines()[1].startswith("-# from a picture · ")


async def test_who_chose_no_model_gets_the_first_that_can(harness: Harness):
    await able(harness, STARTER, ABLE)
    job, _ = await begun(harness)
    assert job.request.model == "able"
    said = (await harness.answer(await harness.imagine(image=PHOTO, model="starter"))).content
    assert said == (
        "Starter can't draw from a picture. These can: **Able**. Choose one as `model`, or leave `image` out."
    )


async def test_where_no_model_can_it_is_said(harness: Harness):
    said = (await refused(harness, image=PHOTO)).content
    assert said.startswith("Starter can't draw from a picture, and no running model that may be used here can.")


async def test_loras_complete_themselves_by_the_model(harness: Harness):
    await able(harness, STARTER, ABLE)
    complete = harness.discord.autocomplete
    assert [each["value"] for each in await complete("gallery", "bea", "imagine", "lora", "")] == ["pixel", "ink"]
    options = {"model": "starter"}
    assert await complete("gallery", "bea", "imagine", "lora", "", options=options) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"image": file("a.txt", b"words")}, "That picture can't be used. It is no PNG, JPEG, WebP or GIF picture."),
        ({"image": file("a.png", picture("TIFF"))}, "That picture can't be used. It is no PNG, JPEG"),
        ({"strength": 0.5}, "`strength` says how much of a picture is drawn anew."),
        ({"lora": "wool"}, "Able has no LoRA called wool. It has: pixel, ink."),
        ({"lora": "pixel:9"}, "`lora` can't be read: “pixel\\:9”."),
        ({"lora": "pixel", "model": "starter"}, "Starter has no LoRAs."),
    ],
)
async def test_what_cannot_be_is_refused_in_words(harness: Harness, options: dict[str, Any], said: str):
    await able(harness, ABLE, STARTER)
    assert (await refused(harness, **options)).content.startswith(said)


async def test_a_refusal_keeps_the_picture_for_the_form(harness: Harness):
    await able(harness)
    message = await refused(harness, image=PHOTO, steps=61, strength=0.25, lora="ink")
    shown = await harness.discord.press(message, "Change and try again", "bea")
    asked = await harness.discord.submit(shown, {"flags": "--steps 6 --strength 0.25 --lora ink"}, "bea")
    job = await harness.job(asked.id)
    assert (job.request.steps, job.request.strength, job.request.loras[0].id) == (6, 0.25, "ink")
    assert job.sources is not None
    assert job.sources.pictures[0].attachment


@pytest.mark.parametrize("again", [True, False])
async def test_a_form_takes_another_picture_or_none(harness: Harness, again: bool):
    await able(harness)
    message = await refused(harness, image=file("a.txt", b"words"), strength=0.25)
    shown = await harness.discord.press(message, "Change and try again", "bea")
    asked = await harness.discord.submit(shown, {"image": [PHOTO]} if again else {}, "bea")
    request = (await harness.job(asked.id)).request
    assert (len(request.sources), request.strength) == ((1, 0.25) if again else (0, None))


async def test_rerun_begins_with_the_same_picture(harness: Harness):
    await able(harness)
    first, message = await cancelled(harness)
    again = await harness.job((await rerun(harness, message)).id)
    assert (again.request.sources, again.sources) == (first.request.sources, first.sources)
    assert again.request.seed != first.request.seed


async def gone_by_link(harness: Harness, job: Job) -> None:
    assert job.sources is not None
    old = job.sources.pictures[0].model_copy(update={"link": f"{job.sources.pictures[0].link.partition('?')[0]}?ex=1"})
    places = SourcePlaces(pictures=(old,))
    await harness.redis.hset(keys.job(job.id), "sources", places.model_dump_json())


async def gone_by_record(harness: Harness, job: Job) -> None:
    await harness.redis.hdel(keys.job(job.id), "sources")


async def test_a_rerun_that_is_tried_again_begins_with_the_same_picture_still(harness: Harness):
    await able(harness)
    first, message = await cancelled(harness)
    while not (await harness.answer(last := await harness.imagine("cem"))).ephemeral:
        waits = last.id
    told = await harness.answer(await rerun(harness, message))
    assert [each["label"] for each in told.buttons] == ["Try again"]
    told = await harness.answer(await harness.discord.press(told, "Try again", "cem"))
    await harness.jobs.cancel(str(waits))
    again = await harness.job((await harness.discord.press(told, "Try again", "cem")).id)
    assert (again.request.sources, again.sources) == (first.request.sources, first.sources)


async def test_a_draft_whose_picture_is_gone_is_drawn_without_it(harness: Harness):
    await able(harness)
    first, message = await begun(harness, prompt=f"{PROMPT} --draft")
    await harness.jobs.leave("able")
    await harness.jobs.heartbeat("w", [ABLE], 1, capabilities=ABLE.capabilities)
    with_all = dataclasses.replace(harness, capabilities=tuple(ABLE.capabilities))
    await with_all.finish(first, message)
    await gone_by_record(harness, first)
    told = await harness.answer(await harness.discord.press(message.id, f"1:{Verb.ENHANCE}:", "cem"))
    assert told.content.startswith("The picture that this was drawn from is gone")
    pressed = await harness.discord.press(told, WITHOUT, "cem")
    again = await harness.job(pressed.id)
    assert (again.request.sources, again.request.prompt) == ((), first.request.prompt)


@pytest.mark.parametrize("go", [gone_by_link, gone_by_record])
async def test_where_the_picture_is_gone_rerun_says_so_and_offers_to_go_on_without(harness: Harness, go: Any):
    await able(harness)
    first, message = await cancelled(harness)
    await go(harness, first)
    told = await harness.answer(await rerun(harness, message))
    assert told.ephemeral
    assert told.content.startswith("The picture that this was drawn from is gone")
    pressed = await harness.discord.press(told, WITHOUT, "cem")
    again = await until(lambda: harness.job(pressed.id), lambda job: job.destination.message is not None)
    assert (again.request.sources, again.request.strength, again.sources) == ((), None, None)
    assert again.request.prompt == first.request.prompt
    assert not (await harness.answer(pressed)).ephemeral


async def test_a_picture_of_a_message_of_ours_is_looked_up_there(harness: Harness):
    await able(harness, STARTER, ABLE)
    _, ours = await harness.posted()
    first, message = await cancelled(harness)
    (shown,) = ours.files
    place = SourcePlace(attachment=shown.id, channel=ours.channel_id, message=ours.id, link="https://old.example/")
    await harness.redis.hset(keys.job(first.id), "sources", SourcePlaces(pictures=(place,)).model_dump_json())
    pressed = await rerun(harness, message)
    again = await harness.job(pressed.id)
    assert again.sources is not None
    assert again.sources.pictures[0] == place.model_copy(update={"link": shown.url})
    content = (await harness.answer(pressed)).content
    assert f"from [a picture](https://discord.com/channels/{again.destination.server}/{ours.channel_id}/" in content
    await harness.discord.delete(ours, "max")
    harness.bot.intake.messages._looks.clear()  # as if a while had passed
    told = await harness.answer(await rerun(harness, message, "dua"))
    assert told.content.startswith("The picture that this was drawn from is gone")
    assert await harness.state(first.id) is State.CANCELLED
