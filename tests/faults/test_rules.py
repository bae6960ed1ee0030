"""What admins set in a storm is in the store as their panel would put it, and noted for when it may have held."""

import random
import time

import redis.asyncio

from tests.faults.plan import draw
from tests.faults.rules import EVERY, Admins, Order, Rules
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types.server_settings import ServerSettings

PEOPLE, PLACES = ("Ada", "Max", "Bea"), ("Studio/gallery", "Atelier/gallery", "dm")


async def test_orders_are_set_noted_and_taken_back(redis_async: redis.asyncio.Redis) -> None:
    store, rules = ServerSettingsStore(redis_async), Rules()
    admins = Admins(store, rules, {"Studio": 10, "Atelier": 11}, {"Ada": 3, "Max": 4})
    orders = [
        Order(0.0, "Studio", "each.at_once", 2, 0.2), Order(0.0, "Studio", "together.per_minute", 6, 0.1),
        Order(0.0, "Studio", "blocked", "Ada, Max", 0.1), Order(0.05, "Studio", "paused", "Later.", 0.0),
        Order(0.0, "Atelier", "each.at_once", 1, 0.0),
    ]  # fmt: skip
    begun = time.monotonic()
    await admins.give(orders, begun)
    ended = time.monotonic()
    held = rules.possible("10", begun, ended)
    assert {2} == {each.each.at_once for each in held} - {None}
    assert any(set(each.blocked) == {3, 4} for each in held)
    assert any(each.paused == "Later." for each in held)
    assert rules.bounds("10", "together.per_minute", begun, ended) == (6, float("inf"))
    assert rules.possible("10", ended + 1, ended + 2) == [ServerSettings()]
    assert rules.possible("99", begun, ended) == [ServerSettings()]
    found = await store.read(10)
    assert (found.version, found.settings) == (8, ServerSettings())
    assert {each.key for each in await store.changes(10)} == {order.key for order in orders}


def test_a_limit_may_have_held_until_another_surely_did() -> None:
    rules = Rules()
    one, two = (ServerSettings(paused=text) for text in ("one", "two"))
    rules.note("10", one, 1.0, 2.0)
    rules.note("10", two, 5.0, 6.0)
    seen = {moment: [each.paused for each in rules.possible("10", moment, moment)] for moment in (0.5, 1.5, 3, 5.5, 7)}
    assert seen == {0.5: [None], 1.5: [None, "one"], 3: ["one"], 5.5: ["one", "two"], 7: ["two"]}


def test_a_storm_has_orders_for_few_servers_all_the_time() -> None:
    plan = draw(7, 200, 10, people=PEOPLE, places=PLACES, doomed="Studio/gallery", hosts=("north",), lease=3)
    assert (
        plan.orders
        == draw(7, 200, 10, people=PEOPLE, places=PLACES, doomed="Studio/gallery", hosts=("north",), lease=3).orders
    )
    assert 200 / EVERY * 0.7 < len(plan.orders) < 200 / EVERY * 1.4
    assert {order.server for order in plan.orders} == {"Studio", "Atelier"}
    assert len({order.key for order in plan.orders}) == 11
    assert random.Random(1).choice([order.value for order in plan.orders if order.key == "blocked"]) in PEOPLE
