"""Upscale by button and by reaction: who may, of what, and what is said where it cannot be."""

import asyncio
import json
from unittest.mock import AsyncMock

import aiohttp
import pytest

from bot import texts
from bot.errors import NoSuchPicture, NotYet, NoUpscaler, SourceGone
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import STARTER, UPSCALER, Harness, draw, until
from worker.contract.message.job_message import card, file_name
from worker.contract.message.languages import ENGLISH
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import Job, Reason, State
from worker.contract.types.model_info import UpscalerInfo
from worker.contract.types.result import Picture, Result


@pytest.fixture
async def larger(harness: Harness) -> Harness:
    """A worker lives that enlarges."""
    await harness.jobs.heartbeat("w", [STARTER], 1, upscaler=UPSCALER)
    return harness


async def press(harness: Harness, message: Message, verb: str = "upscale", person: str = "cem") -> Interaction:
    return await harness.discord.press(message.id, f"1:{verb}:", person)


async def told(harness: Harness, pressed: Interaction) -> str:
    message = await harness.answer(pressed)
    assert message.ephemeral
    return message.content


async def other_job(harness: Harness, known: Job) -> Job:
    found = await until(harness.all_jobs, lambda jobs: len(set(jobs) - {known.id}) == 1)
    return await harness.job(next(each for each in found if each != known.id))


async def test_anyone_has_a_picture_made_larger_and_the_message_stays(larger: Harness):
    first, message = await larger.posted("bea")
    pressed = await press(larger, message)
    assert pressed.answer_type == 4
    job = await larger.job(pressed.id)
    assert (job.verb, job.version, job.owner != first.owner) == ("upscale", 2, True)
    assert job.request.drawing == first.request.only(0)
    how = job.request.upscale
    assert how is not None
    assert (how.upscaler, how.scale, how.width, how.height) == ("upscaler.x4", 4, 128, 128)
    source = job.source
    assert source is not None
    assert (source.channel, source.message, source.index, source.alone) == (message.channel_id, message.id, 0, False)
    assert source.link.startswith(f"{larger.discord.info.cdn}/attachments/")
    answer = await larger.answer(pressed)
    assert (answer.reply_to, f"<@{job.owner}>" in answer.content) == (message.id, True)
    assert (await larger.discord.message(message)).content == message.content


@pytest.mark.parametrize("emptied", [False, True])
async def test_a_number_as_reaction_does_the_same(larger: Harness, emptied: bool):
    first, message = await larger.posted("bea")
    if emptied:
        await larger.redis.flushall()
        await larger.jobs.heartbeat("w", [STARTER], 1, upscaler=UPSCALER)
    await larger.discord.react(message, "1️⃣", "cem")
    job = await other_job(larger, first)
    assert job.request.drawing == first.request.only(0)
    assert (job.destination.reply_to, job.verb) == (message.id, "upscale")


async def test_of_what_only_one_person_sees_the_large_one_is_for_them_alone_too(larger: Harness):
    first, _ = await larger.posted("bea")
    private = await larger.discord.slash("gallery", "bea", "help")
    name = file_name(first, 0)
    form = aiohttp.FormData()
    form.add_field(
        "payload_json", json.dumps(card(first, ENGLISH, [0]) | {"attachments": [{"id": 0, "filename": name}]})
    )
    form.add_field("files[0]", draw(first), filename=name)
    info = larger.discord.info
    url = f"{info.api}/webhooks/{info.application_id}/{private.token}/messages/@original"
    async with aiohttp.ClientSession() as http, http.patch(url, data=form) as response:
        assert response.status == 200, await response.text()
    pressed = await press(larger, await larger.answer(private), person="bea")
    assert (await larger.answer(pressed)).ephemeral
    assert (await larger.job(pressed.id)).destination.ephemeral


@pytest.mark.parametrize("how", ["button", "reaction"])
async def test_the_link_is_fresh_however_old_the_message(larger: Harness, how: str):
    first, message = await larger.posted("bea")
    await larger.discord.clock(jump=100 * 86400)
    if how == "button":
        await press(larger, message)
    else:
        await larger.discord.react(message, "1️⃣", "cem")
    source = (await other_job(larger, first)).source
    assert source is not None
    async with aiohttp.ClientSession() as http, http.get(source.link) as answer:
        assert answer.status == 200
    async with aiohttp.ClientSession() as http, http.get(message.attachments[0].url) as answer:
        assert answer.status == 404


async def test_a_picture_that_is_not_there_is_told_by_direct_message(larger: Harness):
    _, message = await larger.posted("bea")
    await larger.discord.react(message, "3️⃣", "cem")
    said = await larger.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    assert said.content.splitlines()[0] == texts.refusal(NoSuchPicture(3), ENGLISH)


