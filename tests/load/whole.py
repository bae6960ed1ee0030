"""`python -m tests.load.whole`: all of Easel in a thousand servers over four shards, and what a flood does to waits.

Bot, poster, Valkey and the sandbox are processes; who draws is played (`claimers`), so that there can be more workers
than cores. First commands come at a steady rate from all servers: how soon is each answered, and how much memory does
the bot take? Then one person floods while others ask now and then: how long does each wait until drawing begins, beside
the same requests in plain arrival order?
"""

# ruff: noqa: T201 - printing is what this is for
import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import make_token
from deploy.sandbox.state.defaults import APP_ID
from deploy.valkey import EmbeddedValkey, free_port
from tests.e2e.local import ROOT
from tests.faults.harness import Kept
from tests.faults.record import Deed, Record
from tests.faults.storm import sandbox_of
from tests.load.arrivals import Ask
from tests.load.claimers import Claimers
from tests.load.commands import WIDE
from tests.load.fairness import Waits, in_arrival_order, shares
from tests.load.plot import Series, draw
from worker.tasks import end

START, SETTLE = 240.0, 120.0  # seconds for all to be there; until the last answer and the last picture
PEOPLE = 30
SHARED = 20.0  # seconds for which shares are told
FAST = 40  # requests a second of a flood
WATCHED = {"the flood": 0, "a neighbour": 1, "another server": 2}  # their names are those of people


@dataclass
class Scene:
    """All that is played with."""

    sandbox: SandboxClient
    record: Record
    claimers: Claimers
    bot: Kept
    servers: list[str]
    people: list[str]


def _part(name: str, module: str, arguments: tuple[str, ...], env: dict[str, str], folder: Path) -> Kept:
    part = Kept(name, module, arguments, env, folder)
    part.start()
    return part


@asynccontextmanager
async def scene(servers: int, shards: int, workers: int, seconds: float) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True)))
        valkey, port, token = EmbeddedValkey(folder / "valkey"), free_port(), make_token(APP_ID)
        valkey.start()
        stack.callback(valkey.stop)
        page = f"http://127.0.0.1:{port}"
        env = {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "DISCORD_"))} | WIDE
        env |= {
            "PYTHONPATH": str(ROOT), "DISCORD_TOKEN": token, "EASEL_REDIS_URL": valkey.url,
            "EASEL_DISCORD_API": f"{page}/api/v10", "EASEL_DISCORD_GATEWAY": f"ws://127.0.0.1:{port}/gateway",
            "EASEL_DISCORD_CDN": f"{page}/cdn", "EASEL_CAP_PERSON_EVERYWHERE": "100000",
        }  # fmt: skip
        told = ("--port", str(port), "--token", token, "--shards", str(shards), "--no-rate-limits")
        stack.push_async_callback(_part("sandbox", "deploy.sandbox", told, env, folder).stop)
        sandbox = await stack.enter_async_context(sandbox_of(page))
        await sandbox.post("/guilds", count=servers - len((await sandbox.world())["guilds"]))
        await sandbox.post("/people", count=PEOPLE)
        world = await sandbox.world()
        record = Record(int(sandbox.info.application_id))
        stack.push_async_callback(end, asyncio.create_task(record.follow(sandbox)))
        claimers = await stack.enter_async_context(Claimers(valkey.url, workers, seconds))
        began = time.monotonic()
        stack.push_async_callback(_part("poster", "worker", ("poster",), env, folder).stop)
        bot = _part("bot", "bot", (), env, folder)
        stack.push_async_callback(bot.stop)
        await sandbox.wait_bot(shards=shards, timeout=START)
        await sandbox.wait_commands(timeout=START)
        print(f"{len(world['guilds'])} servers over {shards} shards: ready in {time.monotonic() - began:.1f} s")
        people = [each["global_name"] or each["username"] for each in world["people"]]
        yield Scene(sandbox, record, claimers, bot, [each["name"] for each in world["guilds"]], people)


async def ask(at: Scene, server: str, person: str, steps: int = 20) -> int:
    options = {"prompt": "apple", "count": 1, "steps": steps}
    return (await at.sandbox.slash(f"{server}/general", person, "imagine", options, wait=False)).id


async def settled(at: Scene, numbers: Sequence[int], *, drawn: bool) -> list[Deed]:
    """What became of interactions, once each was answered, or with `drawn` once each has its pictures."""
    until = time.monotonic() + SETTLE
    while time.monotonic() < until:
        deeds = [at.record.deeds[each] for each in numbers if each in at.record.deeds]
        ready = len(deeds) == len(numbers) and all(each.state != "pending" for each in deeds)
        if ready and (not drawn or len(_posted(at, numbers)) == len(numbers)):
            break
        await asyncio.sleep(0.2)
    return [at.record.deeds[each] for each in numbers]


def _posted(at: Scene, numbers: Sequence[int]) -> dict[int, float]:
    """When the pictures of each were seen."""
    wanted = {str(each) for each in numbers}
    shown = ((line.job, each.at) for line in at.record.messages.values() for each in line.shown if each.pictures)
    return {int(job): moment for job, moment in reversed(list(shown)) if job in wanted}


