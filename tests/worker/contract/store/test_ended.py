"""What stays of jobs that came to nothing: what Rerun needs, and of one person no more than a hundred."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from tests.worker.contract.factories import INFO, TIMINGS, UPSCALER, new_job, upscale_job
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.job import Job, Reason, State
from worker.contract.types.result import Result
from worker.contract.types.timings import Caps, Timings

WIDE = Caps(person=999, server=999, total=999, rate_person=0, rate_server=0)
KEPT = 100
Settle = Callable[[Outbox, OutboxEntry], Awaitable[bool]]


@pytest.fixture
def outbox(jobs: Jobs) -> Outbox:
    return Outbox(jobs.redis, TIMINGS)


async def found(jobs: Jobs, name: str) -> Job:
    job = await jobs.get(name)
    assert job is not None
    return job


async def size_of(jobs: Jobs, name: str) -> int:
    """Bytes of its record."""
    size: Any = await jobs.redis.memory_usage(keys.job(name), samples=0)
    return int(size)


async def shown(outbox: Outbox, settle: Settle = Outbox.done) -> None:
    """Let every message show what became of its job."""
    while (entry := await outbox.claim(30)) is not None:
        await settle(outbox, entry)


async def test_rerun_finds_all_that_it_needs_and_the_rest_is_gone(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), WIDE)
    await jobs.answered("1", 88)
    await jobs.cancel("1", Reason.MODERATOR)
    before, size = await found(jobs, "1"), await size_of(jobs, "1")
    await shown(outbox)
    after, names = await found(jobs, "1"), await jobs.redis.hkeys(keys.job("1"))
    kept = ("request", "owner", "server", "verb", "source", "state", "reason", "detail", "cause")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (after.destination.channel, after.destination.message) == (77, 88)
    assert not {b"token", b"needs", b"cost", b"order", b"place_at", b"holder", b"shown_at"} & set(names)
    assert await size_of(jobs, "1") < size
    assert 0 < await jobs.redis.ttl(keys.job("1")) <= TIMINGS.keep


@pytest.mark.parametrize("settle", [Outbox.done, Outbox.drop])
async def test_a_failed_upscale_can_be_asked_for_again(
    jobs: Jobs, outbox: Outbox, redis_sync: redis.Redis, settle: Settle
) -> None:
    await jobs.heartbeat("u", [], 1, upscaler=UPSCALER)
    await jobs.admit(upscale_job("1"), WIDE)
    claim(redis_sync, worker="u", capabilities=[UPSCALER.id], timings=Timings(), function="f", job_timeout=9)
    await jobs.fail("1", 1, Reason.SOURCE)
    await shown(outbox, settle)
    failed = await found(jobs, "1")
    assert (failed.state, failed.reason) == (State.FAILED, Reason.SOURCE)
    assert (failed.request, failed.source) == (upscale_job("1").request, upscale_job("1").source)
    assert b"worker" not in await jobs.redis.hkeys(keys.job("1"))


async def test_a_card_that_is_not_shown_yet_has_its_whole_record(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), WIDE)
    await jobs.cancel("1")
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.destination.token == "secret"
    await outbox.later(entry, 0)
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.destination.token == "secret"


async def test_only_the_newest_hundred_of_a_person_stay(jobs: Jobs, outbox: Outbox) -> None:
    for number in range(KEPT + 3):
        await jobs.admit(new_job(f"j{number:03}", owner=1), WIDE)
        await jobs.cancel(f"j{number:03}")
        await shown(outbox)
        if number == 0:
            await jobs.admit(new_job("other", owner=2), WIDE)
            await jobs.cancel("other")
            await shown(outbox)
    there = [bool(await jobs.redis.exists(keys.job(f"j{number:03}"))) for number in range(KEPT + 3)]
    assert there == [False] * 3 + [True] * KEPT
    assert await jobs.redis.exists(keys.job("other"))
    assert await jobs.redis.zcard(keys.ended(1)) == KEPT
    assert 0 < await jobs.redis.ttl(keys.ended(1)) <= TIMINGS.keep


async def test_what_is_to_be_shown_once_more_stays_until_then(jobs: Jobs, outbox: Outbox) -> None:
    """A sleeper, who may have undone what the card says, is followed by a hundred others."""
    await jobs.admit(new_job("old"), WIDE)
    await jobs.cancel("old")
    entry = await outbox.claim(30)
    assert entry is not None
    await outbox.done(entry)
    await outbox.done(entry)
    again = await outbox.claim(30)
    assert again is not None
    for number in range(KEPT):
        await jobs.admit(new_job(f"j{number:03}", owner=1), WIDE)
        await jobs.cancel(f"j{number:03}")
        await shown(outbox)
    assert await jobs.redis.exists(keys.job("old"))
    await outbox.done(again)
    assert not await jobs.redis.exists(keys.job("old"))
    assert await jobs.redis.zcard(keys.ended(1)) == KEPT


async def test_a_card_shown_twice_counts_once(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), WIDE)
    await jobs.cancel("1")
    entry = await outbox.claim(30)
    assert entry is not None
    assert await outbox.done(entry)
    assert not await outbox.done(entry)  # it was gone from this one, who may have undone it: it is shown again
    again = await outbox.claim(30)
    assert again is not None
    assert (again.job.state, again.job.reason) == (State.CANCELLED, Reason.OWNER)
    assert await outbox.done(again)
    assert await jobs.redis.zcard(keys.ended(1)) == 1


async def test_what_was_posted_and_what_is_damaged_stay_whole(
    jobs: Jobs, outbox: Outbox, redis_sync: redis.Redis
) -> None:
    await jobs.heartbeat("w", [INFO], 1)
    await jobs.admit(new_job("posted"), WIDE)
    claim(redis_sync, worker="w", capabilities=["starter"], timings=Timings(), function="f", job_timeout=9)
    await jobs.store("posted", 1, Result(pictures=()), [])
    await shown(outbox, Outbox.posted)
    await jobs.admit(new_job("damaged"), WIDE)
    await jobs.redis.hset(keys.job("damaged"), "needs", "{")
    claim(redis_sync, worker="w", capabilities=["starter"], timings=Timings(), function="f", job_timeout=9)
    await shown(outbox)
    assert (await found(jobs, "damaged")).reason is Reason.DAMAGED
    assert {b"result", b"needs"} <= set(await jobs.redis.hkeys(keys.job("posted")))
    assert await jobs.redis.hget(keys.job("damaged"), "needs") == b"{"
    assert await jobs.redis.zcard(keys.ended(1)) == 0


async def test_a_message_names_its_job(jobs: Jobs, outbox: Outbox) -> None:
    for name, token in (("answered", "secret"), ("deferred", "secret"), ("made", None)):
        await jobs.admit(new_job(name, token=token), WIDE)
    await jobs.answered("answered", 1)
    await jobs.deferred("deferred", 2)
    while (entry := await outbox.claim(30)) is not None:
        if entry.job.id == "made":
            await outbox.located(entry, 3, 77)
        await outbox.done(entry)
    assert [await jobs.job_of(message) for message in (1, 2, 3, 4)] == ["answered", "deferred", "made", None]
    for message in (1, 2, 3):
        assert 0 < await jobs.redis.ttl(keys.message(message)) <= TIMINGS.keep
