"""What is measured: the fewest at once that are nearly as good as the best."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from worker.engine.step.probe import Probe, choose, measured

SIZES = (1, 2, 4, 8, 16, 32)


@pytest.fixture(scope="module")
def quickly_measured() -> None:
    """Not here."""


class Machine:
    """Takes `seconds(size)` for so many at once, by a clock of its own; `limit` do not fit."""

    def __init__(self, seconds: Callable[[int], float], limit: int = 1000) -> None:
        self.now, self.asked = 0.0, list[int]()
        self._seconds, self._limit = seconds, limit

    def clock(self) -> float:
        return self.now

    def do(self, size: int) -> None:
        self.asked.append(size)
        if size >= self._limit:
            raise MemoryError
        self.now += self._seconds(size)


@pytest.mark.parametrize(
    ("each", "best"),
    [
        ({1: 49, 2: 38, 4: 31, 8: 23, 16: 21, 32: 21}, 16),
        ({1: 49, 2: 38, 4: 31, 8: 21.5, 16: 21, 32: 21}, 8),
        ({1: 30, 2: 30, 4: 29.9, 8: 33}, 1),
        ({1: 30, 2: 31, 4: 20}, 4),  # one that brings nothing may stand before one that does
    ],
)
def test_the_fewest_that_are_nearly_as_good_as_the_best(each: dict[int, float], best: int) -> None:
    machine = Machine(lambda size: each.get(size, 99) * size / 1000)
    assert choose(measured(SIZES, machine.do, machine.clock)) == best


def test_what_brings_nothing_twice_is_not_tried_further() -> None:
    machine = Machine(lambda size: size / 1000)
    assert set(measured(SIZES, machine.do, machine.clock)) == {1, 2, 4}
    assert machine.asked == [1] * 3 + [2] * 3 + [4] * 3


def test_what_takes_long_is_asked_once() -> None:
    machine = Machine(lambda size: 10.0)
    assert set(measured(SIZES, machine.do, machine.clock)) == {1}
    assert machine.asked == [1]


@pytest.mark.parametrize(("limit", "best"), [(8, 4), (1, 1)])
def test_what_does_not_fit_is_not_chosen(limit: int, best: int) -> None:
    machine = Machine(lambda size: 0.01, limit)
    assert choose(measured(SIZES, machine.do, machine.clock)) == best


def test_an_answer_is_kept_as_long_as_it_is_about_the_same(tmp_path: Path) -> None:
    file, machine = tmp_path / "engine.sock.at_once", Machine(lambda _: 0.0)
    first = Probe(file).best(("rows", "cpu", "a model"), SIZES, machine.do)
    asked = len(machine.asked)
    assert Probe(file).best(("rows", "cpu", "a model"), SIZES, machine.do) == first
    assert len(machine.asked) == asked
    Probe(file).best(("rows", "cpu", "another"), SIZES, machine.do)
    assert len(machine.asked) > asked
    assert len(json.loads(file.read_text())) == 2


@pytest.mark.parametrize("damaged", ["{", "[]", '{"a": "x"}', '{"rows": 7000}'])
def test_a_damaged_file_is_measured_anew(tmp_path: Path, damaged: str) -> None:
    file = tmp_path / "engine.sock.at_once"
    file.write_text(damaged)
    assert Probe(file).best(("rows",), SIZES, Machine(lambda _: 0.0).do) in SIZES


def test_a_folder_that_cannot_be_written_to_stops_nothing(tmp_path: Path) -> None:
    assert Probe(tmp_path / "absent" / "file").best(("rows",), SIZES, Machine(lambda _: 0.0).do) in SIZES


def test_on_a_cpu_what_others_make_it_wait_for_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else an engine that first starts on a busy machine would draw people's requests one by one for ever."""
    torch = pytest.importorskip("torch")
    from worker.engine.pipeline.at_once import AtOnce
    from worker.engine.pipeline.device import Device

    clocks = {kind: AtOnce(Device(torch.device(kind), torch.float32), Probe())._clock for kind in ("cpu", "cuda")}
    assert clocks == {"cpu": time.thread_time, "cuda": time.perf_counter}
    busy = Machine(lambda size: 5.0)  # seconds by the clock on the wall
    assert choose(measured(SIZES, busy.do, lambda: busy.now / 500)) == 32
