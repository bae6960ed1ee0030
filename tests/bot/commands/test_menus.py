"""The menu of a message: the same verbs as its buttons."""

from types import SimpleNamespace

import pytest

from bot.commands.menus import Menus
from deploy.sandbox.client import file
from tests.bot.commands.test_begin_with import picture
from tests.bot.harness import PROMPT, STARTER, UPSCALER, Harness, draw, until
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


async def test_a_picture_that_somebody_posts_anew_says_how_it_was_made(harness: Harness):
    job, _ = await harness.posted()
    message = await harness.discord.say("general", "cem", "look", files=[file("mine.png", draw(job))])
    shown = await harness.discord.context_menu("dua", "Edit", message=message.id)
    assert shown.modal is not None
    assert shown.modal["components"][0]["component"]["value"] == PROMPT
    said = await harness.answer(await harness.discord.context_menu("dua", "Recipe", message=message.id))
    said = await harness.discord.wait_edit(said, lambda each: not each.thinking)
    assert f"/imagine prompt:{PROMPT} --ar 1:1 --seed {job.request.seed}" in said.content
    assert (said.ephemeral, said.buttons) == (True, [])
    photo = await harness.discord.say("general", "cem", "look", files=[file("photo.png", picture())])
    for name, about in (("Upscale", message), ("Recipe", photo), ("Edit", photo)):
        said = await harness.answer(await harness.discord.context_menu("dua", name, message=about.id))
        await harness.discord.wait_edit(said, lambda each: "no result of Easel's" in each.content)


async def test_what_was_made_larger_before_is_told_from_the_menu_too(harness: Harness):
    await harness.jobs.heartbeat("w", [STARTER], 1, upscaler=UPSCALER)
    _, message = await harness.posted()
    asks = [
        await harness.answer(await harness.discord.context_menu(each, "Upscale", message=message.id))
        for each in ("cem", "dua")
    ]
    first, second = [
        await harness.answer(await harness.discord.press(asked, "Upscale", person))
        for asked, person in zip(asks, ("cem", "dua"), strict=True)
    ]
    assert (first.ephemeral, second.ephemeral) == (False, True)
    assert "is being upscaled already" in second.content


async def test_vary_asks_how_far(harness: Harness):
    job, message = await harness.posted()
    able = STARTER.model_copy(update={"operations": ("img2img",)})
    await harness.jobs.heartbeat("w", [able], 1, capabilities=able.capabilities)
    harness.bot.intake.live_models._read = float("-inf")  # not what was known a moment ago
    asks = await harness.answer(await harness.discord.context_menu("cem", "Vary", message=message.id))
    assert asks.content == "Which picture is to be varied? 🪄 a little, 🎨 a lot."
    assert [each["label"] for each in asks.buttons] == ["Vary a little", "Vary a lot"]
    varied = await harness.discord.press(asks, "Vary a lot", "cem")
    made = (await harness.job(varied.id)).request
    assert (made.prompt, made.strength) == (job.request.prompt, 0.8)


def test_of_several_each_has_two_buttons(harness: Harness):
    menus, verbs = Menus(harness.bot.intake), (Verb.VARY_LITTLE, Verb.VARY_LOT)
    files = SimpleNamespace(
        id=7, attachments=[SimpleNamespace(filename=f"easel-1-{number}.png") for number in (1, 2, 3, 4)]
    )
    little, lot = menus._pictures(SimpleNamespace(job="1"), files, verbs)  # type: ignore[arg-type]
    assert [(each["label"], each["emoji"]["name"]) for each in little["components"]] == [  # type: ignore[attr-defined]
        ("V1", "🪄"), ("V2", "🪄"), ("V3", "🪄"), ("V4", "🪄"),
    ]  # fmt: skip
    assert [each["label"] for each in lot["components"]] == ["1", "2", "3", "4"]  # type: ignore[attr-defined]


async def test_of_what_is_no_result_it_says_so(harness: Harness):
    message = await harness.discord.say("gallery", "bea", "hello")
    for name in ("Edit", "Recipe", "Upscale", "Vary"):
        said = await harness.answer(await harness.discord.context_menu("cem", name, message=message.id))
        assert (said.ephemeral, "no result of Easel's. `/imagine` starts anew" in said.content) == (True, True)
