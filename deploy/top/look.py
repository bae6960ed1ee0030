"""What stands in Redis at one moment, and how much faster it went since the look before."""

import json
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis

from bot.operator.desk import OperatorDesk
from worker.contract.store import keys
from worker.contract.store.heartbeats import resources
from worker.contract.store.jobs import ALIVE, Jobs
from worker.contract.store.record import DamagedRecordError
from worker.contract.types.job import Job

WAITING_MAX = 50  # jobs that are looked at one by one
_QUERY = ("nvidia-smi", "--query-gpu=name,utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits")
_SMI_TIMEOUT = 5  # seconds


@dataclass(frozen=True)
class Drawn:
    """A job that a worker has.

    Attributes:
        seconds: since it was asked for, as in Waits.
        pace: steps a second since the look before, None at the first.
    """

    id: str
    server: str
    model: str
    pictures: int
    phase: str
    step: int
    steps: int
    seconds: float
    pace: float | None


@dataclass(frozen=True)
class Waits:
    """A job in line.

    Attributes:
        seconds: since it was asked for, as EASEL_WAIT_MAX counts them: while nothing ran, nobody waited.
        place, eta: as its owner reads them (seconds), None where nothing is known.
    """

    id: str
    server: str
    model: str
    pictures: int
    seconds: float
    place: int | None
    eta: float | None


@dataclass(frozen=True)
class Worker:
    """What a worker told last, so many seconds ago."""

    name: str
    seconds: float
    can: tuple[str, ...]
    trouble: str

    @property
    def lives(self) -> bool:
        """Does it still tell?"""
        return self.seconds <= ALIVE


@dataclass(frozen=True)
class Card:
    """A card of this machine; `busy` in per cent, memory in MiB."""

    name: str
    busy: int
    used: int
    total: int


@dataclass(frozen=True)
class View:
    """All of it.

    Attributes:
        waiting: how many wait; `waits` are those of them that have waited longest, by place.
        posting: messages that are to be brought to Discord.
        pictures: asked for today (UTC), but for what was not drawn; `per_minute` since the first look, None at it.
        paused: the operator's sentence, "" where there is none; None when it is not paused.
    """

    waiting: int
    posting: int
    pictures: int
    per_minute: float | None
    paused: str | None
    waits: list[Waits] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)


class Looks:
    """One look after the other. `redis` does not decode responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis, self._jobs, self._desk = redis, Jobs(redis), OperatorDesk(redis)
        self._steps: dict[tuple[str, int], tuple[int, float]] = {}
        self._first: tuple[int, float] | None = None

    async def look(self) -> View:
        """Now. Raises RedisError."""
        now, moment = await self._jobs.now(), time.monotonic()
        ids: Any = await self._redis.zrange(keys.WAITING, 0, WAITING_MAX - 1)
        leased: Any = await self._redis.zrange(keys.LEASES, 0, -1)
        pictures = sum(line.pictures for line in await self._desk.lines())
        first, self._first = self._first, self._first or (pictures, moment)
        since = moment - first[1] if first else 0
        beats: Any = await self._redis.hgetall(keys.WORKERS)
        waits = [await self._waits(*each) for each in await self._read(ids)]
        drawn = [self._drawn(*each, moment) for each in await self._read(leased)]
        self._steps = {key: value for key, value in self._steps.items() if key[0] in {each.id for each in drawn}}
        return View(
            waiting=await self._redis.zcard(keys.WAITING),
            posting=await self._redis.zcard(keys.OUTBOX),
            pictures=pictures,
            per_minute=max(0, pictures - first[0]) * 60 / since if first and since > 0 else None,
            paused=(await self._desk.read()).settings.paused,
            waits=sorted(waits, key=lambda each: each.place or WAITING_MAX),
            drawn=drawn,
            workers=sorted((_worker(name, beat, now) for name, beat in beats.items()), key=lambda each: each.name),
            cards=cards(),
        )

    async def _read(self, ids: list[bytes]) -> list[tuple[Job, float]]:
        """Jobs, each with its seconds since it was asked for."""
        found = []
        for each in ids:
            try:
                job = await self._jobs.get(each.decode())
            except DamagedRecordError:  # the reaper puts it aside
                continue
            found += [job] if job else []
        waited = await self._jobs.waited([job.id for job in found])
        return [(job, seconds or 0) for job, seconds in zip(found, waited, strict=True)]

    async def _waits(self, job: Job, seconds: float) -> Waits:
        standing = await self._jobs.standing(job.id)
        asked = job.request
        return Waits(job.id, job.server, asked.model, asked.count, seconds, standing.place, standing.eta)

    def _drawn(self, job: Job, seconds: float, moment: float) -> Drawn:
        at = job.progress
        step = at.step if at else 0
        before = self._steps.get(key := (job.id, job.attempt))
        pace = (step - before[0]) / (moment - before[1]) if before and moment > before[1] else None
        self._steps[key] = step, moment
        return Drawn(
            job.id, job.server, job.request.model, job.request.count, at.phase if at else "claimed", step,
            at.steps if at else 0, seconds, pace,
        )  # fmt: skip


def _worker(name: bytes, beat: bytes, now: int) -> Worker:
    words = name.decode(errors="replace")
    try:
        told: dict[str, Any] = json.loads(beat)
        seconds = max(0.0, (now - int(told["seen"])) / 1000)  # it may have told after `now` was asked for
        return Worker(words, seconds, tuple(resources(told.get("models") or ())), str(told.get("trouble") or ""))
    except (ValueError, TypeError, KeyError):
        return Worker(words, 0, (), "it tells what this Easel cannot read")


def cards() -> list[Card]:
    """NVIDIA cards of this machine."""
    program = shutil.which(_QUERY[0])
    if program is None:
        return []
    try:
        done = subprocess.run(  # noqa: S603 - the driver's own program, without anything of a person's
            [program, *_QUERY[1:]], capture_output=True, text=True, timeout=_SMI_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    rows = [[part.strip() for part in line.split(",")] for line in done.stdout.splitlines()]
    return [Card(row[0], *map(int, row[1:])) for row in rows if len(row) == 4 and all(map(str.isdigit, row[1:]))]
