"""Whatever happens in whatever order, what a message does not show yet is due: its last edit comes."""

import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
import redis

from tests.worker.contract.factories import INFO, RESULT, TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.cause import pictures_expired, refused_too_long
from worker.contract.types.job import Progress, Reason, State
from worker.contract.types.timings import Caps

CAPS = Caps(person=9, server=9, total=9, rate_person=0, rate_server=0)
NAMES = ("one", "two")


class Play:
    """Two jobs, what bots, slots, reapers and posters do to them, and what their messages show."""

    def __init__(self, jobs: Jobs, sync: redis.Redis, dice: random.Random) -> None:
        self.jobs, self.sync, self.dice = jobs, sync, dice
        self.outbox = Outbox(jobs.redis, TIMINGS)
        self.shown: dict[str, tuple[str, int]] = {}  # state and revision
        self.gone: set[str] = set()
        self.entries: list[OutboxEntry] = []
        self.told: list[str] = []

    def name(self) -> str:
        return self.dice.choices(NAMES, (5, 1))[0]

    def read(self, name: str, *fields: str) -> list[bytes | None]:
        return cast("list[bytes | None]", self.sync.hmget(keys.job(name), fields))

    def record(self, name: str) -> tuple[str, int]:
        state, revision = (each or b"0" for each in self.read(name, "state", "revision"))
        return state.decode(), int(revision)

    async def admit(self) -> None:
        for name in NAMES:
            await self.jobs.admit(new_job(name, token=self.dice.choice((None, "secret"))), CAPS)
            await self.jobs.redis.hdel(keys.job(name), "answer_due")

    async def answer(self) -> None:
        """The bot's own answer shows the job as it was admitted; it comes before any poster's."""
        name = self.name()
        if name in self.shown or name in self.gone or any(entry.job.id == name for entry in self.entries):
            return
        if self.dice.random() < 0.5:
            await self.jobs.deferred(name, 88)
        else:
            await self.jobs.answered(name, 88)
            self.shown[name] = State.QUEUED, 1

    async def draw(self) -> None:
        claim(self.sync, worker="w", capabilities=["starter"], timings=TIMINGS, function="f", job_timeout=9)

    async def go_on(self) -> None:
        name = self.name()
        attempt = int(self.read(name, "attempt")[0] or 0)
        step = Progress(phase="steps", step=self.dice.randint(1, 9), steps=9)
        ways: list[Callable[[], Awaitable[object]]] = [
            lambda: self.jobs.renew(name, attempt, step), lambda: self.jobs.store(name, attempt, RESULT, [b"png"]),
            lambda: self.jobs.fail(name, attempt, Reason.ENGINE), lambda: self.jobs.give_up(name, attempt),
        ]  # fmt: skip
        await self.dice.choice(ways)()

    async def cancel(self) -> None:
        await self.jobs.cancel(self.name())

    async def close(self) -> None:
        await self.jobs.close_channel(77, refused_too_long(), self.dice.choice(("", *NAMES)))

    async def tell(self) -> None:
        await self.outbox.announce()

    async def reap(self) -> None:
        await self.jobs.reap()

    async def take(self) -> None:
        """By a poster that keeps it, or by one that is away until another has it."""
        entry = await self.outbox.claim(self.dice.choice((0, 0, 3600)))
        if entry is not None:
            self.entries.append(entry)

    async def show(self) -> None:
        """What was taken is on screen, however late its poster says so."""
        if not self.entries:
            return
        entry = self.dice.choice(self.entries)
        name, rendered = entry.job.id, entry.job.state is State.RENDERED
        if rendered and await self.outbox.posted(entry):
            self.shown[name] = self.record(name)
        elif not rendered:
            self.shown[name] = entry.job.state, entry.job.revision
            await self.outbox.done(entry)

    async def fail_to_show(self) -> None:
        if not self.entries:
            return
        entry = self.dice.choice(self.entries)
        way = self.dice.choice(("later", "drop", "unpostable", "told", "superseded"))
        more: dict[str, tuple[Any, ...]] = {"later": (0,), "unpostable": (pictures_expired(),), "superseded": (99, 77)}
        if way == "drop" and not entry.job.state.terminal:
            return
        if await getattr(self.outbox, way)(entry, *more.get(way, ())) and way == "drop":
            self.gone.add(entry.job.id)

    async def lose(self) -> None:
        """Whoever holds a message is gone; what they had sent may come late."""
        name = self.name()
        if self.sync.hget(keys.job(name), "holder"):
            self.sync.hset(keys.job(name), "held", 0)
            for key in (keys.OUTBOX, keys.COSMETIC):
                self.sync.zadd(key, {name: 0}, xx=True)

    async def come_late(self) -> None:
        """An edit arrives after those of whoever took over; its poster is gone."""
        if not self.entries:
            return
        entry = self.dice.choice(self.entries)
        holder, in_flight = self.read(entry.job.id, "holder", "in_flight")
        if int(in_flight or 0) > time.time() * 1000 and holder != entry.token.encode():
            self.shown[entry.job.id] = entry.job.state, entry.job.revision

    def lost(self) -> set[str]:
        """Whose message is neither right nor due."""
        found = set()
        for name in set(NAMES) - self.gone:
            due = any(self.sync.zscore(key, name) is not None for key in (keys.OUTBOX, keys.COSMETIC))
            found |= set() if due or self.shown.get(name) == self.record(name) else {name}
        return found


_DOES = {
    Play.answer: 2, Play.draw: 4, Play.go_on: 5, Play.cancel: 1, Play.close: 1, Play.tell: 1, Play.reap: 3,
    Play.take: 6, Play.show: 6, Play.fail_to_show: 3, Play.lose: 2, Play.come_late: 2,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
async def test_no_last_edit_is_lost(jobs: Jobs, redis_sync: redis.Redis, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(20):
        await jobs.redis.flushdb()
        await jobs.heartbeat("w", [INFO], 1)
        play = Play(jobs, redis_sync, dice)
        await play.admit()
        for does in dice.choices(list(_DOES), weights=list(_DOES.values()), k=30):
            await does(play)
            play.told.append(does.__name__)
            assert not play.lost(), f"after {play.told}"
