"""The line in Redis against the same in Python, step by step, and what must hold whatever happens."""

import random

import pytest
import redis

from tests.worker.contract.store.fair_play import Play
from tests.worker.contract.store.fair_reference import FairLine, Task
from worker.contract.store import keys

WORKERS = {"one": ("a", "b"), "other": ("b", "c"), "third": ("c",)}
WEIGHTS = {"1": 1.0, "2": 1.0, "3": 3.0, "dm": 0.5}
SERVERS = ("1", "2", "3", "4", "dm-7", "dm-8")


@pytest.fixture
def play(redis_sync: redis.Redis) -> Play:
    play = Play(redis_sync, WORKERS)
    redis_sync.hset(keys.WEIGHTS, mapping={name: str(weight) for name, weight in WEIGHTS.items()})
    return play


class Both:
    """The two lines, to which the same happens."""

    def __init__(self, play: Play, seed: int) -> None:
        self.play, self.chance = play, random.Random(seed)
        self.line = FairLine(WEIGHTS, [frozenset(lanes) for lanes in WORKERS.values()])
        self.waiting: dict[str, Task] = {}
        self.drawn: dict[str, Task] = {}

    def ask(self) -> None:
        server = self.chance.choice(SERVERS)
        person = server.removeprefix("dm-") if server.startswith("dm-") else str(self.chance.randint(10, 13))
        task = self.play.ask(server, person, self.chance.choice("abc"), self.chance.choice([1, 2, 5, 9, 90]))
        self.line.push(task)
        self.waiting[task.id] = task

    def claim(self) -> None:
        lanes = self.chance.choice(list(WORKERS.values()))
        expected, found = self.line.claim(lanes), self.play.claim(*lanes)
        assert found == (expected.id if expected else None)
        if expected:
            self.drawn[expected.id] = self.waiting.pop(expected.id)

    def one(self, jobs: dict[str, Task]) -> Task | None:
        return jobs.pop(self.chance.choice(list(jobs))) if jobs else None

    def cancel(self) -> None:
        if task := self.one(self.waiting):
            self.play.cancel(task.id)
            self.line.end(task, 1)

    def done(self) -> None:
        if task := self.one(self.drawn):
            self.play.done(task.id)
            self.line.end(task, 0)

    def cancel_drawn(self) -> None:
        if task := self.one(self.drawn):
            step = self.chance.randint(1, 9)
            self.play.progress(task.id, step, 10)
            self.play.redis.hset(keys.job(task.id), "claimed", 10**15)  # the share that time counts for is tested apart
            self.play.cancel(task.id)
            self.line.end(task, 1 - step / 10)

    def back(self) -> None:
        if task := self.one(self.drawn):
            self.play.give_back(task.id)
            self.line.back(task)
            self.waiting[task.id] = task

    def step(self) -> None:
        what = self.chance.choices(
            (self.ask, self.claim, self.done, self.cancel, self.cancel_drawn, self.back), (40, 40, 12, 5, 5, 4)
        )
        what[0]()


@pytest.mark.parametrize("seed", range(6))
def test_the_scripts_do_what_the_reference_does(play: Play, seed: int) -> None:
    both = Both(play, seed)
    for _ in range(350):
        both.step()
    while both.waiting:
        for lanes in WORKERS.values():
            expected = both.line.claim(lanes)
            assert play.claim(*lanes) == (expected.id if expected else None)
            if expected:
                both.drawn[expected.id] = both.waiting.pop(expected.id)
    while both.drawn:
        both.done()
    assert play.left() == set()
