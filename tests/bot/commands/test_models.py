"""`/models` as a person sees it, over real sockets."""

from tests.bot.harness import STARTER, Harness
from tests.bot.intake.test_policies import set_
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.vocabulary_notice import Known

KNOWN = Known(things=("red apple", "ice cream"), styles=("cartoon",), backgrounds=("white", "light blue"))
FEW = STARTER.model_copy(update={"draws": "emoji-like", "knows": KNOWN, "example": "a cartoon of an ice cream"})


async def shown(harness: Harness, **options: object) -> list[dict]:
    """The embeds of all that is whispered."""
    asked = await harness.discord.slash("gallery", "bea", "models", options)
    message = await harness.answer(asked)
    assert message.ephemeral
    return message.raw["embeds"] or [{"description": message.content}]


async def test_the_only_model_is_told_of_with_all_that_it_knows(harness: Harness):
    await harness.jobs.heartbeat("w", [FEW], 1)
    (embed,) = await shown(harness)
    assert embed["title"] == "Starter knows 2 emoji-like things"
    assert "red apple, ice cream" in embed["description"]
    assert [field["value"] for field in embed["fields"]] == ["cartoon", "white, light blue", FEW.example]


async def test_several_are_listed_and_one_of_them_is_told_of_by_name(harness: Harness):
    await harness.jobs.heartbeat("w", [FEW, ModelInfo(id="sdxl", title="Stable Diffusion XL")], 1)
    (listed,) = await shown(harness)
    assert "**Starter** · 128 × 128 · 20 steps" in listed["description"]
    assert "Stable Diffusion XL" in listed["description"]
    (embed,) = await shown(harness, model="sdxl")
    assert "in any words" in embed["description"]
    (refused,) = await shown(harness, model="nothing")
    assert "No running worker draws with “nothing”" in refused["description"]


async def test_shapes_that_things_are_put_into_are_told_too(harness: Harness):
    shaped = ModelInfo(id="starter", title="Starter", side_min=128, side_max=128, native_pixels=16384, canvas_max=256)
    await harness.jobs.heartbeat("w", [shaped], 1)
    (listed,) = await shown(harness)
    assert "128 × 128, other shapes up to 256 × 128 · 25 steps" in listed["description"]


async def test_what_may_not_be_used_here_is_listed_last_and_said_to_be_so(harness: Harness):
    await harness.jobs.heartbeat("w", [STARTER, ModelInfo(id="sdxl", title="Stable Diffusion XL")], 1)
    await set_(harness, each__models=["sdxl"])
    (listed,) = await shown(harness)
    assert listed["description"].startswith("**Stable Diffusion XL** · 512 × 512 · 25 steps\n")
    assert "**Starter** · 128 × 128 · 20 steps · not to be used here\n" in listed["description"]
    (embed,) = await shown(harness, model="starter")
    assert "not to be used here" in embed["description"]


async def test_a_slow_redis_makes_none_of_it_public(start_bot, sandbox, redis_async, valkey_url):
    harness = Harness(sandbox, await start_bot(defer_after=0.05), redis_async, valkey_url)
    await harness.jobs.heartbeat("w", [FEW], 1)
    await redis_async.client_pause(1500, all=True)
    asked = await sandbox.slash("gallery", "bea", "models")
    assert asked.answer_type == 5
    message = await sandbox.wait_edit(asked.message_id, lambda shown: not shown.thinking)
    assert message.ephemeral
    assert message.raw["embeds"]
