"""One round from start to account: a fresh Easel, people, what breaks, the calm, and what there is to count."""

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis.asyncio
from redis.exceptions import RedisError

from deploy.sandbox.client import SandboxClient, SandboxError
from tests.e2e.person import eventually
from tests.faults.harness import CAPS, HOSTS, SHORT, Harness
from tests.faults.nemesis import Nemesis
from worker.contract.store import keys
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types import recipe
from worker.tasks import end

from . import leftovers
from .account import Ledger, Picture
from .crowd import Crowd
from .ledger import Facts
from .plan import THREAD, Plan, abilities, draw
from .record import Record
from .recovery import Recovery
from .rules import EVERY, Admins, Rules

CALM = 240.0  # seconds for everything to settle
START = 240.0  # for everything to start, on a machine that is busy
_LINGER = 10.0  # seconds for which people go on pressing and reacting when the storm is over
DOOMED = "Server 5/gallery"
_PEOPLE, _SERVERS = 14, 2  # more than the sandbox has by itself
_INVALID = (401, 403, 429)
_CLOCK = timedelta(seconds=25200 + 60)  # by which blows set the store's clock, at most


@dataclass(frozen=True)
class Weather:
    """How a round is played.

    Attributes:
        pace: settings of all parts; short leases make more of a minute.
        lease: what the pace's lease is, in seconds.
        every: mean seconds between two blows.
        admins: mean seconds between two things that admins set.
        together: how many requests the fake engine draws together; more than there are slots also start the one that
            makes several attempts in its process. 0: one after the other.
    """

    seconds: float = 60.0
    requests: int = 150
    engine: str = "fake"
    hosts: tuple[str, ...] = HOSTS
    pace: dict[str, str] = field(default_factory=lambda: dict(SHORT))
    every: float = 2.0
    admins: float = EVERY
    together: int = 0

    @property
    def settings(self) -> dict[str, str]:
        """Of all parts."""
        return self.pace | ({"EASEL_FAKE_TOGETHER": str(self.together)} if self.together else {})

    @property
    def lease(self) -> float:
        return float(self.pace.get("EASEL_LEASE", "10"))


@dataclass
class Round:
    """What came of a round."""

    weather: Weather
    plan: Plan
    ledger: Ledger
    left: list[str]
    struck: Counter[str]
    did: Counter[str]
    recovered: list[tuple[float, str]]
    statuses: dict[int, int]
    refusals: Counter[str]
    deaths: dict[str, list[int]]
    log: list[str]
    calm: float
    said: dict[str, str]
    facts: Facts
    notes: list[str] = field(default_factory=list)

    @property
    def invalid(self) -> int:
        """Requests that count towards Discord's ban, those that were made to fail included."""
        return sum(self.statuses.get(status, 0) for status in _INVALID)

    @property
    def broken(self) -> list[str]:
        """Every promise that was not kept."""
        ended = [f"{name} ended by itself: {statuses}" for name, statuses in self.deaths.items()]
        return [*self.ledger.broken, *(f"left in Redis: {each}" for each in self.left), *ended, *self.notes]


@dataclass
class Scene:
    """Everything that a round works with."""

    harness: Harness
    sandbox: SandboxClient
    store: redis.asyncio.Redis
    record: Record
    recovery: Recovery
    ids: dict[str, int]
    places: list[str]
    servers: dict[str, int]

    @property
    def people(self) -> list[str]:
        """Their names."""
        return list(self.ids)


