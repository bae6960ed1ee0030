"""`python -m tests.bench.durability`: what an acknowledged write costs, and what of it a crash takes away.

An embedded Valkey with each `appendfsync`, written to by several at once: how long an admission takes, and how many of
those that were acknowledged are missing after a SIGKILL in the middle. A SIGKILL takes nothing from the kernel's page
cache, so none may be. This is no power cut: with `everysec` that takes what was acknowledged since the last fsync, one
second ago, or two where the disk is slow; the rate printed here times that is the cost. Not collected by pytest.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import redis.asyncio
from redis.exceptions import ConnectionError as RedisConnectionError

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.factories import INFO, WIDE, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import Admitted, Jobs

WRITERS = 8


async def run(seconds: float) -> None:
    for policy in ("everysec", "always"):
        with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as folder:
            await _measure(EmbeddedValkey(Path(folder)), policy, seconds)


async def _measure(valkey: EmbeddedValkey, policy: str, seconds: float) -> None:
    valkey.start()
    try:
        async with redis.asyncio.Redis.from_url(valkey.url) as client:
            await client.config_set("appendfsync", policy)
            jobs = Jobs(client)
            await jobs.heartbeat("w", [INFO], 1)
            writers = [asyncio.create_task(_admit(jobs, f"w{number}")) for number in range(WRITERS)]
            await asyncio.sleep(seconds)
            valkey.kill()
            took = [await writer for writer in writers]
            valkey.start()
            await client.connection_pool.disconnect()
            missing = [
                1
                for number, each in enumerate(took)
                for name in range(len(each))
                if not await client.exists(keys.job(f"w{number}-{name}"))
            ]
    finally:
        valkey.stop()
    every = sorted(each * 1000 for one in took for each in one)
    print(  # noqa: T201
        f"appendfsync {policy:<9} {len(every)} acknowledged, {len(every) / seconds:.0f} a second; one took "
        f"{statistics.median(every):.1f} ms (p99 {every[int(len(every) * 0.99)]:.1f}); after a SIGKILL "
        f"{len(missing)} are missing"
    )


async def _admit(jobs: Jobs, writer: str) -> list[float]:
    """Admit until Redis is gone; seconds that each acknowledged admission took."""
    took: list[float] = []
    while True:
        began = time.perf_counter()
        try:
            answer = await jobs.admit(new_job(f"{writer}-{len(took)}"), WIDE)
        except RedisConnectionError:
            return took
        assert isinstance(answer, Admitted)
        took.append(time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.durability", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="of writing with each setting (default: 8)")
    asyncio.run(run(parser.parse_args().seconds))


if __name__ == "__main__":
    main()
