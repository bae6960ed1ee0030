"""How much the sandbox bears: `python -m tests.load.sandbox`.

First a flood of interactions: slash command, deferral, edit with a picture, at a steady rate whether or not earlier
ones are done. The bot and the people are raw sockets in this process, so that the sandbox in the other one is what is
measured. Then a thousand servers over four shards: an unmodified discord.py logs in, and answers in servers of each.
"""

# ruff: noqa: T201 - printing is what this script is for
import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from tests.load.raw import Heard, RawBot, RawPerson, RefusedError, multipart
from tests.load.servers import many_servers

PEOPLE = ("ada", "max", "bea", "cem", "dua", "eli")
CHANNELS = ("Studio/gallery", "Atelier/gallery", "Night Lab/gallery", "Studio/general", "Atelier/general")
COMMAND = {
    "name": "draw", "description": "d", "type": 1,
    "options": [{"type": 3, "name": "prompt", "description": "p", "required": True}],
}  # fmt: skip
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
WARM_UP = 100


@dataclass(slots=True)
class Flood:
    """Times in milliseconds of each step, and of all from command to edited message."""

    defer: list[float] = field(default_factory=list)
    edit: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def watch(info: dict[str, str]) -> None:
    """Take the events of the control API as the page of somebody would."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(info["page"] + "sandbox/events", max_msg_size=0) as told,
    ):
        async for _ in told:
            pass


async def flood(info: dict[str, str], rate: float, seconds: float, size: int) -> Flood:
    """Play so many interactions a second, from a clock and not from answers."""
    begun: dict[int, float] = {}
    heard: asyncio.Queue[Heard] = asyncio.Queue()
    figures = Flood()
    picture = b"\x89PNG\r\n\x1a\n" + bytes(8) + (512).to_bytes(4) * 2 + os.urandom(size)
    body = multipart({"content": "done", "attachments": [{"id": 0, "filename": "a.png"}]}, "a.png", picture)
    async with RawBot(info, 1, heard.put_nowait) as bot, asyncio.TaskGroup() as tasks:
        await bot.api("PUT", f"/applications/{info['application_id']}/commands", json.dumps([COMMAND]).encode())
        person = RawPerson(info["page"])

        async def ask(number: int, at: float) -> None:
            made = await person.slash(CHANNELS[number % 5], PEOPLE[number % 6], "draw", f"apple number {number}")
            begun[made] = at

        async def answer(one: Heard) -> None:
            started = time.perf_counter()
            try:
                await bot.defer(one)
                deferred = time.perf_counter()
                await bot.edit(one, body)
            except RefusedError as refused:
                figures.refused.append(str(refused))
                return
            ended = time.perf_counter()
            figures.defer.append((deferred - started) * 1000)
            figures.edit.append((ended - deferred) * 1000)
            figures.whole.append((ended - begun.pop(one.id, started)) * 1000)

        async def answer_all(count: int) -> None:
            for _ in range(count):
                tasks.create_task(answer(await heard.get()))

        count = round(rate * seconds)
        answering = tasks.create_task(answer_all(count))
        start = time.perf_counter()
        for number in range(count):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(ask(number, due))
        await answering
    await person.http.close()
    return figures


def show(name: str, times: Sequence[float]) -> None:
    held = sorted(times)
    shown = (f"{share} {held[min(len(held) - 1, int(part * len(held)))]:.1f} ms" for share, part in SHARES.items())
    print(f"  {name:22} " + " · ".join(shown))


async def play_flood(box: "Box", rate: float, seconds: float, size: int, watchers: int) -> int:
    """Returns how many interactions were refused: because three seconds were over, where the machine is too slow."""
    watching = [asyncio.create_task(watch(box.info)) for _ in range(watchers)]
    await flood(box.info, WARM_UP, 1, size)
    before, own = box.cpu_seconds(), time.process_time()
    started = time.perf_counter()
    figures = await flood(box.info, rate, seconds, size)
    took = time.perf_counter() - started
    count = len(figures.whole)
    if not count:
        sys.exit(f"Not one interaction came through: {figures.refused[0]}")
    print(f"{count} interactions in {took:.1f} s: {count / took:.0f} a second, asked for {rate:.0f}")
    if figures.refused:
        print(f"  {len(figures.refused)} refused, the first: {figures.refused[0]}")
    show("deferral", figures.defer)
    show("edit with a picture", figures.edit)
    show("command to edited", figures.whole)
    used, mine = box.cpu_seconds() - before, time.process_time() - own
    each = 1000 * used / count
    print(f"  processor: sandbox {each:.2f} ms each, {used / took:.0%} of a core; this process {mine / took:.0%}")
    print(f"  memory: sandbox {box.megabytes():.0f} MB")
    for each in watching:
        each.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    return len(figures.refused)


class Box:
    """A sandbox in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], info: dict[str, str]) -> None:
        self.info = info
        self._process = psutil.Process(process.pid)

    def cpu_seconds(self) -> float:
        used = self._process.cpu_times()
        return used.user + used.system

    def megabytes(self) -> float:
        return self._process.memory_info().rss / 1e6


@contextmanager
def running(*arguments: str) -> Iterator[Box]:
    with tempfile.TemporaryDirectory(prefix="sandbox-load-") as folder:
        told = Path(folder) / "info.json"
        command = [sys.executable, "-m", "deploy.sandbox", "--no-rate-limits", "--info", str(told), *arguments]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                while not (told.exists() and told.read_text().endswith("}")):
                    if process.poll() is not None:
                        sys.exit("The sandbox did not start.")
                    time.sleep(0.05)
                yield Box(process, json.loads(told.read_text()))
            finally:
                process.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.sandbox", description=__doc__)
    parser.add_argument("--rate", type=float, default=500.0, help="interactions a second (500)")
    parser.add_argument("--seconds", type=float, default=10.0, help="for how long (10)")
    parser.add_argument("--bytes", type=int, default=20_000, help="size of the picture (20000)")
    parser.add_argument("--watchers", type=int, default=1, help="pages that look on (1)")
    parser.add_argument("--servers", type=int, default=1000, help="servers for the second part; 0 leaves it out (1000)")
    parser.add_argument("--shards", type=int, default=4, help="shards for the second part (4)")
    arguments = parser.parse_args()
    with running() as box:
        flooded = play_flood(box, arguments.rate, arguments.seconds, arguments.bytes, arguments.watchers)
        refused = asyncio.run(flooded)
    if arguments.servers:
        with running("--shards", str(arguments.shards)) as box:
            asyncio.run(many_servers(box.info, arguments.servers, arguments.shards))
            print(f"  memory: sandbox {box.megabytes():.0f} MB")
    return min(1, refused)


if __name__ == "__main__":
    sys.exit(main())