@asynccontextmanager
async def scene(weather: Weather) -> AsyncIterator[Scene]:
    """A whole Easel with its people there and the record running; ends without a trace."""
    async with AsyncExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="easel-faults-", ignore_cleanup_errors=True))
        )
        harness = Harness(folder, weather.engine, weather.hosts, weather.settings)
        await harness.open()
        stack.push_async_callback(harness.close)
        sandbox = await stack.enter_async_context(sandbox_of(harness.page))
        ids, places = await invite(sandbox)
        servers = {guild["name"]: int(guild["id"]) for guild in (await sandbox.world())["guilds"]}
        store = await stack.enter_async_context(redis.asyncio.Redis.from_url(harness.valkey.url))
        record, recovery = Record(int(sandbox.info.application_id)), Recovery(store)
        await look_around(sandbox, record, ids)
        following = [asyncio.create_task(each) for each in (
            record.follow(sandbox), record.watch_lag(), recovery.follow(),
        )]  # fmt: skip
        stack.push_async_callback(end, *following)
        harness.start()
        begun = time.monotonic()
        try:
            await ready(harness, sandbox, store)
        except TimeoutError as error:
            last = [f"{part}: {text.strip().rpartition(chr(10))[2]}" for part, text in harness.said().items()]
            raise RuntimeError("\n".join(["Easel did not start; its last words:", *last])) from error
        record.starts = time.monotonic() - begun
        yield Scene(harness, sandbox, store, record, recovery, ids, places, servers)


async def ready(harness: Harness, sandbox: SandboxClient, store: redis.asyncio.Redis) -> None:
    """The bot hears and every host can draw."""
    await sandbox.wait_bot(timeout=START)
    await sandbox.wait_commands(timeout=START)

    async def beating() -> bool:
        return set(harness.hosts) <= {name.decode() for name in await store.hkeys(keys.WORKERS)}

    await eventually(beating, "all workers", START)


async def storm(seed: int, weather: Weather) -> Round:
    """Play a round."""
    async with scene(weather) as at:
        plan = draw(
            seed, weather.seconds, weather.requests, people=at.people, places=at.places, doomed=DOOMED,
            hosts=weather.hosts, lease=weather.lease, every=weather.every, able=abilities(),
            admins=weather.admins,
        )  # fmt: skip
        nemesis = Nemesis(at.harness, at.sandbox, at.record, at.recovery, at.store)
        await nemesis.note_closed_dms()
        crowd = Crowd(at.sandbox, at.record, at.ids, follows=weather.engine == "fake")
        rules, began = Rules(), datetime.now(UTC)
        admins = Admins(ServerSettingsStore(at.store), rules, at.servers, at.ids)
        begun = time.monotonic()
        watching = asyncio.create_task(nemesis.watch_faults())
        async with asyncio.TaskGroup() as group:
            group.create_task(nemesis.strike(plan.strikes, begun))
            group.create_task(admins.give(plan.orders, begun))
            group.create_task(crowd.play(plan.asks, begun, begun + weather.seconds + _LINGER))
        await end(watching)
        await nemesis.mend()
        nemesis.log += admins.log
        return await account(at, weather, plan, nemesis, crowd.did, rules, one_day=_one_day(began))


def _one_day(began: datetime) -> bool:
    """Is it the same day (UTC) all the time, by the store's clock too, however it was set?"""
    return (began - _CLOCK).date() == (datetime.now(UTC) + _CLOCK).date()


async def account(
    at: Scene, weather: Weather, plan: Plan, nemesis: Nemesis, did: Counter[str], rules: Rules | None = None, *,
    one_day: bool = True,
) -> Round:  # fmt: skip
    """Wait until everything is settled, then count."""
    began = time.monotonic()
    notes: list[str] = []
    try:
        await settled(at)
    except TimeoutError as error:
        notes.append(f"never settled: {error}")
    calm = time.monotonic() - began
    pictures = await collect(at.record, at.sandbox)
    left, claims = await leftovers.find(at.store), await leftovers.claimed(at.store)
    used, kept = await leftovers.used(at.store), await leftovers.kept(at.store)
    facts = Facts(at.record, pictures, claims, CAPS, frozenset(weather.hosts), rules or Rules(), one_day, used, kept)
    ledger = facts.settle()
    said = at.harness.said() | await stories(at, ledger)
    return Round(
        weather, plan, ledger, left, nemesis.struck, did, at.recovery.seconds, await at.sandbox.statuses(),
        await refusals(at.sandbox), at.harness.deaths(), nemesis.log, calm, said, facts, notes,
    )  # fmt: skip


