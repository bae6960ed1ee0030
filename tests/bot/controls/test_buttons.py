"""Buttons under a job's message, pressed by its owner, a moderator and a stranger."""

import asyncio

import pytest

from bot import texts
from bot.errors import AlreadyAsked, NoRecipe, TooLate
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import CALLBACK, STARTER, Stage, until
from worker.contract.message.verbs import Verb
from worker.contract.store import keys
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import Reason, State


async def told(stage: Stage, pressed: Interaction) -> str:
    """What only the one who pressed sees."""
    message = await stage.answer(pressed)
    assert message.ephemeral
    return message.content


async def press(stage: Stage, message: Message, verb: Verb, person: str) -> Interaction:
    return await stage.discord.press(message.id, f"1:{verb}:", person)


class TestCancel:
    async def test_the_owner_cancels_and_the_message_says_so_at_once(self, stage: Stage):
        job, message = await stage.waiting("bea")
        pressed = await press(stage, message, Verb.CANCEL, "bea")
        assert pressed.answer_type == 7
        shown = await stage.discord.message(message)
        assert "Cancelled." in shown.content
        assert [each["label"] for each in shown.buttons] == ["Rerun", "Delete"]
        assert (await stage.job(job.id)).reason is Reason.OWNER

    async def test_what_a_poster_may_have_on_its_way_is_left_to_come_first(self, stage: Stage):
        job, message = await stage.waiting("bea")
        await stage.redis.hset(keys.job(job.id), mapping={"holder": "poster", "held": "0"})
        pressed = await press(stage, message, Verb.CANCEL, "bea")
        assert pressed.answer_type == 6
        assert await stage.state(job.id) is State.CANCELLED
        assert "Cancelled." not in (await stage.discord.message(message)).content
        due = await Outbox(stage.redis).claim(30)
        assert due is not None
        assert (due.job.id, due.job.state) == (job.id, State.CANCELLED)  # next, a poster shows it

    async def test_a_moderator_cancels_and_is_named_as_such(self, stage: Stage):
        job, message = await stage.waiting("bea")
        await press(stage, message, Verb.CANCEL, "max")
        assert (await stage.job(job.id)).reason is Reason.MODERATOR
        assert "by a moderator" in (await stage.discord.message(message)).content

    async def test_a_stranger_stops_nobody_elses_job(self, stage: Stage):
        job, message = await stage.waiting("bea")
        said = await told(stage, await press(stage, message, Verb.CANCEL, "cem"))
        assert said.startswith("Only the person who asked for it")
        assert f"<@{job.owner}>" in said
        assert await stage.state(job.id) is State.QUEUED

    async def test_a_running_job_is_cancelled_too(self, stage: Stage):
        job, message = await stage.waiting("bea")
        assert stage.claim()
        await press(stage, message, Verb.CANCEL, "bea")
        assert await stage.state(job.id) is State.CANCELLED

    async def test_too_late_is_said(self, stage: Stage):
        job, message = await stage.waiting("bea")
        await stage.render(job, b"picture")
        said = await told(stage, await press(stage, message, Verb.CANCEL, "bea"))
        assert said == texts.refusal(TooLate())

    async def test_pressed_twice_it_stays_cancelled(self, stage: Stage):
        job, message = await stage.waiting("bea")
        await stage.jobs.cancel(job.id)
        assert (await press(stage, message, Verb.CANCEL, "bea")).answer_type == 7
        assert await stage.state(job.id) is State.CANCELLED

    @pytest.mark.parametrize("person", ["bea", "max"])
    async def test_after_redis_was_emptied_the_message_itself_says_that_nothing_is_drawn(self, stage: Stage, person):
        _, message = await stage.waiting("bea")
        await stage.redis.flushall()
        assert "Only the person" in await told(stage, await press(stage, message, Verb.CANCEL, "cem"))
        assert (await press(stage, message, Verb.CANCEL, person)).answer_type == 7
        shown = await stage.discord.message(message)
        assert shown.content.split("\n") == [message.content.split("\n")[0], texts.FORGOTTEN]
        assert [each["label"] for each in shown.buttons] == ["Delete"]
        assert "Only the person" in await told(stage, await press(stage, message, Verb.DELETE, "cem"))
        await press(stage, message, Verb.DELETE, person)
        await stage.discord.wait_edit(message, lambda now: now.deleted)


