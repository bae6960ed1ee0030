"""Who asks for what, when: the loads that the line is tried with. Times are seconds of a play that nobody waits for."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

STEPS = (5, 10, 20, 45)  # of requests of mixed size: one to nine times the smallest


@dataclass(frozen=True)
class Ask:
    """One request: when it comes, of whom (a server's number and a person's), with how many steps."""

    at: float
    server: int
    person: int
    steps: int = 20


@dataclass(frozen=True)
class Load:
    """A load by name.

    Attributes:
        told: what it is, for whoever reads the table.
        asks: in the order in which they come.
        watched: the people (server, person) whose waits are shown, by the name that they have in the table.
    """

    name: str
    told: str
    asks: tuple[Ask, ...]
    watched: dict[str, tuple[int, int]]


def loads(flood: int = 500) -> Iterator[Load]:
    """All loads, with `flood` requests in a flood."""
    yield _person_floods(flood)
    yield _server_floods(flood)
    yield _burst()
    yield _mixed()


def _person_floods(flood: int) -> Load:
    asks = [Ask(0.0, 1, 1) for _ in range(flood)]
    asks += [Ask(5.0 + number, 1, 2) for number in range(0, 200, 20)]
    asks += [Ask(7.0 + number, 2, 3) for number in range(0, 200, 20)]
    return Load(
        "one person floods",
        f"{flood} requests of one person at once, ten single ones of a neighbour and ten of another server",
        _sorted(asks),
        {"the flood": (1, 1), "neighbour": (1, 2), "other server": (2, 3)},
    )


def _server_floods(flood: int) -> Load:
    asks = [Ask(0.0, 1, person) for person in range(1, 11) for _ in range(flood // 10)]
    asks += [Ask(1.0, 2, 20) for _ in range(flood // 10)]
    return Load(
        "a server of ten against one person",
        f"ten people of one server with {flood // 10} requests each, one person of another with as many",
        _sorted(asks),
        {"one of ten": (1, 5), "the one": (2, 20)},
    )


def _burst() -> Load:
    asks = [Ask(number / 50, number % 20, number) for number in range(200)]
    return Load("a burst", "200 people of 20 servers within four seconds", _sorted(asks), {"the last": (19, 199)})


def _mixed() -> Load:
    chance = random.Random(7)
    asks, at = [], 0.0
    for _ in range(600):
        at += chance.expovariate(0.9)
        server = min(int(chance.paretovariate(1.0)), 12)
        asks.append(Ask(at, server, server * 100 + chance.randrange(1, 6), chance.choice(STEPS)))
    busiest = (1, max({ask.person for ask in asks if ask.server == 1}, key=[ask.person for ask in asks].count))
    rarest = max({(ask.server, ask.person) for ask in asks}, key=lambda who: (who[0], who[1]))
    return Load("a day", "600 requests of 1 to 9 parts of work, a few servers ask for most", _sorted(asks),
                {"the busiest": busiest, "the rarest": rarest})  # fmt: skip


def _sorted(asks: list[Ask]) -> tuple[Ask, ...]:
    return tuple(sorted(asks, key=lambda ask: ask.at))
