"""The bot is killed or stopped at each of its points; what was accepted is posted once, what was cancelled never."""

import asyncio

import psutil
import pytest

from bot.discord_io.interactions import DEFERRED_MESSAGE
from deploy.sandbox.client import Message
from tests.e2e.local import DEADLINE, until
from tests.e2e.person import CHANNEL, Easel, job_of
from worker.contract.types.job import State

ACTIONS = ("kill", "pause")


async def struck(easel: Easel, gone: set[int], action: str) -> psutil.Process | None:
    """Once the failpoint has fired: the bot that sleeps, or None when another one took its place."""
    if action == "kill":
        await easel.local.replaced("bot", gone)
        await easel.sandbox.wait_bot(timeout=DEADLINE)
        return None
    (bot,) = (psutil.Process(pid) for pid in gone)
    await until(lambda: bot.status() == psutil.STATUS_STOPPED, "a bot that sleeps")
    return bot


async def shown_once(easel: Easel, prompt: str) -> Message:
    """The one message that shows the pictures of this prompt."""
    posted = await easel.sandbox.wait_message(
        CHANNEL, lambda shown: prompt in shown.content and bool(shown.attachments), DEADLINE
    )
    await easel.reaches(job_of(posted), State.POSTED)
    await easel.quiet()
    shown = [each for each in await easel.sandbox.messages(CHANNEL) if prompt in each.content]
    assert [each.id for each in shown] == [posted.id]
    return posted


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("point", ["admit-after", "answer-after"])
async def test_what_a_bot_accepted_is_posted_once(easel: Easel, point: str, action: str) -> None:
    gone = easel.local.pids("bot")
    easel.local.arm(point, action)
    prompt = f"{point} {action}"
    await easel.sandbox.slash(
        CHANNEL, "Bea", "imagine", {"prompt": prompt, "model": "starter", "count": 1, "steps": 4}, wait=False
    )
    sleeper = await struck(easel, gone, action)
    message = await shown_once(easel, prompt)
    if sleeper:
        sleeper.resume()
        await easel.once(await easel.ask("after the nap"))
    assert (await shown_once(easel, prompt)).id == message.id


async def test_a_deferral_whose_token_dies_becomes_the_jobs_message(easel: Easel) -> None:
    """Redis is slow, so the bot is seen to be thinking; then the token dies before there is anything to say."""
    await easel.redis.client_pause(2500, all=True)
    prompt = "thinking with a dead token"
    asked = await easel.sandbox.slash(CHANNEL, "Bea", "imagine", {"prompt": prompt, "model": "starter", "count": 1})
    assert asked.answer_type == DEFERRED_MESSAGE
    await easel.sandbox.expire_token(asked.id)
    message = await shown_once(easel, prompt)
    assert (message.id, message.thinking) == (asked.message_id, False)


async def test_a_bot_that_sleeps_after_a_deferral_undoes_nothing_when_it_wakes(easel: Easel) -> None:
    gone = easel.local.pids("bot")
    easel.local.arm("admit-after", "pause")
    await easel.redis.client_pause(2500, all=True)
    prompt = "thinking and asleep"
    await easel.sandbox.slash(CHANNEL, "Bea", "imagine", {"prompt": prompt, "model": "starter", "count": 1})
    sleeper = await struck(easel, gone, "pause")
    message = await shown_once(easel, prompt)
    assert sleeper is not None
    sleeper.resume()
    await easel.once(await easel.ask("after the nap"))
    assert (await easel.sandbox.message(message.id)).content == message.content


@pytest.mark.parametrize("action", ACTIONS)
async def test_what_a_bot_cancelled_is_never_posted(easel: Easel, action: str) -> None:
    asked = await easel.ask("cancelled in time [slow=0.3]", steps=20)
    await easel.drawing(asked.job)
    gone = easel.local.pids("bot")
    easel.local.arm("cancel-after", action)
    press = asyncio.create_task(easel.sandbox.press(asked.message.id, "1:cancel:", "Bea", wait=False))
    sleeper = await struck(easel, gone, action)
    await easel.sandbox.wait_edit(asked.message, lambda shown: "Cancelled." in shown.content, DEADLINE)
    if sleeper:
        sleeper.resume()
    await press
    await easel.once(await easel.ask("the engine is free again"))
    assert await easel.state(asked.job) is State.CANCELLED
    assert not (await easel.sandbox.message(asked.message)).attachments
