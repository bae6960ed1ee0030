"""The menu of a message: the same verbs as its buttons."""

import pytest

from tests.bot.harness import PROMPT, STARTER, UPSCALER, Harness, until
from worker.contract.message.verbs import Verb


@pytest.mark.parametrize("forgets", [False, True])
@pytest.mark.parametrize("old", [False, True])
async def test_edit_recipe_and_upscale_work_for_messages_of_any_age(harness: Harness, forgets: bool, old: bool):
    job, message = await harness.posted(old=old)
    if forgets:
        await harness.redis.flushall()
    await harness.jobs.heartbeat("w", [STARTER], 1, upscaler=UPSCALER)
    shown = await harness.discord.context_menu("cem", "Edit", message=message.id)
    assert shown.modal is not None
    assert shown.modal["components"][0]["component"]["value"] == PROMPT
    said = await harness.answer(await harness.discord.context_menu("cem", "Recipe", message=message.id))
    assert f"/imagine prompt:{PROMPT} --ar 1:1 --seed {job.request.seed}" in said.content
    assert (said.ephemeral, said.buttons) == (True, [])
    mine = await harness.answer(await harness.discord.context_menu("bea", "Recipe", message=message.id))
    assert [each["label"] for each in mine.buttons] == ["Delete…"]
    asks = await harness.answer(await harness.discord.context_menu("cem", "Upscale", message=message.id))
    assert asks.ephemeral
    larger = await harness.discord.press(asks, "Upscale", "cem")
    assert (await until(lambda: harness.job(larger.id))).verb == Verb.UPSCALE


async def test_of_what_is_no_result_it_says_so(harness: Harness):
    message = await harness.discord.say("gallery", "bea", "hello")
    for name in ("Edit", "Recipe", "Upscale"):
        said = await harness.answer(await harness.discord.context_menu("cem", name, message=message.id))
        assert (said.ephemeral, "no result of Easel's. `/imagine` starts anew" in said.content) == (True, True)
