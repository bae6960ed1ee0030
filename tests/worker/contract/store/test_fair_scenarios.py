"""Who gets how much, and waits how long, where somebody floods, leaves, comes back or cheats: with the reference of the
line (test_fair_line.py holds the scripts to it), workers that draw for as long as a job is charged, and no clock.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from tests.worker.contract.store.fair_reference import FairLine, Task

SECOND = 1000.0
JOB = 2 * SECOND


class Shop:
    """Workers by the lanes that they draw from, and all that happens there, in seconds.

    Args: undone, by (server, person) which share of each of their jobs they cancel; others cancel nothing.
    """

    def __init__(self, workers: Mapping[str, Sequence[str]], undone: dict[tuple[str, str], float] | None = None,
                 **weights: float) -> None:  # fmt: skip
        self.workers = {name: tuple(lanes) for name, lanes in workers.items()}
        named = {name.removeprefix("s"): weight for name, weight in weights.items()}
        self.line = FairLine(named, [frozenset(lanes) for lanes in self.workers.values()])
        self.undone = undone or {}
        self.now = 0.0
        self.given: dict[tuple[str, str], float] = defaultdict(float)
        self.waits: dict[str, float] = {}
        self._numbers, self._asked = itertools.count(1), dict[str, float]()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._idle = set(self.workers)

    def at(self, seconds: float, what: Callable[[], object]) -> None:
        heapq.heappush(self._events, (seconds, next(self._numbers), lambda: (what(), None)[1]))

    def ask(self, server: str, person: str, lane: str = "a", charge: float = JOB) -> Task:
        number = next(self._numbers)
        task = Task(f"j{number}", lane, server, person, number, charge)
        self.line.push(task)
        self._asked[task.id] = self.now
        return task

    def flood(self, server: str, person: str, jobs: int, lane: str = "a", charge: float = JOB) -> None:
        for _ in range(jobs):
            self.ask(server, person, lane, charge)

    def run(self, until: float) -> None:
        while True:
            self._work()
            if not self._events or self._events[0][0] > until:
                self.now = until
                return
            self.now, _, happens = heapq.heappop(self._events)
            happens()

    def share(self, server: str, person: str = "") -> int:
        """Seconds that were drawn for them."""
        found = sum(each for (at, who), each in self.given.items() if at == server and person in {who, ""})
        return round(found / SECOND)

    def _work(self) -> None:
        for worker in sorted(self._idle):
            task = self.line.claim(self.workers[worker])
            if task is not None:
                self._idle.discard(worker)
                self.waits.setdefault(task.id, self.now - self._asked[task.id])
                undone = self.undone.get((task.server, task.person), 0.0)
                took = task.charge * (1 - undone)
                self.at(self.now + took / SECOND, lambda w=worker, t=task, u=undone: self._done(w, t, u))  # type: ignore[misc]

    def _done(self, worker: str, task: Task, undone: float) -> None:
        self.line.end(task, undone)
        self.given[task.server, task.person] += task.charge * (1 - undone)
        if worker in self.workers:
            self._idle.add(worker)

    def dies(self, worker: str) -> None:
        del self.workers[worker]
        self._idle.discard(worker)


def test_who_comes_while_somebody_floods_waits_for_a_job_or_two() -> None:
    shop, singles = Shop({"w": "a"}), []
    shop.flood("1", "flood", 500)
    for number, second in enumerate(range(11, 800, 40)):
        server = "12"[number % 2]
        shop.at(second, lambda s=server, n=number: singles.append(shop.ask(s, f"single{n}")))  # type: ignore[misc]
    shop.run(1000)
    assert len(singles) == 20
    for task in singles:
        assert shop.waits[task.id] <= (3 if task.server == "1" else 2.5)


def test_a_server_gets_its_share_however_many_ask_there() -> None:
    shop = Shop({"w": "a"})
    shop.flood("1", "alone", 400)
    for person in range(10):
        shop.flood("2", f"p{person}", 40)
    shop.run(600)
    assert (shop.share("1"), shop.share("2")) == (300, 300)
    assert {shop.share("2", f"p{person}") for person in range(10)} == {30}


def test_weights_count() -> None:
    shop = Shop({"w": "a"}, s1=1, s2=1, s3=3)
    for server in "123":
        shop.flood(server, "p", 400)
    shop.run(1000)
    assert [shop.share(server) for server in "123"] == [200, 200, 600]


@pytest.mark.parametrize("undone", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("workers", [{"w": "a"}, {"v": "a", "w": "a"}])
def test_who_looks_at_previews_and_cancels_gets_no_more_than_an_equal(undone: float, workers: dict[str, str]) -> None:
    shop = Shop(workers, {("1", "looper"): undone})
    shop.flood("1", "looper", 3000)
    shop.flood("1", "equal", 900)
    shop.run(500)
    equal, looper = shop.share("1", "equal"), shop.share("1", "looper")
    assert equal + looper == pytest.approx(500 * len(workers), abs=4)
    assert looper <= equal + 2
    assert looper > 0.5 * equal  # nor is it punished for changing its mind


def test_who_was_away_gets_nothing_for_it() -> None:
    shop = Shop({"w": "a"})
    shop.flood("1", "p", 2)
    shop.flood("2", "q", 900)
    shop.run(500)
    before = shop.share("2")
    shop.flood("1", "p", 100)
    shop.run(600)
    assert shop.share("2") - before == pytest.approx(50, abs=2)


def test_who_was_alone_is_not_punished_for_it() -> None:
    shop = Shop({"w": "a"})
    shop.flood("1", "p", 900)
    shop.run(500)
    before = shop.share("1")
    shop.flood("2", "q", 900)
    shop.run(600)
    assert shop.share("1") - before == pytest.approx(50, abs=2)


def test_a_person_in_two_lanes_gets_as_much_as_one_in_one() -> None:
    shop = Shop({"w": "ab"})
    for server, person in (("1", "both"), ("2", "other")):
        shop.flood(server, person, 300)
    shop.flood("1", "both", 300, "b")
    shop.flood("1", "one", 300)
    shop.run(600)
    assert (shop.share("1"), shop.share("2")) == (300, 300)
    assert shop.share("1", "both") == shop.share("1", "one") == 150


def test_waiting_where_nobody_draws_earns_little() -> None:
    """At most as much as clocks may be apart, until that lane has caught up."""
    shop = Shop({"w": "a"})
    shop.flood("1", "p", 900)
    shop.flood("2", "q", 900, "b")
    shop.run(500)
    assert shop.share("2") == 0
    shop.workers["w"] = ("a", "b")
    shop.line.workers = [frozenset("ab")]
    shop.run(1100)
    assert shop.share("2") == pytest.approx(330, abs=4)


def test_a_lane_that_comes_up_again_starts_level_with_the_others() -> None:
    shop = Shop({"w": "ab"})
    shop.flood("2", "q", 5, "b")
    shop.flood("1", "p", 900)
    shop.run(500)
    before = shop.share("1")
    shop.flood("2", "q", 100, "b")
    shop.run(600)
    assert shop.share("1") - before == pytest.approx(50, abs=2)


def test_what_nobody_else_wanted_is_no_debt_elsewhere() -> None:
    shop = Shop({"w": "a", "x": "b"})
    shop.flood("1", "p", 900)
    shop.flood("2", "q", 900)
    shop.flood("1", "p", 900, "b")
    shop.run(500)
    assert shop.share("2") == 250
    assert shop.share("1") == 750


def test_workers_that_share_half_of_their_lanes() -> None:
    shop = Shop({"v": "a", "w": "ab", "x": "b"})
    shop.flood("1", "p", 2000)
    shop.flood("2", "q", 2000, "b")
    shop.run(500)
    assert shop.share("1") == pytest.approx(750, abs=4)
    shop.dies("v")
    shop.dies("x")
    before = shop.share("1")
    shop.run(600)
    assert shop.share("1") - before == pytest.approx(50, abs=4)


def test_singles_beside_two_floods_in_two_lanes_of_overlapping_workers() -> None:
    shop, singles = Shop({"v": "a", "w": "ab", "x": "bc"}), []
    shop.flood("1", "flood", 900)
    shop.flood("2", "flood", 900, "b")
    for number in range(40):
        lane = "abc"[number % 3]
        shop.at(7 + number * 11, lambda n=number, at=lane: singles.append(shop.ask("3", f"p{n}", at)))  # type: ignore[misc]
    shop.run(500)
    assert len(singles) == 40
    assert max(shop.waits[task.id] for task in singles) <= 15


def orders(shop: Shop) -> Iterator[str]:
    while (task := shop.line.claim("a")) is not None:
        yield task.person


def test_equals_go_by_when_they_came() -> None:
    shop = Shop({"w": "a"})
    people = ["9", "4", "7", "1", "30", "5"]
    for person in people:
        shop.ask(person, person)
    assert list(orders(shop)) == people
