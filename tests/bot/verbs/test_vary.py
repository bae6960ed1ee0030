"""Vary, by button and by reaction: what is asked for, in whose name, and what is said where it cannot be."""

from unittest.mock import AsyncMock

import pytest

from bot import texts
from bot.errors import NoSuchPicture, NotYet
from bot.flags.command import attached, typed
from bot.policy.limits import Policy
from bot.result_errors import CannotVary
from bot.source_errors import BeginningGone
from bot.verbs.action import Prefilled
from bot.verbs.edit import edit
from bot.verbs.vary import vary_little
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import STARTER, Harness, until
from tests.bot.verbs.test_action import OTHER, action, job
from tests.bot.verbs.test_handlers import INTAKE
from worker.contract.message.languages import ENGLISH
from worker.contract.message.layout import UNDER_MORE
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Job
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation
from worker.contract.types.own_words import own_words
from worker.contract.types.variation import PICTURES, STRENGTHS, Variation
from worker.contract.types.vocabulary_notice import Known

ABLE = STARTER.model_copy(update={"operations": ("img2img",)})


async def live(harness: Harness, model: ModelInfo) -> None:
    await harness.jobs.heartbeat("w", [model], 1, capabilities=model.capabilities)
    harness.bot.intake.live_models._read = float("-inf")  # not what was known a moment ago


@pytest.fixture
async def able(harness: Harness) -> Harness:
    """A worker lives whose model draws from pictures."""
    await live(harness, ABLE)
    return harness


async def press(harness: Harness, message: Message, verb: Verb = Verb.VARY_LITTLE) -> Interaction:
    if verb not in UNDER_MORE:
        return await harness.discord.press(message.id, f"1:{verb}:", "cem")
    panel = await harness.answer(await press(harness, message, Verb.MORE))
    return await harness.discord.press(panel, f"2:{verb}:", "cem")


async def other_job(harness: Harness, known: Job) -> Job:
    found = await until(harness.all_jobs, lambda jobs: len(set(jobs) - {known.id}) == 1)
    return await harness.job(next(each for each in found if each != known.id))


async def told(harness: Harness) -> str:
    said = await harness.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    return said.content.splitlines()[0]


@pytest.mark.parametrize("forgets", [False, True])
@pytest.mark.parametrize(
    ("verb", "how"), [(Verb.VARY_LITTLE, Variation.LITTLE), (Verb.VARY_LOT, Variation.LOT)], ids=str
)
async def test_four_more_are_asked_for_by_whoever_presses(able: Harness, verb: Verb, how: Variation, forgets: bool):
    first, message = await able.posted("bea")
    if forgets:
        await able.redis.flushall()
        await live(able, ABLE)
    job = await able.job((await press(able, message, verb)).id)
    asked, drawn = job.request, first.request
    assert (asked.operation, asked.strength, asked.count) == (Operation.IMG2IMG, STRENGTHS[how], PICTURES)
    assert asked.without_sources == drawn.model_copy(update={"seed": asked.seed, "count": PICTURES})
    assert asked.seed != drawn.seed
    assert (job.verb, job.owner != first.owner) == (verb, True)
    assert [(each.width, each.height) for each in asked.sources] == [(128, 128)]
    assert job.sources is not None
    place = job.sources.pictures[0]
    assert (place.channel, place.message, place.picture) == (message.channel_id, message.id, 0)
    assert (place.attachment, place.link.partition("?")[0]) == (
        message.attachments[0].id, message.attachments[0].url.partition("?")[0],
    )  # fmt: skip


@pytest.mark.parametrize("forgets", [False, True])
async def test_a_picture_keeps_its_own_words(harness: Harness, forgets: bool):
    worded = ABLE.model_copy(update={"knows": Known(things=("apple",), plain=("white", "pink"))})
    await live(harness, worded)
    first, message = await harness.posted("bea")
    if forgets:
        await harness.redis.flushall()
        await live(harness, worded)
    again = (await harness.job((await press(harness, message, Verb.RERUN)).id)).request
    varied = (await harness.job((await press(harness, message)).id)).request
    assert len(first.request.prompts) == first.request.count == 4
    assert (again.prompt, again.prompts) == (first.request.prompt, first.request.prompts)
    assert (varied.prompt, varied.prompts) == (first.request.prompts[0], ())
    others = (await harness.job((await press(harness, message, Verb.VARY_LOT)).id)).request
    seeds = [others.seed_of(index) for index in range(PICTURES)]
    prompt = first.request.prompt
    assert (others.prompt, others.prompts) == (prompt, own_words(prompt, worded.knows, seeds))
    assert len(set(others.prompts)) > 1


