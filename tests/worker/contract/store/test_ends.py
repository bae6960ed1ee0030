"""However a job ends: nothing of it stays in Redis but what has an expiry and is meant to stay."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import redis

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import INFO, RESULT, TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types.cause import pictures_expired, refused_too_long
from worker.contract.types.job import Progress, Reason
from worker.contract.types.timings import Caps

CAPS = Caps(person=9, server=9, total=9, rate_person=0, rate_server=0)
STEP = Progress(phase="steps", step=1, steps=9)
STAYS = {keys.job("job"), keys.event("interaction:job"), keys.ended(1)}
GONE = {
    "token", "holder", "held", "lease", "progress", "place", "eta", "stalled", "tries", "early", "shut", "posting",
    "in_flight", "gathers", "old_message", "refused_passing", "refused_token", "answer_due",
}  # fmt: skip


class Life:
    """One job, and all that may end it."""

    def __init__(self, jobs: Jobs, take: Take) -> None:
        self.jobs, self.take = jobs, take
        self.outbox = Outbox(jobs.redis, TIMINGS)

    async def drawn(self) -> None:
        assert self.take() == ("job", 1)
        await self.jobs.renew("job", 1, STEP)
        await self.jobs.preview("job", 1, b"jpeg")

    async def rendered(self) -> None:
        await self.drawn()
        assert await self.jobs.store("job", 1, RESULT, [b"png"])

    async def cancelled_in_line(self) -> None:
        await self.jobs.cancel("job")

    async def cancelled_while_it_is_drawn(self) -> None:
        await self.drawn()
        await self.jobs.cancel("job")
        assert not await self.jobs.store("job", 1, RESULT, [b"png"])

    async def closed_in_line(self) -> None:
        assert await self.jobs.close_channel(77, refused_too_long()) == ["job"]

    async def closed_while_it_is_drawn(self) -> None:
        await self.drawn()
        assert await self.jobs.close_channel(77, refused_too_long(), "job") == ["job"]

    async def failed_by_its_attempt(self) -> None:
        await self.drawn()
        assert await self.jobs.fail("job", 1, Reason.ENGINE)

    async def failed_after_three_attempts(self) -> None:
        for attempt in (1, 2, 3):
            assert self.take() == ("job", attempt)
            await self.jobs.preview("job", attempt, b"jpeg")
            await self.jobs.give_up("job", attempt)
            await self.jobs.reap()

    async def waited_too_long(self) -> None:
        await Jobs(self.jobs.redis, replace(TIMINGS, wait_max=-1.0)).reap()

    async def damaged(self) -> None:
        await self.drawn()
        await self.jobs.redis.hset(keys.job("job"), "request", "{")
        await self.jobs.cancel("job")

    async def posted(self) -> None:
        await self.rendered()
        entry = await self.outbox.claim(9)
        assert entry is not None
        assert await self.outbox.posted(entry)

    async def posted_elsewhere(self) -> None:
        await self.rendered()
        entry = await self.outbox.claim(9)
        assert entry is not None
        await self.outbox.refused(entry, None)
        assert await self.outbox.posted(entry, refused_too_long())

    async def unpostable(self) -> None:
        await self.rendered()
        entry = await self.outbox.claim(9)
        assert entry is not None
        await self.outbox.refused(entry, None)
        await self.outbox.posting(entry, "nonce")
        assert await self.outbox.unpostable(entry, pictures_expired())


WAYS: list[Callable[[Life], Awaitable[None]]] = [
    Life.cancelled_in_line, Life.cancelled_while_it_is_drawn, Life.closed_in_line, Life.closed_while_it_is_drawn,
    Life.failed_by_its_attempt, Life.failed_after_three_attempts, Life.waited_too_long, Life.damaged, Life.posted,
    Life.posted_elsewhere, Life.unpostable,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("buried", [False, True])
async def test_an_end_leaves_nothing_behind(
    jobs: Jobs, redis_sync: redis.Redis, take: Take, way: Callable[[Life], Awaitable[None]], buried: bool
) -> None:
    await jobs.redis.flushdb()
    await jobs.heartbeat("w", [INFO], 1)
    await jobs.leave("w")
    await jobs.admit(new_job("job"), CAPS)
    await jobs.answered("job", 88)
    life = Life(jobs, take)
    await way(life)
    while (entry := await life.outbox.claim(9)) is not None:
        await life.outbox.done(entry)
    if buried:
        assert await jobs.bury("job")
    fields = {name.decode() for name in redis_sync.hkeys(keys.job("job"))}
    assert redis_sync.hget(keys.job("job"), "state") in {b"posted", b"failed", b"cancelled"}
    assert not fields & GONE
    found = {key.decode() for key in redis_sync.scan_iter() if "job" in await _words(jobs, key)}
    assert found <= STAYS | ({keys.QUARANTINE} if way is Life.damaged else set())
    assert all(redis_sync.pttl(key) > 0 for key in found - {keys.QUARANTINE})


async def _words(jobs: Jobs, key: bytes) -> set[str]:
    """What a key of Easel's names: itself, split at its colons, and members or fields."""
    if not key.startswith(b"easel:"):
        return set()  # RQ's, which end by themselves
    kind = await jobs.redis.type(key)
    within: dict[bytes, Any] = {
        b"zset": lambda: jobs.redis.zrange(key, 0, -1), b"set": lambda: jobs.redis.smembers(key),
        b"hash": lambda: jobs.redis.hkeys(key), b"list": lambda: jobs.redis.lrange(key, 0, -1),
    }  # fmt: skip
    members = await within[kind]() if kind in within else []
    return {*key.decode().split(":"), *(each.decode().partition(":")[0] for each in members)}
