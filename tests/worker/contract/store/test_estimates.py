"""How long somebody will wait, as far as anybody can tell."""

import json

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import INFO, RESULT, new_job
from tests.worker.contract.store.test_leases import HELD, clock
from worker.contract.store import keys
from worker.contract.store.jobs import ALIVE, Jobs, Refused
from worker.contract.types.timings import Caps

MANY = Caps(person=99, server=99, rate_person=0, rate_server=0)
COST = new_job("1").request.cost()
MINUTE = 60_000 / COST  # milliseconds per unit of cost with which each job takes a minute


async def test_the_pace_follows_what_jobs_took_by_a_fifth(jobs: Jobs, take: Take) -> None:
    await jobs.redis.hset(keys.PACE, "starter", "500000")
    await jobs.admit(new_job("1"), Caps())
    take(timings=HELD)
    await jobs.store("1", 1, RESULT.model_copy(update={"timings": {"total": 1_000_000 * COST}}), [b"png"])
    assert float(await jobs.redis.hget(keys.PACE, "starter") or 0) == pytest.approx(600_000, rel=0.01)


@pytest.mark.parametrize("early", [True, False])
async def test_how_wrong_the_first_guess_was_is_told_of_guesses_alone(jobs: Jobs, take: Take, early: bool) -> None:
    """Those that were in line with the first take as long as it; who comes later is charged what it took."""
    both = ("1", "2")
    for name in both if early else both[:1]:
        await jobs.admit(new_job(name), MANY)
    take(timings=HELD)
    minute = {"steps": 60_000, "decode": 0, "encode": 0, "total": 60_000}
    await jobs.store("1", 1, RESULT.model_copy(update={"timings": minute}), [b"png"])
    await jobs.admit(new_job("2"), MANY)
    assert (await jobs.standing("2")).eta == pytest.approx(60, rel=0.05)
    await jobs.admit(new_job("3"), MANY)
    assert (await jobs.standing("3")).eta is not None


@pytest.mark.parametrize(("slots", "minutes"), [(1, 3), (2, 2)])
async def test_those_before_one_count_and_slots_share_them(jobs: Jobs, slots: int, minutes: int) -> None:
    await jobs.redis.hset(keys.PACE, "starter", str(MINUTE))
    await jobs.heartbeat("w1", [INFO], slots)
    for name in ("1", "2", "3"):
        await jobs.admit(new_job(name), Caps())
    assert (await jobs.standing("3")).eta == pytest.approx(60 * minutes, rel=0.01)


async def test_a_worker_that_is_silent_counts_no_more(jobs: Jobs) -> None:
    await jobs.redis.hset(keys.PACE, "starter", str(MINUTE))
    await jobs.admit(new_job("1"), Caps())
    assert (await jobs.standing("1")).eta is not None
    beat = json.loads(await jobs.redis.hget(keys.WORKERS, "w1") or b"")
    await jobs.redis.hset(keys.WORKERS, "w1", json.dumps(beat | {"seen": beat["seen"] - (ALIVE + 1) * 1000}))
    assert (await jobs.standing("1")).eta is None


async def test_a_refusal_names_when_the_first_of_those_that_run_is_done(jobs: Jobs, take: Take) -> None:
    await jobs.redis.hset(keys.PACE, "starter", str(MINUTE))
    for name in ("1", "2"):
        await jobs.admit(new_job(name), Caps())
        take(timings=HELD)
    await jobs.redis.hset(keys.job("2"), "claimed", int(await clock(jobs) - 40_000))
    refused = await jobs.admit(new_job("3"), Caps(person=2))
    assert isinstance(refused, Refused)
    assert refused.retry_after is not None
    assert refused.retry_after < 30


async def test_who_is_often_overtaken_is_told_to_wait_longer(jobs: Jobs, take: Take) -> None:
    """By as much as was seen of those who have as many in line; not by what an outage took."""
    await jobs.redis.hset(keys.PACE, "starter", str(MINUTE))
    for number in range(30):
        name = f"j{number}"
        await jobs.admit(new_job(name), MANY)
        told = await jobs.redis.hget(keys.job(name), "told")
        assert told is not None
        own, wait = told.split()
        assert own == (b"1" if number else b"0")
        waited = float(wait) * (3 if number % 5 else 600)
        await jobs.redis.hset(keys.job(name), "wait_start", int(await clock(jobs) - waited))
        if number:
            take(timings=HELD)
    stretch = float(await jobs.redis.hget(keys.CHARGES, ":wait:1") or 0)
    assert 1.8 < stretch <= 3.1
    standing = await jobs.standing("j29")
    assert standing.eta is not None
    assert standing.eta > 60
