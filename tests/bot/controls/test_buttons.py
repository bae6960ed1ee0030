"""Buttons under a job's message, pressed by its owner, a moderator and a stranger."""

import asyncio

import pytest

from bot import texts
from bot.errors import AlreadyAsked, NoRecipe, TooLate
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import CALLBACK, STARTER, Harness, until
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import Verb
from worker.contract.store import keys
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import Reason, State


async def told(harness: Harness, pressed: Interaction) -> str:
    """What only the one who pressed sees."""
    message = await harness.answer(pressed)
    assert message.ephemeral
    return message.content


async def press(harness: Harness, message: Message, verb: Verb, person: str) -> Interaction:
    return await harness.discord.press(message.id, f"1:{verb}:", person)


class TestCancel:
    async def test_the_owner_cancels_and_the_message_says_so_at_once(self, harness: Harness):
        job, message = await harness.waiting("bea")
        pressed = await press(harness, message, Verb.CANCEL, "bea")
        assert pressed.answer_type == 7
        shown = await harness.discord.message(message)
        assert "Cancelled." in shown.content
        assert [each["label"] for each in shown.buttons] == ["Rerun", "Edit", "Delete"]
        assert (await harness.job(job.id)).reason is Reason.OWNER

    async def test_what_a_poster_may_have_on_its_way_is_left_to_come_first(self, harness: Harness):
        job, message = await harness.waiting("bea")
        await harness.redis.hset(keys.job(job.id), mapping={"holder": "poster", "held": "0"})
        pressed = await press(harness, message, Verb.CANCEL, "bea")
        assert pressed.answer_type == 6
        assert await harness.state(job.id) is State.CANCELLED
        assert "Cancelled." not in (await harness.discord.message(message)).content
        due = await Outbox(harness.redis).claim(30)
        assert due is not None
        assert (due.job.id, due.job.state) == (job.id, State.CANCELLED)  # next, a poster shows it

    async def test_a_moderator_cancels_and_is_named_as_such(self, harness: Harness):
        job, message = await harness.waiting("bea")
        await press(harness, message, Verb.CANCEL, "max")
        assert (await harness.job(job.id)).reason is Reason.MODERATOR
        assert "by a moderator" in (await harness.discord.message(message)).content

    async def test_a_stranger_stops_nobody_elses_job(self, harness: Harness):
        job, message = await harness.waiting("bea")
        said = await told(harness, await press(harness, message, Verb.CANCEL, "cem"))
        assert said.startswith("Only the person who asked for it")
        assert f"<@{job.owner}>" in said
        assert await harness.state(job.id) is State.QUEUED

    async def test_a_running_job_is_cancelled_too(self, harness: Harness):
        job, message = await harness.waiting("bea")
        assert harness.claim()
        await press(harness, message, Verb.CANCEL, "bea")
        assert await harness.state(job.id) is State.CANCELLED

    async def test_too_late_is_said(self, harness: Harness):
        job, message = await harness.waiting("bea")
        await harness.render(job, b"picture")
        said = await told(harness, await press(harness, message, Verb.CANCEL, "bea"))
        assert said == texts.refusal(TooLate(), ENGLISH)

    async def test_pressed_twice_it_stays_cancelled(self, harness: Harness):
        job, message = await harness.waiting("bea")
        await harness.jobs.cancel(job.id)
        assert (await press(harness, message, Verb.CANCEL, "bea")).answer_type == 7
        assert await harness.state(job.id) is State.CANCELLED

    @pytest.mark.parametrize("person", ["bea", "max"])
    async def test_after_redis_was_emptied_the_message_itself_says_that_nothing_is_drawn(
        self, harness: Harness, person
    ):
        _, message = await harness.waiting("bea")
        await harness.redis.flushall()
        assert "Only the person" in await told(harness, await press(harness, message, Verb.CANCEL, "cem"))
        assert (await press(harness, message, Verb.CANCEL, person)).answer_type == 7
        shown = await harness.discord.message(message)
        assert shown.content.split("\n") == [message.content.split("\n")[0], texts.forgotten(ENGLISH)]
        assert [each["label"] for each in shown.buttons] == ["Delete"]
        assert "Only the person" in await told(harness, await press(harness, message, Verb.DELETE, "cem"))
        await press(harness, message, Verb.DELETE, person)
        await harness.discord.wait_edit(message, lambda now: now.deleted)


