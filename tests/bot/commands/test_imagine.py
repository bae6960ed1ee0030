"""`/imagine` as a person sees it, over real sockets."""

import logging
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot import texts
from bot.intake.admission import Intake
from deploy.sandbox.client import SandboxError
from tests.bot.harness import CALLBACK, PROMPT, STARTER, Harness, until
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import Verb
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import Job, State
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Scheduler


async def test_the_answer_is_the_public_message_with_cancel(harness: Harness):
    asked = await harness.imagine()
    assert asked.answer_type == 4
    message = await harness.answer(asked)
    assert not message.ephemeral
    job = await harness.job(asked.id)
    assert message.content == card(job, ENGLISH)["content"]
    assert PROMPT in message.content
    shown = [str(CustomId(verb, job.id)) for verb in (Verb.CANCEL, Verb.TELL)]
    assert [each["custom_id"] for each in message.buttons] == shown


async def test_the_job_knows_its_message_and_how_to_reach_it(harness: Harness):
    job, message = await harness.waiting()
    assert job.state is State.QUEUED
    place = job.destination
    assert (place.message, place.channel, place.installed) == (message.id, message.channel_id, True)
    assert place.server == int((await harness.discord.world())["guilds"][0]["id"])
    assert place.application == int(harness.discord.info.application_id)
    assert place.token
    assert place.upload_limit == 10 * 1024 * 1024


async def test_what_was_not_asked_comes_from_model_and_settings(harness: Harness):
    request = (await harness.job((await harness.imagine()).id)).request
    assert (request.model, request.width, request.height, request.steps) == ("starter", 128, 128, 20)
    assert (request.guidance_scale, request.count, request.negative_prompt) == (5.0, 4, "")


async def test_every_option_arrives(harness: Harness):
    asked = await harness.imagine(
        negative_prompt="blur", model="starter", aspect_ratio="16:9", steps=33, guidance=3.5,
        scheduler="ddim", seed=2**32 - 1, count=2,
    )  # fmt: skip
    request = (await harness.job(asked.id)).request
    assert (request.negative_prompt, request.steps, request.guidance_scale) == ("blur", 33, 3.5)
    assert (request.scheduler, request.seed, request.count) == (Scheduler.DDIM, 2**32 - 1, 2)
    assert request.width > request.height


async def test_models_complete_themselves_from_live_workers(harness: Harness):
    await harness.jobs.heartbeat("other", [ModelInfo(id="sdxl", title="Stable Diffusion XL")], 1)
    shown = await harness.discord.autocomplete("gallery", "bea", "imagine", "model", "")
    assert [(each["name"], each["value"]) for each in shown] == [
        ("Stable Diffusion XL", "sdxl"),
        ("Starter", "starter"),
    ]
    shown = await harness.discord.autocomplete("gallery", "bea", "imagine", "model", "xl")
    assert [each["value"] for each in shown] == ["sdxl"]


@pytest.mark.parametrize("typed", ["euler_a", "Euler ancestral", " EULER  Ancestral ", "euler-a"])
async def test_a_sampler_is_known_by_its_id_and_its_title(harness: Harness, typed: str):
    asked = await harness.imagine(scheduler=typed)  # "euler_a" is what older clients send
    assert (await harness.job(asked.id)).request.scheduler is Scheduler.EULER_A


async def test_a_sampler_that_there_is_none_of_is_refused_with_those_there_are(harness: Harness):
    message = await harness.answer(await harness.imagine(scheduler="euler z"))
    assert "There is no sampler “euler z”. There are **Euler**, **Euler ancestral**" in message.content
    assert (message.ephemeral, [each["label"] for each in message.buttons]) == (True, ["Change and try again"])


async def test_in_a_direct_message_it_works_alike(harness: Harness):
    asked = await harness.imagine(channel="dm:bea")
    assert PROMPT in (await harness.answer(asked)).content
    job = await harness.job(asked.id)
    assert job.server == f"dm-{job.owner}"
    assert job.destination.server is None


async def test_what_people_write_pings_nobody_and_breaks_nothing(harness: Harness):
    max_id = next(each["id"] for each in (await harness.discord.world())["people"] if each["username"] == "max")
    prompt = f"@everyone <@{max_id}> **bold** `code` ||x|| <:apple:1> 🏴\u200d☠️ # [a](http://b) - \\"
    message = await harness.answer(await harness.imagine(prompt=prompt))
    assert message.raw["mentions"] == []
    assert message.raw["mention_everyone"] is False
    assert "\\*\\*bold\\*\\*" in message.content
    assert f"<@{max_id}>" not in message.content


