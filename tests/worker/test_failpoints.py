"""Each process killed at each named point, and what became of the job: never lost, never posted twice."""

import pytest

from tests.worker.contract.makers import new_job
from tests.worker.post.standin import Standin
from tests.worker.stack import Stack, admitted, state
from worker.contract.job import State
from worker.contract.jobs import Jobs
from worker.contract.timings import Caps


async def _job(living: Jobs, standin: Standin, name: str) -> tuple[str, int]:
    message = standin.message()
    job = await admitted(living, new_job(name), Caps())
    await living.answered(job, message)
    return job, message


@pytest.mark.parametrize("point", ["claim-after", "render-during", "store-after", "rendered-before"])
async def test_a_killed_attempt_is_made_again(stack: Stack, standin: Standin, living: Jobs, point: str) -> None:
    """The work horse dies before the job is rendered: the next attempt draws it, and it is posted once."""
    armed = stack.arm(point)
    for part in ("engine", "slot", "poster"):
        stack.start(part)
    job, message = await _job(living, standin, point)
    await stack.fired(armed)
    posted = await state(living, job, State.POSTED)
    assert posted.attempt == 2
    assert len(standin.messages) == 1
    assert len(standin.messages[message].files) == 4


async def test_an_attempt_killed_after_its_job_was_rendered_changes_nothing(
    stack: Stack, standin: Standin, living: Jobs
) -> None:
    armed = stack.arm("rendered-after")
    for part in ("engine", "slot", "poster"):
        stack.start(part)
    job, _ = await _job(living, standin, "after")
    await stack.fired(armed)
    posted = await state(living, job, State.POSTED)
    assert posted.attempt == 1
    assert len(standin.messages) == 1


@pytest.mark.parametrize("point", ["post-before", "post-after"])
async def test_a_killed_poster_leaves_one_message(stack: Stack, standin: Standin, living: Jobs, point: str) -> None:
    """With no answer by the bot the poster creates the message; a second one finds it by its nonce."""
    for part in ("engine", "slot"):
        stack.start(part)
    new = new_job(point, token=None)
    await admitted(living, new, Caps())
    await state(living, new.id, State.RENDERED)
    armed = stack.arm(point)
    stack.start("poster")
    await stack.fired(armed)
    await stack.ended("poster")
    stack.start("poster", "poster-2")
    await state(living, new.id, State.POSTED)
    assert len(standin.messages) == 1
    assert len(next(iter(standin.messages.values())).files) == 4


async def test_a_paused_attempt_that_lost_its_job_can_do_no_harm(stack: Stack, standin: Standin, living: Jobs) -> None:
    """Its lease ends while it sleeps; another attempt draws the job; the sleeper wakes and is turned away."""
    stack.arm("rendered-before", "pause")
    for part, name in (("engine", ""), ("slot", "slot-1"), ("slot", "slot-2"), ("poster", "")):
        stack.start(part, name)
    job, _ = await _job(living, standin, "sleeper")
    sleeper = await stack.paused()
    posted = await state(living, job, State.POSTED)
    assert posted.attempt == 2
    sleeper.resume()
    await stack.heard("slot-1", "slot-2", words=f"{job}-1: lost")
    assert (await state(living, job, State.POSTED)).attempt == 2
    assert len(standin.messages) == 1
