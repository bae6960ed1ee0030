"""What the fair line promises, on its reference (test_fair_line.py holds the scripts to that): against an ideal fluid,
in which all who wait are served at once by their weights, nobody is ever more than one largest job ahead or behind.
"""

import itertools
import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.worker.contract.store.fair_reference import FairLine, Task

CHARGES = (1, 2, 5, 9)


@dataclass
class World:
    """A line and who was given what in it.

    Attributes:
        given: by (server, person) and by (server, ""), what was drawn for them.
    """

    weights: dict[str, float] = field(default_factory=dict)
    workers: tuple[frozenset[str], ...] = (frozenset("a"),)
    clock: float = 0.0
    given: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.line = FairLine(self.weights, self.workers)

    def ask(self, server: str, person: str, charge: float = 2, lane: str = "a") -> Task:
        number = next(self.numbers)
        task = Task(f"j{number}", lane, server, person, number, charge)
        self.line.push(task)
        return task

    def draw(self, *lanes: str, undone: float | None = 0) -> Task | None:
        """Claim and draw one job to its end, or (`undone`) until this share of it is left."""
        task = self.line.claim(lanes or ("a",))
        if task is None:
            return None
        done = task.charge * (1 - (undone or 0))
        self.clock += done
        for who in ((task.server, task.person), (task.server, "")):
            self.given[who] += done
        self.line.end(task, undone or 0)
        return task

    def waits(self, server: str, person: str = "", lane: str = "a") -> bool:
        if person:
            return person in self.line.level(lane, server).waits
        return server in self.line.level(lane).waits


@pytest.mark.parametrize("seed", range(40))
def test_who_waits_gets_as_much_as_the_fluid_gives(seed: int) -> None:
    """Over every time in which two both wait, their services ÷ weights differ by one largest job of each at most."""
    chance = random.Random(seed)
    weights = {"1": 1.0, "2": 1.0, "3": chance.choice([1.0, 3.0, 0.5])}
    world = World(weights)
    everybody = [(str(server), str(person)) for server in (1, 2, 3) for person in range(1, 14)]
    pairs: dict[tuple[tuple[str, str], tuple[str, str]], tuple[float, float]] = {}
    for _ in range(500):
        if chance.random() < 0.5:
            server, person = chance.choice(everybody[: chance.choice([6, 20, 39])])
            task = world.ask(server, person, chance.choice(CHARGES))
            if chance.random() < 0.1:
                world.line.end(task, 1)
        else:
            world.draw(undone=chance.choice([0, 0, 0, 0.1, 0.5, 1]))
        servers = itertools.combinations([(s, "") for s in weights if world.waits(s)], 2)
        people = itertools.combinations([(s, p) for s, p in everybody if world.waits(s, p)], 2)
        both_wait = [*servers, *((i, j) for i, j in people if i[0] == j[0])]
        pairs = {pair: pairs.get(pair, (math.inf, -math.inf)) for pair in both_wait}
        for (i, j), (least, most) in pairs.items():
            wi, wj = (1.0, 1.0) if i[1] else (weights[i[0]], weights[j[0]])
            ahead = world.given[i] / wi - world.given[j] / wj
            pairs[i, j] = min(least, ahead), max(most, ahead)
            assert pairs[i, j][1] - pairs[i, j][0] <= max(CHARGES) / wi + max(CHARGES) / wj + 1e-6, (i, j)
    assert world.clock > 300


@pytest.mark.parametrize("seed", range(20))
def test_nobody_starves(seed: int) -> None:
    """However many new ones come, whoever waits is drawn after a bounded time."""
    chance, world = random.Random(seed), World()
    world.ask("1", "1", 9)
    world.draw()  # so that it has been given something, and the others have not
    mine = world.ask("1", "1", 9)
    for number in range(400):
        world.ask(f"new{number}", "9", chance.choice(CHARGES))
        world.ask(f"more{number}", "9", chance.choice(CHARGES))
        if world.draw() == mine:
            return
    pytest.fail(f"400 new ones were drawn before it, {world.line.level('a')}")
