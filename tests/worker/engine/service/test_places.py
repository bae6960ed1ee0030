"""How many more renders an engine wants."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.worker.engine.engines import asked
from worker.engine.protocol import RenderCall
from worker.engine.service.fake_together import FakeTogether
from worker.engine.service.places import Places
from worker.engine.service.render_task import RenderTask


def task(left: float = 3600.0, *, begun: bool = True) -> RenderTask:
    """A render whose steps take so many more seconds."""
    made = RenderTask(RenderCall(id="a-1", request=asked()), ThreadPoolExecutor(1))
    made.stopwatch.left = lambda expected, steps: left
    if begun:
        made.begin()
    return made


def several(count: int, beyond: int | None = None) -> Places:
    """Of an engine that gains by drawing so many together."""
    return Places(beyond, FakeTogether(0, count))


async def test_one_at_a_time_leaves_room_for_the_next_only_when_it_will_soon_be_over():
    one = several(1)
    assert one.free([]) == 1
    assert one.free([task()]) == 0
    assert one.free([task(left=0.5)]) == 1
    assert one.free([task(left=0.5), task()]) == 0


async def test_what_gains_by_drawing_together_takes_more_until_it_is_full():
    four = several(4)
    assert [four.free([task() for _ in range(held)]) > 0 for held in range(6)] == [True] * 4 + [False] * 2
    assert four.free([task(), task(left=0.1), task(), task()]) == 1


async def test_a_suspect_is_drawn_with_nobody():
    suspect = task()
    suspect.alone = True
    assert several(4).free([suspect]) == 0


async def test_a_number_is_a_number():
    two = several(1, beyond=1)
    assert [two.free([task()] * held) for held in range(4)] == [2, 1, 0, 0]


async def test_what_renders_like_it_took_tells_when_one_is_over():
    def never_told(expected: float, steps: int) -> float:
        return expected * (steps > 0)

    one, drawn = several(1), task()
    running = task()
    running.stopwatch.left = never_told
    assert one.free([running]) == 0, "nobody knows how long it takes"
    drawn.stopwatch._spent = {"steps": 0.3}
    one.learn(drawn)
    assert one.free([running]) == 1
    for _ in range(10):
        drawn.stopwatch._spent = {"steps": 30.0}
        one.learn(drawn)
    assert one.free([running]) == 0


async def test_those_that_wait_for_others_are_behind():
    held: Sequence[RenderTask] = [task(), task(begun=False), task(begun=False)]
    assert several(1).behind(held) == held[1:]
    assert several(2).behind(held) == held[2:]
    assert several(9).behind(held) == []


@pytest.mark.parametrize(("step", "most"), [(1, 60.0), (20, 0.0)])
async def test_the_time_that_is_left_follows_the_steps(step: int, most: float):
    made = task()
    del made.stopwatch.left
    assert made.stopwatch.left(7200.0, 20) > 7000
    made.phase("encode")
    made.phase("steps")
    made.step(step, 20)
    assert made.stopwatch.left(7200.0, 20) <= most


async def test_a_first_step_that_takes_long_tells_that_the_rest_will():
    made = task()
    del made.stopwatch.left
    made.stopwatch._start -= 2.0
    assert made.stopwatch.left(0.5, steps=60) > 100
    assert made.stopwatch.left(0.5, steps=1) <= 0.1