async def steady(at: Scene, rate: float, seconds: float) -> int:
    """Commands of all servers, whether or not earlier ones were answered; returns how many got no answer."""
    chance, began, tasks = random.Random(1), time.monotonic(), []
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(ask(at, chance.choice(at.servers), chance.choice(at.people), steps=1)))
    numbers = list(await asyncio.gather(*tasks))
    sent = time.monotonic() - began
    deeds = await settled(at, numbers, drawn=False)
    times = [each.first_answer_ms for each in deeds if each.first_answer_ms is not None]
    memory = psutil.Process(at.bot.pid).memory_info().rss / 1e6
    print(f"{len(numbers)} commands in {sent:.1f} s: first answer {_figures(times)} ms; the bot takes {memory:.0f} MB")
    await settled(at, numbers, drawn=True)
    posted = _posted(at, numbers)
    print(f"  stored to posted: {_figures([posted[each] - at.claimers.seen[str(each)].stored for each in posted])} s")
    return len(numbers) - len(times)


async def flood(at: Scene, many: int) -> tuple[Waits, Waits, int]:
    """One person asks for many, as fast as the bot can answer; a neighbour and somebody of another server for ten each.

    Returns the waits, those in plain arrival order, and how many got no pictures.
    """
    begun = time.monotonic()
    coming = [(number / FAST, 0) for number in range(many)] + [
        (1.0 + 2 * number, who) for number in range(10) for who in (1, 2)
    ]

    async def one(moment: float, who: int) -> tuple[int, int]:
        await asyncio.sleep(max(0.0, begun + moment - time.monotonic()))
        return await ask(at, at.servers[who // 2], at.people[who]), who

    made = await asyncio.gather(*(one(moment, who) for moment, who in coming))
    await settled(at, [number for number, _ in made], drawn=True)
    seen = at.claimers.seen
    asked = sorted((at.record.deeds[number].at - begun, number, who) for number, who in made if str(number) in seen)
    asks = [Ask(moment, who // 2, who) for moment, _, who in asked]
    takes = [min(9.0, seen[str(number)].stored - seen[str(number)].claimed) for _, number, _ in asked]
    waits = Waits()
    for made_at, (_, number, _), length in zip(asks, asked, takes, strict=True):
        waits.began(seen[str(number)].claimed - begun, made_at, length)
    waits.starts.sort()
    plain = in_arrival_order(asks, takes, len(at.claimers.names))
    return waits, plain, len(made) - len(asked)


def _figures(found: Sequence[float]) -> str:
    held = sorted(found) or [0.0]
    return f"p50 {statistics.median(held):.3g}, p99 {held[min(len(held) - 1, int(0.99 * len(held)))]:.3g}"


def table(many: int, fair: Waits, plain: Waits) -> Series:
    rows = []
    print(
        f"one person asks for {many}, {FAST} a second; seconds until drawing begins, in the line and in arrival order:"
    )
    for name, who in WATCHED.items():
        told = [waits.of[who // 2, who] for waits in (fair, plain)]
        print(f"  {name:<16}{_figures(told[0]):<30}{_figures(told[1])}")
        rows.append((name, statistics.median(told[0]), statistics.median(told[1])))
    kinds: dict[str, dict[int, float]] = defaultdict(dict)
    for kind, waits in (("line", fair), ("plain", plain)):
        kinds[kind] = shares(waits, SHARED)
    print(f"  by server, of what began in {SHARED:.0f} s: {kinds['line']} against {kinds['plain']}")
    return Series(f"{many} requests of one person, {FAST} a second, under the whole stack", rows)


async def play(options: argparse.Namespace) -> int:
    async with scene(options.servers, options.shards, options.workers, options.draws) as at:
        lost = await steady(at, options.rate, options.seconds)
        fair, plain, undrawn = await flood(at, options.flood)
        series = table(options.flood, fair, plain)
        if options.plot:
            options.plot.write_bytes(draw("Seconds until drawing begins (median)", [series]))
        print(f"never answered: {lost}; never drawn: {undrawn}")
        return lost + undrawn


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.whole", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--servers", type=int, default=1000, help="servers (1000)")
    parser.add_argument("--shards", type=int, default=4, help="shards of the bot (4)")
    parser.add_argument("--workers", type=int, default=8, help="workers that are played (8)")
    parser.add_argument("--draws", type=float, default=1.0, help="seconds that each draws for a request (1)")
    parser.add_argument("--rate", type=float, default=50.0, help="commands a second (50)")
    parser.add_argument("--seconds", type=float, default=20.0, help="for how long (20)")
    parser.add_argument("--flood", type=int, default=300, help="requests of the flood (300)")
    parser.add_argument("--plot", type=Path, help="PNG to write")
    return min(1, asyncio.run(play(parser.parse_args())))


if __name__ == "__main__":
    sys.exit(main())