class TestRerun:
    async def test_anyone_gets_the_same_request_with_a_new_seed(self, harness: Harness):
        first, message = await harness.posted("bea")
        pressed = await press(harness, message, Verb.RERUN, "cem")
        assert pressed.answer_type == 4
        again = await until(lambda: harness.job(pressed.id), lambda job: job.destination.message is not None)
        assert again.request == first.request.model_copy(update={"seed": again.request.seed})
        assert again.request.seed != first.request.seed
        assert (again.owner != first.owner, again.verb) == (True, "rerun")
        shown = await harness.answer(pressed)
        assert f"<@{again.owner}>" in shown.content
        assert again.destination.message == shown.id

    @pytest.mark.parametrize("keep_worker", [True, False])
    async def test_after_redis_was_emptied_the_picture_says_how_it_was_made(self, harness: Harness, keep_worker):
        first, message = await harness.posted("bea")
        await harness.redis.flushall()
        if keep_worker:
            await harness.jobs.heartbeat("w", [STARTER], 1)
            again = await harness.job((await press(harness, message, Verb.RERUN, "cem")).id)
            assert again.request.prompt == first.request.prompt
            assert again.request.seed != first.request.seed
        else:
            await _forget_models(harness)
            assert "No worker is running" in await told(harness, await press(harness, message, Verb.RERUN, "cem"))

    async def test_without_record_and_picture_it_is_said(self, harness: Harness):
        job, message = await harness.waiting("bea")
        await press(harness, message, Verb.CANCEL, "bea")
        await harness.redis.delete(f"easel:job:{job.id}")
        said = await told(harness, await press(harness, message, Verb.RERUN, "bea"))
        assert said == texts.refusal(NoRecipe(), ENGLISH)

    async def test_the_caps_are_those_of_whoever_presses(self, harness: Harness):
        _, message = await harness.posted("bea")
        for _ in range(3):
            await harness.imagine("cem")
        assert "You have 3 requests waiting or running; whoever runs Easel allows at most 3." in await told(
            harness, await press(harness, message, Verb.RERUN, "cem")
        )
        assert not (await harness.answer(await press(harness, message, Verb.RERUN, "dua"))).ephemeral

    async def test_pressed_ten_times_in_haste_it_is_asked_once(self, harness: Harness):
        first, message = await harness.posted("bea")
        pressed = await asyncio.gather(*(press(harness, message, Verb.RERUN, "cem") for _ in range(10)))
        answers = [await harness.answer(each) for each in pressed]
        accepted = [each.id for each, shown in zip(pressed, answers, strict=True) if not shown.ephemeral]
        assert len(accepted) == 1
        assert {shown.content for shown in answers if shown.ephemeral} == {texts.refusal(AlreadyAsked(), ENGLISH)}
        assert set(await harness.all_jobs()) == {first.id, str(accepted[0])}
        assert not (await harness.answer(await press(harness, message, Verb.RERUN, "dua"))).ephemeral

    async def test_permissions_are_checked_again(self, harness: Harness):
        _, message = await harness.posted("bea")
        await harness.discord.overwrite("gallery", harness.discord.info.application_id, deny=["ATTACH_FILES"])
        assert "**Attach Files**" in await told(harness, await press(harness, message, Verb.RERUN, "cem"))

    async def test_a_damaged_record_falls_back_to_the_picture(self, harness: Harness):
        first, message = await harness.posted("bea")
        await harness.redis.hset(f"easel:job:{first.id}", "request", "{broken")
        again = await harness.job((await press(harness, message, Verb.RERUN, "cem")).id)
        assert again.request.prompt == first.request.prompt