class TestRerun:
    async def test_anyone_gets_the_same_request_with_a_new_seed(self, stage: Stage):
        first, message = await stage.posted("bea")
        pressed = await press(stage, message, Verb.RERUN, "cem")
        assert pressed.answer_type == 4
        again = await until(lambda: stage.job(pressed.id), lambda job: job.destination.message is not None)
        assert again.request == first.request.model_copy(update={"seed": again.request.seed})
        assert again.request.seed != first.request.seed
        assert (again.owner != first.owner, again.verb) == (True, "rerun")
        shown = await stage.answer(pressed)
        assert f"<@{again.owner}>" in shown.content
        assert again.destination.message == shown.id

    @pytest.mark.parametrize("keep_worker", [True, False])
    async def test_after_redis_was_emptied_the_picture_says_how_it_was_made(self, stage: Stage, keep_worker):
        first, message = await stage.posted("bea")
        await stage.redis.flushall()
        if keep_worker:
            await stage.jobs.heartbeat("w", [STARTER], 1)
            again = await stage.job((await press(stage, message, Verb.RERUN, "cem")).id)
            assert again.request.prompt == first.request.prompt
            assert again.request.seed != first.request.seed
        else:
            await _forget_models(stage)
            assert "No worker is running" in await told(stage, await press(stage, message, Verb.RERUN, "cem"))

    async def test_without_record_and_picture_it_is_said(self, stage: Stage):
        job, message = await stage.waiting("bea")
        await press(stage, message, Verb.CANCEL, "bea")
        await stage.redis.delete(f"easel:job:{job.id}")
        said = await told(stage, await press(stage, message, Verb.RERUN, "bea"))
        assert said == texts.refusal(NoRecipe())

    async def test_the_caps_are_those_of_whoever_presses(self, stage: Stage):
        _, message = await stage.posted("bea")
        for _ in range(3):
            await stage.imagine("cem")
        assert "You have 3 requests waiting or running; at most 3 are allowed." in await told(
            stage, await press(stage, message, Verb.RERUN, "cem")
        )
        assert not (await stage.answer(await press(stage, message, Verb.RERUN, "dua"))).ephemeral

    async def test_pressed_ten_times_in_haste_it_is_asked_once(self, stage: Stage):
        first, message = await stage.posted("bea")
        pressed = await asyncio.gather(*(press(stage, message, Verb.RERUN, "cem") for _ in range(10)))
        answers = [await stage.answer(each) for each in pressed]
        accepted = [each.id for each, shown in zip(pressed, answers, strict=True) if not shown.ephemeral]
        assert len(accepted) == 1
        assert {shown.content for shown in answers if shown.ephemeral} == {texts.refusal(AlreadyAsked())}
        assert set(await stage.all_jobs()) == {first.id, str(accepted[0])}
        assert not (await stage.answer(await press(stage, message, Verb.RERUN, "dua"))).ephemeral

    async def test_permissions_are_checked_again(self, stage: Stage):
        _, message = await stage.posted("bea")
        await stage.discord.overwrite("gallery", stage.discord.info.application_id, deny=["ATTACH_FILES"])
        assert "**Attach Files**" in await told(stage, await press(stage, message, Verb.RERUN, "cem"))

    async def test_a_damaged_record_falls_back_to_the_picture(self, stage: Stage):
        first, message = await stage.posted("bea")
        await stage.redis.hset(f"easel:job:{first.id}", "request", "{broken")
        again = await stage.job((await press(stage, message, Verb.RERUN, "cem")).id)
        assert again.request.prompt == first.request.prompt


class TestDelete:
    @pytest.mark.parametrize("person", ["bea", "max"])
    @pytest.mark.parametrize("emptied", [False, True])
    async def test_owner_and_moderator_delete_even_after_redis_was_emptied(self, stage: Stage, person, emptied):
        _, message = await stage.posted("bea")
        if emptied:
            await stage.redis.flushall()
        await press(stage, message, Verb.DELETE, person)
        await stage.discord.wait_edit(message, lambda shown: shown.deleted)

    async def test_pressed_five_times_quickly_it_is_done_and_nothing_else(self, stage: Stage, caplog):
        _, message = await stage.posted("bea")
        pressed = await asyncio.gather(*(press(stage, message, Verb.DELETE, "bea") for _ in range(5)))
        assert [each.state for each in pressed] == ["answered"] * 5
        assert (await stage.discord.message(message)).deleted
        assert [each for each in caplog.records if each.levelname != "INFO"] == []

    @pytest.mark.parametrize("emptied", [False, True])
    async def test_a_stranger_does_not(self, stage: Stage, emptied):
        _, message = await stage.posted("bea")
        if emptied:
            await stage.redis.flushall()
        said = await told(stage, await press(stage, message, Verb.DELETE, "cem"))
        assert "or a moderator can delete this" in said
        assert not (await stage.discord.message(message)).deleted


async def test_a_button_works_for_a_bot_that_was_started_later(stage: Stage, start_bot):
    job, message = await stage.waiting("bea")
    await stage.bot.close()
    await start_bot()
    await press(stage, message, Verb.CANCEL, "bea")
    assert await stage.state(job.id) is State.CANCELLED


async def test_redis_away_is_told_to_the_one_who_pressed(stage: Stage, start_bot):
    _, message = await stage.waiting("bea")
    await stage.bot.close()
    await start_bot(redis_url="redis://127.0.0.1:1/0")
    assert await told(stage, await press(stage, message, Verb.CANCEL, "bea")) == texts.QUEUE_AWAY


async def test_a_slow_redis_defers_a_press_in_place(stage: Stage, start_bot):
    job, message = await stage.waiting("bea")
    await stage.bot.close()
    await start_bot(defer_after=0.05)
    await stage.redis.client_pause(400, all=True)
    pressed = await press(stage, message, Verb.CANCEL, "cem")
    assert pressed.answer_type == 6
    refused = await stage.discord.wait_message("gallery", lambda shown: shown.ephemeral)
    assert "Only the person" in refused.content
    assert await stage.state(job.id) is State.QUEUED


async def test_a_dropped_connection_changes_nothing_for_a_cancel(stage: Stage):
    _, message = await stage.waiting("bea")
    await stage.discord.fault("POST", CALLBACK, drop="after")
    await press(stage, message, Verb.CANCEL, "bea")
    assert "Cancelled." in (await stage.discord.message(message)).content


async def _forget_models(stage: Stage) -> None:
    """The bot remembers for two seconds what can be drawn."""
    stage.bot.intake.live_models._read = float("-inf")
