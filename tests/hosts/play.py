"""People ask all the time while hosts are cut off, killed and replaced; then everything is counted."""

# ruff: noqa: T201 - printing is what this is for
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis.asyncio
from redis.exceptions import RedisError

from deploy.sandbox.client import Message, SandboxClient
from deploy.sandbox.server import Sandbox, serve
from tests.e2e.local import ROOT
from tests.faults import leftovers
from tests.faults.record import Record
from tests.faults.storm import collect, invite, look_around, sandbox_of
from worker.contract.message.verbs import VERBS, Verb
from worker.tasks import end

from .count import Count, Cut, count
from .fleet import BOT, PORT, STORE, WORKERS, Fleet
from .network import OUTSIDE, Network

LONG = 12.0  # seconds: four leases
SHORTER = 6.0
_REST = 8.0  # between two blows
_CALM = 240.0
_RERUN = VERBS[Verb.RERUN].reactions[0]
_AGAIN, _BY_REACTION = 0.4, 0.5  # how many ask for one more of a result, and of these by a reaction
_STEPS, _PICTURES = 12, 2
_NEXT = f"{BOT}-new"


@dataclass
class Scene:
    """All that is played with."""

    network: Network
    fleet: Fleet
    sandbox: SandboxClient
    store: redis.asyncio.Redis
    record: Record
    people: list[str]
    places: list[str]
    ids: dict[str, int]
    asked: dict[int, str] = field(default_factory=dict)
    reacted: dict[int, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)  # messages under which someone has asked for more
    cuts: list[Cut] = field(default_factory=list)

    @contextmanager
    def cut(self, what: str, *, deaf: bool = False) -> Iterator[None]:
        """While the block runs, this is away."""
        print(f"{time.strftime('%H:%M:%S')}  {what}", flush=True)
        begin = time.monotonic()
        try:
            yield
        finally:
            self.cuts.append(Cut(what, begin, time.monotonic(), deaf))


@asynccontextmanager
async def scene(logs: Path | None) -> AsyncIterator[Scene]:
    """The network with its store, and Discord outside. No bot and no worker runs yet."""
    async with AsyncExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="ez-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        network = Network((STORE, BOT, *WORKERS))
        stack.callback(network.close)
        box = Sandbox()
        await stack.enter_async_context(serve(box, PORT, OUTSIDE))
        sandbox = await stack.enter_async_context(sandbox_of(f"http://{OUTSIDE}:{PORT}"))
        ids, places = await invite(sandbox)
        record = Record(int(sandbox.info.application_id))
        await look_around(sandbox, record, ids)
        stack.push_async_callback(end, asyncio.create_task(record.follow(sandbox)))
        fleet = Fleet(network, folder, box.token)
        if logs is not None:
            stack.callback(_keep, folder, logs)
        stack.push_async_callback(fleet.close)
        store = await fleet.open()
        stack.push_async_callback(store.aclose)
        yield Scene(network, fleet, sandbox, store, record, list(ids), places, ids)


def _keep(folder: Path, logs: Path) -> None:
    logs.mkdir(parents=True, exist_ok=True)
    for each in folder.glob("*.log"):
        (logs / each.name).write_bytes(each.read_bytes())


async def ask(at: Scene, rate: float, chance: random.Random) -> None:
    """People ask at a steady rate until this is cancelled."""
    began = time.monotonic()
    while True:
        prompt = f"pear {len(at.asked)}-{chance.randrange(10**4):04}"
        options = {"prompt": prompt, "model": "starter", "count": _PICTURES, "steps": _STEPS}
        person, place = chance.choice(at.people), chance.choice(at.places)
        if place == "dm":
            place = f"dm:{person}"
        if chance.random() > _AGAIN or not await again(at, person, chance):
            made = await at.sandbox.slash(place, person, "imagine", options, wait=False)
            at.asked[made.id] = prompt
        await asyncio.sleep(max(0.0, began + (len(at.asked) + len(at.reacted)) / rate - time.monotonic()))


async def again(at: Scene, person: str, chance: random.Random) -> bool:
    """Ask for one more of a result in a server, by its button or by a reaction; False where there is none yet."""
    lines = [
        line for line in at.record.messages.values()
        if line.shown and line.last.pictures and line.deleted is None and line.message not in at.used
        and line.channel not in at.record.dms.values()
    ]  # fmt: skip
    if not lines:
        return False
    line = chance.choice(lines)
    job = line.job or ""
    prompt = at.asked.get(int(job)) if job.isdigit() else at.reacted.get(line.reacted_to or 0)
    if prompt is None:
        return False
    at.used.add(line.message)
    if chance.random() < _BY_REACTION:
        await at.sandbox.react(line.message, _RERUN, person)
        at.record.react(line, int(at.ids[person]), _RERUN)
        at.reacted[line.message] = prompt
        return True
    try:
        made = await at.sandbox.press(Message(line.raw), f"1:{Verb.RERUN}:", person, wait=False)
    except LookupError:  # it has not been finished yet
        return False
    at.asked[made.id] = prompt
    return True


