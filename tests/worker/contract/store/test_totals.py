"""What lies in Redis in all, as metrics tell it."""

from typing import Any

from tests.worker.contract.factories import RESULT, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.totals import totals
from worker.contract.types.timings import Caps, Timings


async def test_what_waits_is_drawn_and_is_to_be_posted(jobs: Jobs, take: Any) -> None:
    before = await totals(jobs)
    assert (before.running, before.outbox, before.unposted, before.quarantined) == (0, 0, 0, 0)
    for each in "123":
        await jobs.admit(new_job(each), Caps())
    model = new_job("1").request.model
    await jobs.redis.hset(keys.job("1"), "wait_start", await jobs.now() - 90_000)
    found = await totals(jobs)
    assert found.waiting[model] == 3
    assert 90 <= found.oldest[model] < 3600
    job, attempt = take(timings=Timings(lease=60))
    found = await totals(jobs)
    assert (found.waiting[model], found.running) == (2, 1)
    await jobs.store(job, attempt, RESULT, [b"png" * 100])
    await jobs.redis.rpush(keys.QUARANTINE, "damaged")
    found = await totals(jobs)
    assert (found.running, found.unposted, found.quarantined) == (0, 300, 1)
    assert found.outbox >= 1
    assert found.memory_used > 0


async def test_models_of_the_catalogue_for_which_nobody_waits_are_at_nothing(jobs: Jobs) -> None:
    await jobs.redis.hset(keys.CATALOGUE, "sdxl", "{}")
    await jobs.redis.hset(keys.WORKERS, mapping={"one": f'{{"seen": {await jobs.now()}}}', "two": "damaged"})
    await jobs.redis.hset(keys.FAIR + "lanes", mapping={"1|0|nonsense": 2, '2|0|["lora/a:flux", "img2img:flux"]': 3})
    found = await totals(jobs)
    assert found.waiting == {"starter": 0, "sdxl": 0, "unknown": 2, "flux": 3}
    assert found.oldest == {"starter": 0.0, "sdxl": 0.0}
    assert found.workers == 2  # of which the fixture has told of one


async def test_what_a_user_of_redis_may_not_ask_counts_as_nothing(jobs: Jobs) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.redis.set(keys.LEASES, "no zset")  # as good as denied: an answer that is an error
    assert (await totals(jobs)).running == 0
    assert sum((await totals(jobs)).waiting.values()) == 1
