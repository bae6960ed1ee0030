"""`python -m tests.bench.hops`: what a job costs around the GPU, hop by hop.

Real Valkey, a real slot and poster as processes, an engine in this process whose steps take no time, and a stand-in
for Discord that notes when an edit arrives. All times are of one machine's clock. Not collected by pytest.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import redis.asyncio
from aiohttp import web

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.factories import INFO, new_job
from tests.worker.harness import Harness, state, until
from tests.worker.poster.standin import Standin
from tests.worker.slot.scripted import Script, ScriptedEngine, Stream
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State
from worker.contract.types.timings import Caps, Timings
from worker.engine import protocol

HOPS = ("admission", "claim", "render reaches the engine", "first step", "stored", "edit reaches Discord", "posted")


class Watch:
    """When a job passed each point, in seconds since the epoch."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def note(self, point: str) -> None:
        self.at.setdefault(point, time.time())


def script(watch: Callable[[], Watch]) -> Script:
    """A render without compute: one step, then four small pictures."""

    async def play(stream: Stream) -> None:
        watch().note("render reaches the engine")
        await stream.send(protocol.Started(model="starter"))
        watch().note("first step")
        await stream.send(protocol.Step(step=1, steps=1))
        await stream.pictures()
        watch().note("drawn")

    return play


class NotingStandin(Standin):
    """Notes when pictures arrive."""

    def __init__(self, watch: Callable[[], Watch]) -> None:
        super().__init__()
        self._watch = watch

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        arrived = time.time()
        answer = await super()._handle(request)
        if len(self.seen[-1].files) == 4:
            self._watch().at.setdefault("edit reaches Discord", arrived)
        return answer


async def one(jobs: Jobs, standin: Standin, watch: Watch, number: int) -> None:
    """A job from admission to posted."""
    job = f"hop{number}"
    message = standin.message()
    new = new_job(job, owner=number)
    watch.note("asked")
    await jobs.admit(new, Caps())
    watch.note("admission")
    await jobs.answered(job, message)

    async def rendered() -> bool:
        found: Any = await jobs.redis.hmget(keys.job(job), "state", "changed", "claimed")
        now, changed, claimed = found
        if claimed:
            watch.at.setdefault("claim", int(claimed) / 1000)
        if now == b"rendered":
            watch.at["stored"] = int(changed) / 1000
        return now in {b"rendered", b"posted"}

    while not await rendered():  # noqa: ASYNC110 - Redis is what is watched
        await asyncio.sleep(0.001)
    await state(jobs, job, State.POSTED)
    changed = await jobs.redis.hget(keys.job(job), "changed")
    watch.at["posted"] = int(changed or 0) / 1000


@asynccontextmanager
async def everything(watch: Callable[[], Watch]) -> AsyncIterator[tuple[Jobs, Standin]]:
    with tempfile.TemporaryDirectory(prefix="hops-") as name:
        folder = Path(name)
        valkey = EmbeddedValkey(folder / "valkey")
        valkey.start()
        client = redis.asyncio.Redis.from_url(valkey.url)
        async with NotingStandin(watch) as standin, ScriptedEngine(folder) as engine:
            engine.health = protocol.Health(state="ready", places=1, models=(INFO,))
            engine.script = script(watch)
            harness = Harness(valkey.url, folder, DISCORD_TOKEN="bench", EASEL_DISCORD_API=standin.base)
            harness.env |= {"EASEL_ENGINE_SOCKET": str(engine.path), "EASEL_LEASE": "10", "EASEL_RENEW": "1"}
            try:
                harness.start("slot")
                harness.start("poster")
                await until(lambda: client.exists(f"rq:workers:{keys.RQ_QUEUE}"), "slot")
                await harness.heard("poster", words="posting to")
                yield Jobs(client, Timings()), standin
            finally:
                harness.close()
                await client.aclose()
                valkey.stop()


async def measure(count: int) -> list[dict[str, float]]:
    """Milliseconds of each hop, for each of `count` jobs, one after the other."""
    watch = Watch()
    rows = []
    async with everything(lambda: watch) as (jobs, standin):
        await jobs.heartbeat("bench", [INFO], 1)
        for number in range(1, count + 2):
            watch = Watch()
            await one(jobs, standin, watch, number)
            if number > 1 and all(hop in watch.at for hop in HOPS):  # the first one warms up
                points = [watch.at["asked"], *(watch.at[hop] for hop in HOPS)]
                row = {hop: (b - a) * 1000 for hop, a, b in zip(HOPS, points, points[1:], strict=False)}
                rows.append(row | {"asked → first step": (watch.at["first step"] - watch.at["asked"]) * 1000,
                                   "asked → posted": (watch.at["posted"] - watch.at["asked"]) * 1000})  # fmt: skip
    return rows


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hops", description=__doc__)
    parser.add_argument("--jobs", type=int, default=40, help="how many, one after the other (default: 40)")
    rows = asyncio.run(measure(parser.parse_args().jobs))
    print(f"{'hop, milliseconds':<28}{'median':>8}{'p95':>8}   ({len(rows)} jobs)")  # noqa: T201
    for hop in rows[0]:
        values = sorted(row[hop] for row in rows)
        print(f"{hop:<28}{statistics.median(values):8.1f}{values[int(0.95 * (len(values) - 1))]:8.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