async def whispered(harness: Harness, channel: str = "gallery", **options: Any) -> str:
    """The ephemeral sentence that refuses this; nothing was accepted."""
    before = await harness.all_jobs()
    asked = await harness.imagine(channel=channel, **options)
    message = await harness.answer(asked)
    assert message.ephemeral
    assert message.raw["mentions"] == []
    assert await harness.all_jobs() == before
    return message.content


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("\u200b\u2060", "prompt is empty"), ("<@1> <@&2> @everyone", "holds only mentions")],
)
async def test_a_prompt_without_words_is_refused(harness: Harness, prompt, said):
    assert said in await whispered(harness, prompt=prompt)


@pytest.mark.parametrize(
    "options",
    [{"prompt": "x" * 1001}, {"steps": 0}, {"guidance": 31.0}, {"seed": -1}, {"count": 5}, {"aspect_ratio": "9:1"}],
    ids=lambda options: next(iter(options)),
)
async def test_discord_itself_stops_what_no_model_takes(harness: Harness, options):
    with pytest.raises(SandboxError) as caught:
        await harness.imagine(**options)
    assert caught.value.code == 50035


@pytest.mark.parametrize(
    ("permission", "name"),
    [("ATTACH_FILES", "Attach Files"), ("SEND_MESSAGES", "Send Messages"), ("VIEW_CHANNEL", "View Channel")],
)
async def test_a_missing_permission_is_named_before_anything_is_drawn(harness: Harness, permission, name):
    await harness.discord.overwrite("gallery", harness.discord.info.application_id, deny=[permission])
    said = await whispered(harness)
    assert f"**{name}**" in said
    assert "manage this channel" in said


async def test_an_unknown_model_lists_those_there_are(harness: Harness):
    assert "“flux”. Available right now: **Starter**." in await whispered(harness, model="flux")


async def test_a_default_model_that_is_not_there_refuses_nobody(start_bot, sandbox, redis_async: Redis, valkey_url):
    harness = Harness(sandbox, await start_bot(model="nothing"), redis_async, valkey_url)
    await harness.jobs.heartbeat("w", [STARTER], 1)
    assert (await harness.job((await harness.imagine()).id)).request.model == "starter"
    assert "No running worker draws with “nothing”" in await whispered(harness, model="nothing")


async def test_more_steps_than_the_model_takes(harness: Harness):
    assert "Starter takes at most 60 steps; you asked for 61." in await whispered(harness, steps=61)


async def test_nothing_live_is_said(harness: Harness):
    await harness.redis.flushall()
    assert "No worker is running" in await whispered(harness)


async def test_a_model_whose_worker_just_went_is_refused_at_admission(harness: Harness):
    await harness.bot.intake.live_models.models()
    await harness.redis.delete("easel:models")
    assert "No worker that draws with this model" in await whispered(harness)


async def test_the_caps_of_person_and_server_are_named(start_bot, sandbox, redis_async: Redis, valkey_url):
    harness = Harness(
        sandbox, await start_bot(cap_person=1, cap_server=2, count_max=2, count=1), redis_async, valkey_url
    )
    await harness.jobs.heartbeat("w", [STARTER], 1)
    assert "You asked for 3 pictures; whoever runs Easel allows at most 2." in await whispered(harness, count=3)
    await harness.imagine()
    assert "You have 1 request waiting or running; whoever runs Easel allows at most 1." in await whispered(harness)
    await harness.imagine("cem")
    asked = await harness.imagine("dua")
    said = (await harness.answer(asked)).content
    assert "This server has 2 requests waiting or running; whoever runs Easel allows at most 2." in said


async def test_redis_away_is_told_privately(start_bot, sandbox):
    bot = await start_bot(redis_url="redis://127.0.0.1:1/0")
    asked = await sandbox.slash("gallery", "bea", "imagine", {"prompt": PROMPT})
    message = await sandbox.message(asked.message_id)
    assert (message.content, message.ephemeral) == (texts.queue_unreached(ENGLISH), True)
    assert await sandbox.autocomplete("gallery", "bea", "imagine", "model", "") == []
    assert not bot.is_closed()


async def test_a_slow_redis_defers_and_leaves_the_message_to_the_poster_at_once(
    start_bot, sandbox, redis_async, valkey_url
):
    """An edit has no deadline: the bot's own, held up, might undo what a poster has shown since."""
    harness = Harness(sandbox, await start_bot(defer_after=0.05, answer_grace=60), redis_async, valkey_url)
    await harness.jobs.heartbeat("w", [STARTER], 1)
    await redis_async.client_pause(1500, all=True)
    asked = await harness.imagine()
    assert asked.answer_type == 5
    entry = await until(lambda: Outbox(redis_async).claim(30))
    assert entry is not None
    assert entry.job.destination.message == asked.message_id
    assert (await sandbox.message(asked.message_id)).thinking


