"""The loop around deliveries: what is repeated, what is dropped, what is finished at the end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from unittest.mock import AsyncMock, create_autospec

import pytest
import redis.asyncio

from tests.worker.contract.factories import INFO, new_job, request
from tests.worker.harness import until
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.store.record import fields
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, Reason, State
from worker.contract.types.timings import Caps, Timings
from worker.poster.deliver import Deliverer
from worker.poster.discord import BrokenError, RateLimitedError, UnreachableError
from worker.poster.poster import _DOUBTED_FIRST, _DOUBTED_MAX, Poster, backoff, cosmetic

RECORD = {b"state": b"cancelled", b"created": b"0", b"changed": b"0"}
TIMINGS = Timings(answer_grace=0, edit_every=0)


class Loop:
    """A running poster whose deliverer does what the test says."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self.jobs, self.outbox = Jobs(client, TIMINGS), Outbox(client, TIMINGS)
        self.deliver = AsyncMock(side_effect=self.outbox.done)
        self.poster = self.make(lease=5)
        self.stop = asyncio.Event()

    def make(self, lease: float) -> Poster:
        deliverer = create_autospec(Deliverer, instance=True)
        deliverer.deliver = self.deliver
        return Poster(self.outbox, deliverer, places=2, lease=lease)

    async def change(self, name: str) -> None:
        """A change that matters: the job is cancelled."""
        await self.jobs.heartbeat("w", [INFO], 1)
        await self.jobs.admit(new_job(name), Caps(person=100, server=100, rate_person=0, rate_server=0))
        await self.jobs.answered(name, 99)
        await self.jobs.cancel(name, Reason.OWNER)

    def delivered(self) -> list[str]:
        return [call.args[0].job.id for call in self.deliver.await_args_list]

    async def times(self, count: int) -> None:
        async def ask() -> bool:
            return len(self.delivered()) >= count

        await until(ask, f"{count} deliveries")


@pytest.fixture
async def loop(redis_async: redis.asyncio.Redis) -> AsyncIterator[Loop]:
    loop = Loop(redis_async)
    run = asyncio.create_task(loop.poster.run(loop.stop, flush=5))
    yield loop
    loop.stop.set()
    await run


@pytest.mark.parametrize(
    "make", [lambda: UnreachableError("cut"), lambda: BrokenError(502), lambda: RateLimitedError(0.1)]
)
async def test_what_matters_is_tried_again(loop: Loop, make: Callable[[], Exception]) -> None:
    async def once(entry: OutboxEntry) -> None:
        loop.deliver.side_effect = loop.outbox.done
        raise make()

    loop.deliver.side_effect = once
    await loop.change("job")
    await loop.times(2)
    assert loop.delivered() == ["job", "job"]


async def test_a_cosmetic_edit_is_dropped(loop: Loop) -> None:
    async def refuse(entry: OutboxEntry) -> None:
        raise RateLimitedError(0)

    loop.deliver.side_effect = refuse
    await loop.jobs.heartbeat("w", [INFO], 1)
    await loop.jobs.admit(new_job("waiting"), Caps())
    await loop.jobs.answered("waiting", 99)
    await loop.jobs.redis.hset(keys.job("waiting"), "place", 9)  # so that place 1 is news

    async def settled() -> bool:
        due = await loop.jobs.redis.zcard(keys.OUTBOX) + await loop.jobs.redis.zcard(keys.COSMETIC)
        return bool(loop.delivered()) and not due

    await until(settled, "dropped edit")
    assert set(loop.delivered()) == {"waiting"}


