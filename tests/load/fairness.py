"""`python -m tests.load.fairness`: what the line does to people's waits; `tests.bench.line` measures what it costs.

The line is the real one, in an embedded Valkey; who draws is played: a worker claims as a slot does, and its job is
done when its charge is over, by a clock of the play. Beside it the same requests are served in plain arrival order,
which is arithmetic.
"""

# ruff: noqa: T201 - printing is what this is for
import argparse
import asyncio
import heapq
import itertools
import statistics
import tempfile
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import redis
import redis.asyncio

from deploy.valkey import EmbeddedValkey
from tests.load.arrivals import Ask, Load, loads
from tests.load.plot import Series, draw
from tests.worker.contract.factories import INFO, RESULT, WIDE, new_job, request
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Admitted, Jobs
from worker.contract.types.job import NewJob
from worker.contract.types.timings import Timings

WORKERS = 2
PACE = "1526"  # ms for a unit of cost, so that the usual request takes two seconds
_LINE = 40  # characters; shares of more servers are not printed


@dataclass
class Waits:
    """Seconds until drawing began, by (server, person); and the seconds drawn for each while all of them waited."""

    of: dict[tuple[int, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    starts: list[tuple[float, int, int, float]] = field(default_factory=list)

    def began(self, at: float, ask: Ask, takes: float) -> None:
        self.of[ask.server, ask.person].append(at - ask.at)
        self.starts.append((at, ask.server, ask.person, takes))


def job_of(number: int, ask: Ask) -> NewJob:
    made = new_job(f"l{number}", owner=ask.person, server=str(1000 + ask.server), token=None)
    return made.model_copy(update={"request": request(steps=ask.steps)})


def in_arrival_order(asks: Sequence[Ask], takes: Sequence[float], workers: int = WORKERS) -> Waits:
    """The same requests, first come, first served."""
    waits, free = Waits(), [0.0] * workers
    for ask, length in zip(asks, takes, strict=True):
        at = max(ask.at, heapq.heappop(free))
        waits.began(at, ask, length)
        heapq.heappush(free, at + length)
    return waits


class Play:
    """The real line, with workers that take no time."""

    def __init__(self, client: redis.asyncio.Redis, url: str) -> None:
        self._jobs = Jobs(client, Timings(lease=3600))
        self._client, self._sync = client, redis.Redis.from_url(url)
        self._waits = Waits()

    async def run(self, asks: Sequence[Ask]) -> tuple[Waits, list[float]]:
        """Serve all; returns the waits, and the seconds that each request took."""
        await self._client.flushall()
        await self._jobs.heartbeat("w", [INFO], WORKERS)
        await self._client.hset(keys.PACE, INFO.id, PACE)
        takes = [0.0] * len(asks)
        coming, running, idle, now = deque(enumerate(asks)), [], WORKERS, 0.0
        while coming or running:
            now = min(([coming[0][1].at] if coming else []) + ([running[0][0]] if running else []))
            while coming and coming[0][1].at <= now:
                number, ask = coming.popleft()
                made = job_of(number, ask)
                assert isinstance(await self._jobs.admit(made, WIDE), Admitted)
                takes[number] = float(await self._client.hget(keys.job(made.id), "charge") or 0) / 1000
            while running and running[0][0] <= now:
                await self._end(heapq.heappop(running)[1])
                idle += 1
            while idle and (name := await self._claim()):
                number = int(name.rpartition("-")[0][1:])
                self._waits.began(now, asks[number], takes[number])
                heapq.heappush(running, (now + takes[number], name))
                idle -= 1
        return self._waits, takes

    async def _claim(self) -> str | None:
        return await asyncio.to_thread(
            claim, self._sync, worker="w", capabilities=[INFO.id], timings=Timings(lease=3600), function="f",
            job_timeout=9,
        )  # fmt: skip

    async def _end(self, name: str) -> None:
        job, _, attempt = name.rpartition("-")
        timeless = RESULT.model_copy(update={"timings": {}})  # or the pace would follow the play
        await self._jobs.store(job, int(attempt), timeless, [])


def table(load: Load, fair: Waits, plain: Waits) -> None:
    print(f"\n{load.name}: {load.told}")
    print(f"  {'':<16}{'the line: median, p99, most':<34}plain arrival order: median, p99, most   (s until it begins)")
    for name, who in [*load.watched.items(), ("everybody", None)]:
        told = [_figures(waits, who) for waits in (fair, plain)]
        print(f"  {name:<16}{told[0]:<34}{told[1]}")
    half = max(at for at, *_ in fair.starts) / 2
    told = [
        " ".join(f"{server}: {share:.0%}" for server, share in shares(waits, half).items()) for waits in (fair, plain)
    ]
    if len(told[0]) < _LINE:
        print(f"  {'by server, in the first half of the time':<50}{told[0]}   against {told[1]}")


def _figures(waits: Waits, who: tuple[int, int] | None) -> str:
    seen = sorted(itertools.chain(*waits.of.values()) if who is None else waits.of[who])
    return f"{statistics.median(seen):8.1f} {seen[min(len(seen) - 1, int(0.99 * len(seen)))]:8.1f} {seen[-1]:8.1f}"


def shares(waits: Waits, until: float) -> dict[int, float]:
    """What share of the drawing each server had until that second."""
    had: dict[int, float] = defaultdict(float)
    for at, server, _, takes in waits.starts:
        if at < until:
            had[server] += takes
    whole = sum(had.values()) or 1.0
    return {server: had[server] / whole for server in sorted(had)}


async def run(flood: int) -> list[Series]:
    """Play all and print it; returns what can be plotted."""
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        try:
            async with redis.asyncio.Redis.from_url(valkey.url) as client:
                series = []
                for load in loads(flood):
                    fair, takes = await Play(client, valkey.url).run(load.asks)
                    plain = in_arrival_order(load.asks, takes)
                    table(load, fair, plain)
                    series.append(_series(load, fair, plain))
                return series
        finally:
            valkey.stop()


def _series(load: Load, fair: Waits, plain: Waits) -> Series:
    rows = [(name, statistics.median(fair.of[who]), statistics.median(plain.of[who]))
            for name, who in load.watched.items()]  # fmt: skip
    return Series(load.name, rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.load.fairness", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--flood", type=int, default=500, help="requests of a flood (default: 500)")
    parser.add_argument("--plot", type=Path, help="PNG to write, with the waits of the loads")
    options = parser.parse_args()
    series = asyncio.run(run(options.flood))
    if options.plot:
        options.plot.write_bytes(draw("Seconds until drawing begins (median)", series))
        print(f"\nwrote {options.plot}")


if __name__ == "__main__":
    main()
