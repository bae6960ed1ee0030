"""Buttons and reactions under a job's message: they do what they say, after any restart too."""

from deploy.sandbox.client import Message
from tests.e2e.local import DEADLINE
from tests.e2e.person import CHANNEL, Asked, Easel, job_of
from worker.contract.types.job import Reason, State


async def test_what_waits_can_be_cancelled_by_its_owner(easel: Easel) -> None:
    blocking = await easel.ask("in front [slow=0.5]", person="Cem", steps=60)
    await easel.drawing(blocking.job)
    waiting = await easel.ask("behind")
    await easel.sandbox.press(waiting.message, "Cancel", "Bea", timeout=DEADLINE)
    assert (await easel.reaches(waiting.job, State.CANCELLED)).attempt == 0
    await easel.sandbox.react(blocking.message, "❌", "Cem")
    await easel.reaches(blocking.job, State.CANCELLED)


async def test_what_runs_can_be_cancelled_and_makes_room(easel: Easel) -> None:
    running = await easel.ask("never finished [slow=0.5]", steps=100)
    await easel.drawing(running.job)
    await easel.sandbox.press(running.message, "Cancel", "Max", timeout=DEADLINE)
    assert (await easel.reaches(running.job, State.CANCELLED)).reason is Reason.MODERATOR
    shown = await easel.sandbox.wait_edit(running.message, lambda m: "Cancelled" in m.content, DEADLINE)
    assert not shown.attachments
    await easel.once(await easel.ask("the next one"))


async def test_a_stranger_can_cancel_nothing(easel: Easel) -> None:
    running = await easel.ask("mine [slow=0.2]", steps=15)
    refused = await easel.sandbox.press(running.message, "Cancel", "Dua", timeout=DEADLINE)
    assert refused.message_id is not None
    assert (await easel.sandbox.message(refused.message_id)).ephemeral_to is not None
    await easel.once(running)


async def test_a_result_is_deleted_by_its_owner_only(easel: Easel) -> None:
    message = await easel.once(await easel.ask("soon gone"))
    strangers = await easel.sandbox.press(message, "More", "Cem", timeout=DEADLINE)
    assert strangers.message_id is not None
    offered = (await easel.sandbox.message(strangers.message_id)).buttons
    assert [button["label"] for button in offered if "delete" in button["custom_id"]] == []
    assert "How it came about" in [button["label"] for button in offered]  # a stranger may look, and delete nothing
    panel = await easel.sandbox.press(message, "More", "Bea", timeout=DEADLINE)
    assert panel.message_id is not None
    asked = await easel.sandbox.press(panel.message_id, "Delete…", "Bea", timeout=DEADLINE)
    assert asked.message_id is not None
    assert not (await easel.sandbox.message(message)).deleted
    await easel.sandbox.press(asked.message_id, "Delete", "Bea", timeout=DEADLINE)
    await easel.sandbox.wait_edit(message, lambda shown: shown.deleted, DEADLINE)


async def test_rerun_works_after_a_restart_of_bot_and_worker(easel: Easel) -> None:
    message = await easel.once(await easel.ask("again and again", seed=1))
    await easel.local.restart("bot", "supervisor")
    await easel.ready()
    before = await easel.sandbox.message(message)
    again = await rerun_by_button(easel, before)
    await easel.once(again)
    first, second = await easel.jobs.get(job_of(message)), await easel.jobs.get(again.job)
    assert first is not None
    assert second is not None
    assert second.request.seed != first.request.seed
    assert second.request.model_copy(update={"seed": 1}) == first.request


async def test_rerun_works_after_redis_was_emptied(easel: Easel) -> None:
    asked = await easel.ask("kept in the picture", seed=3, steps=5)
    message = await easel.once(asked)
    known = await easel.jobs.get(asked.job)
    assert known is not None
    await easel.redis.flushall()
    await easel.beating()
    again = await rerun_by_button(easel, message)
    await easel.once(again)
    record = await easel.jobs.get(again.job)
    assert record is not None
    assert record.request.model_copy(update={"seed": 3}) == known.request


async def test_a_reaction_draws_it_again_as_a_reply(easel: Easel) -> None:
    message = await easel.once(await easel.ask("by reaction"))
    await easel.sandbox.react(message, "🔁", "Cem")
    reply = await easel.sandbox.wait_message(
        CHANNEL, lambda shown: shown.reply_to == message.id and bool(shown.attachments), DEADLINE
    )
    assert (await easel.reaches(job_of(reply), State.POSTED)).verb == "rerun"


async def rerun_by_button(easel: Easel, message: Message) -> Asked:
    done = await easel.sandbox.press(message, "1:rerun", "Cem", timeout=DEADLINE)
    assert done.message_id is not None
    answer = await easel.sandbox.message(done.message_id)
    assert not answer.ephemeral, answer.content
    return Asked(done, answer, job_of(answer))