async def stories(at: Scene, ledger: Ledger) -> dict[str, str]:
    """How each message came about that breaks a promise: what it showed when, and its exchanges with Discord."""
    found = {}
    for line in at.record.messages.values():
        if any(str(line.message) in each or str(line.job) in each for each in ledger.broken):
            seen = [f"{shown.at:.3f} {shown.content!r} {shown.files}" for shown in line.shown]
            calls = [json.dumps(each) for each in await at.sandbox.trace(line.message)]
            found[f"message-{line.message}"] = "\n".join([f"job {line.job}", *seen, *calls])
    return found


async def refusals(sandbox: SandboxClient) -> Counter[str]:
    """What the sandbox did not take lately of its own accord, by route, status and code."""
    found: Counter[str] = Counter()
    for each in await sandbox.exchanges(limit=3000):
        if each["status"] >= 400 and not each["fault"]:
            code = each["response"].get("code", 0) if isinstance(each["response"], dict) else 0
            found[f"{each['method']} {each['route']} {each['status']}/{code}"] += 1
    return found


async def settled(at: Scene, deadline: float = CALM) -> None:
    """Return when nothing waits, for a second without a break. Raises TimeoutError."""
    quiet, until = 0, time.monotonic() + deadline
    waiting: dict[str, int] = {}
    while quiet < 5:
        if time.monotonic() > until:
            raise TimeoutError(f"after {deadline:.0f} s there are still {waiting}")
        await asyncio.sleep(0.2)
        try:
            waiting = await leftovers.busy(at.store)
        except RedisError:
            waiting = {"Redis away": 1}
        waiting |= {"interactions": 1} if any(deed.state == "pending" for deed in at.record.deeds.values()) else {}
        quiet = 0 if waiting else quiet + 1


async def collect(record: Record, sandbox: SandboxClient) -> list[Picture]:
    """Every picture that was ever posted, read from the CDN."""
    found, known = [], set()
    for line in list(record.messages.values()):
        for shown in line.shown:
            for url, (job, number) in shown.pictures.items():
                name = (line.message, job, number)
                if name in known:
                    continue
                known.add(name)
                try:
                    made = recipe.read(await sandbox.fetch(url))
                except SandboxError:
                    made = None
                found.append(Picture(line.message, job, number, made))
    return found


@asynccontextmanager
async def sandbox_of(page: str) -> AsyncIterator[SandboxClient]:
    """A client of the sandbox at this address, once it listens."""
    until = time.monotonic() + START
    while True:
        try:
            async with SandboxClient.connect(page) as client:
                yield client
                return
        except OSError:  # it is still starting
            if time.monotonic() > until:
                raise
        await asyncio.sleep(0.1)


async def invite(sandbox: SandboxClient) -> tuple[dict[str, int], list[str]]:
    """More servers and people, and a thread; who there is, and where they ask."""
    await sandbox.post("/guilds", count=_SERVERS)
    await sandbox.post("/people", count=_PEOPLE)
    await sandbox.thread("Ada", THREAD, channel="Studio/gallery")
    world = await sandbox.world()
    people = {each["global_name"] or each["username"]: int(each["id"]) for each in world["people"]}
    places = [f"{guild['name']}/{room}" for guild in world["guilds"] for room in ("gallery", "general")]
    return people, [*(each for each in places if each != DOOMED), THREAD, "dm"]


async def look_around(sandbox: SandboxClient, record: Record, ids: Mapping[str, int]) -> None:
    """Note which channel is whose, of which server, and which thread is in which."""
    for guild in (await sandbox.world())["guilds"]:
        for each in [*guild["channels"], *guild["threads"]]:
            record.servers[int(each["id"])] = int(guild["id"])
        for each in guild["threads"]:
            record.parents[int(each["id"])] = int(each["parent_id"])
    for person in ids.values():
        record.dms[person] = await sandbox.open_dm(person)
