"""`python -m tests.bench.estimates`: how far the times that people are told are from what comes.

An embedded Valkey, and hours that pass in no time: people ask steadily, then in bursts, and two workers draw each job
for about as long as it is charged, one by one or eight at once, which gains as much as on a CPU or on a card. Printed
is the error of the time that each was told at admission, and when half of it had passed. Beside it is the error of one
who knew the line and what each job takes on average, but not who asks later: nobody can know that. Not collected by
pytest.
"""

# ruff: noqa: T201 - printing is what this is for
import argparse
import copy
import heapq
import math
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from deploy.valkey import EmbeddedValkey
from tests.bench.shared_devices import Devices
from tests.worker.contract.store.fair_play import Play
from tests.worker.contract.store.fair_reference import FairLine, Task
from worker.contract.store import failpoints, keys, scripts

ALIVE = 10**9  # whoever was ever heard of, for such an hour takes less
LANES, WORKERS = ("a", "b"), 2
SLOWER = 1.1  # what a job takes, on average, for each millisecond that it is charged
STEPS = 20  # of each job, as progress is told in them
LEARN = 0.2  # of what was learnt before, as the scripts do
LOADS = tuple((name, spread, lanes, charges) for name, spread in (("steady", 0), ("bursts", 20))
              for lanes, charges in (("a", (2,)), ("aab", (1, 2, 5, 9))))  # fmt: skip
TOGETHER = ((1, 1.0), (8, 1.3), (8, 2.0))  # how many a device draws at once, and how much it gains by that


@dataclass
class Errors:
    """What was told less what came, in seconds, with what came."""

    told: list[tuple[float, float]] = field(default_factory=list)
    half_way: list[tuple[float, float]] = field(default_factory=list)
    known: list[tuple[float, float]] = field(default_factory=list)

    def __str__(self) -> str:
        rows = (("at admission", self.told), ("half way", self.half_way), ("by who knows the line", self.known))
        return "   ".join(f"{name}: {_said(found)}" for name, found in rows)


def _said(found: list[tuple[float, float]]) -> str:
    if not found:
        return "none"
    shares = sorted(abs(error) / came for error, came in found)
    half, nine = (shares[int(len(shares) * share)] for share in (0.5, 0.9))
    seconds = statistics.median(abs(error) for error, _ in found)
    return f"{half:.0%}, {nine:.0%}, {seconds:.1f} s ({statistics.median(error / came for error, came in found):+.0%})"


class _Clock:
    """Redis's clock as the scripts see it, which goes as told; in small steps, for a large one is taken for a jump."""

    def __init__(self, client: redis.Redis) -> None:
        self._client, self._began, self._now = client, time.monotonic(), 0.0

    def go(self, to: float) -> None:
        while self._now < to:
            self._now = min(to, self._now + 4)
            self._client.set(keys.TEST_CLOCK, int((self._now - (time.monotonic() - self._began)) * 1000))
            self._client.eval(scripts.source("now"), 0)


