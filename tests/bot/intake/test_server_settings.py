"""What was set is remembered, and never when it is no longer in force."""

import pytest
from redis.asyncio import Redis

from bot.intake.server_settings import ServerSettingsCache
from worker.contract.store import keys
from worker.contract.store.operator_settings import OperatorStore
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types.operator_settings import OperatorSettings
from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import ServerSettings


@pytest.fixture
def bots(redis_async: Redis) -> list[ServerSettingsCache]:
    return [ServerSettingsCache(ServerSettingsStore(redis_async), OperatorStore(redis_async)) for _ in range(2)]


async def pause(bot: ServerSettingsCache, why: str) -> None:
    held = await bot.get(5)
    new = held.settings.model_copy(update={"paused": why})
    changes = changes_between(held.settings, new, by=1, by_name="Max", at=0)
    assert isinstance(await bot.store.change(5, held.version, new, changes), int)


async def test_what_one_bot_sets_holds_for_the_other_at_its_next_look(bots: list[ServerSettingsCache]) -> None:
    one, other = bots
    assert (await other.get(5)).settings == ServerSettings()
    for why in ("lunch", "tea"):
        await pause(one, why)
        assert (await other.get(5)).settings.paused == why
    assert await one.operator.change(0, OperatorSettings(paused="repairs")) == 1
    assert (await other.in_force(5)).operator.settings.paused == "repairs"
    assert (await other.in_force(None)).operator.settings.paused == "repairs"


async def test_while_nothing_changes_nothing_is_read_twice(bots: list[ServerSettingsCache]) -> None:
    one, other = bots
    await pause(one, "lunch")
    first = await other.get(5)
    await other.store.redis.hset(keys.server_settings(5), "doc", "{}")
    assert await other.get(5) is first


async def test_a_server_where_people_ask_has_not_been_left(bots: list[ServerSettingsCache]) -> None:
    one, _ = bots
    await pause(one, "lunch")
    await one.store.leave(5)
    await one.get(5)
    assert await one.store.redis.ttl(keys.server_settings(5)) == -1


async def test_in_direct_messages_nothing_is_set(bots: list[ServerSettingsCache]) -> None:
    assert (await bots[0].get(None)).version == 0


@pytest.mark.parametrize("key", [keys.server_settings(5), keys.OPERATOR])
async def test_a_key_of_another_kind_stops_nobody(bots: list[ServerSettingsCache], key: str) -> None:
    await bots[0].store.redis.set(key, "x")
    assert (await bots[0].in_force(5)).server.version == 0


async def test_the_operators_weights_are_the_lines(bots: list[ServerSettingsCache]) -> None:
    store = bots[0].operator
    weighed = OperatorSettings.model_validate(
        {"servers": {"5": {"weight": 3}, "dm": {"weight": 0.5}, "6": {"tier": "gold"}}}
    )
    assert await store.change(0, weighed) == 1
    assert await store.redis.hgetall(keys.WEIGHTS) == {b"5": b"3.0", b"dm": b"0.5"}
    assert await store.change(0, OperatorSettings()) is None
    assert await store.change(1, OperatorSettings()) == 2
    assert await store.redis.hgetall(keys.WEIGHTS) == {}
