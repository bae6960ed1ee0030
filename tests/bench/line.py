"""`python -m tests.bench.line`: what the line costs, however long it is, and how wrong the times are that people get.

An embedded Valkey. First, with 10, 1,000 and 100,000 waiting jobs of many servers and people: milliseconds that Valkey
itself counts for one admission, one claim, one estimate, one telling of places and one call of the reaper, and bytes
for each job that waits. Then a busy hour in no time: people ask steadily, then in bursts, two workers draw each job for
about as long as it is charged; printed is how far the time that each was told at admission, and when half of it had
passed, was from what came. Not collected by pytest.
"""

import argparse
import heapq
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.store.fair_play import Play
from worker.contract.store import failpoints, keys, scripts

SIZES = (10, 1_000, 100_000)
ALIVE = 10**9  # whoever was ever heard of, for that hour takes less
LANES = ("a", "b")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.line", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=30, help="of each script (default: 30)")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="jobs that wait in the end (default: 100000)")
    chosen = parser.parse_args()
    failpoints._FOLDER = failpoints._FOLDER or ""  # so that the scripts' clock can be set
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        try:
            with redis.Redis.from_url(valkey.url) as client:
                if chosen.most:
                    _costs(client, chosen.repeats, [size for size in SIZES if size <= chosen.most])
                _errors(client)
        finally:
            valkey.stop()


def _costs(client: redis.Redis, repeats: int, sizes: list[int]) -> None:
    play, chance = Play(client, {"w": LANES}), random.Random(1)
    empty = int(client.info("memory")["used_memory"])

    def ask() -> str:
        server = str(chance.randint(1, 300))
        return play.ask(
            server, server + str(chance.randint(1, 99)), chance.choice(LANES), chance.choice((1, 2, 5, 9))
        ).id

    print(f"{'waiting':>9}{'admit':>15}{'claim':>15}{'standing':>15}{'announce':>15}{'reap':>15}   bytes a job")  # noqa: T201
    for size in sizes:
        last = ask()
        _fill(play, last, size)
        row = [
            _time(client, repeats, ask),
            _time(client, repeats, lambda: play.claim(*LANES)),
            _time(client, repeats, lambda job=last: client.eval(scripts.source("standing"), 0, job, ALIVE)),  # type: ignore[misc]
            _time(client, repeats, lambda: _announce(client)),
            _time(client, repeats, play.reap),
        ]
        memory = (int(client.info("memory")["used_memory"]) - empty) / play.waiting()
        figures = "".join(f"{used:>8.2f}{longest:>7.2f}" for used, longest in row)
        print(f"{play.waiting():>9}{figures}   {memory:.0f}")  # noqa: T201
    print("(milliseconds in Valkey: of the processor for one, and the longest by the clock)\n")  # noqa: T201


_FILL = """
local template = redis.call('HGETALL', job_key(ARGV[1]))
for number = tonumber(ARGV[2]), tonumber(ARGV[3]) do
  local id, server = 'f' .. number, math.random(300)
  redis.call('HSET', job_key(id), unpack(template))
  local owner, charge = server .. math.random(99), ({ 1000, 2000, 5000, 9000 })[number % 4 + 1]
  redis.call('HSET', job_key(id), 'server', server, 'owner', owner, 'charge', charge)
  line_push(id, line_order())
end
"""


def _fill(play: Play, like: str, size: int) -> None:
    """Put copies of a job into line until so many wait: as admission does, but without telling each its time."""
    script = scripts.source("now").removesuffix(scripts._read("now")) + _FILL
    while (waiting := play.waiting()) < size:
        play.redis.eval(script, 0, like, waiting + 1, min(size, waiting + 500))


def _announce(client: redis.Redis) -> Any:
    client.delete(keys.ANNOUNCER)
    return client.eval(scripts.source("announce"), 0, ALIVE, 3000, 30_000)