class Hour:
    """One load, played from a seed. Times are seconds of the play."""

    def __init__(
        self, client: redis.Redis, lanes: str, charges: tuple[int, ...], seed: int, at_once: int, gain: float
    ) -> None:
        self._play, self._client, self._clock = Play(client, {"v": LANES, "w": LANES}), client, _Clock(client)
        self._play.alive = ALIVE
        self._ratio = dict.fromkeys(LANES, SLOWER)  # learnt within a few jobs
        self._chance, self._lanes, self._charges = random.Random(seed), lanes, charges
        # The same once more, to look ahead in; until the two round a tie differently.
        self._line: FairLine | None = FairLine({}, [frozenset(LANES)])
        self._tasks: dict[str, Task] = {}
        self._events: list[tuple[float, int, str, str]] = []
        self._told: dict[str, list[tuple[float, float]]] = {}
        self._known: dict[str, float] = {}
        client.hset(keys.CHARGES, mapping={f"{lane}:ratio": str(SLOWER) for lane in LANES})
        self._progressed = 0.0
        self._devices, self._gain = Devices(WORKERS, at_once, gain), gain

    def run(self, seconds: float, spread: float, errors: Errors) -> None:
        """Play it, at 85 % of what the workers draw; `spread`: seconds over which a burst comes, 0 for one by one."""
        together, moment = 46 if spread else 1, 0.0
        mean = together * SLOWER * statistics.mean(self._charges) / self._gain / WORKERS / 0.85
        while moment < seconds:
            moment += self._chance.expovariate(1 / mean)
            for _ in range(self._chance.randint(1, 2 * together - 1)):
                self._later(moment + self._chance.random() * spread, "ask")
        while True:
            now, job = self._devices.soonest()
            done = not self._events or now < self._events[0][0]
            if not done:
                now, _, what, job = heapq.heappop(self._events)
            if now == math.inf:
                return
            self._go(now)
            if done:
                self._done(job, now, errors)
            else:
                self._tell(self._ask(now) if what == "ask" else job, now)
            self._draw(now)

    def _later(self, at: float, what: str, job: str = "") -> None:
        heapq.heappush(self._events, (at, len(self._told) + len(self._events), what, job))

    def _go(self, now: float) -> None:
        """Time passes; each second, the slots say how far their jobs are."""
        self._clock.go(now)
        self._devices.go(now)
        if now - self._progressed < 1:
            return
        self._progressed = now
        for job, done in self._devices.progress().items():
            self._play.progress(job, int(done * STEPS), STEPS)

    def _ask(self, now: float) -> str:
        server = self._chance.choice("1111223456")
        person = server + self._chance.choice("1112345678")
        task = self._play.ask(server, person, self._chance.choice(self._lanes), self._chance.choice(self._charges))
        self._tasks[task.id] = task
        if self._line:
            self._line.push(task)
            self._known[task.id] = self._look_ahead(self._line, task, now)
        return task.id

    def _tell(self, job: str, now: float) -> None:
        place, eta = self._client.eval(scripts.source("standing"), 0, job, ALIVE)
        if place > 0:
            self._told.setdefault(job, []).append((now, eta / 1000))
            if len(self._told[job]) == 1:
                self._later(now + eta / 2000, "again", job)

    def _look_ahead(self, whole: FairLine, task: Task, now: float) -> float:
        """Seconds until it is done if nobody else asks."""
        line, devices = copy.deepcopy(whole), copy.deepcopy(self._devices)
        at, job = now, ""
        while job != task.id:
            while devices.free and (claimed := line.claim(LANES)) is not None:
                devices.take(claimed.id, claimed.charge / 1000 * SLOWER, at)
            at, job = devices.soonest()
            devices.go(at)
            devices.done(job)
        return at - now

    def _draw(self, now: float) -> None:
        while self._devices.free and (job := self._play.claim(*LANES)) is not None:
            task = self._line.claim(LANES) if self._line else None
            if not task or task.id != job:
                self._line = None
            self._devices.take(job, self._tasks[job].charge / 1000 * SLOWER * self._chance.uniform(0.82, 1.18), now)

    def _done(self, job: str, now: float, errors: Errors) -> None:
        self._play.done(job)
        self._learn(self._tasks[job], self._devices.done(job))
        for found, (since, eta) in zip((errors.told, errors.half_way), self._told[job], strict=False):
            found.append((eta - (now - since), now - since))
        took = now - self._told[job][0][0]
        if job in self._known:
            errors.known.append((self._known[job] - took, took))

    def _learn(self, task: Task, share: float) -> None:
        """What rendered.lua learns of it, but for the charges of jobs to come."""
        self._ratio[task.lane] += LEARN * (share / (task.charge / 1000) - self._ratio[task.lane])
        self._client.hset(keys.CHARGES, f"{task.lane}:ratio", str(self._ratio[task.lane]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.estimates", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3], help="an hour each (default: 1 2 3)")
    parser.add_argument("--seconds", type=float, default=1200, help="how long an hour is (default: 1200)")
    parser.add_argument("--at-once", type=int, help="only those loads in which a device draws so many at once")
    chosen = parser.parse_args()
    chosen_ways = [way for way in TOGETHER if chosen.at_once in (None, way[0])]
    failpoints._FOLDER = failpoints._FOLDER or ""  # so that the scripts' clock can be set
    print("error of the time that is told: half of all within, nine of ten within, half of all within s (median)")
    with tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True) as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        try:
            with redis.Redis.from_url(valkey.url) as client:
                for at_once, gain in chosen_ways:
                    for name, spread, lanes, charges in LOADS:
                        errors = Errors()
                        for seed in chosen.seeds:
                            Hour(client, lanes, charges, seed, at_once, gain).run(chosen.seconds, spread, errors)
                        way = f"{at_once} at once, gain {gain}: " if at_once > 1 else ""
                        jobs = f"jobs of {charges} s, {len(errors.told)} jobs"
                        print(f"{way}{name}, lanes {lanes}, {jobs}: {errors}", flush=True)
        finally:
            valkey.stop()


if __name__ == "__main__":
    main()
