"""A job through real processes: claimed by an RQ worker, drawn by the (fake) engine, posted by the poster."""

from tests.worker.contract.makers import new_job
from tests.worker.post.standin import Standin
from tests.worker.stack import Stack, admitted, state
from worker.contract.job import State
from worker.contract.jobs import Jobs
from worker.contract.timings import Caps


async def test_a_job_is_claimed_drawn_and_posted(stack: Stack, standin: Standin, living: Jobs) -> None:
    message = standin.message()
    for part in ("engine", "slot", "poster"):
        stack.start(part)
    job = await admitted(living, new_job("flow"), Caps())
    await living.answered(job, message)
    posted = await state(living, job, State.POSTED)
    assert posted.attempt == 1
    assert len(standin.messages[message].files) == 4