async def test_a_redis_that_stays_silent_is_told_in_place(start_bot, sandbox, redis_async: Redis, valkey_url):
    harness = Harness(sandbox, await start_bot(defer_after=0.05, redis_timeout=0.3), redis_async, valkey_url)
    await redis_async.client_pause(1000, all=True)
    asked = await harness.imagine()
    message = await sandbox.wait_edit(asked.message_id, lambda shown: not shown.thinking)
    # Where a busy bot had to connect first, it never sent anything, and says so.
    assert message.content in {texts.queue_slow(ENGLISH), texts.queue_unreached(ENGLISH)}
    await redis_async.client_unpause()


async def test_a_refusal_takes_the_place_of_a_deferral_though_its_token_dies(start_bot, sandbox, redis_async):
    await start_bot(defer_after=0.05, redis_timeout=1.0)
    await redis_async.client_pause(3000, all=True)
    asked = await sandbox.slash("gallery", "bea", "imagine", {"prompt": PROMPT})
    assert asked.answer_type == 5
    await sandbox.expire_token(asked.id)
    message = await sandbox.wait_edit(asked.message_id, lambda shown: not shown.thinking)
    assert message.content == texts.queue_slow(ENGLISH)
    await redis_async.client_unpause()


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_connection_that_drops_loses_no_answer(harness: Harness, drop):
    await harness.discord.fault("POST", CALLBACK, drop=drop)
    job, message = await harness.waiting()
    assert PROMPT in message.content
    assert job.destination.message == message.id
    assert len(await harness.discord.messages("gallery")) == 1


async def test_a_dead_interaction_leaves_the_job_to_the_poster(harness: Harness, caplog):
    await harness.discord.fault("POST", CALLBACK, status=404, code=10062)
    asked = await harness.discord.slash("gallery", "bea", "imagine", {"prompt": PROMPT}, wait=False)
    job = await until(lambda: harness.jobs.get(str(asked.id)))
    assert job is not None
    await until(lambda: _logged(caplog, "was accepted but not answered"))
    assert (await harness.job(job.id)).destination.message is None
    assert await harness.discord.messages("gallery") == []


async def test_an_error_that_nobody_foresaw_is_polite_and_can_be_found(harness: Harness, caplog, monkeypatch):
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr(harness.bot.intake.jobs, "admit", broken)
    said = await whispered(harness)
    assert said.startswith("Something went wrong on Easel's side")
    assert "secret" not in said
    reference = said.split("`")[1]
    record = next(each for each in caplog.records if reference in each.getMessage())
    assert record.exc_info is not None
    assert PROMPT not in caplog.text


async def test_prompts_and_tokens_stay_out_of_the_log(harness: Harness, caplog):
    caplog.set_level(logging.INFO)
    job, _ = await harness.waiting()
    assert PROMPT not in caplog.text
    assert str(job.destination.token) not in caplog.text
    assert harness.discord.info.token not in caplog.text


async def test_help_is_for_the_one_who_asks(harness: Harness):
    message = await harness.answer(await harness.discord.slash("gallery", "bea", "help"))
    ids = {each["name"]: int(each["id"]) for each in await harness.discord.commands()}
    assert message.ephemeral
    (page,) = (each["description"] for each in message.embeds)
    assert page == texts.help_page(ENGLISH, ids)
    for name in ("imagine", "models"):
        assert f"</{name}:{ids[name]}>" in page
        assert f"`/{name}" not in page


async def test_help_links_to_commands_that_were_registered_before(harness: Harness, start_bot):
    await harness.bot.close()
    bot = await start_bot()
    commands = await harness.discord.commands()
    assert bot.intake.command_ids == {each["name"]: int(each["id"]) for each in commands}
    assert await harness.discord.command_syncs() == 1


async def _logged(caplog: pytest.LogCaptureFixture, text: str) -> bool:
    return text in caplog.text


async def test_ids_in_a_prompt_become_names(harness: Harness):
    world = await harness.discord.world()
    cem = next(each for each in world["people"] if each["username"] == "cem")
    room = next(each for each in world["guilds"][0]["channels"] if each["name"] == "gallery")
    asked = await harness.imagine(prompt=f"<@{cem['id']}> with <@7> and a<:red_fox:5> in <#{room['id']}>, gl\u200bossy")
    prompt = (await harness.job(asked.id)).request.prompt
    assert prompt.casefold() == "cem with someone and a red fox in gallery, glossy"


