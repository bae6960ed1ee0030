"""Enhance: a draft again with the same seed and all steps; only where that shows more."""

import pytest

from bot import texts
from bot.errors import NotYet
from bot.result_errors import NotADraft
from tests.bot.harness import PROMPT, STARTER, Harness, until
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Job
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Lora, Upscale
from worker.poster.payload import Abilities


def enhances(job: Job, model: ModelInfo | None, many: int = 1) -> bool:
    """Whether the message of its pictures has the button."""
    able = Abilities((), model)
    shown = card(job, ENGLISH, range(many), varied=range(many), draft=able.draft(job))["components"]
    assert all(len(row["components"]) <= 5 for row in shown)
    ids = [each["custom_id"] for row in shown for each in row["components"]]
    return str(CustomId(Verb.ENHANCE, job.id)) in ids


async def a_draft(harness: Harness, prompt: str = f"{PROMPT} --draft") -> tuple[Job, int]:
    asked = await harness.imagine(prompt=prompt)
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    message = await harness.answer(asked)
    await harness.finish(job, message)
    return await harness.job(job.id), message.id


@pytest.mark.parametrize("forgets", [False, True])
@pytest.mark.parametrize("way", ["button", "reaction"])
async def test_the_same_is_drawn_with_all_steps(harness: Harness, way: str, forgets: bool):
    job, message = await a_draft(harness)
    assert (job.request.steps, enhances(job, STARTER)) == (5, True)
    if forgets:
        await harness.redis.flushall()
        await harness.jobs.heartbeat("w", [STARTER], 1)
    if way == "button":
        await harness.discord.press(message, f"1:{Verb.ENHANCE}:", "cem")
    else:
        await harness.discord.react(message, "✨", "cem")
    found = await until(harness.all_jobs, lambda jobs: bool(set(jobs) - {job.id}))
    made = await harness.job(next(each for each in found if each != job.id))
    assert made.request == job.request.model_copy(update={"steps": STARTER.steps})
    assert made.verb == Verb.ENHANCE
    assert made.request.cost() == 4 * job.request.cost()


@pytest.mark.parametrize(
    ("steps", "loras", "offered"),
    [(5, (), True), (10, (), True), (11, (), False), (20, (), False), (4, ("lcm",), False), (5, ("ink",), True)],
)
async def test_it_is_offered_for_what_was_drawn_with_few_steps(
    harness: Harness, steps: int, loras: tuple[str, ...], offered: bool
):
    infos = (LoraInfo(id="lcm", title="LCM", steps=4), LoraInfo(id="ink", title="Ink"))
    model = STARTER.model_copy(update={"loras": infos})
    job, _ = await harness.posted()
    asked = {"steps": steps, "loras": tuple(Lora(id=each, weight=1) for each in loras)}
    assert enhances(job.model_copy(update={"request": job.request.model_copy(update=asked)}), model) is offered
    assert not enhances(job, None)


async def test_a_larger_one_of_a_draft_is_none(harness: Harness):
    job, _ = await harness.posted()
    how = Upscale(upscaler="x4", scale=4, width=64, height=64)
    asked = job.request.model_copy(update={"steps": 5, "upscale": how, "count": 1})
    assert not enhances(job.model_copy(update={"request": asked}), STARTER)


async def test_what_has_all_steps_is_not_drawn_again(harness: Harness):
    _, message = await harness.posted()
    await harness.discord.react(message, "✨", "cem")
    said = await harness.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    assert said.content.splitlines()[0] == texts.refusal(NotADraft(), ENGLISH)


async def test_what_is_still_drawn_can_wait(harness: Harness):
    _, message = await harness.waiting()
    await harness.discord.react(message, "✨", "cem")
    said = await harness.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    assert said.content.splitlines()[0] == texts.refusal(NotYet(), ENGLISH)
