"""Processes die in the middle of a job; its pictures are posted, and posted once."""

import pytest

from tests.e2e.local import DEADLINE
from tests.e2e.person import CHANNEL, Easel
from worker.contract.types.job import State


@pytest.mark.parametrize("role", ["engine", "horse", "slot", "supervisor"])
async def test_a_job_survives_the_death_of_who_draws_it(easel: Easel, role: str) -> None:
    asked = await easel.ask(f"without its {role} [slow=0.2]", steps=10)
    await easel.drawing(asked.job)
    gone = easel.local.kill(role)
    message = await easel.once(asked)
    assert message.id == asked.message.id
    record = await easel.reaches(asked.job, State.POSTED)
    assert record.attempt == 2
    if role != "horse":
        await easel.local.replaced(role, gone)


@pytest.mark.parametrize("role", ["poster", "bot"])
async def test_a_job_does_not_notice_the_death_of_who_speaks(easel: Easel, role: str) -> None:
    asked = await easel.ask(f"without its {role} [slow=0.2]", steps=10)
    await easel.drawing(asked.job)
    gone = easel.local.kill(role)
    message = await easel.once(asked)
    assert message.id == asked.message.id
    assert (await easel.reaches(asked.job, State.POSTED)).attempt == 1
    await easel.local.replaced(role, gone)


async def test_a_poster_that_dies_after_discord_took_the_pictures_posts_no_second_ones(easel: Easel) -> None:
    asked = await easel.ask("posted just before the end [slow=0.2]", steps=10)
    await easel.drawing(asked.job)
    gone = easel.local.pids("poster")
    await easel.reaches(asked.job, State.CLAIMED)
    easel.local.arm("post-after")
    await easel.local.replaced("poster", gone)
    message = await easel.once(asked)
    assert message.id == asked.message.id


async def test_pictures_that_are_ready_before_the_answer_wait_for_it(easel: Easel) -> None:
    await easel.sandbox.fault("POST", "/interactions/*", delay=1.5, times=1)
    asked = await easel.ask("faster than the bot", steps=1)
    message = await easel.once(asked)
    assert message.id == asked.message.id


async def test_a_command_whose_bot_died_before_it_answered_is_answered_with_the_pictures(easel: Easel) -> None:
    await easel.sandbox.fault("POST", "/interactions/*", drop="before")
    unanswered = await easel.sandbox.slash(
        CHANNEL, "Eli", "imagine", {"prompt": "nobody answered", "model": "starter", "count": 1}, wait=False
    )
    posted = await easel.sandbox.wait_message(
        CHANNEL, lambda shown: "nobody answered" in shown.content and bool(shown.attachments), DEADLINE
    )
    await easel.quiet()
    shown = [m for m in await easel.sandbox.messages(CHANNEL) if "nobody answered" in m.content and m.attachments]
    assert [m.id for m in shown] == [posted.id]
    assert unanswered.name == "imagine"


async def test_a_valkey_that_dies_comes_back_with_every_job(easel: Easel) -> None:
    running = await easel.ask("while the store is away [slow=0.3]", steps=20)
    waiting = await easel.ask("behind it", person="Cem")
    await easel.drawing(running.job)
    easel.local.valkey.kill()
    easel.local.valkey.start()
    await easel.once(running)
    await easel.once(waiting)


async def test_a_dead_token_is_no_obstacle(easel: Easel) -> None:
    asked = await easel.ask("longer than its token lives [slow=0.2]", steps=10)
    await easel.drawing(asked.job)
    await easel.sandbox.expire_token(asked.interaction)
    message = await easel.once(asked)
    assert message.id == asked.message.id
