"""How it turns to noise: the picture that something began with, asked for under More or by a reaction."""

import pytest

from bot import texts
from bot.errors import ModelObjects
from bot.source_errors import BeganWithNone, BeginningGone, BeginningUnseen
from deploy.sandbox.client import Message
from tests.bot.harness import STARTER, Harness, until
from tests.bot.verbs.test_came_about import more
from tests.bot.verbs.test_vary import live, told
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.cause import no_moments
from worker.contract.types.job import Job
from worker.contract.types.operation import FORWARD, MOMENTS

ABLE = STARTER.model_copy(update={"operations": ("img2img", MOMENTS, FORWARD)})
SIGN = VERBS[Verb.FORWARD].reactions[0]


async def begun(harness: Harness, place: str = "gallery") -> tuple[Job, Message]:
    """A variation, which began with a picture."""
    await live(harness, ABLE)
    asked = await harness.imagine("bea", place, prompt="an owl")
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    first = await harness.answer(asked)
    await harness.finish(job, first)
    pressed = await harness.discord.press(first.id, f"1:{Verb.VARY_LOT}:", "bea")
    message = await harness.answer(pressed)
    varied = await until(lambda: harness.job(pressed.id), lambda found: found.destination.message is not None)
    return await harness.finish(varied, message), await harness.discord.message(message)


@pytest.mark.parametrize("place", ["gallery", "thread", "dm:bea"])
async def test_the_picture_that_was_begun_with_is_asked_for(harness: Harness, place: str) -> None:
    place = str(await harness.discord.thread("bea", "owls", channel="gallery")) if place == "thread" else place
    varied, message = await begun(harness, place)
    panel = await harness.answer(await harness.discord.press(message.id, f"1:{Verb.MORE}:", "bea"))
    assert SIGN in panel.content
    pressed = await harness.discord.press(panel, f"2:{Verb.FORWARD}:", "bea")
    job = await harness.job(pressed.id)
    assert (job.verb, job.request.forward, job.request.moments, job.request.count) == ("forward", True, 8, 1)
    assert job.request.needs == ("img2img:starter", "forward:starter")
    assert (job.request.seed, job.request.sources) == (varied.request.seed, varied.request.sources)
    assert varied.sources is not None
    assert job.sources is not None
    assert [each.attachment for each in job.sources.pictures] == [each.attachment for each in varied.sources.pictures]
    shown = await harness.answer(pressed)
    await harness.finish(job, shown)
    shown = await harness.discord.message(shown)
    assert "turns to noise: noise is added to its latents" in shown.content
    assert "guidance" not in shown.content
    assert SIGN not in (await harness.answer(await harness.discord.press(shown.id, f"1:{Verb.MORE}:", "bea"))).content


async def test_a_reaction_does_the_same(harness: Harness) -> None:
    varied, message = await begun(harness)
    known = set(await harness.all_jobs())
    await harness.discord.react(message, SIGN, "cem")
    found = await until(harness.all_jobs, lambda jobs: len(set(jobs) - known) == 1)
    job = await harness.job(next(each for each in found if each not in known))
    assert (job.verb, job.request.forward, job.request.seed) == ("forward", True, varied.request.seed)


async def test_nobody_is_shown_a_picture_of_a_channel_that_they_do_not_see(harness: Harness) -> None:
    await live(harness, ABLE)
    first, hidden = await harness.posted()
    await harness.discord.overwrite("gallery", "cem", deny=["VIEW_CHANNEL"])
    link = f"https://discord.com/channels/{first.destination.server}/{hidden.channel_id}/{hidden.id}"
    asked = await harness.imagine("bea", "general", image_link=link, count=1)
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    await harness.finish(job, shown := await harness.answer(asked))
    known = await harness.all_jobs()
    panel = await more(harness, shown)
    pressed = await harness.answer(await harness.discord.press(panel, f"2:{Verb.FORWARD}:", "cem"))
    refused = await harness.discord.wait_edit(pressed, lambda each: not each.thinking)
    assert refused.content == texts.refusal(BeginningUnseen(), ENGLISH)
    await harness.discord.react(shown, SIGN, "cem")
    assert await told(harness) == texts.refusal(BeginningUnseen(), ENGLISH)
    assert sorted(await harness.all_jobs()) == sorted(known)
    await harness.discord.react(shown, SIGN, "bea")
    await until(harness.all_jobs, lambda jobs: len(jobs) == len(known) + 1)


async def test_where_it_lies_is_forgotten_that_is_said(harness: Harness) -> None:
    _, message = await begun(harness)
    await harness.redis.flushall()
    await live(harness, ABLE)
    assert SIGN not in (await more(harness, message)).content
    await harness.discord.react(message, SIGN, "cem")
    assert await told(harness) == texts.refusal(BeginningGone(), ENGLISH).splitlines()[0]


async def test_what_began_with_none_and_what_a_model_cannot_is_said(harness: Harness) -> None:
    await live(harness, ABLE)
    _, message = await harness.posted("bea")
    assert SIGN not in (await more(harness, message)).content
    await harness.discord.react(message, SIGN, "cem")
    assert await told(harness) == texts.refusal(BeganWithNone(), ENGLISH)


async def test_a_model_that_cannot_is_named(harness: Harness) -> None:
    _, message = await begun(harness)
    await live(harness, ABLE.model_copy(update={"operations": ("img2img", MOMENTS)}))
    assert SIGN not in (await more(harness, message)).content
    await harness.discord.react(message, SIGN, "cem")
    assert await told(harness) == texts.refusal(ModelObjects(no_moments("Starter")), ENGLISH)
