"""What admins set: compared, set, told in the audit, taken back, and still there after damage and departures."""

import asyncio
import json

import pytest
from redis.asyncio import Redis

from worker.contract.store import keys
from worker.contract.store.server_settings import CHANGES_MAX, Conflict, ServerSettingsStore
from worker.contract.types.server_changes import changes_between, undone
from worker.contract.types.server_settings import Block, Change, Limits, ServerSettings

SERVER = 10**18 + 7  # as long as Discord's, which Lua's numbers could not hold
BY = 2**62 + 1
FIRST = ServerSettings(
    each=Limits(at_once=3), roles={BY: Limits(day_pictures=500)}, blocked={5: Block(by=BY, why="spam")}
)


@pytest.fixture
def store(redis_async: Redis) -> ServerSettingsStore:
    return ServerSettingsStore(redis_async)


def lines(old: ServerSettings, new: ServerSettings, how: str = "") -> list[Change]:
    return changes_between(old, new, by=BY, by_name="Max", at=1_700_000_000_000, how=how)


async def set_(store: ServerSettingsStore, version: int, old: ServerSettings, new: ServerSettings) -> int | Conflict:
    return await store.change(SERVER, version, new, lines(old, new))


async def test_what_was_set_is_read_and_told(store: ServerSettingsStore) -> None:
    assert (await store.read(SERVER)).version == 0
    assert await set_(store, 0, ServerSettings(), FIRST) == 3
    found = await store.read(SERVER)
    assert (found.version, found.settings, found.damaged) == (3, FIRST, ())
    told = await store.changes(SERVER)
    assert [(each.number, each.key, each.old, each.by) for each in told] == [
        (3, f"roles.{BY}.day_pictures", None, BY), (2, "each.at_once", None, BY), (1, "blocked.5", None, BY),
    ]  # fmt: skip
    assert told[-1].new == {"by": BY, "at": 0, "why": "spam"}


async def test_who_changes_what_was_changed_meanwhile_is_told_by_whom(store: ServerSettingsStore) -> None:
    await set_(store, 0, ServerSettings(), FIRST)
    second = FIRST.model_copy(update={"paused": "lunch"})
    answers = await asyncio.gather(*(set_(store, 3, FIRST, second) for _ in range(5)))
    assert sorted(answers, key=str) == sorted([4, *[Conflict(_last(await store.changes(SERVER)))] * 4], key=str)
    assert (await store.read(SERVER)).version == 4


def _last(changes: list[Change]) -> Change:
    assert changes[0].key == "paused"
    return changes[0]


async def test_a_change_is_taken_back_by_a_change(store: ServerSettingsStore) -> None:
    await set_(store, 0, ServerSettings(), FIRST)
    second = FIRST.model_copy(update={"each": Limits(at_once=9, steps=20), "blocked": {}})
    assert await set_(store, 3, FIRST, second) == 6
    back = undone(second, list(reversed(await store.changes(SERVER, 3))))
    assert back == FIRST
    assert await store.change(SERVER, 6, back, lines(second, back, "undo")) == 9
    assert {each.how for each in await store.changes(SERVER, 3)} == {"undo"}


async def test_nothing_changed_is_no_change(store: ServerSettingsStore) -> None:
    assert await store.change(SERVER, 7, FIRST, []) == 7
    assert await store.redis.keys("*") == []


async def test_the_audit_is_bounded_and_its_numbers_run_on(store: ServerSettingsStore) -> None:
    line = lines(ServerSettings(), ServerSettings(paused="x"))
    await store.change(SERVER, 0, FIRST, line * CHANGES_MAX)
    assert await store.change(SERVER, CHANGES_MAX, FIRST, line) == CHANGES_MAX + 1
    assert await store.redis.llen(keys.server_changes(SERVER)) == CHANGES_MAX


