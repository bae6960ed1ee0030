"""What a job is charged: from what was seen, fixed at its admission, and given back for what was not done."""

import json
from typing import Any

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import HOW, RESULT, UPSCALER, new_job, request, upscale_job
from tests.worker.contract.store.lua import ask
from tests.worker.contract.store.test_leases import HELD
from worker.contract.store import keys
from worker.contract.store.jobs import Admitted, Jobs
from worker.contract.types.job import NewJob, Progress
from worker.contract.types.timings import Caps

COST = new_job("1").request.cost()
WIDE = Caps(person=99, server=99, rate_person=0, rate_server=0)


def sized(name: str, **changes: Any) -> NewJob:
    return new_job(name).model_copy(update={"request": request(**changes)})


async def charge(jobs: Jobs, new: NewJob) -> int:
    assert isinstance(await jobs.admit(new, WIDE), Admitted)
    return int(await jobs.redis.hget(keys.job(new.id), "charge") or 0)


async def drawn(jobs: Jobs, take: Take, new: NewJob, **timings: float) -> None:
    """Have it drawn, by an engine that says it took so long."""
    assert isinstance(await jobs.admit(new, WIDE), Admitted)
    assert take(timings=HELD) == (new.id, 1)
    assert await jobs.store(new.id, 1, RESULT.model_copy(update={"timings": timings}), [b"png"])


async def share(jobs: Jobs, name: str, outcome: str) -> float:
    return float(await ask(jobs.redis, "return tostring(undone_share(ARGV[1], ARGV[2]))", name, outcome))


async def test_it_grows_with_the_work_where_nothing_is_known(jobs: Jobs) -> None:
    assert await charge(jobs, new_job("1")) == round(1000 * COST)
    assert await charge(jobs, sized("2", steps=40, count=2)) == round(1000 * COST)
    assert await charge(jobs, sized("3", steps=1, count=1, width=64, height=64)) == 4


async def test_the_pace_is_next_best_to_what_was_seen_of_its_size(jobs: Jobs, take: Take) -> None:
    await jobs.redis.hset(keys.PACE, "starter", "300")
    assert await charge(jobs, new_job("1")) == round(300 * COST)
    take(timings=HELD)
    timings = {"load": 90_000, "encode": 20, "steps": 900 * COST, "decode": 100 * COST, "total": 99_000}
    await drawn(jobs, take, new_job("2"), **timings)
    assert await charge(jobs, new_job("3")) == round(20 + 1000 * COST)  # not what its model took to load


async def test_a_size_that_was_not_seen_costs_as_the_nearest_one(jobs: Jobs) -> None:
    await jobs.redis.hset(
        keys.CHARGES, mapping={"starter:-5": "100", "starter:-1": "200", "starter:0": "300", "other:-4": "7"}
    )
    found = [await charge(jobs, sized(f"{side}", width=side, height=side)) for side in (128, 512, 1024, 2048)]
    costs = [request(width=side, height=side).cost() for side in (128, 512, 1024, 2048)]
    assert [round(each / cost, -2) for each, cost in zip(found, costs, strict=True)] == [100, 200, 300, 300]


async def test_one_job_that_took_very_long_moves_it_little(jobs: Jobs, take: Take) -> None:
    await jobs.redis.hset(keys.CHARGES, "starter:-5", "100")
    await drawn(jobs, take, new_job("1"), steps=100_000 * COST)
    assert float(await jobs.redis.hget(keys.CHARGES, "starter:-5") or 0) == pytest.approx(160)


async def test_it_stays_as_it_was_at_admission(jobs: Jobs, take: Take) -> None:
    before = await charge(jobs, new_job("1"))
    await jobs.redis.hset(keys.PACE, "starter", "7")
    for _ in range(2):
        take()
        await jobs.reap()
    assert int(await jobs.redis.hget(keys.job("1"), "charge") or 0) == before