async def test_the_palette_as_reaction_asks_for_a_lot(able: Harness):
    first, message = await able.posted("bea")
    await able.discord.react(message, "🎨", "cem")
    job = await other_job(able, first)
    assert (job.verb, job.request.strength) == ("varylot", STRENGTHS[Variation.LOT])
    assert job.destination.reply_to == message.id


async def test_what_a_person_may_have_is_all_that_is_asked_for(able: Harness, monkeypatch: pytest.MonkeyPatch):
    first, message = await able.posted("bea")
    monkeypatch.setattr("bot.policy.limits.Policy.at_most", lambda _, name, number: min(number, 2))
    await able.discord.react(message, "🪄", "cem")
    assert (await other_job(able, first)).request.count == 2


async def test_a_model_that_cannot_is_named(harness: Harness):
    _, message = await harness.posted("bea")
    pressed = await press(harness, message)
    answer = await harness.answer(pressed)
    assert (answer.content, answer.ephemeral) == (texts.refusal(CannotVary("Starter"), ENGLISH), True)
    await harness.discord.react(message, "🎨", "cem")
    assert await told(harness) == answer.content


async def test_what_is_still_drawn_can_wait(able: Harness):
    _, message = await able.waiting("bea")
    await able.discord.react(message, "🎨", "cem")
    assert await told(able) == texts.refusal(NotYet(), ENGLISH)


async def test_a_picture_that_is_gone_is_told():
    gone = action(OTHER, job())
    assert gone.message is not None
    gone.message.attachments = []
    INTAKE.policies.of, INTAKE.messages = AsyncMock(return_value=Policy()), AsyncMock()
    with pytest.raises(NoSuchPicture):
        await vary_little(INTAKE, gone)


async def cancelled(harness: Harness, message: Message) -> tuple[Job, Message]:
    """A variation that came to nothing."""
    pressed = await press(harness, message)
    shown = await harness.answer(pressed)
    await press(harness, shown, Verb.CANCEL)
    return await harness.job(pressed.id), shown


async def test_tried_again_a_variation_begins_with_the_same(able: Harness):
    _, message = await able.posted("bea")
    first, shown = await cancelled(able, message)
    again = await able.job((await press(able, shown, Verb.RERUN)).id)
    assert again.request == first.request.model_copy(update={"seed": again.request.seed})
    assert again.sources is not None
    assert first.sources is not None
    assert again.sources.pictures[0].picture == first.sources.pictures[0].picture == 0


async def test_tried_again_when_that_is_gone_it_is_told(able: Harness):
    _, message = await able.posted("bea")
    _, shown = await cancelled(able, message)
    await able.discord.delete(message, "max")
    told = await able.answer(await press(able, shown, Verb.RERUN))
    assert (told.content, told.ephemeral) == (texts.refusal(BeginningGone(), ENGLISH), True)


async def test_versions_have_the_shape_of_a_picture_that_things_were_put_into(harness: Harness) -> None:
    """Asked for anew by ✏️ or a copied command, they begin with no picture: people cannot type both."""
    harness.capabilities = (*harness.capabilities, "canvas:starter")
    await live(harness, ABLE.model_copy(update={"side_min": 128, "side_max": 128, "canvas_max": 256}))
    first, message = await harness.posted("bea", prompt="a cat --ar 3:2")
    asked = (await harness.job((await press(harness, message)).id)).request
    assert (first.request.width, first.request.height, first.request.drawn_at) == (192, 128, 128)
    assert (asked.width, asked.height, asked.drawn_at, asked.operation) == (192, 128, 128, "img2img")
    assert "--ar 3:2" in typed(asked)
    assert "--strength" not in typed(asked)
    assert attached(asked) == {}
    pressed = action(1, record=first.model_copy(update={"request": asked}))
    assert await edit(harness.bot.intake, pressed) == Prefilled(asked.without_sources)