def _time(client: redis.Redis, repeats: int, work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds: of the processor for one, and the longest by the clock."""
    work()
    longest = 0.0
    for _ in range(repeats):
        client.config_resetstat()
        work()
        stats: dict[str, Any] = client.info("commandstats")
        longest = max(longest, *(each["usec"] / 1000 for name, each in stats.items() if "eval" in name))
    used = _used(client)
    for _ in range(repeats):
        work()
    return (_used(client) - used) / repeats, longest


def _used(client: redis.Redis) -> float:
    told: dict[str, Any] = client.info("cpu")
    return 1000 * float(told["used_cpu_user_main_thread"] + told["used_cpu_sys_main_thread"])


def _errors(client: redis.Redis) -> None:
    for name, spread in (("steady", 0), ("bursts", 20)):
        for lanes, charges in (("a", (2,)), ("aab", (1, 2, 5, 9))):
            early, late = _hour(client, lanes, charges, spread)
            told = "  ".join(
                f"{when}: p50 {_share(found, 0.5):.0%}, p90 {_share(found, 0.9):.0%} ({statistics.median(found):+.0%})"
                for when, found in (("at admission", early), ("half way", late))
            )
            print(f"{name}, lanes {lanes}, jobs of {charges} s, {len(early)} jobs: error of the time {told}")  # noqa: T201


class _Clock:
    """Redis's clock as the scripts see it, which goes as told; in small steps, for a large one is taken for a jump."""

    def __init__(self, client: redis.Redis) -> None:
        self._client, self._began, self._now = client, time.monotonic(), 0.0

    def go(self, to: float) -> None:
        while self._now < to:
            self._now = min(to, self._now + 4)
            self._client.set(keys.TEST_CLOCK, int((self._now - (time.monotonic() - self._began)) * 1000))
            self._client.eval(scripts.source("now"), 0)


def _share(found: list[float], share: float) -> float:
    return sorted(map(abs, found))[int(len(found) * share)]


def _hour(client: redis.Redis, lanes: str, charges: tuple[int, ...], spread: int) -> tuple[list[float], list[float]]:
    """Errors of the time that was told, ÷ what came, at admission and half way."""
    play, chance = Play(client, {"v": LANES, "w": LANES}), random.Random(3)
    play.alive = ALIVE
    events: list[tuple[float, int, str, str]] = []
    mean, moment, clock = sum(charges) / len(charges), 0.0, _Clock(client)
    together = 46 if spread else 1  # jobs of a burst; in all about 85 % of what two workers draw
    while moment < 3600:
        moment += chance.expovariate(1 / (together * 1.1 * mean / 2 / 0.85))
        for _ in range(chance.randint(1, 2 * together - 1)):
            heapq.heappush(events, (moment + chance.random() * spread, len(events), "ask", ""))
    told: dict[str, list[tuple[float, float]]] = {}
    early, late, idle = [], [], 2

    def estimate(job: str, now: float) -> None:
        place, eta = client.eval(scripts.source("standing"), 0, job, ALIVE)
        if place > 0:
            told.setdefault(job, []).append((now, eta / 1000))
            if len(told[job]) == 1:
                heapq.heappush(events, (now + eta / 2000, len(events) + 10**6, "again", job))

    while events:
        now, _, what, job = heapq.heappop(events)
        clock.go(now)
        if what == "ask":
            server = chance.choice("1111223456")
            person = server + chance.choice("1112345678")
            estimate(play.ask(server, person, chance.choice(lanes), chance.choice(charges)).id, now)
        elif what == "again":
            estimate(job, now)
        elif what == "done":
            play.done(job)
            idle += 1
            for found, (since, eta) in zip((early, late), told[job], strict=False):
                found.append((eta - (now - since)) / (now - since))
        while idle and (claimed := play.claim(*LANES)) is not None:
            idle -= 1
            took = float(client.hget(keys.job(claimed), "charge") or 0) / 1000 * chance.uniform(0.9, 1.3)
            heapq.heappush(events, (now + took, 2 * 10**6, "done", claimed))
    return early, late


if __name__ == "__main__":
    main()
