"""How much the sandbox bears: `python -m tests.load.sandbox`.

First a flood of interactions: slash command, deferral, edit with a picture, at a steady rate whether or not earlier
ones are done. The bot and the people are raw sockets in this process, so that the sandbox in the other one is what is
measured. Then a thousand servers over four shards: an unmodified discord.py logs in, and answers in servers of each.
"""

# ruff: noqa: T201 - printing is what this script is for
import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psutil

from tests.load.flood import Figures, Flood
from tests.load.servers import many_servers

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
WARM_UP = 100


async def watch(info: dict[str, str]) -> None:
    """Take the events of the control API as the page of somebody would."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(info["page"] + "sandbox/events", max_msg_size=0) as told,
    ):
        async for _ in told:
            pass


def show(name: str, times: Sequence[float]) -> None:
    held = sorted(times)
    shown = (f"{share} {held[min(len(held) - 1, int(part * len(held)))]:.1f} ms" for share, part in SHARES.items())
    print(f"  {name:22} " + " · ".join(shown))


async def play_flood(box: "Box", rate: float, seconds: float, size: int, watchers: int) -> int:
    """Returns how many interactions were refused: because three seconds were over, where the machine is too slow."""
    watching = [asyncio.create_task(watch(box.info)) for _ in range(watchers)]
    await Flood(box.info, size).run(WARM_UP, WARM_UP)
    flood, before, own = Flood(box.info, size), box.times(), time.process_time()
    started = time.perf_counter()
    await flood.run(round(rate * seconds), rate)
    took = time.perf_counter() - started
    used, waited = (after - earlier for after, earlier in zip(box.times(), before, strict=True))
    report(flood.figures, took, rate)
    cost = 1000 * used / len(flood.figures.whole)
    mine = time.process_time() - own
    print(f"  processor: sandbox {cost:.2f} ms each, {used / took:.0%} of a core; this process {mine / took:.0%}")
    if waited:
        print(f"  the sandbox waited for a free core {waited / took:.0%} of the time")
    print(f"  memory: sandbox {box.megabytes():.0f} MB")
    for each in watching:
        each.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    return len(flood.figures.refused)


def report(figures: Figures, took: float, rate: float) -> None:
    count = len(figures.whole)
    if not count:
        sys.exit(f"Not one interaction came through: {figures.refused[0]}")
    print(f"{count} interactions in {took:.1f} s: {count / took:.0f} a second, asked for {rate:.0f}")
    if figures.refused:
        print(f"  {len(figures.refused)} refused, the first: {figures.refused[0]}")
    show("deferral", figures.defer)
    show("edit with a picture", figures.edit)
    show("command to edited", figures.whole)


class Box:
    """A sandbox in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], info: dict[str, str]) -> None:
        self.info = info
        self._process = psutil.Process(process.pid)

    def times(self) -> tuple[float, float]:
        """Seconds on a processor, and ready to run without one: that tells a slow sandbox from a busy machine."""
        told = Path(f"/proc/{self._process.pid}/schedstat")
        if not told.exists():  # not Linux
            times = self._process.cpu_times()
            return times.user + times.system, 0.0
        used, waited, _ = told.read_text().split()
        return int(used) / 1e9, int(waited) / 1e9

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
