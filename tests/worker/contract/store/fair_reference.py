"""The fair line again, in Python and in memory: what the Lua has to do, step by step (test_fair_line.py).

Written from the rules alone, without the bookkeeping that Redis needs: a level is a dictionary of who waits and one of
who rests, weights are summed anew each time, and a clock never expires.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

APART = 60_000.0


@dataclass
class Waiting:
    """Somebody who waits at a level: since which order, at which tag, with which jobs (id → order)."""

    joined: int
    tag: float
    jobs: dict[str, int] = field(default_factory=dict)


@dataclass
class Level:
    """Servers of a lane, or people of a server in one.

    Attributes:
        clock: at which tag who comes starts.
        taken: the tag that was taken last.
        ahead: what is added to all of this where it is compared with other lanes.
    """

    waits: dict[str, Waiting] = field(default_factory=dict)
    rests: dict[str, float] = field(default_factory=dict)
    clock: float = 0.0
    taken: float = 0.0
    ahead: float = 0.0

    def head(self) -> tuple[float, int, str] | None:
        return min(((each.tag, each.joined, who) for who, each in self.waits.items()), default=None)

    def enter(self, who: str, job: str, order: int, step: float) -> None:
        if who not in self.waits:
            head, tag = self.head(), self.clock
            if head is not None:
                tag = min(tag, head[0] + step)
            self.waits[who] = Waiting(order, max(self.rests.pop(who, 0.0), tag))
        self.waits[who].jobs[job] = order

    def leave(self, who: str, job: str) -> None:
        mine = self.waits[who]
        del mine.jobs[job]
        if not mine.jobs:
            del self.waits[who]
            if mine.tag > self.clock:
                self.rests[who] = mine.tag

    def give(self, who: str, step: float) -> None:
        if who in self.waits:
            self.waits[who].tag += step
        else:
            self.rests[who] = max(self.clock, self.rests.get(who, 0.0)) + step

    def lower(self, who: str, step: float, joined: int) -> None:
        """`joined`: since when they waited as it was given, 0 if they did not."""
        if who in self.waits and self.waits[who].joined == joined:
            self.waits[who].tag -= step
        elif who in self.waits:
            tag = self.waits[who].tag
            self.waits[who].tag = max(min(tag, self.taken), tag - step)
        elif who in self.rests:
            self.rests[who] = max(min(self.rests[who], self.clock), self.rests[who] - step)

    def advance(self, taken: float | None, step: float, weights: float) -> None:
        clock, head = self.clock, self.head()
        if taken is not None:
            clock, self.taken = max(clock, taken), taken
        if head is not None and step > 0:
            clock = max(clock, min(clock + step / (weights + 1), head[0] + step))
        self.clock = clock
        self.rests = {who: tag for who, tag in self.rests.items() if tag >= clock}


@dataclass(frozen=True)
class Task:
    """A job as the line sees it."""

    id: str
    lane: str
    server: str
    person: str
    order: int
    charge: float


@dataclass
class FairLine:
    """Args: weights by server (missing: 1), and what each worker that is heard of can draw."""

    weights: Mapping[str, float]
    workers: Iterable[frozenset[str]]
    tasks: dict[str, Task] = field(default_factory=dict)
    levels: dict[tuple[str, str], Level] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)
    charged: dict[str, tuple[tuple[str, int, int], ...]] = field(default_factory=dict)

    def level(self, lane: str, server: str = "") -> Level:
        return self.levels.setdefault((lane, server), Level())

    def weight(self, server: str) -> float:
        return self.weights.get(server, 1.0)

    def push(self, task: Task) -> None:
        for server in ("", task.server):
            self._align(task.lane, server)
        step = task.charge / self.weight(task.server)
        self.level(task.lane).enter(task.server, task.id, task.order, step)
        self.level(task.lane, task.server).enter(task.person, task.id, task.order, task.charge)
        self.tasks[task.id] = task

    def remove(self, job: str) -> Task:
        task = self.tasks.pop(job)
        self.returned.discard(job)
        self.level(task.lane, task.server).leave(task.person, job)
        self.level(task.lane).leave(task.server, job)
        return task

    def claim(self, lanes: Iterable[str]) -> Task | None:
        """The next job for a worker of these lanes, which is charged and leaves the line."""
        mine = [lane for lane in sorted(lanes) if self.level(lane).waits]
        if not mine:
            return None
        again = [self.tasks[job] for job in self.returned if self.tasks[job].lane in mine]
        if again:
            return self.remove(min(again, key=lambda task: (task.order, task.id)).id)
        server, taken_lane = self._foremost(mine, "")
        theirs = [lane for lane in mine if self.level(lane, server).waits]
        person, person_lane = self._foremost(theirs, server)
        job = min(
            (order, job)
            for lane in theirs
            for who, waiting in self.level(lane, server).waits.items()
            if who == person
            for job, order in waiting.jobs.items()
        )[1]
        task, step = self.tasks[job], 0.0
        tags = self.level(taken_lane).waits[server].tag, self.level(person_lane, server).waits[person].tag
        if job not in self.charged:
            step = task.charge / self.weight(server)
            for lane in mine:
                self.level(lane).give(server, step)
            for lane in theirs:
                self.level(lane, server).give(person, task.charge)
            self.charged[job] = tuple((lane, *self._joined(lane, task)) for lane in mine)
        weights = self._weights(mine, "")
        people = self._weights(theirs, server)
        self.remove(job)
        for lane in mine:
            self.level(lane).advance(tags[0] if lane == taken_lane else None, step, weights)
        for lane in theirs:
            self.level(lane, server).advance(
                tags[1] if lane == person_lane else None, task.charge if step else 0.0, people
            )
        return task

    def back(self, task: Task) -> None:
        """It comes back undone: it stays charged, and goes first."""
        self.push(task)
        self.returned.add(task.id)

    def end(self, task: Task, undone: float) -> None:
        """It ends with this share of it not done."""
        if task.id in self.tasks:
            self.remove(task.id)
        if undone <= 0:
            return
        for lane, server_joined, person_joined in self.charged.get(task.id, ()):
            self.level(lane).lower(task.server, undone * task.charge / self.weight(task.server), server_joined)
            self.level(lane, task.server).lower(task.person, undone * task.charge, person_joined)

    def _joined(self, lane: str, task: Task) -> tuple[int, int]:
        server = self.level(lane).waits.get(task.server)
        person = self.level(lane, task.server).waits.get(task.person)
        return (server.joined if server else 0), (person.joined if person else 0)

    def _foremost(self, lanes: list[str], server: str) -> tuple[str, str]:
        levels = [(lane, self.level(lane, server)) for lane in lanes]
        furthest = max(level.clock + level.ahead for _, level in levels)
        for _, level in levels:
            level.ahead += max(0.0, furthest - APART - (level.clock + level.ahead))
        keyed = [
            (head[0] + level.ahead, *head[1:], lane) for lane, level in levels if (head := level.head()) is not None
        ]
        _, _, who, lane = min(keyed)
        return who, lane

    def _weights(self, lanes: list[str], server: str) -> float:
        def weight(who: str) -> float:
            return 1.0 if server else self.weight(who)

        summed = sum(weight(who) for lane in lanes for who in self.level(lane, server).waits)
        everywhere = {who for (_, at), level in self.levels.items() if at == server for who in level.waits}
        return min(summed, sum(map(weight, everywhere)))

    def _align(self, lane: str, server: str) -> None:
        level = self.level(lane, server)
        if level.waits:
            return
        near = [
            self.level(other, server)
            for other in {lane for lane, _ in self.levels}
            if other != lane and any({lane, other} <= able for able in self.workers)
        ]
        clocks = [each.clock + each.ahead for each in near if each.waits]
        if clocks and min(clocks) != level.clock + level.ahead:
            shift = min(clocks) - level.clock
            level.rests = {who: tag + shift for who, tag in level.rests.items() if tag + shift >= min(clocks)}
            level.clock = level.taken = min(clocks)
            level.ahead = 0.0
