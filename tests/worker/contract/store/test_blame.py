"""Which attempts count towards the most that a job has: those that say something of it."""

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import new_job
from worker.contract.message import texts
from worker.contract.message.languages import ENGLISH
from worker.contract.store import keys
from worker.contract.store.jobs import Blame, Jobs
from worker.contract.types.job import Job, Progress, Reason, State
from worker.contract.types.timings import Caps, Timings

HELD = Timings(lease=3600, answer_grace=0, edit_every=0)
WAITING, LOADING, FIRST = Progress(phase="wait"), Progress(phase="load"), Progress(phase="steps", step=1, steps=20)


async def the_job(jobs: Jobs) -> Job:
    job = await jobs.get("1")
    assert job is not None
    return job


async def go_round(jobs: Jobs, take: Take, number: int, blame: Blame, progress: Progress | None = None) -> Job:
    """The job after an attempt that was given up, and the reaper."""
    assert take(timings=HELD) == ("1", number)
    if progress:
        await Jobs(jobs.redis, HELD).renew("1", number, progress)
    assert await jobs.give_up("1", number, blame=blame)
    assert await jobs.give_up("1", number, blame=blame), "said again, because the answer was lost"
    assert await jobs.reap() == 1
    return await the_job(jobs)


@pytest.mark.parametrize("blame", [Blame.UNCOUNTED, Blame.AMONG])
async def test_what_says_nothing_of_the_job_is_no_attempt_of_it(jobs: Jobs, take: Take, blame: Blame) -> None:
    await jobs.admit(new_job("1"), Caps())
    for number in (1, 2, 3):
        job = await go_round(jobs, take, number, blame)
        assert (job.state, job.attempt, job.tried, job.alone) == (State.QUEUED, number, 0, blame is Blame.AMONG)
    for number in (4, 5):
        assert (await go_round(jobs, take, number, Blame.COUNTED)).tried == number - 3
    job = await go_round(jobs, take, 6, Blame.COUNTED)
    assert (job.state, job.reason) == (State.FAILED, Reason.ATTEMPTS)


@pytest.mark.parametrize("blame", [Blame.UNCOUNTED, Blame.AMONG])
async def test_steps_that_go_back_are_told_though_the_attempt_does_not_count(
    jobs: Jobs, take: Take, blame: Blame
) -> None:
    await jobs.admit(new_job("1"), Caps())
    assert (await go_round(jobs, take, 1, blame, LOADING)).begun == 0
    job = await go_round(jobs, take, 2, blame, FIRST)
    assert (job.tried, job.begun) == (0, 1)
    assert texts.waiting(job, ENGLISH).startswith("a worker failed, trying again")
    assert take(timings=HELD) == ("1", 3)
    assert texts.drawing(await the_job(jobs), ENGLISH).startswith("try 2 · ")


async def test_a_job_does_not_go_round_for_ever(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    for number in range(1, 8):
        assert (await go_round(jobs, take, number, Blame.UNCOUNTED)).state is State.QUEUED
    job = await go_round(jobs, take, 8, Blame.UNCOUNTED)
    assert (job.state, job.reason) == (State.FAILED, Reason.ATTEMPTS)


@pytest.mark.parametrize(
    ("progress", "tried"), [(None, 1), (WAITING, 0), (Progress(phase="fetch"), 0), (LOADING, 0), (FIRST, 1)]
)
async def test_a_horse_that_died_counts_once_a_step_was_made(
    jobs: Jobs, take: Take, progress: Progress | None, tried: int
) -> None:
    await jobs.admit(new_job("1"), Caps())
    assert (await go_round(jobs, take, 1, Blame.UNLESS_BEGUN, progress)).tried == tried


@pytest.mark.parametrize(("progress", "tried"), [(WAITING, 0), (LOADING, 0), (FIRST, 1)])
async def test_so_does_whoever_fell_silent(jobs: Jobs, take: Take, progress: Progress, tried: int) -> None:
    await jobs.admit(new_job("1"), Caps())
    assert take() == ("1", 1)
    await jobs.redis.hset(keys.job("1"), "progress", progress.model_dump_json())
    assert await jobs.reap() == 1
    assert (await the_job(jobs)).tried == tried


async def test_the_engines_own_fault_counts_though_no_step_was_made(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    for number in (1, 2, 3):
        assert take(timings=HELD) == ("1", number)
        await Jobs(jobs.redis, HELD).renew("1", number, LOADING)
        assert await jobs.give_up("1", number, Reason.TIMEOUT)
        assert await jobs.reap() == 1
    assert ((await the_job(jobs)).state, (await the_job(jobs)).reason) == (State.FAILED, Reason.TIMEOUT)


_MOMENT, _TERM = 1000, 3_600_000  # ms until a mate's lease ends: it fell silent with the host, or renewed just now


@pytest.mark.parametrize(
    ("left", "progress", "worker", "suspects"),
    [
        (0, FIRST, "w1", True),
        (_MOMENT, FIRST, "w1", True),
        (_TERM, FIRST, "w1", False),  # that worker lives
        (0, LOADING, "w1", False),  # nothing was drawn of it
        (0, FIRST, "w2", False),
    ],
)
async def test_all_that_a_dead_host_drew_are_suspects_and_not_counted(
    jobs: Jobs, take: Take, left: int, progress: Progress, worker: str, *, suspects: bool
) -> None:
    held = Jobs(jobs.redis, HELD)
    for name, says in (("1", FIRST), ("2", progress)):
        await jobs.admit(new_job(name, owner=int(name)), Caps())
        assert take(timings=HELD) == (name, 1)
        await held.renew(name, 1, says)
    now = int((await jobs.redis.time())[0]) * 1000
    await jobs.redis.hset(keys.job("2"), "worker", worker)
    for name, score in (("1", 1), ("2", now + left if left else 1)):
        await jobs.redis.zadd(keys.LEASES, {name: score})
    await jobs.redis.hset(keys.REAPER, mapping={"at": now, "quiet": 0})
    await held.reap()
    first = await the_job(jobs)
    assert (first.state, first.tried, first.alone) == (State.QUEUED, 0 if suspects else 1, suspects)
    await jobs.redis.zadd(keys.LEASES, {"2": 1})  # its own end, a moment later
    await held.reap()
    mate = await jobs.get("2")
    assert mate is not None
    counted = not suspects and progress is FIRST
    assert (mate.state, mate.tried, mate.alone) == (State.QUEUED, int(counted), suspects)


async def test_who_kills_hosts_alone_fails_after_three_more(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.redis.hset(keys.job("1"), "alone", 1)
    for number in (1, 2, 3):
        assert take() == ("1", number)
        await jobs.redis.hset(keys.job("1"), "progress", FIRST.model_dump_json())
        assert await jobs.reap() == 1
    assert (await the_job(jobs)).reason == Reason.ATTEMPTS
