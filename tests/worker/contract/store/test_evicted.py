"""What a Redis that threw keys away has left of pictures that wait to be posted: they are, or give their room back."""

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import RESULT, WIDE, new_job
from tests.worker.contract.store.test_leases import HELD
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import State


async def drawn(jobs: Jobs, take: Take, count: int = 1) -> None:
    for number in range(count):
        await jobs.admit(new_job(f"j{number}"), WIDE)
        assert take(timings=HELD) == (f"j{number}", 1)
        assert await jobs.store(f"j{number}", 1, RESULT, [b"png"])


async def test_of_a_job_that_is_gone_no_room_stays_taken(jobs: Jobs, take: Take) -> None:
    """Room for so many pictures would go with each, until nothing is drawn any more."""
    await drawn(jobs, take)
    await jobs.redis.zadd(keys.REFUSED, {"j0": 1})
    await jobs.redis.delete(keys.job("j0"))
    assert await Outbox(jobs.redis).claim(30) is None
    await jobs.reap()
    assert await jobs.redis.hlen(keys.UNPOSTED) == 0
    assert await jobs.redis.zcard(keys.REFUSED) == 0


async def test_what_has_lost_its_place_in_the_outbox_is_posted(jobs: Jobs, take: Take) -> None:
    await drawn(jobs, take, 50)
    await jobs.redis.delete(keys.OUTBOX)
    for _ in range(200):  # some in each second
        await jobs.reap()
        if await jobs.redis.zcard(keys.OUTBOX) == 50:
            break
        await jobs.redis.hincrby(keys.CLOCK, "skew", 1000)
    entry = await Outbox(jobs.redis).claim(30)
    assert entry is not None
    assert entry.job.state is State.RENDERED
    assert await jobs.redis.zcard(keys.OUTBOX) == 50


@pytest.mark.parametrize("held", [False, True])
async def test_what_waits_there_is_left_alone(jobs: Jobs, take: Take, held: bool) -> None:
    await drawn(jobs, take)
    if held:
        await Outbox(jobs.redis).claim(30)
    before = await jobs.redis.zrange(keys.OUTBOX, 0, -1, withscores=True), await jobs.get("j0")
    await jobs.reap()
    assert (await jobs.redis.zrange(keys.OUTBOX, 0, -1, withscores=True), await jobs.get("j0")) == before
    assert await jobs.redis.hlen(keys.UNPOSTED) == 1
