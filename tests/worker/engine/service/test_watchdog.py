import threading
import time
from types import SimpleNamespace

import pytest

from worker.engine.service import watchdog
from worker.engine.service.watchdog import Watchdog

DEADLINE = 20


def test_an_overstay_is_told_once_and_then_ends_the_process():
    told: list[tuple[str, float]] = []
    ended = threading.Event()
    dog = Watchdog(grace=0.1, give_up=ended.set, tick=0.01)
    dog.start()
    dog.enter("steps", 0.05, lambda name, budget: told.append((name, budget)))
    assert ended.wait(DEADLINE)
    dog.stop()
    assert told == [("steps", 0.05)]


def test_what_keeps_moving_is_left_alone():
    ended, looked = threading.Event(), threading.Event()
    dog = Watchdog(grace=0, give_up=ended.set, tick=0.01)
    dog.start()
    dog.enter("first", 60, lambda _name, _budget: ended.set())
    dog.leave()
    dog.enter("second", 0, lambda _name, _budget: looked.set())
    assert looked.wait(DEADLINE)
    assert ended.wait(DEADLINE)
    dog.stop()


def test_a_phase_has_its_budget_then_a_grace_and_an_idle_thread_has_all_the_time(monkeypatch: pytest.MonkeyPatch):
    later, told, ended = 0.0, [], []
    monkeypatch.setattr(watchdog, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + later))
    dog = Watchdog(grace=5000, give_up=lambda: ended.append(later))
    dog.enter("steps", 10_000, lambda name, _budget: told.append(name))

    def look(at: float) -> None:
        nonlocal later
        later = at
        dog._look()

    look(5_000)
    assert told == []
    for at in (12_000, 13_000):
        look(at)
    assert (told, ended) == (["steps"], [])
    look(17_000)
    assert (told, ended) == (["steps"], [17_000])
    dog.leave()
    look(90_000)
    assert (told, ended) == (["steps"], [17_000])
