"""`easel forget`: nothing in Redis names a person any more, and nobody else loses anything."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import RESULT, TIMINGS, new_job
from tests.worker.contract.store.test_privacy import NAME, ROW, SECTION, family
from worker.contract.store import keys
from worker.contract.store.favourites import Favourites, Kept
from worker.contract.store.forget import Forgetting
from worker.contract.store.jobs import Jobs
from worker.contract.store.operator_settings import OperatorStore
from worker.contract.store.outbox import Outbox
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types.job import State
from worker.contract.types.operator_settings import OperatorSettings
from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import Block, Grant, ServerSettings
from worker.contract.types.timings import Caps

# One id holds another, as text.
PERSON, OTHER, MORE = 700000000000000001, 70000000000000000, 7000000000000000012
PEOPLE, NAMES = (PERSON, OTHER, MORE), ("Ann", "Bob", "Eve")
# What names them only while something of theirs waits or is drawn, or for a minute.
PASSING = {
    "easel:picture:…:…:…", "easel:preview:…", "easel:event:…", "easel:fair:all", "easel:fair:back", "easel:fair:where",
    "easel:fair:jobs:…", "easel:fair:waits:…", "easel:fair:held:…", "easel:fair:crowd:…", "easel:fair:channel:…",
    "easel:person:…", "easel:member:…:…", "rq:job:…", "rq:queue:easel:intermediate",
}  # fmt: skip
# Told by the id of a request alone, which tells nobody anything once its record is a mark.
BY_REQUEST = {"easel:message:…"}


async def everything(redis: Any) -> dict[str, str]:
    """Each key, with all that it holds as one text."""
    ask: dict[bytes, Callable[[str], Awaitable[Any]]] = {
        b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1), b"zset": lambda key: redis.zrange(key, 0, -1),
    }  # fmt: skip
    names = [key.decode() async for key in redis.scan_iter(f"{keys.PREFIX}*")]
    return {key: str(await ask[await redis.type(key)](key)) for key in names}


async def naming(redis: Redis, person: int = PERSON) -> dict[str, str]:
    whole = re.compile(rf"(?<!\d){person}(?!\d)")
    return {key: held for key, held in (await everything(redis)).items() if whole.search(f"{key} {held}")}


async def posted(redis: Redis) -> None:
    """A poster brings every message up to date."""
    poster = Outbox(redis, TIMINGS)
    while entry := await poster.claim(30):
        if entry.job.state is State.RENDERED:
            await poster.posted(entry)
        elif entry.job.state.terminal:
            await poster.done(entry)


async def live(jobs: Jobs, take: Take) -> None:
    """Each of three people: in a server and in direct messages, drawn, failed, kept, blocked, granted, an admin."""
    redis, admins = jobs.redis, ServerSettingsStore(jobs.redis)
    caps = Caps(person=9, rate_person=20, rate_member=20, rate_server=20)
    for person in PEOPLE:
        for place in ("10", f"dm-{person}"):
            name = f"{place[:2]}-{person % 1000}"
            await jobs.admit(new_job(f"drawn-{name}", owner=person, server=place), caps)
            taken = take()
            assert taken is not None
            await jobs.answered(taken[0], 500 + person % 1000)
            assert await jobs.store(*taken, RESULT, [b"png"])
            await jobs.admit(new_job(f"failed-{name}", owner=person, server=place, event=f"press:1:{person}:u"), caps)
            await jobs.cancel(f"failed-{name}")
        await posted(redis)
        await Favourites(redis).add(person, Kept(10, 77, 555, "drawn"), now=1.0)
        await redis.set(keys.tell(person), 1)
        await redis.sadd(keys.server_hints(10), person)
        await redis.zadd(f"{keys.FAIR}rests:10:lane", {str(person): 5})
        await redis.zadd(f"{keys.FAIR}most:dm:lane", {f"dm-{person}": 5})
        await redis.hset(f"{keys.FAIR}guess:10:lane", str(person), 5)  # as a process leaves it that knows nothing of it
    blocked = {person: Block(by=PEOPLE[n - 1], why="spam") for n, person in enumerate(PEOPLE)}
    grants = {person: Grant(pictures=5, until=9) for person in PEOPLE}
    settings = ServerSettings(blocked=blocked, grants=grants)
    for n, person in enumerate(PEOPLE):
        before = ServerSettings() if not n else settings.model_copy(update={"paused": str(n)})
        settings = settings.model_copy(update={"paused": str(n + 1)})
        lines = changes_between(before, settings, by=person, by_name=NAMES[n], at=1)
        await admins.change(10, n and (await admins.read(10)).version, settings, lines)
    await OperatorStore(redis).change(0, OperatorSettings(blocked={person: Block(why="spam") for person in PEOPLE}))


async def test_nothing_names_them_any_more_and_others_keep_all(jobs: Jobs, take: Take) -> None:
    await live(jobs, take)
    about = {name for row in ROW.finditer(SECTION.partition("### About servers")[0]) for name in NAME.findall(row[1])}
    named = {family(key) for key in await naming(jobs.redis)}
    assert about - named - PASSING - BY_REQUEST == set()  # each row of docs/privacy.md is one that is tried here
    others = [await naming(jobs.redis, each) for each in (OTHER, MORE)]

    looked = await Forgetting(jobs.redis, PERSON, look_only=True, blocks=True).forget()
    assert [await naming(jobs.redis, each) for each in (OTHER, MORE)] == others
    found = await Forgetting(jobs.redis, PERSON, blocks=True).forget()
    assert {family(key) for key in await naming(jobs.redis)} <= {"easel:event:…"}
    assert {**found.as_dict(), "audit": 0} == {**looked.as_dict(), "audit": 0}  # which has a line more, of this itself
    assert found.as_dict() | {"rates": 0, "turns": 0, "audit": 0} == {
        "person": PERSON, "requests": 4, "cancelled": 0, "unfinished": [], "favourites": 1, "habits": 1, "rates": 0,
        "days": 2, "hints": 1, "grants": 1, "audit": 0, "turns": 0, "blocks": ["10", "everywhere"],
    }  # fmt: skip
    held = str(await everything(jobs.redis))
    assert [name in held for name in NAMES] == [False, True, True]

    for each, before in zip((OTHER, MORE), others, strict=True):
        assert (await naming(jobs.redis, each)).keys() == before.keys()
    now = (await ServerSettingsStore(jobs.redis).read(10)).settings
    assert (set(now.blocked), set(now.grants)) == ({OTHER, MORE}, {OTHER, MORE})
    assert now.blocked[OTHER].by == 0
    again = await Forgetting(jobs.redis, PERSON, blocks=True).forget()
    assert again.as_dict() == Forgetting(jobs.redis, PERSON).found.as_dict()


async def test_a_block_stays_unless_it_is_asked_for_also_where_settings_are_made_anew(jobs: Jobs, take: Take) -> None:
    await live(jobs, take)
    found = await Forgetting(jobs.redis, PERSON).forget()
    assert found.blocks == ["10", "everywhere"]
    left = await naming(jobs.redis)
    assert {family(key) for key in left} <= {
        "easel:event:…", "easel:server-settings:…", "easel:server-changes:…", "easel:operator",
    }  # fmt: skip
    store = ServerSettingsStore(jobs.redis)
    await jobs.redis.hset(keys.server_settings(10), "doc", "damaged")  # and what holds is what the audit says
    held = (await store.read(10)).settings
    assert PERSON in held.blocked
    assert PERSON not in held.grants
    assert [change.by for change in await store.changes(10, 99) if change.by == PERSON] == []


async def test_what_waits_and_is_drawn_is_cancelled_and_goes_when_its_message_says_so(jobs: Jobs, take: Take) -> None:
    for name, owner in (("drawn", PERSON), ("waits", PERSON), ("others", OTHER)):
        await jobs.admit(new_job(name, owner=owner), Caps(person=9))
    assert take() == ("drawn", 1)
    forgetting = Forgetting(jobs.redis, PERSON)
    await forgetting.cancel()
    assert forgetting.found.cancelled == 2
    assert sorted(await forgetting.unfinished()) == ["drawn", "waits"]
    found = await forgetting.forget()
    assert sorted(found.unfinished) == ["drawn", "waits"]
    assert await jobs.renew("drawn", 1) != "held"

    await posted(jobs.redis)
    again = Forgetting(jobs.redis, PERSON)
    await again.cancel()
    assert await again.unfinished() == []
    assert (await again.forget()).as_dict() | {"rates": 0, "turns": 0} == (
        Forgetting(jobs.redis, PERSON).found.as_dict() | {"requests": 2}
    )
    assert {family(key) for key in await naming(jobs.redis)} <= {"easel:event:…"}
    assert await jobs.get("drawn") is None
    other = await jobs.get("others")
    assert other is not None
    assert other.state is State.QUEUED


@pytest.mark.parametrize(
    "line", [b"{damaged 700000000000000001", b'"700000000000000001"', b'{"by":700000000000000001}']
)
async def test_a_damaged_line_names_nobody_either(jobs: Jobs, line: bytes) -> None:
    await jobs.redis.rpush(keys.server_changes(10), line, b"{damaged 17000000000000000010")
    assert (await Forgetting(jobs.redis, PERSON).forget()).audit == 1
    assert await naming(jobs.redis) == {}
    assert (await jobs.redis.lrange(keys.server_changes(10), -1, -1)) == [b"{damaged 17000000000000000010"]
