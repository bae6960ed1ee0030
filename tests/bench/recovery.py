"""`python -m tests.bench.recovery`: how long a job waits until it is drawn again after its worker was struck.

Two hosts (a supervisor, engine, two slots and a poster each) with the default settings, one Valkey, a stand-in for
Discord. From the blow to the first step of the next attempt, wherever that is made. Only the circuit breaker is off: no
job is ever finished here, so an engine that is struck again and again would take a rest. Not collected by pytest.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis.asyncio

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.factories import new_job, request
from tests.worker.harness import Harness, admitted, until
from tests.worker.hosts import Hosts
from tests.worker.poster.standin import Standin
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.timings import Caps

ENDLESS = "[slow=0.2] never finished"
QUICKENED = ("LEASE", "RENEW", "EDIT_EVERY", "ANSWER_GRACE", "POST_LEASE", "RESTART_FIRST")  # by Harness, for tests
OTHERWISE = {"EASEL_SLOTS": "2", "EASEL_BREAKER_AFTER": "0"}
ROLES: dict[str, Callable[[str], bool]] = {
    "work horse": lambda line: "worker slot" in line,
    "slot": lambda line: "worker slot" in line,
    "engine": lambda line: "worker engine" in line,
    "supervisor": lambda line: line.endswith("worker all"),
    "whole host": lambda _: True,
}


@dataclass
class Bench:
    hosts: Hosts
    jobs: Jobs
    standin: Standin

    async def measure(self, role: str, blow: signal.Signals) -> float:
        """Seconds for one blow at one role."""
        name = f"{role}-{blow.name}-{time.monotonic_ns()}".replace(" ", "-")
        new = new_job(name).model_copy(update={"request": request(prompt=ENDLESS, steps=150)})
        await admitted(self.jobs, new, Caps(person=999, server=999, rate_person=0, rate_server=0))
        await self.jobs.answered(name, self.standin.message())
        host = await self._drawn(name, 1)
        struck = self._who(host, role)
        began = time.monotonic()
        for process in struck:
            with contextlib.suppress(ProcessLookupError):  # it dies with its parent
                os.kill(process.pid, blow)
        await self._drawn(name, 2)
        seconds = time.monotonic() - began
        await self.jobs.cancel(name)
        for process in struck:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()
        await self._whole(host)
        return seconds

    def _who(self, host: str, role: str) -> list[psutil.Process]:
        family = self.hosts.processes(host)
        found = [each for each in family if ROLES[role](" ".join(each.cmdline()))]
        slots = {each.pid for each in found}
        if role == "work horse":
            return [each for each in found if each.ppid() in slots]
        if role == "slot":  # whose horse is at work, or was a moment ago
            return [each for each in found if each.children()]
        return found

    async def _drawn(self, name: str, attempt: int) -> str:
        async def ask() -> str | None:
            job = await self.jobs.get(name)
            if job and job.attempt >= attempt and job.progress and job.progress.step:
                worker = await self.jobs.redis.hget(keys.job(name), "worker")
                return worker.decode() if isinstance(worker, bytes) else None
            return None

        found: str = await until(ask, f"attempt {attempt}")
        return found

    async def _whole(self, host: str) -> None:
        """Have the host as it was before the next blow."""
        if self.hosts.harness.processes[host].poll() is not None:
            self.hosts.start(host, **OTHERWISE)
        await self.jobs.redis.hdel(keys.WORKERS, host)
        await self.hosts.ready(self.jobs, host)


async def run(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        valkey = EmbeddedValkey(folder / "valkey")
        valkey.start()
        try:
            async with Standin() as standin, redis.asyncio.Redis.from_url(valkey.url) as client:
                harness = Harness(valkey.url, folder, DISCORD_TOKEN="bench.token", EASEL_DISCORD_API=standin.base)
                for each in QUICKENED:
                    del harness.env[f"EASEL_{each}"]
                try:
                    await _rounds(Bench(Hosts(harness, folder), Jobs(client), standin), rounds)
                finally:
                    harness.close()
        finally:
            valkey.stop()


async def _rounds(bench: Bench, rounds: int) -> None:
    for host in ("north", "south"):
        bench.hosts.start(host, **OTHERWISE)
    await bench.hosts.ready(bench.jobs, "north", "south")
    for blow in (signal.SIGKILL, signal.SIGSTOP):
        for role in ROLES:
            if blow is signal.SIGSTOP and role in {"slot", "supervisor"}:
                continue  # the render goes on without them
            taken = [await bench.measure(role, blow) for _ in range(rounds)]
            print(f"{role:<12} {blow.name:<8} {' '.join(f'{each:6.1f}' for each in taken)} s", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recovery", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=2, help="blows of each kind (default: 2)")
    asyncio.run(run(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
