"""A line that tests play with: jobs of chosen charges in chosen lanes, claimed and ended at once, on a real Valkey."""

import itertools
import json
from typing import Any

import redis

from tests.worker.contract.factories import INFO, new_job, request
from tests.worker.contract.store.fair_reference import Task
from worker.contract.store import keys, scripts
from worker.contract.store.claim import claim
from worker.contract.store.record import fields
from worker.contract.types.job import NewJob, Progress
from worker.contract.types.timings import Caps, Timings

SIDE = 128
PACE = 1e6 / (SIDE * SIDE)  # so that a job of n steps is charged n × UNIT milliseconds
UNIT = 1000
WIDE = Caps(person=10**9, server=10**9, total=10**9, rate_person=0, rate_server=0).json()
LIFE = Timings(lease=3600, answer_grace=0, edit_every=0)
GIVEN_UP = 0


class Play:
    """What bots, slots and reapers do with the line, and nothing else.

    Args: client, which does not decode; `workers`, by name what each can draw.
    """

    def __init__(self, client: redis.Redis, workers: dict[str, tuple[str, ...]]) -> None:
        client.flushall()
        self.alive = 3_600_000  # milliseconds for which a worker that says nothing counts
        self.redis, self.workers = client, workers
        self._scripts = {
            name: client.register_script(scripts.source(name))
            for name in ("admit", "cancel", "renew", "reap", "rendered", "heartbeat")
        }  # fmt: skip
        self._names = itertools.count(1)
        for name, lanes in workers.items():
            self.beat(name, lanes)

    def run(self, script: str, *args: Any) -> Any:
        return self._scripts[script](args=list(args))

    def beat(self, name: str, lanes: tuple[str, ...]) -> None:
        models = {lane: INFO.model_copy(update={"id": lane}).model_dump_json() for lane in lanes}
        self.redis.hset(keys.PACE, mapping=dict.fromkeys(lanes, PACE * UNIT))
        self.run("heartbeat", name, 1, json.dumps(models), "", "{}", json.dumps(list(lanes)), "[]")

    def weigh(self, **weights: float) -> None:
        self.redis.hset(keys.WEIGHTS, mapping={name.removeprefix("s"): weight for name, weight in weights.items()})

    def new(self, server: str, person: str, lane: str, units: int) -> NewJob:
        asked = request(model=lane, width=SIDE, height=SIDE, steps=units, count=1)
        new = new_job(f"j{next(self._names)}", owner=int(person), server=server, model=lane, token=None)
        return new.model_copy(update={"request": asked})

    def ask(self, server: str, person: str, lane: str = "starter", units: int = 2, **more: str) -> Task:
        """Admit a job that is charged so many units. `more`: further fields of its record."""
        new = self.new(server, person, lane, units)
        answer = self.run(
            "admit", new.id, new.event, 0, person, server, json.dumps([lane]), json.dumps(fields(new) | more), WIDE, 1,
            10**9, 0, 900_000, self.alive,
        )  # fmt: skip
        assert answer[0] == b"admitted", answer
        order, charge = self.redis.hmget(keys.job(new.id), "order", "charge")
        assert float(charge or 0) == units * UNIT
        named = "dm" if server.startswith("dm-") else server
        return Task(new.id, lane, named, person, int(order or 0), float(charge or 0))

    def claim(self, *lanes: str, warm: tuple[str, ...] = ()) -> str | None:
        found = claim(
            self.redis, worker="w", capabilities=lanes or ("starter",), timings=LIFE, function="f", job_timeout=9,
            warm=warm,
        )  # fmt: skip
        return found.rpartition("-")[0] if found else None

    def attempt(self, job: str) -> int:
        return int(self.redis.hget(keys.job(job), "attempt") or 0)

    def progress(self, job: str, step: int, steps: int) -> None:
        told = Progress(step=step, steps=steps).model_dump_json()
        self.run("renew", job, self.attempt(job), 3_600_000, told, 0, 1000)

    def done(self, job: str) -> None:
        """It is drawn, by an engine that says nothing of how long it took."""
        assert self.run("rendered", job, self.attempt(job), '{"pictures":[]}', 0, "") == 1

    def cancel(self, job: str) -> None:
        assert self.run("cancel", job, "owner", 60_000, "", 0, 0) == b"done"

    def give_back(self, job: str) -> None:
        """Its worker died; the reaper finds it."""
        self.redis.hset(keys.job(job), "attempt", 1)  # never its last
        self.redis.zadd(keys.LEASES, {job: GIVEN_UP})
        self.reap()

    def reap(self, wait_max: int = 10**9) -> None:
        self.run("reap", 3, wait_max, 180_000, 60_000, 3_600_000)

    def waiting(self) -> int:
        return int(self.redis.zcard(keys.WAITING))

    def left(self) -> set[str]:
        """Keys of the line that are there, without those that go by themselves."""
        found = {name.decode() for name in self.redis.scan_iter(f"{keys.FAIR}*")}
        return {name for name in found if self.redis.pttl(name) < 0}
