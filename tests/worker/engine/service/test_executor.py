"""Admission and the GPU thread, with backends that go wrong."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.worker.engine.engines import asked
from worker.contract.types.cause import device_lost, model_damaged
from worker.contract.types.request import Request
from worker.engine.blame import breaker_file, died_over, suspected
from worker.engine.errors import (
    CatalogueError,
    DeviceLostError,
    ModelGoneError,
    OutOfMemoryError,
    RenderCancelledError,
    TurnedAwayError,
    UnfitError,
)
from worker.engine.protocol import Failed, RenderCall
from worker.engine.service.circuit_breaker import CircuitBreaker
from worker.engine.service.executor import Executor
from worker.engine.service.fake_backend import STARTER, FakeBackend
from worker.engine.service.fake_together import FakeTogether
from worker.engine.service.turns import Ended
from worker.engine.service.watchdog import EXIT_HUNG, Watchdog

DEADLINE = 30


class Backend(FakeBackend):
    """The fake, with a gate before its loading and its drawing."""

    def __init__(self, fault: Exception | None = None, load_fault: Exception | None = None) -> None:
        super().__init__(step_ms=0)
        self.may_load, self.may_draw = threading.Event(), threading.Event()
        self.fault, self.load_fault = fault, load_fault
        self.told = threading.Event()

    def told_to_end(self) -> None:
        self.told.set()

    def load(self, alive: Callable[[], None]) -> None:
        alive()
        self.may_load.wait(DEADLINE)
        if self.load_fault:
            raise self.load_fault

    def draw(self, task) -> int:
        self.may_draw.wait(DEADLINE)
        if self.fault:
            raise self.fault
        return super().draw(task)


class LosesItsDevice(FakeTogether):
    """Once it draws two, which end as it is told."""

    def __init__(self, mates_end: Exception) -> None:
        super().__init__(step_ms=0, at_once=2)
        self.may_load, self.may_draw = threading.Event(), threading.Event()
        self._ends: list[Exception] = [DeviceLostError(), mates_end]

    def turn(self) -> list[Ended]:
        if len(self._held) < len(self._ends):
            return []  # the other one is on its way
        task = next(iter(self._held))
        del self._held[task]
        return [Ended(task, self._ends.pop(0))]


def call(request: Request | None = None, name: str = "a") -> RenderCall:
    return RenderCall(id=name, request=request or asked())


@asynccontextmanager
async def opened(backend: Backend | LosesItsDevice, **more) -> AsyncIterator[Executor]:
    executor = Executor(backend, Watchdog(grace=600), lambda _: 600.0, **more)
    executor.start()
    try:
        yield executor
    finally:
        backend.may_load.set()
        backend.may_draw.set()
        assert await executor.drain(DEADLINE)


async def state(executor: Executor, wanted: str) -> None:
    async with asyncio.timeout(DEADLINE):
        while True:
            if executor.state == wanted:
                return
            await asyncio.sleep(0.01)


async def running(executor: Executor, wanted: int) -> None:
    async with asyncio.timeout(DEADLINE):
        while True:
            if executor.health().running == wanted:
                return
            await asyncio.sleep(0.01)


async def last(task) -> Any:
    async with asyncio.timeout(DEADLINE):
        while True:
            frames = await task.news()
            if frames and frames[-1].header.kind in {"done", "failed"}:
                return frames[-1].header


def refused(executor: Executor) -> str:
    with pytest.raises(TurnedAwayError) as error:
        executor.admit(call())
    return error.value.reason


async def test_who_is_told_to_end_while_it_loads_knows_it_before_the_process_ends():
    backend = Backend()
    executor = Executor(backend, Watchdog(grace=600), lambda _: 600.0)
    executor.start()
    try:
        assert not await executor.drain(DEADLINE)  # so the process ends with its thread in the middle of it
        assert backend.told.is_set()
    finally:
        backend.may_load.set()
        await asyncio.to_thread(executor._thread.join, DEADLINE)


async def test_states_from_loading_to_draining():
    backend = Backend()
    async with opened(backend) as executor:
        assert executor.health().state == "loading"
        assert executor.health().models == ()
        assert refused(executor) == "loading"
        backend.may_load.set()
        await state(executor, "ready")
        task = executor.admit(call())
        assert refused(executor) == "busy"
        drained = asyncio.create_task(executor.drain(DEADLINE))
        await state(executor, "draining")
        assert refused(executor) == "draining"
        backend.may_draw.set()
        assert (await last(task)).kind == "done"
        assert await drained


async def test_a_place_to_wait_in_is_a_setting():
    backend = Backend()
    backend.may_load.set()
    async with opened(backend, waiting=1) as executor:
        await state(executor, "ready")
        tasks = [executor.admit(call()), executor.admit(call())]
        assert refused(executor) == "busy"
        backend.may_draw.set()
        assert [(await last(task)).kind for task in tasks] == ["done", "done"]
        assert executor.health().places == 2


async def test_a_render_cancelled_while_it_waits_is_never_begun():
    backend = Backend()
    backend.may_load.set()
    async with opened(backend, waiting=1) as executor:
        await state(executor, "ready")
        first, second = executor.admit(call()), executor.admit(call())
        second.cancel()
        backend.may_draw.set()
        await last(first)
        assert [frame.header.kind for frame in await second.news()] == ["failed"]


@pytest.mark.parametrize("fault", [CatalogueError("models.toml cannot be read"), RuntimeError("odd")])
async def test_whatever_goes_wrong_in_loading_the_desk_says_so(fault: Exception):
    backend = Backend(load_fault=fault)
    backend.may_load.set()
    async with opened(backend) as executor:
        await state(executor, "sick")
        assert str(fault) in executor.health().problems[0]
        assert refused(executor) == "sick"


async def test_a_lost_device_fails_the_render_and_asks_for_a_new_process():
    ends: asyncio.Queue[int] = asyncio.Queue()
    backend = Backend(fault=DeviceLostError())
    backend.may_load.set()
    backend.may_draw.set()
    async with opened(backend, end=ends.put_nowait) as executor:
        await state(executor, "ready")
        header = await last(executor.admit(call()))
        assert isinstance(header, Failed)
        assert await asyncio.wait_for(ends.get(), DEADLINE) == EXIT_HUNG
        assert executor.state == "sick"


@pytest.mark.parametrize("mates_end", [DeviceLostError(), RenderCancelledError(), ArithmeticError("odd")])
async def test_a_device_lost_in_a_joint_step_makes_suspects_of_all(folder: Path, mates_end: Exception):
    socket = folder / "e.sock"
    breaker = CircuitBreaker(breaker_file(socket), after=1)
    async with opened(LosesItsDevice(mates_end), breaker=breaker, waiting=None) as executor:
        await state(executor, "ready")
        tasks = [executor.admit(call(name=name)) for name in ("one-1", "two-1")]
        for task in tasks:
            assert (await last(task)).cause == device_lost()
        for job in ("one", "two"):
            assert suspected(socket, job)
            assert not died_over(socket, job)
            assert CircuitBreaker(breaker_file(socket)).suspects(job), "whoever comes next draws them alone"
        assert not breaker.words, "no model has failed"


async def test_a_device_lost_over_one_is_that_jobs(folder: Path):
    socket, backend = folder / "e.sock", Backend(fault=DeviceLostError())
    backend.may_load.set()
    backend.may_draw.set()
    async with opened(backend, breaker=CircuitBreaker(breaker_file(socket))) as executor:
        await state(executor, "ready")
        assert isinstance(await last(executor.admit(call(name="one-1"))), Failed)
        assert not suspected(socket, "one")
        assert died_over(socket, "one")


async def test_what_cannot_be_drawn_is_refused_before_a_place_is_taken():
    backend = Backend()
    backend.may_load.set()
    async with opened(backend) as executor:
        await state(executor, "ready")
        with pytest.raises(ModelGoneError, match=r"No model is called absent here. There are: fake, starter."):
            executor.admit(call(asked(model="absent")))
        backend.models = lambda: (FakeBackend().models()[0].model_copy(update={"steps_max": 2, "steps": 2}),)
        with pytest.raises(UnfitError, match="takes at most"):
            executor.admit(call())
        assert executor.health().places == 1


async def test_a_model_that_fails_rests_alone():
    backend = Backend(fault=ArithmeticError("odd"))
    backend.may_load.set()
    backend.may_draw.set()
    async with opened(backend, breaker=CircuitBreaker(after=2)) as executor:
        await state(executor, "ready")
        for name in ("one-1", "two-1"):
            await last(executor.admit(call(name=name)))
        health = executor.health()
        able = (*STARTER.capabilities, "upscaler.fake")
        assert (health.state, health.places, health.capabilities) == ("ready", 1, able)
        assert "2 jobs in a row failed here with fake" in health.problems[0]
        assert refused(executor) == "sick"
        backend.fault = None
        assert (await last(executor.admit(call(asked(model="starter"))))).kind == "done"
        assert executor.health().capabilities == able


async def test_after_failures_of_its_only_model_it_rests_and_then_tries_again():
    now = 1000.0
    backend = Backend(fault=ArithmeticError("odd"))
    backend.models = lambda: FakeBackend().models()[:1]
    backend.may_load.set()
    backend.may_draw.set()
    async with opened(backend, breaker=CircuitBreaker(after=2, first=30, clock=lambda: now)) as executor:
        await state(executor, "ready")
        for name in ("one-1", "one-2"):  # attempts at one job: it may be the job's fault
            assert (await last(executor.admit(call(name=name)))).kind == "failed"
        assert executor.state == "ready"
        await last(executor.admit(call(name="two-1")))
        health = executor.health()
        assert (health.state, health.places) == ("sick", 0)
        assert "2 jobs in a row failed here with fake" in health.problems[0]
        assert refused(executor) == "sick"
        now += 31
        assert executor.state == "ready"
        await last(executor.admit(call(name="three-1")))  # still sick: it rests at once, and longer
        now += 31
        assert executor.health().state == "sick"
        now += 31
        backend.fault = None
        assert (await last(executor.admit(call(name="three-2")))).kind == "done"
        backend.fault = ArithmeticError("odd")
        await last(executor.admit(call(name="four-1")))
        assert executor.state == "ready"


@pytest.mark.parametrize("fault", [OutOfMemoryError(64, 64), ModelGoneError(model_damaged()), RenderCancelledError()])
async def test_what_is_not_the_engines_fault_is_not_counted(fault: Exception):
    backend = Backend(fault=fault)
    backend.may_load.set()
    backend.may_draw.set()
    async with opened(backend, breaker=CircuitBreaker(after=1)) as executor:
        await state(executor, "ready")
        await last(executor.admit(call()))
        assert executor.state == "ready"
        assert not executor.health().problems, "a model rests"


async def test_what_its_model_does_not_hear_of_is_told_with_the_pictures():
    backend = Backend()
    backend.may_load.set()
    backend.may_draw.set()
    deaf = FakeBackend().models()[0].model_copy(update={"unheard": ("negative_prompt",)})
    backend.models = lambda: (deaf,)
    async with opened(backend) as executor:
        await state(executor, "ready")
        header = await last(executor.admit(call(asked(negative_prompt="red", guidance_scale=deaf.guidance_scale))))
        assert header.left_out == ("negative_prompt",)


class Together(Backend):
    """Takes up whatever comes; each turn takes a step of all. A prompt with [fail] fails at its second."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[Any, int] = {}
        self.most = 0

    def accepts(self, _) -> bool:
        return True

    def begin(self, task) -> None:
        self.held[task] = 0
        self.most = max(self.most, len(self.held))

    def turn(self) -> list[Ended]:
        if not self.may_draw.wait(0.01):
            return []
        ended = []
        for task in [*self.held]:
            self.held[task] += 1
            if self.held[task] == 2 and "[fail]" in task.request.prompt:
                ended.append(Ended(task, ArithmeticError("odd")))
            elif self.held[task] == task.request.steps:
                ended.append(Ended(task))
        for each in ended:
            del self.held[each.task]
        return ended