# Whatever stands in the document, what can be read of it counts, and an admin can set it anew.
DAMAGE = {
    "no JSON": ("{", FIRST, [""]),
    "no object": ("[]", FIRST, [""]),
    "no text": (b"\xff\xfe", FIRST, [""]),
    "no end": ("[" * 100_000, FIRST, [""]),
    "no models": ({"each": {"models": []}, "paused": "x"}, ServerSettings(paused="x"), ["each.models"]),
    "another kind": ({"each": {"steps": 9, "at_once": "x"}}, ServerSettings(each=Limits(steps=9)), ["each.at_once"]),
    "a limit out of bounds": ({"each": {"at_once": 0}, "paused": "x"}, ServerSettings(paused="x"), ["each.at_once"]),
    "a table that is none": ({"roles": 5, "paused": "x"}, ServerSettings(paused="x"), ["roles"]),
    "no id": ({"roles": {"x": {"steps": 5}}, "paused": "x"}, ServerSettings(paused="x"), ["roles.x"]),
    "half a grant": ({"grants": {"5": {"pictures": 5}}, "paused": "x"}, ServerSettings(paused="x"), ["grants.5"]),
    "one of a list": ({"each": {"models": ["ok", "!"]}, "paused": "x"}, ServerSettings(paused="x"), ["each.models"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
async def test_a_damaged_document_stops_nobody(store: ServerSettingsStore, kind: str) -> None:
    document, counts, lost = DAMAGE[kind]
    await set_(store, 0, ServerSettings(), FIRST)
    written = document if isinstance(document, str | bytes) else json.dumps(document)
    await store.redis.hset(keys.server_settings(SERVER), "doc", written)
    found = await store.read(SERVER)
    assert (found.settings, found.damaged) == (counts, tuple(lost))
    fresh = ServerSettings(paused="mended")
    assert await set_(store, found.version, found.settings, fresh) == found.version + len(lines(counts, fresh))
    assert (await store.read(SERVER)).damaged == ()


@pytest.mark.parametrize("key", [keys.server_settings(SERVER), keys.server_changes(SERVER)])
async def test_a_key_of_another_kind_stops_nobody(store: ServerSettingsStore, key: str) -> None:
    await set_(store, 0, ServerSettings(), FIRST)
    await store.redis.delete(key)
    await store.redis.set(key, "x")
    found = await store.read(SERVER)
    fresh = ServerSettings(paused="mended")
    version = await set_(store, found.version, found.settings, fresh)
    # None that some bot may remember for what was set before.
    assert version == 3 + len(lines(found.settings, fresh))
    assert (await store.read(SERVER)).settings == fresh


async def test_what_a_newer_easel_has_set_stays(store: ServerSettingsStore) -> None:
    newer = {"each": {"at_once": 3, "colours": 8}, "moods": {"x": [1]}, "used_up": "refuse"}
    await store.redis.hset(keys.server_settings(SERVER), mapping={"version": 1, "doc": json.dumps(newer)})
    found = await store.read(SERVER)
    changed = found.settings.model_copy(update={"paused": "x"})
    await set_(store, 1, found.settings, changed)
    told = json.loads(await store.redis.hget(keys.server_settings(SERVER), "doc") or "")
    assert (told["each"]["colours"], told["moods"]) == (8, {"x": [1]})


async def test_settings_outlive_the_bots_absence_for_thirty_days(store: ServerSettingsStore) -> None:
    await store.leave(SERVER)
    assert await store.redis.keys("*") == [keys.CLOCK.encode()]  # of a server that had set nothing, nothing remains
    await set_(store, 0, ServerSettings(), FIRST)
    for _ in range(2):
        await store.leave(SERVER)
    for key in (keys.server_settings(SERVER), keys.server_changes(SERVER)):
        assert 29 * 86400 < await store.redis.ttl(key) <= 30 * 86400
    assert (await store.read(SERVER)).away
    await store.rejoin([1, SERVER])
    assert not (await store.read(SERVER)).away
    for key in (keys.server_settings(SERVER), keys.server_changes(SERVER)):
        assert await store.redis.ttl(key) == -1


async def test_usage_is_told_by_day_and_person(store: ServerSettingsStore) -> None:
    today, before = [each.day.strftime("%Y%m%d") for each in await store.usage(SERVER, 2)]
    await store.redis.hset(
        keys.usage(str(SERVER), today),
        mapping={"pictures": 5, "ms": 70, "pictures:9": 5, "ms:9": 70, "ms:x": 1, "no": "x"},
    )
    await store.redis.set(keys.usage(str(SERVER), before), "x")
    first, second = await store.usage(SERVER, 2)
    assert (first.pictures, first.ms, first.people[9].pictures, first.people[9].ms) == (5, 70, 5, 70)
    assert (len(first.people), second.pictures, second.people) == (1, 0, {})
