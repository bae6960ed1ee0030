"""A backup that an older Easel's keys went into is restored today, and what waited in it goes on.

`golden/backup-request-v4.gz` was made of what the release before requests of version 5 had written: three jobs wait,
one is drawn, one has its pictures; people are told that Easel is paused. It is never made anew.
"""

import asyncio
from pathlib import Path

import redis
from redis.asyncio import Redis

from bot.operator.desk import OperatorDesk
from deploy import backup
from tests.worker.contract.factories import INFO, RESULT
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import State
from worker.contract.types.timings import Timings

GOLDEN = Path(__file__).with_name("golden") / "backup-request-v4.gz"
SOON = Timings(lease=60, answer_grace=0)
YEAR = 365 * 24 * 3600 * 1000  # milliseconds


def drawn(url: str) -> str | None:
    """The job of the next claim."""
    with redis.Redis.from_url(url) as connection:
        told = claim(connection, worker="w", capabilities=["starter"], timings=SOON, function="f", job_timeout=60)
        return told.rpartition("-")[0] if told else None


async def test_what_waited_then_is_drawn_and_posted_now(redis_async: Redis, valkey_url: str) -> None:
    """In whichever year this is: nothing depends on how long it lay."""
    said = await asyncio.to_thread(backup.load, valkey_url, GOLDEN)
    assert said.startswith("67 keys are back.")
    jobs = Jobs(redis_async, SOON)
    states = {name: (await jobs.get(name)).state for name in (f"job-{number}" for number in range(5))}
    assert states == {
        "job-0": State.CLAIMED, "job-1": State.QUEUED, "job-2": State.RENDERED, "job-3": State.QUEUED,
        "job-4": State.QUEUED,
    }  # fmt: skip
    assert (await OperatorDesk(redis_async).read()).settings.paused == "Back at 8."

    await redis_async.set(keys.TEST_CLOCK, YEAR)
    await jobs.heartbeat("newer", [INFO], 1)
    took = [await asyncio.to_thread(drawn, valkey_url) for _ in range(4)]
    assert sorted(each for each in took if each) == ["job-1", "job-3", "job-4"]
    for name in ("job-1", "job-3", "job-4"):
        assert (await jobs.get(name)).request.prompt == "a red apple"
        assert await jobs.store(name, 1, RESULT, [b"png"])
    outbox, posted = Outbox(redis_async, SOON), set()
    while entry := await outbox.claim(5):
        posted.add(entry.job.id)
    assert {"job-1", "job-3", "job-4"} <= posted
