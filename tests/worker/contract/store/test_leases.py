"""Who holds a job, and for how long: renewals, and leases that nobody could renew."""

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import RESULT, new_job
from tests.worker.harness import until
from worker.contract.store import keys
from worker.contract.store.jobs import Hold, Jobs
from worker.contract.types.cause import decode_over_budget
from worker.contract.types.job import Reason, State
from worker.contract.types.timings import Caps, Timings

HELD = Timings(lease=3600, answer_grace=0, edit_every=0)


async def clock(jobs: Jobs) -> float:
    """Redis's own, in milliseconds."""
    seconds, micros = await jobs.redis.time()
    return seconds * 1000 + micros / 1000


async def quiet_after(jobs: Jobs, lease: float, away: float) -> bool:
    """Whether leases are left alone when somebody reaps `away` seconds after whoever did it last."""
    await jobs.redis.hset(keys.REAPER, mapping={"at": int(await clock(jobs) - away * 1000), "quiet": 0})
    await Jobs(jobs.redis, Timings(lease=lease)).reap()
    return int(await jobs.redis.hget(keys.REAPER, "quiet") or 0) > 0


async def test_leases_get_one_more_term_where_nobody_reaped_for_half_of_one(jobs: Jobs) -> None:
    assert await quiet_after(jobs, lease=3600, away=2000)
    assert not await quiet_after(jobs, lease=3600, away=1600)


async def test_a_reaper_that_is_a_moment_late_puts_no_lease_off_however_short(jobs: Jobs) -> None:
    async def counts() -> bool:  # asked again, for on a busy machine the moment may become a long one
        return not await quiet_after(jobs, lease=1, away=1)

    await until(counts, "reaping after a moment", deadline=30)


async def test_a_renewal_keeps_the_job_from_the_reaper(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    assert await Jobs(jobs.redis, HELD).renew("1", 1) is Hold.HELD
    assert await jobs.reap() == 0
    job = await jobs.get("1")
    assert job is not None
    assert job.lease > await clock(jobs) + 1_800_000


async def test_what_waits_again_or_is_rendered_is_renewed_by_nobody(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    assert await jobs.reap() == 1
    assert await jobs.renew("1", 1) is Hold.LOST
    assert take() == ("1", 2)
    assert await jobs.store("1", 2, RESULT, [b"png"])
    assert await jobs.renew("1", 2) is Hold.LOST
    assert await jobs.redis.zcard(keys.LEASES) == 0


async def test_a_job_fails_with_what_its_last_attempt_ended_by(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    take(timings=HELD)
    assert await jobs.give_up("1", 1, Reason.TIMEOUT, decode_over_budget(60))
    assert await jobs.reap() == 1
    for number in (2, 3):
        assert take() == ("1", number)
        assert await jobs.reap() == 1
    job = await jobs.get("1")
    assert job is not None
    assert (job.state, job.reason, job.cause, job.detail) == (State.FAILED, Reason.ATTEMPTS, None, "")


async def test_a_preview_goes_with_its_attempt(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    await jobs.preview("1", 1, b"half an apple")
    assert await jobs.reap() == 1
    assert await jobs.redis.get(keys.preview("1")) is None


async def test_pictures_that_nobody_posts_expire(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    await jobs.store("1", 1, RESULT, [b"png"])
    assert 0 < await jobs.redis.ttl(keys.picture("1", 1, 0)) <= jobs.timings.pictures


@pytest.mark.parametrize(("heard", "counts"), [(170, True), (190, False)])
async def test_a_model_outlives_its_last_worker_by_three_minutes(jobs: Jobs, heard: int, counts: bool) -> None:
    await jobs.redis.zadd(keys.MODELS, {"starter": await clock(jobs) - heard * 1000})
    assert bool(await jobs.models()) is counts
    await jobs.admit(new_job("1"), Caps())
    assert (await jobs.get("1") is not None) is counts


async def test_a_hundred_jobs_that_nobody_draws_hold_nobody_else_up(jobs: Jobs, take: Take) -> None:
    await jobs.redis.zadd(keys.MODELS, {"other": await clock(jobs)})
    many = Caps(person=200, server=200, rate_person=0, rate_server=0)
    for number in range(101):
        await jobs.admit(new_job(f"n{number}", model="other"), many)
    await jobs.admit(new_job("mine"), many)
    assert take() == ("mine", 1)


async def test_what_runs_counts_in_the_cap_of_all(jobs: Jobs, take: Take) -> None:
    for name in ("1", "2"):
        await jobs.admit(new_job(name), Caps())
    take(timings=HELD)
    await jobs.admit(new_job("3"), Caps(total=2))
    assert await jobs.get("3") is None
