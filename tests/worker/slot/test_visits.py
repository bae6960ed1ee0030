"""Slots say that they come by, and their supervisor notices when none does."""

import os
import time
from pathlib import Path

import pytest

from worker.slot.visits import SlotVisits, SlotWatch


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_none_is_missing_as_long_as_one_comes_by(folder: Path, clock: Clock) -> None:
    watch, visits = SlotWatch(folder / "e.sock", 30), SlotVisits(folder / "e.sock")
    for _ in range(10):
        clock.now += 20
        visits.came_by()
        assert not watch.missing()
    clock.now += 31
    assert watch.missing()
    visits.came_by()
    assert not watch.missing()


def test_what_an_earlier_worker_left_is_no_visit(folder: Path, clock: Clock) -> None:
    SlotVisits(folder / "e.sock").came_by()
    watch = SlotWatch(folder / "e.sock", 30)
    clock.now += 31
    assert watch.missing()


def test_there_may_be_a_reason_why_none_could_come(folder: Path, clock: Clock) -> None:
    watch = SlotWatch(folder / "e.sock", 30)
    clock.now += 31
    watch.forgive()
    assert not watch.missing()


def test_a_host_whose_clock_is_set_back_counts_alike(folder: Path, clock: Clock) -> None:
    watch, visits = SlotWatch(folder / "e.sock", 30), SlotVisits(folder / "e.sock")
    visits.came_by()
    assert not watch.missing()
    clock.now += 31
    visits.came_by()
    os.utime(folder / "e.sock.slots", (1, 1))
    assert not watch.missing()
