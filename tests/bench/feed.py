"""`python -m tests.bench.feed`: how soon an engine gets its next job, and how many jobs a second slots make.

Real Valkey, slots and engine as processes; the fake engine, whose steps only wait. Printed are the share of time that
the engine idles between jobs of 200 and of 100 ms, and jobs a second: by slots that fork, beside RQ's own no-op with as
many workers in the same run, and by one slot that makes several attempts in its process. Read the ratio; the rest
belongs to the machine. Not collected by pytest.
"""

# ruff: noqa: T201 - it reports on the terminal

import argparse
import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis
import redis.asyncio
import rq

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.factories import INFO, WIDE, new_job
from tests.worker.harness import Harness, until
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import NewJob, State

_SLOTS = 2
_STEPS = 4


def nothing() -> None:
    """RQ's no-op."""


@contextlib.contextmanager
def valkey() -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as name:
        server = EmbeddedValkey(Path(name) / "valkey")
        server.start()
        try:
            yield server.url, Path(name)
        finally:
            server.stop()


def rq_alone(count: int) -> tuple[float, float]:
    """Jobs a second of RQ's own workers, which fork for each, and their milliseconds of processor time a job."""
    with valkey() as (url, _), redis.Redis.from_url(url) as client:
        queue = rq.Queue("noop", connection=client)
        command = [sys.executable, "-m", "tests.bench.feed", "--rq-worker", url]
        workers = [subprocess.Popen(command) for _ in range(_SLOTS)]
        try:
            while len(rq.Worker.all(connection=client)) < _SLOTS:
                time.sleep(0.05)
            for _ in range(count):
                queue.enqueue("tests.bench.feed.nothing", result_ttl=0)
            began, before = time.monotonic(), sum(_processor(worker.pid) for worker in workers)
            while len(queue) or queue.started_job_registry.count:
                time.sleep(0.01)
            rate = count / (time.monotonic() - began)
            return rate, (sum(_processor(worker.pid) for worker in workers) - before) / count * 1000
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()


class Processors:
    """Seconds of processor time of an engine and its slots, with all their work horses, since this was made."""

    def __init__(self, harness: Harness) -> None:
        self._harness, self._before = harness, self._now(harness)

    def spent(self) -> dict[str, float]:
        return {name: seconds - self._before[name] for name, seconds in self._now(self._harness).items()}

    @staticmethod
    def _now(harness: Harness) -> dict[str, float]:
        found = {"engine": 0.0, "slots": 0.0}
        for name, process in harness.processes.items():
            found["engine" if name == "engine" else "slots"] += _processor(process.pid)
        return found


def _processor(pid: int) -> float:
    """Seconds of a process and of its children that have ended."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system + times.children_user + times.children_system


@contextlib.asynccontextmanager
async def fed(slots: list[list[str]], **settings: str) -> AsyncIterator[tuple[Jobs, Processors]]:
    """An engine and slots that wait for jobs."""
    with valkey() as (url, folder):
        async with redis.asyncio.Redis.from_url(url) as client:
            harness = Harness(url, folder, EASEL_LEASE="10", EASEL_RENEW="1", EASEL_LOG_LEVEL="WARNING", **settings)
            del harness.env["EASEL_FAILPOINTS"]
            jobs = Jobs(client)
            try:
                harness.start("engine")
                await harness.ready()
                await jobs.heartbeat("test", [INFO], 1)
                for number, arguments in enumerate(slots):
                    harness.start("slot", f"slot-{number}", *arguments)
                for number in range(2 * _SLOTS):  # until all of them have drawn, most likely
                    await jobs.admit(_job(f"warm{number}"), WIDE)
                await _rendered(jobs, [f"warm{number}" for number in range(2 * _SLOTS)])
                yield jobs, Processors(harness)
            finally:
                harness.close()


def _job(name: str) -> NewJob:
    job = new_job(name, owner=1)
    small = {"width": 64, "height": 64, "steps": _STEPS, "count": 1}
    return job.model_copy(update={"request": job.request.model_copy(update=small)})


async def _rendered(jobs: Jobs, names: list[str]) -> None:
    async def all_of_them() -> bool:
        async with jobs.redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.hget(keys.job(name), "state")
            return set(await pipe.execute()) <= {State.RENDERED.encode(), State.POSTED.encode()}

    await until(all_of_them, "all jobs", deadline=600)


@dataclass(frozen=True)
class Measured:
    """Jobs a second, the share of time that the engine idled, and processor time of the slots, ms a job."""

    rate: float
    idle: float
    slots: float


async def measured(count: int, slots: list[list[str]], **settings: str) -> Measured:
    """From the first end to the last."""
    async with fed(slots, **settings) as (jobs, processors):
        names = [f"j{number}" for number in range(count)]
        for name in names:
            await jobs.admit(_job(name), WIDE)  # they begin at once, so the first are behind when the last one comes
        await _rendered(jobs, names)
        spent = processors.spent()
        ends, busy = [], []
        for name in names:
            job = await jobs.get(name)
            assert job is not None
            assert job.result is not None
            ends.append(job.changed / 1000)
            busy.append(job.result.timings["device"] / 1000)
        print("   processor, ms a job:", *(f"{name} {each / count * 1000:.0f}" for name, each in spent.items()))
        last, first = max(ends), min(ends)
        shares = sum(busy) - busy[ends.index(first)]
        rate = (count - 1) / (last - first)
        return Measured(rate, 1 - shares / (last - first), spent["slots"] / count * 1000)


async def run(count: int) -> None:
    two: list[list[str]] = [[] for _ in range(_SLOTS)]
    for ms in (200, 100):
        by = await measured(count // 2, two, EASEL_FAKE_STEP_MS=str(ms / _STEPS))
        print(f"jobs of {ms} ms, {_SLOTS} slots: {by.rate:.1f} jobs/s, the engine idles {by.idle:.1%}")
        by = await measured(count // 2, two, EASEL_FAKE_STEP_MS=str(ms / _STEPS), EASEL_ENGINE_WAITING="0")
        print(f"   claimed when the last is over (EASEL_ENGINE_WAITING=0): {by.rate:.1f} jobs/s, idles {by.idle:.1%}")
    alone, spent = await asyncio.to_thread(rq_alone, count)
    forks = await measured(count, two, EASEL_FAKE_STEP_MS="0")
    print(
        f"by forks, {_SLOTS} slots: {forks.rate:.1f} jobs/s; RQ's own no-op {alone:.1f}; ratio {forks.rate / alone:.2f}"
    )
    print(
        f"   processor of workers, ms a job: RQ {spent:.0f}, slots {forks.slots:.0f}; ratio {spent / forks.slots:.2f}"
    )
    together = {"EASEL_FAKE_STEP_MS": "0", "EASEL_FAKE_TOGETHER": "8"}
    several = await measured(2 * count, [["--several"]], **together)
    many = several.rate / forks.rate
    print(f"several attempts in one process: {several.rate:.1f} jobs/s, {many:.1f} times as many as by forks")


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.feed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--jobs", type=int, default=100, help="for each figure (default: 100)")
    parser.add_argument("--rq-worker", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rq_worker:
        with redis.Redis.from_url(options.rq_worker) as client:
            rq.Worker(["noop"], connection=client).work(logging_level="WARNING")
        return
    asyncio.run(run(options.jobs))


if __name__ == "__main__":
    main()
