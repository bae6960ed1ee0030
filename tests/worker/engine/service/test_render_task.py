"""The mailbox between the GPU thread and a client's handler."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from tests.worker.engine.engines import asked
from worker.contract.types import recipe
from worker.contract.types.cause import encoding_failed, numbers_absurd
from worker.contract.types.job import Reason
from worker.engine.errors import OutOfTimeError, RenderCancelledError, RenderError
from worker.engine.protocol import RenderCall
from worker.engine.service.render_task import TOLD_EVERY, RenderTask


class Later(Executor):
    """Runs what it is given when told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple] = []

    def submit(self, fn, /, *args, **kwargs):
        self.waiting.append((fn, args))
        return Future()

    def catch_up(self) -> None:
        while self.waiting:
            fn, args = self.waiting.pop(0)
            fn(*args)


@pytest.fixture
async def later() -> Later:
    return Later()


@pytest.fixture
async def task(later: Later) -> RenderTask:
    return RenderTask(RenderCall(id="a", request=asked()), later)


async def kinds(task: RenderTask) -> list[str]:
    return [frame.header.kind for frame in await asyncio.wait_for(task.news(), 20)]


PICTURE = Image.new("RGB", (64, 64))


async def test_of_many_steps_a_slow_reader_gets_the_newest(task: RenderTask):
    task.begin()
    for step in range(1, 100):
        task.step(step, 100)
    frames = await task.news()
    assert [frame.header.kind for frame in frames] == ["started", "step"]
    assert frames[-1].header.step == 99


class Loop:
    """The event loop as a task uses it; what shall be done later waits to be told."""

    def __init__(self) -> None:
        self.wakes, self.pauses, self.later = 0, list[float](), list[Callable[[], None]]()

    def call_soon_threadsafe(self, do: Callable[[], None]) -> None:
        self.wakes += 1
        do()

    def call_later(self, pause: float, do: Callable[[], None]) -> None:
        self.pauses.append(pause)
        self.later.append(do)


async def test_a_step_soon_after_another_is_told_later_and_all_else_at_once(task: RenderTask):
    loop: Any = Loop()
    task._loop = loop
    task.step(1, 4)
    assert await kinds(task) == ["step"]
    task.step(2, 4)
    task.step(3, 4)
    assert loop.wakes == 1  # nobody is woken by these
    loop.later.pop()()
    (frame,) = await task.news()
    assert frame.header.step == 3
    task.step(4, 4)
    task.phase("decode")
    assert await kinds(task) == ["phase", "step"]
    assert loop.pauses == [TOLD_EVERY] * 2
    task.step(4, 4)  # beside something else none was put off
    assert await kinds(task) == ["step"]
    loop.later.pop()()
    task.step(4, 4)
    assert await kinds(task) == ["step"]  # nor long after the last one


async def test_the_end_comes_after_the_last_picture_is_encoded(task: RenderTask, later: Later):
    task.picture(0, PICTURE)
    task.picture(1, PICTURE)
    task.phase("decode")
    task.finish("test")
    assert await kinds(task) == ["phase"]
    later.catch_up()
    assert await kinds(task) == ["picture", "picture", "done"]


async def test_of_many_previews_a_slow_reader_gets_the_newest_and_of_pictures_all(task: RenderTask, later: Later):
    for step in (1, 2, 3):
        task.preview(step, PICTURE)
    for index in (0, 1, 2):
        task.picture(index, PICTURE)
    later.catch_up()
    frames = await task.news()
    assert [frame.header.kind for frame in frames] == ["preview"] + ["picture"] * 3
    assert frames[0].header.step == 3


async def test_each_picture_carries_its_own_seed_and_recipe(task: RenderTask, later: Later):
    task.picture(2, PICTURE, "abc")
    later.catch_up()
    (frame,) = await task.news()
    assert (frame.header.index, frame.header.seed) == (2, task.request.seed + 2)
    assert recipe.read(frame.body) == recipe.Recipe(request=task.request, index=2, revision="abc")


async def test_the_first_outcome_counts(task: RenderTask, later: Later):
    task.fail(RenderError(encoding_failed()))
    task.fail(RenderError(numbers_absurd()))
    task.picture(0, PICTURE)
    task.finish("test")
    later.catch_up()
    (last,) = await task.news()
    assert last.header.cause == encoding_failed()


async def test_cancelling_raises_wherever_the_render_looks(task: RenderTask):
    task.cancel()
    for look in (task.check, task.begin, lambda: task.pause(600), lambda: task.step(1, 2)):
        with pytest.raises(RenderCancelledError):
            look()
    with pytest.raises(RenderCancelledError):
        task.phase("decode")


async def test_at_the_end_of_the_service_it_is_cancelled_and_not_failed(task: RenderTask):
    """Its encoders are gone by then, while the GPU thread is in the middle of a step."""
    task.begin()
    task.cancel()
    task._encoders = ThreadPoolExecutor(1)
    task._encoders.shutdown()
    for told in (lambda: task.preview(1, PICTURE), lambda: task.picture(0, PICTURE)):
        with pytest.raises(RenderCancelledError):
            told()


async def test_what_nobody_waits_for_is_not_encoded(task: RenderTask, later: Later):
    task.begin()
    task.picture(0, PICTURE)
    task.cancel()
    later.catch_up()
    assert await kinds(task) == ["started"]


async def test_an_overstay_tells_the_client_at_once_and_stops_the_render(later: Later):
    entered: list = []
    task = RenderTask(RenderCall(id="a", request=asked()), later, lambda *entry: entered.append(entry))
    task.phase("decode")
    ((phase, expired, most),) = entered
    assert most is None
    expired(phase, 7.0)
    assert [frame.header.reason for frame in await task.news() if frame.header.kind == "failed"] == [Reason.TIMEOUT]
    with pytest.raises(OutOfTimeError, match="Finishing the pictures took longer than 7 s"):
        task.check()


async def test_previews_keep_their_pace_and_may_be_unwanted(later: Later):
    task = RenderTask(RenderCall(id="a", request=asked()), later)
    assert task.wants_preview()
    task.preview(1, PICTURE)
    assert not task.wants_preview()
    assert not RenderTask(RenderCall(id="a", request=asked(), preview=False), later).wants_preview()


async def test_a_picture_that_cannot_be_encoded_fails_the_render(task: RenderTask, later: Later):
    task.picture(0, Image.new("F", (8, 8)))
    task.finish("test")
    later.catch_up()
    (last,) = await task.news()
    assert last.header.kind == "failed"
    assert "could not be encoded" in last.header.detail


async def test_a_render_that_has_shown_its_pace_may_not_stand_still_for_long(
    later: Later, monkeypatch: pytest.MonkeyPatch
):
    entered: list = []
    now = 100.0
    monkeypatch.setattr("worker.engine.service.render_task.time.monotonic", lambda: now)
    task = RenderTask(RenderCall(id="a", request=asked()), later, lambda *entry: entered.append(entry))

    def step(seconds: float, number: int) -> float | None:
        nonlocal now
        now += seconds
        task.step(number, 20)
        return entered[-1][2]

    task.phase("steps")
    assert step(200, 1) is None  # it may have been compiled
    assert step(0.1, 2) == 15
    assert step(2, 3) == 60
    assert step(0.1, 4) == 60
    task.phase("decode")
    assert entered[-1][2] is None
    task.phase("steps")
    assert step(100, 5) == 60  # the first of its chunk: all of the decoding lies before it
