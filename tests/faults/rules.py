"""What admins of servers set in the middle of a storm, near what is asked for: drawn from the seed, set in the store as
their panel does, and written down with the times at which it can have held."""

import asyncio
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from worker.contract.store.server_settings import Conflict, ServerSettingsStore
from worker.contract.types.server_settings import Block, Change, ServerSettings

EVERY = 4.0  # mean seconds between two that begin
_STRICT = 3  # servers whose admins do such things
_VALUES: Mapping[str, Sequence[int]] = {
    "each.at_once": (1, 2, 3),
    "together.at_once": (2, 3, 5),
    "each.day_pictures": (2, 4, 8),
    "together.day_pictures": (10, 20, 40),
    "each.day_gpu_seconds": (1, 2, 4),
    "together.day_gpu_seconds": (4, 8, 16),
    "each.per_minute": (1, 1, 2),
    "together.per_minute": (2, 3, 6),
    "each.pictures": (1, 2, 3),
}


@dataclass(frozen=True)
class Order:
    """From `at` on, for so many seconds, `key` is `value` in a server. `blocked`: names; `paused`: a sentence."""

    at: float
    server: str
    key: str
    value: int | str
    seconds: float

    def __str__(self) -> str:
        return f"{self.at:6.1f} s {self.server}: {self.key} = {self.value} for {self.seconds:.1f} s"


def draw(
    dice: random.Random, seconds: float, people: Sequence[str], places: Sequence[str], every: float = EVERY
) -> tuple[Order, ...]:  # fmt: skip
    """Orders of a storm, one in so many seconds."""
    servers = sorted({place.partition("/")[0] for place in places if "/" in place})
    strict = dice.sample(servers, min(_STRICT, len(servers)))
    return tuple(_orders(dice, seconds, people, strict, every))


def _orders(
    dice: random.Random, seconds: float, people: Sequence[str], servers: Sequence[str], every: float
) -> Iterator[Order]:
    at = 0.5
    bag: list[str] = []
    while at < seconds:
        if not bag:
            bag = [*_VALUES, "each.at_once", "each.per_minute", "blocked", "blocked", "paused"]
            dice.shuffle(bag)
        key = bag.pop()
        lasts = dice.uniform(3, 8) if key == "paused" else dice.uniform(8, 25)
        some = ", ".join(dice.sample(people, max(1, len(people) // 3)))
        values: Sequence[int | str] = {"blocked": (some,), "paused": ("Back in a moment.",)}.get(key) or _VALUES[key]
        yield Order(at, dice.choice(servers), key, dice.choice(values), min(lasts, seconds - at + 3))
        at += dice.uniform(0.3 * every, 1.7 * every)


@dataclass(frozen=True)
class Held:
    """Settings of a server, and from when on they may have held, and surely did. Seconds of the run's clock."""

    settings: ServerSettings
    since: float = float("-inf")
    sure: float = float("-inf")


@dataclass
class Rules:
    """What held where and when. What was never set is not here."""

    held: dict[str, list[Held]] = field(default_factory=dict)

    def note(self, server: str, settings: ServerSettings, since: float, sure: float) -> None:
        self.held.setdefault(server, [Held(ServerSettings())]).append(Held(settings, since, sure))

    def possible(self, server: str, begin: float, end: float) -> list[ServerSettings]:
        """All that may have held at some moment of this time."""
        known = self.held.get(server, [Held(ServerSettings())])
        until = [*(each.sure for each in known[1:]), float("inf")]
        return [each.settings for each, gone in zip(known, until, strict=True) if each.since <= end and gone >= begin]

    def bounds(self, server: str, key: str, begin: float, end: float) -> tuple[float, float]:
        """The least and the most that a limit by its dotted key may have been then; infinite where it was not set."""
        table, _, name = key.partition(".")
        found = [getattr(getattr(each, table), name) for each in self.possible(server, begin, end)]
        numbers = [float("inf") if each is None else float(each) for each in found]
        return min(numbers), max(numbers)


class Admins:
    """Give orders, however the storm goes, and write down what holds.

    Args:
        servers, people: ids by name.
    """

    def __init__(
        self, store: ServerSettingsStore, rules: Rules, servers: Mapping[str, int], people: Mapping[str, int]
    ) -> None:
        self._store, self._rules, self._servers, self._people = store, rules, servers, people
        self._locks = {server: asyncio.Lock() for server in servers.values()}
        self.log: list[str] = []

    async def give(self, orders: Sequence[Order], begun: float) -> None:
        """All of them, each at its moment; in the end nothing is set."""
        async with asyncio.TaskGroup() as group:
            for each in orders:
                group.create_task(self._one(each, begun))

    async def _one(self, order: Order, begun: float) -> None:
        await asyncio.sleep(max(0.0, begun + order.at - time.monotonic()))
        server = self._servers[order.server]
        value: object = order.value
        if order.key == "blocked":
            value = [self._people[name] for name in str(order.value).split(", ")]
        await self._set(server, order.key, value, on=True)
        self.log.append(str(order))
        await asyncio.sleep(order.seconds)
        await self._set(server, order.key, value, on=False)

    async def _set(self, server: int, key: str, value: object, *, on: bool) -> None:
        async with self._locks[server]:
            since = time.monotonic()
            while True:
                try:
                    before = await self._store.read(server)
                    new = _changed(before.settings, key, value, on=on)
                    change = Change(
                        number=1, by=1, by_name="Ada", key=key, old=None, new=str(value) if on else None,
                        at=time.time_ns() // 1_000_000,
                    )  # fmt: skip
                    if not isinstance(await self._store.change(server, before.version, new, [change]), Conflict):
                        break
                except (RedisError, TimeoutError):
                    await asyncio.sleep(0.2)
            self._rules.note(str(server), new, since, time.monotonic())


def _changed(settings: ServerSettings, key: str, value: object, *, on: bool) -> ServerSettings:
    if key == "paused":
        return settings.model_copy(update={"paused": value if on else None})
    if key == "blocked":
        assert isinstance(value, list)
        blocked = {person: block for person, block in settings.blocked.items() if person not in value}
        return settings.model_copy(update={"blocked": blocked | (dict.fromkeys(value, Block()) if on else {})})
    table, _, name = key.partition(".")
    changed = getattr(settings, table).model_copy(update={name: value if on else None})
    return settings.model_copy(update={table: changed})