async def test_an_upscale_is_charged_by_its_picture(jobs: Jobs) -> None:
    await jobs.heartbeat("w2", [], 1, upscaler=UPSCALER)
    await jobs.redis.hset(keys.CHARGES, mapping={f"{UPSCALER.id}:-6": "5000", f"{UPSCALER.id}:fixed": "30"})
    assert await charge(jobs, upscale_job("1")) == round(30 + 5000 * HOW.width * HOW.height / 1e6)


@pytest.mark.parametrize("request_text", ["", "{", "[]", '{"width": "x"}', '{"width": -1, "height": 1e300}'])
@pytest.mark.parametrize("cost", ["", "x", "-1", "1e300", "nan"])
async def test_damage_gives_a_charge_all_the_same(jobs: Jobs, request_text: str, cost: str) -> None:
    await jobs.redis.hset(keys.CHARGES, "starter:-5", "100")
    lines = "return charge_of({ model = 'starter', request = ARGV[1], cost = ARGV[2] })"
    assert 1 <= await ask(jobs.redis, lines, request_text, cost) <= 24 * 3600 * 1000


async def test_what_was_not_done_comes_back(jobs: Jobs, take: Take) -> None:
    await jobs.redis.hset(keys.PACE, "starter", str(60_000 / COST))
    await charge(jobs, new_job("1"))
    assert await share(jobs, "1", "cancelled") == 1  # it waits
    take(timings=HELD)
    assert await share(jobs, "1", "cancelled") == pytest.approx(1, abs=0.04)
    await jobs.renew("1", 1, Progress(step=18, steps=20))
    assert await share(jobs, "1", "cancelled") == pytest.approx(0.1)
    assert await share(jobs, "1", "failed") == 1
    assert await share(jobs, "1", "posted") == 0
    await jobs.store("1", 1, RESULT, [b"png"])
    assert await share(jobs, "1", "failed") == 0  # drawn, and Discord does not take it


async def test_who_cancels_before_any_progress_was_told_pays_for_the_time(jobs: Jobs, take: Take) -> None:
    """A job that is shorter than two signs of life could otherwise be drawn to its end, looked at, and cost nothing."""
    await charge(jobs, new_job("1"))
    take(timings=HELD)
    await jobs.redis.hset(keys.job("1"), mapping={"charge": 4000, "claimed": 1})
    assert await share(jobs, "1", "cancelled") == pytest.approx(0.5)
    await jobs.redis.hset(keys.job("1"), "charge", 1000)
    assert await share(jobs, "1", "cancelled") == 0


@pytest.mark.parametrize("progress", ["", "{", "7", '{"step": "x"}', '{"step": 9, "steps": 3}', '{"step": 9}'])
async def test_a_progress_that_cannot_be_read_stays_within_bounds(jobs: Jobs, take: Take, progress: str) -> None:
    await charge(jobs, new_job("1"))
    take(timings=HELD)
    await jobs.redis.hset(keys.job("1"), "progress", progress)
    assert 0 <= await share(jobs, "1", "cancelled") <= 1


def test_results_tell_their_timings_where_the_scripts_look() -> None:
    told = json.loads(RESULT.model_copy(update={"timings": {"steps": 1.5}}).model_dump_json())
    assert told["timings"]["steps"] == 1.5


async def test_a_first_job_without_an_encoding_does_not_settle_what_those_to_come_take(jobs: Jobs, take: Take) -> None:
    """Its prompt was known already, so that it took nothing before its first step."""
    await drawn(jobs, take, new_job("1"), encode=0.0, steps=100 * COST)
    assert float(await jobs.redis.hget(keys.CHARGES, "starter:fixed") or 1) == 0
    await drawn(jobs, take, new_job("2"), encode=40.0, steps=100 * COST)
    assert float(await jobs.redis.hget(keys.CHARGES, "starter:fixed") or 0) == 40
    await drawn(jobs, take, new_job("3"), encode=0.0, steps=100 * COST)
    assert float(await jobs.redis.hget(keys.CHARGES, "starter:fixed") or 0) == 34