class TestDelete:
    @pytest.mark.parametrize("person", ["bea", "max"])
    @pytest.mark.parametrize("emptied", [False, True])
    async def test_owner_and_moderator_are_asked_and_delete_even_after_redis_was_emptied(
        self, harness: Harness, person, emptied
    ):
        job, message = await harness.posted("bea", old=True)
        if emptied:
            await harness.redis.flushall()
        asked = await harness.answer(await press(harness, message, Verb.DELETE, person))
        assert asked.ephemeral
        assert asked.content.startswith("Delete these pictures?")
        assert [(each["label"], each["style"]) for each in asked.buttons] == [("Delete", 4)]
        assert not (await harness.discord.message(message)).deleted
        pressed = await harness.discord.press(asked, "Delete", person)
        assert pressed.answer_type == 7
        assert (await harness.discord.message(message)).deleted
        said = await harness.discord.message(asked)
        assert (said.content, said.buttons) == (texts.deleted(ENGLISH), [])
        await until(lambda: harness.forgotten(job))

    async def test_the_question_outlives_a_restart(self, harness: Harness, start_bot):
        _, message = await harness.posted("bea", old=True)
        asked = await harness.answer(await press(harness, message, Verb.DELETE, "bea"))
        await harness.bot.close()
        await start_bot()
        await harness.discord.press(asked, "Delete", "bea")
        assert (await harness.discord.message(message)).deleted

    async def test_a_yes_counts_no_more_for_a_moderator_of_then(self, harness: Harness):
        _, message = await harness.posted("bea", old=True)
        asked = await harness.answer(await press(harness, message, Verb.DELETE, "max"))
        await harness.discord.role("Studio", "Moderator", deny=["MANAGE_MESSAGES"])
        assert "or a moderator can delete this" in await told(
            harness, await harness.discord.press(asked, "Delete", "max")
        )
        assert not (await harness.discord.message(message)).deleted

    async def test_a_yes_to_what_is_gone_says_so(self, harness: Harness):
        _, message = await harness.posted("bea", old=True)
        asked = await harness.answer(await press(harness, message, Verb.DELETE, "bea"))
        await harness.discord.delete(message, "max")
        assert "gone" in await told(harness, await harness.discord.press(asked, "Delete", "bea"))

    async def test_without_pictures_nothing_is_asked(self, harness: Harness):
        _, message = await harness.waiting("bea")
        await press(harness, message, Verb.CANCEL, "bea")
        await press(harness, message, Verb.DELETE, "bea")
        assert (await harness.discord.message(message)).deleted

    async def test_where_the_bot_may_not_look_at_messages_it_is_done_at_once(self, harness: Harness):
        _, message = await harness.posted("bea", old=True)
        itself = harness.discord.info.application_id
        await harness.discord.overwrite("gallery", itself, deny=["READ_MESSAGE_HISTORY"])
        await press(harness, message, Verb.DELETE, "bea")
        assert (await harness.discord.message(message)).deleted

    async def test_pressed_five_times_quickly_it_is_done_and_nothing_else(self, harness: Harness, caplog):
        _, message = await harness.posted("bea", old=True)
        asked = await harness.answer(await press(harness, message, Verb.DELETE, "bea"))
        pressed = await asyncio.gather(*(harness.discord.press(asked, "Delete", "bea") for _ in range(5)))
        assert [each.state for each in pressed] == ["answered"] * 5
        assert (await harness.discord.message(message)).deleted
        assert [each for each in caplog.records if each.levelname != "INFO"] == []

    @pytest.mark.parametrize("emptied", [False, True])
    async def test_a_stranger_does_not(self, harness: Harness, emptied):
        _, message = await harness.posted("bea", old=True)
        if emptied:
            await harness.redis.flushall()
        said = await told(harness, await press(harness, message, Verb.DELETE, "cem"))
        assert "or a moderator can delete this" in said
        assert not (await harness.discord.message(message)).deleted


async def test_a_button_works_for_a_bot_that_was_started_later(harness: Harness, start_bot):
    job, message = await harness.waiting("bea")
    await harness.bot.close()
    await start_bot()
    await press(harness, message, Verb.CANCEL, "bea")
    assert await harness.state(job.id) is State.CANCELLED


async def test_redis_away_is_told_to_the_one_who_pressed(harness: Harness, start_bot):
    _, message = await harness.waiting("bea")
    await harness.bot.close()
    await start_bot(redis_url="redis://127.0.0.1:1/0")
    assert await told(harness, await press(harness, message, Verb.CANCEL, "bea")) == texts.queue_unreached(ENGLISH)


async def test_a_slow_redis_defers_a_press_in_place(harness: Harness, start_bot):
    job, message = await harness.waiting("bea")
    await harness.bot.close()
    await start_bot(defer_after=0.05)
    await harness.redis.client_pause(1500, all=True)
    pressed = await press(harness, message, Verb.CANCEL, "cem")
    assert pressed.answer_type == 6
    refused = await harness.discord.wait_message("gallery", lambda shown: shown.ephemeral)
    assert "Only the person" in refused.content
    assert await harness.state(job.id) is State.QUEUED


async def test_a_dropped_connection_changes_nothing_for_a_cancel(harness: Harness):
    _, message = await harness.waiting("bea")
    await harness.discord.fault("POST", CALLBACK, drop="after")
    await press(harness, message, Verb.CANCEL, "bea")
    assert "Cancelled." in (await harness.discord.message(message)).content


async def _forget_models(harness: Harness) -> None:
    """The bot remembers for two seconds what can be drawn."""
    harness.bot.intake.live_models._read = float("-inf")