async def test_what_is_still_drawn_can_wait(larger: Harness):
    _, message = await larger.waiting("bea")
    await larger.discord.react(message, "1️⃣", "cem")
    said = await larger.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    assert said.content.splitlines()[0] == texts.refusal(NotYet(), ENGLISH)


async def test_pressed_twice_in_haste_it_is_asked_once_and_a_rerun_is_another_matter(larger: Harness, monkeypatch):
    monkeypatch.setattr("bot.intake.origin.PRESS_TTL", 60.0)  # however slow the machine
    first, message = await larger.posted("bea")
    pressed = await press(larger, message)
    assert "is being upscaled already" in await told(larger, await press(larger, message))
    assert set(await larger.all_jobs()) == {first.id, str(pressed.id)}
    assert not (await larger.answer(await press(larger, message, "rerun"))).ephemeral


async def test_pressed_by_many_at_once_it_is_asked_by_some_and_shown(larger: Harness):
    first, message = await larger.posted("bea")
    await asyncio.gather(*(press(larger, message, person="cem") for _ in range(5)))
    assert len(await larger.all_jobs()) == 2
    assert list((await larger.job(first.id)).upscales) == [0]


async def finished(harness: Harness, job: str, state: State) -> None:
    """Bring an upscale to its end, as slot and poster would."""
    if state is State.CANCELLED:
        await harness.jobs.cancel(job)
    if state is not State.POSTED:
        return
    assert harness.claim() == f"{job}-1"
    assert await harness.jobs.store(job, 1, Result(pictures=(Picture(seed=1, width=8, height=8, size=1),)), [b"x"])
    outbox = Outbox(harness.redis)
    while True:
        entry = await until(lambda: outbox.claim(30))
        assert entry is not None
        if entry.job.id == job:
            assert await outbox.posted(entry)
            return
        await outbox.done(entry)


@pytest.mark.parametrize("whole", [True, False], ids=["by its record", "by how the button looks"])
async def test_what_was_made_larger_is_told_with_a_way_to_do_it_again(larger: Harness, whole: bool):
    first, message = await larger.posted("bea")
    pressed = await press(larger, message)
    await finished(larger, str(pressed.id), State.POSTED)
    if not whole:
        await shown_again(larger, message, await larger.job(first.id))
        await larger.redis.flushall()  # the button itself says where the larger one is
        await larger.jobs.heartbeat("w", [STARTER], 1, upscaler=UPSCALER)
    answer = await larger.answer(await larger.discord.press(message.id, "1:upscale:" if whole else "5:upscale:", "dua"))
    assert answer.ephemeral
    assert "has been upscaled already" in answer.content
    assert f"/{message.channel_id}/{pressed.message_id}" in answer.content
    assert [each["label"] for each in answer.buttons] == ["Upscale again"]
    again = await larger.discord.press(answer, "Upscale again", "dua")
    assert not (await larger.answer(again)).ephemeral
    job = await larger.job(again.id)
    assert (job.verb, job.source and job.source.message, job.destination.ephemeral) == ("upscale", message.id, False)


@pytest.mark.parametrize("whole", [True, False], ids=["by its record", "by how the button looks"])
async def test_a_reaction_to_what_was_made_larger_leads_there(larger: Harness, whole: bool):
    first, message = await larger.posted("bea")
    pressed = await press(larger, message)
    await finished(larger, str(pressed.id), State.POSTED)
    await shown_again(larger, message, await larger.job(first.id))
    if not whole:
        await larger.redis.flushall()
        await larger.jobs.heartbeat("w", [STARTER], 1, upscaler=UPSCALER)
    before = set(await larger.all_jobs())
    await larger.discord.react(message, "1️⃣", "dua")
    said = await larger.discord.wait_message("dm:dua", lambda shown: shown.from_bot)
    assert "has been upscaled already" in said.content
    assert f"/{message.channel_id}/{pressed.message_id}" in said.content
    assert set(await larger.all_jobs()) == before


async def test_by_two_people_in_one_moment_it_is_made_once(larger: Harness, monkeypatch: pytest.MonkeyPatch):
    first, message = await larger.posted("bea")
    both, live = asyncio.Barrier(2), larger.bot.intake.live_models
    real = live.upscaler

    async def together(width: int, height: int) -> UpscalerInfo:
        await both.wait()  # by now neither has seen anything of the other
        return await real(width, height)

    monkeypatch.setattr(live, "upscaler", together)
    pressed = await asyncio.gather(*(press(larger, message, person=each) for each in ("cem", "dua")))
    answers = [await larger.answer(each) for each in pressed]
    assert len(await larger.all_jobs()) == 2
    assert list((await larger.job(first.id)).upscales) == [0]
    (refused,) = [each.content for each in answers if each.ephemeral]
    assert "is being upscaled already" in refused


