"""Whose turn it is."""

from collections import Counter

from worker.engine.step.order import Order


def turns(order: Order[str], cost: dict[str, float], count: int) -> list[str]:
    had = []
    for _ in range(count):
        had.append(order.next(cost))
        order.had(had[-1], cost[had[-1]])
    return had


def test_all_get_the_same_time_whatever_a_turn_of_theirs_takes() -> None:
    had = Counter(turns(Order(), {"quick": 0.1, "slow": 0.4}, 500))
    assert abs(had["quick"] * 0.1 - had["slow"] * 0.4) <= 0.4


def test_a_newcomer_waits_for_one_turn_of_each_and_is_owed_nothing() -> None:
    order: Order[str] = Order()
    turns(order, {"a": 1.0, "b": 1.0}, 100)
    had = turns(order, {"a": 1.0, "b": 1.0, "new": 1.0}, 30)
    assert "new" in had[:3]
    assert set(Counter(had).values()) == {10}


def test_who_comes_back_is_a_newcomer() -> None:
    order: Order[str] = Order()
    turns(order, {"a": 1.0}, 10)
    turns(order, {"b": 1.0}, 10)
    assert Counter(turns(order, {"a": 1.0, "b": 1.0}, 10)) == {"a": 5, "b": 5}