async def cuts(at: Scene) -> None:
    """Partitions, and a host that dies without a word."""
    network, fleet = at.network, at.fleet
    discord, store = OUTSIDE, network[STORE].address
    blows: list[tuple[str, Callable[[], None], Callable[[], None], float, bool]] = [
        ("north's cable is out", network["north"].unplug, network["north"].plug, LONG, False),
        ("south does not reach the store, but Discord", lambda: network["south"].lose(store),
         lambda: network["south"].find(store), LONG, False),
        ("north does not reach Discord, but the store", lambda: network["north"].lose(discord),
         lambda: network["north"].find(discord), LONG, False),
        ("the bot's cable is out", network[BOT].unplug, network[BOT].plug, LONG, True),
        ("the bot does not reach the store, but Discord", lambda: network[BOT].lose(store),
         lambda: network[BOT].find(store), SHORTER, True),
        ("the store's cable is out", network[STORE].unplug, network[STORE].plug, SHORTER, True),
    ]  # fmt: skip
    for what, begin, mend, seconds, deaf in blows:
        await asyncio.sleep(_REST)
        with at.cut(what, deaf=deaf):
            begin()
            await asyncio.sleep(seconds)
            mend()
    await asyncio.sleep(_REST)
    with at.cut("south has no power"):
        network["south"].unplug()  # first, so that nobody hears its connections close
        print(f"          {fleet.kill('south')} processes ended")
        await asyncio.sleep(LONG)
        network["south"].plug()
        fleet.start_worker("south", ROOT)
        await fleet.drawing(at.store, "south")
    await asyncio.sleep(_REST)


async def upgrade(at: Scene) -> None:
    """From an older release to this one as the operator's guide says: workers first, then the bot, one at a time."""
    for name in WORKERS:
        await asyncio.sleep(_REST)
        with at.cut(f"{name} gets this release"):
            await at.fleet.stop(name)
            if left := await at.fleet.beats(at.store, name):
                raise RuntimeError(f"{name} ended without a goodbye: {sorted(left)}")
            at.fleet.start_worker(name, ROOT)
            await at.fleet.drawing(at.store, name)
    await asyncio.sleep(_REST)
    with at.cut("the bot gets this release"):
        at.fleet.start_bot(ROOT, _NEXT)
        await at.fleet.hearing(at.sandbox, _NEXT)
        await at.fleet.stop(BOT)
    await asyncio.sleep(_REST)


async def played(
    what: Callable[[Scene], Awaitable[None]], tree: Path, rate: float, seed: int, logs: Path | None, bots: int = 1
) -> Count:
    """Start everything of a release, have people ask while something happens, and count when nothing waits."""
    async with scene(logs) as at:
        for name in WORKERS:
            at.fleet.start_worker(name, tree)
        for number in range(bots):
            at.fleet.start_bot(tree, _named(number), f"{number}/{bots}" if bots > 1 else "")
        for number in range(bots):
            await at.fleet.hearing(at.sandbox, _named(number))
        await at.sandbox.wait_commands(timeout=_CALM)
        await at.fleet.drawing(at.store, *WORKERS)
        asking = asyncio.create_task(ask(at, rate, random.Random(seed)))
        await what(at)
        if asking.done():
            asking.result()  # it has failed, and says by what
        await end(asking)
        found = await _settled(at)
        books = await leftovers.claimed(at.store)
        states = {job: claim.state for job, claim in books.items()}
        done = count(at.asked, at.record, await collect(at.record, at.sandbox), states, at.cuts, at.reacted)
        done.broken += [*found, *(f"left in Redis: {each}" for each in await leftovers.find(at.store))]
        died = at.fleet.deaths | {name: part.deaths for name, part in at.fleet.parts.items() if part.deaths}
        done.broken += [f"{name} ended by itself: {how}" for name, how in died.items()]
        return done


def _named(number: int) -> str:
    """The name of the first bot, or of one of several that share the servers."""
    return f"{BOT}-{number}" if number else BOT


async def _settled(at: Scene) -> list[str]:
    """Wait until nothing waits for a second; returns what still does after a long time, in words."""
    quiet, until, waiting = 0, time.monotonic() + _CALM, {"": 0}
    while quiet < 5:
        if time.monotonic() > until:
            return [f"never settled: {waiting}"]
        await asyncio.sleep(0.2)
        try:
            waiting = await leftovers.busy(at.store)
        except RedisError:
            waiting = {"Redis away": 1}
        if any(at.record.deeds[each].state == "pending" for each in at.asked if each in at.record.deeds):
            waiting |= {"interactions": 1}
        quiet = 0 if waiting else quiet + 1
    return []
