import threading

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