async def test_no_prompt_tells_the_name_of_a_channel_that_whoever_asks_does_not_see(harness: Harness):
    world = await harness.discord.world()
    room = next(each for each in world["guilds"][0]["channels"] if each["name"] == "general")
    await harness.discord.overwrite("general", "bea", deny=["VIEW_CHANNEL"])
    for person, said in (("bea", "a cat in somewhere"), ("cem", "a cat in general")):
        asked = await harness.imagine(person, prompt=f"a cat in <#{room['id']}>")
        assert (await harness.job(asked.id)).request.prompt == said


async def test_flags_in_the_prompt_are_options_and_typed_ones_win(harness: Harness):
    asked = await harness.imagine(prompt="a cat —ar 16:9 --no text, people --steps 30 --seed 7 —n 2", steps=6)
    request = (await harness.job(asked.id)).request
    assert (request.prompt, request.negative_prompt) == ("a cat", "text, people")
    assert (request.steps, request.seed, request.count, request.width > request.height) == (6, 7, 2, True)
    draft = (await harness.job((await harness.imagine(prompt="a cat --draft")).id)).request
    assert (draft.prompt, draft.steps) == ("a cat", 5)


async def test_of_a_flag_and_an_option_that_differ_the_option_counts_and_that_is_said(harness: Harness):
    asked = await harness.imagine(prompt=f"{PROMPT} --seed 8 --count 2 --steps 9", seed=7, count=2)
    job = await harness.job(asked.id)
    assert (job.request.seed, job.request.steps) == (7, 9)
    said = await harness.discord.wait_message("gallery", lambda each: each.ephemeral and "left out" in each.content)
    assert said.content == "What is typed as an option counts, so `--seed 8` was left out."


@pytest.mark.parametrize(("flag", "named"), [("--cfg many", "--cfg"), ("--steps 0", "--steps"), ("--n x", "--count")])
async def test_what_was_typed_as_a_flag_is_named_as_one(harness: Harness, flag: str, named: str):
    said = await harness.answer(await harness.imagine(prompt=f"{PROMPT} {flag}"))
    assert f"`{named}`" in said.content
    option = await harness.answer(await harness.imagine(prompt=PROMPT, steps=61))
    assert "--steps" not in option.content


async def test_a_flag_that_nobody_knows_is_never_drawn(harness: Harness):
    answer = await harness.answer(await harness.imagine(prompt="a cat --stepz 30"))
    assert answer.ephemeral
    assert "does not know `--stepz`. Did you mean `--steps`?" in answer.content
    assert await harness.all_jobs() == []
    shown = await harness.discord.press(answer, "Change and try again", "bea")
    asked = await harness.discord.submit(shown, {"prompt": "a cat --steps 30"}, "bea")
    assert (await harness.job(asked.id)).request.steps == 30


async def test_the_same_several_times_is_a_message_each_and_counts_like_any_other(harness: Harness):
    asked = await harness.imagine(prompt="a cat --repeat 3 --seed 7 --count 2")
    ids = {str(asked.id), f"{asked.id}-1", f"{asked.id}-2"}
    assert set(await until(harness.all_jobs, lambda found: set(found) == ids)) == ids
    jobs = [await harness.job(each) for each in sorted(ids)]
    assert [job.request.seed for job in jobs] == [7, 9, 11]
    assert [job.destination.token is None for job in jobs] == [False, True, True]
    more = await harness.imagine(prompt="a cat --repeat 2")
    assert (await harness.answer(more)).ephemeral  # three in line are the most


async def test_what_is_refused_of_several_is_said_and_the_others_stay(harness: Harness):
    asked = await harness.imagine(prompt="a cat --repeat 4")
    said = await harness.discord.wait_message("gallery", lambda shown: shown.ephemeral)
    assert said.content.startswith("3 of 4 are in line. ")
    assert sorted(await harness.all_jobs()) == [str(asked.id), f"{asked.id}-1", f"{asked.id}-2"]


async def test_where_the_queue_goes_away_between_several_it_is_said_how_many_are_in_line(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
):
    real, seen = Intake.accept, []

    async def goes_away(*given: Any, **named: Any) -> Job:
        seen.append(given)
        if len(seen) > 2:
            raise RedisConnectionError
        return await real(*given, **named)

    monkeypatch.setattr(Intake, "accept", goes_away)
    await harness.imagine(prompt="a cat --repeat 4")
    said = await harness.discord.wait_message("gallery", lambda shown: shown.ephemeral)
    assert said.content == texts.repeated(2, 4, texts.queue_away(ENGLISH), ENGLISH)
    assert said.buttons == []  # who asks for all of it again gets the first ones twice
