"""How it came about: asked for under More or by a reaction, of one picture, where its model can show it."""

import pytest

from bot import texts
from bot.errors import ModelObjects
from bot.result_errors import ShowsMoments
from deploy.sandbox.client import Message
from tests.bot.harness import STARTER, Harness
from tests.bot.verbs.test_vary import live, other_job, press
from worker.contract.message.languages import ENGLISH
from worker.contract.message.markdown import message_link
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.cause import no_moments
from worker.contract.types.job import Job
from worker.contract.types.picture_place import PicturePlace

ABLE = STARTER.model_copy(update={"operations": ("img2img", "moments")})
WAY = f"2:{Verb.CAME_ABOUT}:"  # how its buttons begin
SIGN = VERBS[Verb.CAME_ABOUT].reactions[0]


@pytest.fixture
async def able(harness: Harness) -> Harness:
    """A worker lives whose model can show it."""
    await live(harness, ABLE)
    return harness


async def more(harness: Harness, message: Message) -> Message:
    return await harness.answer(await press(harness, message, Verb.MORE))


async def four(harness: Harness) -> tuple[Job, Message]:
    job, message = await harness.waiting(prompt="an owl --count 4 --seed 7")
    return await harness.finish(job, message), await harness.discord.message(message)


@pytest.mark.parametrize("forgets", [False, True])
async def test_more_says_what_it_costs_and_asks_for_it(able: Harness, forgets: bool):
    first, message = await able.posted("bea")
    if forgets:
        await able.redis.flushall()
        await live(able, ABLE)
    panel = await more(able, message)
    assert f"With {SIGN} it is drawn once more" in panel.content
    assert "counts like any picture" in panel.content
    pressed = await able.discord.press(panel, WAY, "cem")
    job = await able.job(pressed.id)
    assert job.request == first.request.only(0).model_copy(update={"moments": 8})
    assert (job.verb, job.request.count, job.owner != first.owner) == ("cameabout", 1, True)
    assert job.tells_of == PicturePlace(first.destination.channel, message.id, 0)
    assert not (await able.answer(pressed)).ephemeral


async def test_of_several_each_has_its_own(able: Harness):
    first, message = await four(able)
    panel = await more(able, message)
    labels = [each["label"] for each in panel.buttons]
    assert labels[:4] == [f"How {number}" for number in (1, 2, 3, 4)]
    job = await able.job((await able.discord.press(panel, "How 3", "cem")).id)
    assert job.request.seed == first.request.seed_of(2)
    assert job.tells_of == PicturePlace(first.destination.channel, message.id, 3)
    assert job.request.prompts == ()


async def test_a_reaction_asks_for_that_of_the_first(able: Harness):
    first, message = await four(able)
    await able.discord.react(message, SIGN, "cem")
    job = await other_job(able, first)
    assert (job.verb, job.request.seed, job.request.moments) == ("cameabout", 7, 8)


async def test_where_the_model_cannot_it_is_not_offered_and_refused_in_words(harness: Harness):
    _, message = await harness.posted("bea")
    panel = await more(harness, message)
    assert SIGN not in panel.content
    assert not [each for each in panel.buttons if each["custom_id"].startswith(WAY)]
    await harness.discord.react(message, SIGN, "cem")
    said = await harness.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    assert said.content.splitlines()[0] == texts.refusal(ModelObjects(no_moments("Starter")), ENGLISH)


@pytest.mark.parametrize("verb", [Verb.UPSCALE, Verb.VARY_LOT])
async def test_what_shows_it_has_few_buttons_and_says_where_the_rest_is(able: Harness, verb: Verb):
    _, first = await able.posted("bea")
    pressed = await able.discord.press(await more(able, first), WAY, "cem")
    job = await able.job(pressed.id)
    shown = await able.answer(pressed)
    await able.finish(await able.job(job.id), shown)
    shown = await able.discord.message(shown)
    link = message_link(job.destination.server, job.destination.channel, first.id)
    assert f"How [this picture]({link}) came about" in shown.content
    verbs = [each["custom_id"].split(":")[1] for each in shown.buttons]
    assert verbs == [Verb.RERUN, Verb.EDIT, Verb.KEEP, Verb.SEND, Verb.MORE]
    assert SIGN not in (await more(able, shown)).content
    await able.discord.react(shown, VERBS[verb].reactions[0], "max")
    said = await able.discord.wait_message("dm:max", lambda found: found.from_bot)
    assert said.content.splitlines()[0] == texts.refusal(ShowsMoments(), ENGLISH)
