"""`python -m tests.bench.store`: for how long Redis does nothing else while a script of Easel's runs.

An embedded Valkey with a full line of 500 stale jobs in front of one slot. Printed are the milliseconds that Valkey
itself counts for one telling of places, one estimate, one refusal and one claim that fits nothing, with the commands
that each runs, and the bytes that a finished job's record takes. Not collected by pytest.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import redis
import redis.asyncio

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.factories import INFO, new_job
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types.timings import Caps, Timings

WAITING = 500
MESSAGE = 1_400_000_000_000_000_000
WIDE = Caps(person=10**6, server=10**6, total=10**6, rate_person=0, rate_server=0)


async def run(repeats: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        try:
            async with redis.asyncio.Redis.from_url(valkey.url) as client:
                await _measure(client, valkey.url, repeats)
        finally:
            valkey.stop()


async def _measure(client: redis.asyncio.Redis, url: str, repeats: int) -> None:
    jobs, outbox = Jobs(client), Outbox(client, Timings(edit_every=0.002, retell=0))
    await jobs.heartbeat("w", [INFO], 1)
    await client.hset(keys.PACE, "starter", "100")
    for number in range(WAITING):
        await jobs.admit(new_job(f"j{number}", owner=number), WIDE)

    async def tell() -> object:
        await client.delete(keys.ANNOUNCER)
        return await outbox.announce()

    async def refuse() -> object:
        return await jobs.admit(new_job("x", owner=WAITING - 1), Caps(person=1))

    await _print(client, "places told", "announce", tell, repeats)
    await _print(client, "one estimate", "standing", lambda: jobs.standing(f"j{WAITING - 1}"), repeats)
    await _print(client, "one refusal", "admit", refuse, repeats)
    await _print(client, "a claim of what nobody has", "claim", lambda: asyncio.to_thread(_claim, url), repeats)
    await _memory(client, jobs)


def _claim(url: str) -> object:
    with redis.Redis.from_url(url) as client:
        return claim(client, worker="w", capabilities=["other"], timings=Timings(), function="f", job_timeout=9)


async def _print(
    client: redis.asyncio.Redis, what: str, script: str, work: Callable[[], Awaitable[object]], repeats: int
) -> None:
    await work()  # loads the script
    took, commands = [], []
    for _ in range(repeats):
        await client.config_resetstat()
        answer = await work()
        stats: dict[str, Any] = await client.info("commandstats")
        took.append(stats["cmdstat_evalsha"]["usec"] / 1000)
        commands.append(sum(each["calls"] for each in stats.values()) - stats["cmdstat_evalsha"]["calls"])
    print(  # noqa: T201
        f"{what:<28} {script}.lua: median {statistics.median(took):.1f} ms, most {max(took):.1f} ms, "
        f"{statistics.median(commands):.0f} commands; answered {str(answer)[:60]}"
    )


async def _memory(client: redis.asyncio.Redis, jobs: Jobs) -> None:
    outbox = Outbox(client, Timings(answer_grace=0))
    name = "j0"
    await jobs.answered(name, MESSAGE)
    waiting = await client.memory_usage(keys.job(name), samples=0)
    await jobs.cancel(name)
    while (entry := await outbox.claim(30)) is not None:
        await outbox.done(entry)
    left, message = (
        await client.memory_usage(keys.job(name), samples=0),
        await client.memory_usage(keys.message(MESSAGE)),
    )
    print(f"a record: {waiting} bytes while it waits, {left} cancelled, and {message} for its message")  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.store", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=9, help="of each script (default: 9)")
    asyncio.run(run(parser.parse_args().repeats))


if __name__ == "__main__":
    main()