async def test_while_it_is_under_way_it_is_told_where(larger: Harness):
    _, message = await larger.posted("bea")
    pressed = await press(larger, message)
    answer = await larger.answer(await press(larger, message, person="dua"))
    assert "is being upscaled already: https://" in answer.content
    assert answer.content.endswith(f"/{pressed.message_id}")
    assert answer.buttons == []


async def test_what_came_to_nothing_leaves_the_button_as_it_was(larger: Harness):
    first, message = await larger.posted("bea")
    pressed = await press(larger, message)
    assert (await larger.job(first.id)).upscales == {0: str(pressed.id)}
    await finished(larger, str(pressed.id), State.CANCELLED)
    assert (await larger.job(first.id)).upscales == {}
    assert not (await larger.answer(await press(larger, message, person="dua"))).ephemeral


async def shown_again(harness: Harness, message: Message, job: Job) -> None:
    """Edit the buttons as a poster does."""
    info = harness.discord.info
    url = f"{info.api}/channels/{message.channel_id}/messages/{message.id}"
    body = {"components": card(job, ENGLISH, [0])["components"]}
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {info.token}"}) as http,
        http.patch(url, json=body) as response,
    ):
        assert response.status == 200, await response.text()


async def test_without_an_upscaler_it_is_said_at_once(harness: Harness):
    first, message = await harness.posted("bea")
    assert await told(harness, await press(harness, message)) == texts.refusal(NoUpscaler(), ENGLISH)
    assert await harness.all_jobs() == [first.id]


async def test_an_upscaler_that_goes_at_the_last_moment_is_told_alike(harness: Harness, monkeypatch):
    _, message = await harness.posted("bea")
    monkeypatch.setattr(harness.bot.intake.live_models, "upscaler", AsyncMock(return_value=UPSCALER))
    assert await told(harness, await press(harness, message)) == texts.refusal(NoUpscaler(), ENGLISH)


async def test_what_is_too_large_is_said_with_the_limit(harness: Harness):
    _, message = await harness.posted("bea")
    small = UPSCALER.model_copy(update={"pixels_max": 256 * 256})
    takes_more = UpscalerInfo(id="upscaler.x2", title="x2", scale=2, pixels_max=200 * 200)
    for worker, upscaler in {"w": small, "other": takes_more}.items():
        await harness.jobs.heartbeat(worker, [STARTER], 1, upscaler=upscaler)
    said = await told(harness, await press(harness, message))
    assert said == (
        "This picture is too large to be upscaled here: 128 × 128 pixels. Up to about 100 × 100 can be upscaled ×2."
    )


async def test_the_caps_are_those_of_whoever_presses(larger: Harness):
    _, message = await larger.posted("bea")
    for _ in range(3):
        await larger.imagine("cem")
    assert "You have 3 requests waiting or running" in await told(larger, await press(larger, message))


async def failed(harness: Harness, reason: Reason = Reason.SOURCE) -> tuple[Message, Message, Job]:
    """A message with a picture, and one whose upscale of it came to nothing."""
    _, message = await harness.posted("bea")
    pressed = await press(harness, message)
    job = await harness.job(pressed.id)
    assert harness.claim() == f"{job.id}-1"
    assert await harness.jobs.fail(job.id, 1, reason)
    return message, await harness.answer(pressed), job


async def test_an_upscale_that_came_to_nothing_is_tried_again_by_rerun(larger: Harness):
    message, answer, job = await failed(larger)
    await larger.discord.react(answer, "🔁", "dua")
    again = await until(larger.all_jobs, lambda jobs: any(each.startswith(f"r{answer.id}") for each in jobs))
    second = await larger.job(next(each for each in again if each.startswith("r")))
    assert second.request == job.request
    assert second.source is not None
    assert (second.source.message, second.source.alone, second.verb) == (message.id, False, "upscale")


async def test_when_its_message_is_gone_that_is_said(larger: Harness):
    message, answer, _ = await failed(larger)
    await larger.discord.delete(message.id, "max")
    await larger.discord.react(answer, "🔁", "dua")
    said = await larger.discord.wait_message("dm:dua", lambda shown: shown.from_bot)
    assert said.content.splitlines()[0] == texts.refusal(SourceGone(), ENGLISH)


async def test_rerun_of_a_large_picture_draws_another_one(larger: Harness):
    first, message = await larger.posted("bea")
    pressed = await press(larger, message)
    job = await larger.job(pressed.id)
    await larger.redis.hset(f"easel:job:{job.id}", "state", State.POSTED)
    await larger.discord.react(await larger.answer(pressed), "🔁", "dua")
    found = await until(larger.all_jobs, lambda jobs: len(jobs) == 3)
    anew = await larger.job(next(each for each in found if each not in {first.id, job.id}))
    assert anew.verb == "rerun"
    assert anew.request == first.request.model_copy(update={"seed": anew.request.seed, "count": 1})
    assert anew.request.seed != first.request.seed
