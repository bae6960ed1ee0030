"""What is left of a job whose message was deleted."""

from tests.worker.contract.factories import TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs, Seen
from worker.contract.store.outbox import Outbox
from worker.contract.types.timings import Caps


async def test_of_a_deleted_job_a_mark_remains_that_tells_nothing(jobs: Jobs) -> None:
    await jobs.admit(new_job("1", event="e", event_ttl=60), Caps())
    await jobs.answered("1", 555)
    assert not await jobs.bury("1")
    assert (await jobs.get("1")) is not None
    await jobs.cancel("1")
    assert await jobs.bury("1")
    left = await jobs.redis.hgetall(keys.job("1"))
    assert set(left) <= {b"version", b"state", b"changed", b"deleted"}
    assert 0 < await jobs.redis.ttl(keys.job("1")) <= TIMINGS.keep
    assert await jobs.get("1") is None
    assert await jobs.job_of(555) is None
    assert await jobs.redis.exists(keys.ended(1)) == 0
    assert await Outbox(jobs.redis, TIMINGS).claim(30) is None
    assert await jobs.admit(new_job("1", event="e", event_ttl=60), Caps()) == Seen("1")
    assert await jobs.admit(new_job("1", event="other"), Caps()) == Seen("1")
    assert await jobs.bury("1")
    assert not await jobs.bury("unknown")
    assert await jobs.redis.exists(keys.job("unknown")) == 0