async def together(executor: Executor, names: list[str], failing: str = "") -> list[str]:
    """How each of them ends; all are there before the first is begun."""
    tasks = [executor.admit(call(asked("[fail]" if name == failing else "a wish"), name)) for name in names]
    return [(await last(task)).kind for task in tasks]


async def test_those_that_wait_are_drawn_with_the_first_as_far_as_the_backend_can():
    backend = Together()
    backend.may_load.set()
    async with opened(backend, waiting=3) as executor:
        await state(executor, "ready")
        tasks = [executor.admit(call(name=f"{name}-1")) for name in "abcd"]
        await running(executor, 4)
        assert executor.health().places == 0
        backend.may_draw.set()
        assert [(await last(task)).kind for task in tasks] == ["done"] * 4
        assert executor.health().running == 0
    assert backend.most == 4


async def test_one_that_fails_is_the_only_one():
    backend = Together()
    backend.may_load.set()
    backend.may_draw.set()
    async with opened(backend, waiting=3) as executor:
        await state(executor, "ready")
        assert await together(executor, ["a-1", "b-1", "c-1"], "b-1") == ["done", "failed", "done"]


async def test_a_fault_of_the_backend_itself_ends_what_it_holds_and_not_the_service():
    backend = Together()
    backend.may_load.set()
    backend.may_draw.set()
    turn, faults = backend.turn, list[Exception]()

    def faulty() -> list[Ended]:
        if faults:
            raise faults.pop()
        return turn()

    backend.turn = faulty
    async with opened(backend, waiting=3) as executor:
        await state(executor, "ready")
        backend.may_draw.clear()
        tasks = [executor.admit(call(name=name)) for name in ("a-1", "b-1")]
        await running(executor, 2)
        faults.append(ArithmeticError("odd"))
        assert [(await last(task)).kind for task in tasks] == ["failed", "failed"]
        backend.held.clear()
        backend.may_draw.set()
        assert await together(executor, ["c-1"]) == ["done"]


async def test_suspects_are_drawn_alone(tmp_path):
    path = tmp_path / "breaker"
    dying = CircuitBreaker(path)
    for job in ("a", "b"):
        dying.began(job, "fake")
    backend, breaker = Together(), CircuitBreaker(path)
    backend.may_load.set()
    backend.may_draw.set()
    async with opened(backend, waiting=3, breaker=breaker) as executor:
        await state(executor, "ready")
        assert await together(executor, ["a-2", "b-2"]) == ["done", "done"]
        assert backend.most == 1
        assert not breaker.suspects("a")
        backend.may_draw.clear()
        tasks = [executor.admit(call(name=name)) for name in ("a-3", "b-3")]
        await running(executor, 2)
        backend.may_draw.set()
        assert [(await last(task)).kind for task in tasks] == ["done", "done"]
    assert backend.most == 2