async def test_a_bug_in_one_message_stops_no_other(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    async def trip(entry: OutboxEntry) -> None:
        if entry.job.id == "bad":
            raise ZeroDivisionError
        await loop.outbox.done(entry)

    loop.deliver.side_effect = trip
    await loop.change("bad")
    await loop.change("good")

    async def both() -> bool:
        return {"bad", "good"} <= set(loop.delivered())

    await until(both, "both deliveries")
    assert "bad: could not be delivered" in caplog.text


async def test_failed_tries_are_counted_in_the_record_until_it_is_shown(loop: Loop) -> None:
    """Whoever comes next, after this poster has died, waits as long as it would have."""

    async def fail(entry: OutboxEntry) -> None:
        raise BrokenError(502)

    loop.deliver.side_effect = fail
    await loop.change("job")

    async def failed_twice() -> bool:
        job = await loop.jobs.get("job")
        return job is not None and job.tries >= 2

    await until(failed_twice, "two failed tries")
    loop.deliver.side_effect = loop.outbox.done

    async def shown() -> bool:
        return not await loop.jobs.redis.zcard(keys.OUTBOX)

    await until(shown, "the message")
    job = await loop.jobs.get("job")
    assert job is not None
    assert job.tries == 0


@pytest.mark.parametrize(
    ("span", "pauses"),
    [((), [0.5, 1, 2, 4, 8, 16, 30, 30]), ((_DOUBTED_FIRST, _DOUBTED_MAX), [1, 2, 4, 8, 16, 32, 64, 120])],
)
def test_pauses_grow(span: tuple[float, ...], pauses: list[float]) -> None:
    job = Job.from_hash("1", {k.encode(): v.encode() for k, v in fields(new_job("1")).items()} | RECORD)
    tries = (0, 1, 2, 3, 4, 5, 6, 5000)
    assert [backoff(job.model_copy(update={"tries": count}), *span) for count in tries] == pauses


async def test_a_long_wait_is_cut_short_to_look_for_another_way(loop: Loop) -> None:
    """Cloudflare's hour for the token's route; the token dies long before."""
    later = AsyncMock(side_effect=loop.outbox.later)
    loop.outbox.later = later

    async def limited(entry: OutboxEntry) -> None:
        raise RateLimitedError(3600)

    loop.deliver.side_effect = limited
    await loop.change("job")

    async def put_off() -> bool:
        return bool(later.await_args_list)

    await until(put_off, "the message put off")
    assert 120 <= later.await_args_list[0].args[1] <= 144


async def test_a_stop_finishes_what_is_due(redis_async: redis.asyncio.Redis) -> None:
    loop = Loop(redis_async)
    for number in range(5):
        await loop.change(f"j{number}")
    loop.stop.set()
    await loop.poster.run(loop.stop, flush=30)
    assert sorted(loop.delivered()) == [f"j{number}" for number in range(5)]


async def test_long_work_keeps_its_hold(redis_async: redis.asyncio.Redis) -> None:
    """A delivery that takes longer than its lease is extended, so nobody else begins it."""
    loop = Loop(redis_async)
    loop.poster = loop.make(lease=0.3)
    extended, done = asyncio.Event(), asyncio.Event()
    count = 0
    extend = loop.outbox.extend

    async def counting(entry: OutboxEntry, lease: float) -> bool:
        nonlocal count
        count += 1
        if count == 5:
            extended.set()
        return await extend(entry, lease)

    async def slowly(entry: OutboxEntry) -> None:
        await extended.wait()
        assert await loop.outbox.held(entry)
        assert await loop.outbox.done(entry)
        done.set()

    loop.outbox.extend = counting
    loop.deliver.side_effect = slowly
    await loop.change("long")
    loop.stop.set()
    await loop.poster.run(loop.stop, flush=30)
    assert loop.delivered() == ["long"]
    assert done.is_set()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("message", [None, 9])
@pytest.mark.parametrize("shown_at", [0, 5])
def test_an_edit_may_be_dropped_while_a_later_one_is_sure_to_come(
    state: State, message: int | None, shown_at: int
) -> None:
    """Nor the first, before which Discord says that Easel is thinking."""
    place = Destination(channel=1, message=message)
    job = Job(
        id="a", state=state, owner=1, server="1", request=request(), destination=place, created=0, changed=0,
        shown_at=shown_at,
    )  # fmt: skip
    assert cosmetic(job) is (state in {State.QUEUED, State.CLAIMED} and message is not None and shown_at > 0)


async def test_who_was_put_off_is_shown_their_job_once_discord_takes_it(loop: Loop) -> None:
    async def refuse(entry: OutboxEntry) -> None:
        loop.deliver.side_effect = loop.outbox.done
        raise RateLimitedError(0.1)

    loop.deliver.side_effect = refuse
    await loop.jobs.heartbeat("w", [INFO], 1)
    await loop.jobs.admit(new_job("waiting"), Caps())
    await loop.jobs.deferred("waiting", 99)
    await loop.times(2)
    job = await loop.jobs.get("waiting")
    assert job is not None
    assert job.shown_at > 0
