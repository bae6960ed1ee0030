"""Each process killed at each named point, and what became of the job: never lost, never posted twice."""

import pytest
import redis

from tests.worker.contract.factories import new_job
from tests.worker.harness import TIMINGS, Harness, admitted, state
from tests.worker.poster.standin import Standin
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps


async def _job(living: Jobs, standin: Standin, name: str) -> tuple[str, int]:
    message = standin.message()
    job = await admitted(living, new_job(name), Caps())
    await living.answered(job, message)
    return job, message


async def test_a_killed_attempt_is_made_again(harness: Harness, standin: Standin, living: Jobs) -> None:
    """The work horse dies at each point in turn; what was not finished is drawn again, and all is posted once."""
    for part in ("engine", "slot", "poster"):
        harness.start(part)
    for point in ("claim-after", "render-during", "store-after", "rendered-before", "rendered-after"):
        armed = harness.arm(point)
        job, message = await _job(living, standin, point)
        await harness.fired(armed)
        posted = await state(living, job, State.POSTED)
        assert posted.attempt == (1 if point == "rendered-after" else 2), point
        assert len(standin.messages[message].files) == 4
    assert len(standin.messages) == 5


@pytest.mark.parametrize("point", ["post-before", "post-after"])
async def test_a_killed_poster_leaves_one_message(
    harness: Harness, standin: Standin, living: Jobs, valkey_url: str, point: str
) -> None:
    """With no answer by the bot the poster creates the message; the next one finds it by its nonce."""
    job = await _rendered(living, valkey_url)
    armed = harness.arm(point)
    harness.start("poster")
    await harness.fired(armed)
    await harness.ended("poster")
    assert len(standin.messages) == (1 if point == "post-after" else 0)
    harness.start("poster", "poster-2")
    await state(living, job, State.POSTED)
    assert len(standin.messages) == 1
    assert len(next(iter(standin.messages.values())).files) == 4


async def _rendered(living: Jobs, url: str) -> str:
    """A job whose pictures wait to be posted, without a slot or an engine."""
    job = await admitted(living, new_job("drawn", token=None), Caps())
    with redis.Redis.from_url(url) as connection:
        claim(connection, worker="w", capabilities=["starter"], timings=TIMINGS, function="f", job_timeout=60)
    about = tuple(Picture(seed=seed, width=64, height=64, size=3) for seed in range(4))
    assert await living.store(job, 1, Result(pictures=about), [b"png"] * 4)
    return job


async def test_a_paused_attempt_that_lost_its_job_can_do_no_harm(
    harness: Harness, standin: Standin, living: Jobs
) -> None:
    """Its lease ends while it sleeps; another attempt draws the job; the sleeper wakes and is turned away."""
    harness.arm("rendered-before", "pause")
    for part, name in (("engine", ""), ("slot", "slot-1"), ("slot", "slot-2"), ("poster", "")):
        harness.start(part, name)
    job, _ = await _job(living, standin, "sleeper")
    sleeper = await harness.paused()
    posted = await state(living, job, State.POSTED)
    assert posted.attempt == 2
    sleeper.resume()
    await harness.heard("slot-1", "slot-2", words=f"{job}-1: lost")
    assert (await state(living, job, State.POSTED)).attempt == 2
    assert len(standin.messages) == 1
