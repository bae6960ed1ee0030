"""docs/privacy.md names everything that Easel has in Redis, and says for how long it is there."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.commands.server import hint
from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import RESULT, TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.favourites import Favourites, Kept
from worker.contract.store.jobs import Jobs
from worker.contract.store.operator_settings import OperatorStore
from worker.contract.store.outbox import Outbox
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types.operator_settings import OperatorSettings
from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import Block, ServerSettings
from worker.contract.types.timings import Caps

ROOT = Path(__file__).parents[4]
SECTION = (ROOT / "docs/privacy.md").read_text(encoding="utf-8").partition("\n## In Redis\n")[2].partition("\n## ")[0]
NAME = re.compile(r"`(easel:[^`]+)`")
ROW = re.compile(r"^\| (.+?) \| .+? \| (.+?) \| .*\|$", re.MULTILINE)
SPAN = re.compile(r"(\d+) (second|minute|hour|day)")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
LASTING = re.compile(r"until|stays")  # what a row says of keys that Redis does not count down


def named() -> list[str]:
    return NAME.findall(SECTION)


def spans() -> dict[str, str]:
    """Of each name in a table: what its column says of how long."""
    return {name: row[2] for row in ROW.finditer(SECTION) for name in NAME.findall(row[1])}


def in_python() -> Iterator[str]:
    """Every name of keys.py, with `…` for what it is made of."""
    for value in vars(keys).values():
        if isinstance(value, str) and value.startswith(keys.PREFIX) and value not in {keys.PREFIX, keys.FAIR}:
            yield value
        elif inspect.isfunction(value) and value is not keys.attempt:
            yield value(*["…"] * len(inspect.signature(value).parameters))


def in_lua() -> Iterator[str]:
    """Every name that the line has behind `keys.FAIR`; what comes after a colon is some id."""
    for script in sorted((ROOT / "worker/contract/store/lua").glob("*.lua")):
        for found in re.findall(r"K\.fair *\.\. *'(\w+:?)'", script.read_text(encoding="utf-8")):
            yield f"{keys.FAIR}{found}…" if found.endswith(":") else f"{keys.FAIR}{found}"


def everything() -> set[str]:
    return {*in_python(), *in_lua()}


def test_every_name_has_a_row_once_and_no_row_is_of_the_past() -> None:
    assert len(everything()) > 50
    assert sorted(named()) == sorted(everything())


def family(key: str) -> str:
    """The longest name in the document that fits a key of Redis's."""
    fits = [each for each in named() if re.fullmatch(re.escape(each).replace("…", ".*"), key)]
    assert fits, f"docs/privacy.md knows no {key}"
    return max(fits, key=len)


async def live(jobs: Jobs, take: Take) -> None:
    """A bit of everything: what waits, what is posted, what has failed, and what people and admins keep."""
    redis, admins = jobs.redis, ServerSettingsStore(jobs.redis)
    for name in ("drawn", "drawing", "cancelled", "waits"):
        await jobs.admit(new_job(name, event=f"reaction:{name}", event_ttl=60), Caps(person=9))
    claimed = take()
    assert claimed
    await jobs.answered("drawn", 555)
    assert await jobs.store(*claimed, RESULT, [b"png"])
    drawing = take()
    assert drawing
    await jobs.preview(*drawing, b"jpeg")
    await jobs.cancel("cancelled")
    poster = Outbox(redis, TIMINGS)
    while entry := await poster.claim(30):
        if entry.job.state.terminal:
            await poster.done(entry)
    await Favourites(redis).add(1, Kept(10, 77, 555, "drawn"), now=1.0)
    await redis.set(keys.tell(1), 1)
    blocked = ServerSettings(blocked={5: Block(by=6, why="spam")})
    lines = changes_between(ServerSettings(), blocked, by=6, by_name="Max", at=1)
    await admins.change(10, 0, blocked, lines)
    await admins.change(11, 0, blocked, lines)
    await admins.leave(11)
    await OperatorStore(redis).change(0, OperatorSettings(blocked={5: Block(by=0, why="spam")}))


async def ends(redis: Redis) -> dict[str, list[float]]:
    """Of each name of the document: the seconds that Redis counts down for its keys, -1 for none."""
    found: dict[str, list[float]] = {}
    async for key in redis.scan_iter(f"{keys.PREFIX}*"):
        left = await redis.pttl(key)
        found.setdefault(family(key.decode()), []).append(left / 1000 if left >= 0 else -1)
    return found


async def test_what_is_stored_is_there_for_as_long_as_the_document_says(jobs: Jobs, take: Take) -> None:
    await live(jobs, take)
    seen, told = await ends(jobs.redis), spans()
    assert len(seen.keys() & told.keys()) > 20
    for name in seen.keys() & told.keys():
        longest = max(int(number) * SECONDS[unit] for number, unit in SPAN.findall(told[name]) or [("0", "day")])
        if -1 in seen[name]:
            assert LASTING.search(told[name]), f"{name} stays, and docs/privacy.md says: {told[name]}"
        assert max(seen[name]) <= longest, f"{name} is there for {max(seen[name])} s"
        if max(seen[name]) > 0 and "at most" not in told[name]:
            assert max(seen[name]) > longest / 2, f"{name} is there for {max(seen[name])} s alone"


CONSTANTS = {
    "easel:server-hints:…": hint._STAYS,
    keys.job("…"): TIMINGS.keep,
    "easel:picture:…:…:…": TIMINGS.pictures,
}


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_span_that_is_a_constant_is_the_documents(name: str) -> None:
    assert CONSTANTS[name] in {int(number) * SECONDS[unit] for number, unit in SPAN.findall(spans()[name])}
