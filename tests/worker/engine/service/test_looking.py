"""What is new to offer is taken up when nothing is drawn, and nobody is sent here meanwhile."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from tests.worker.engine.service.test_executor import DEADLINE, Backend, call, last, opened, refused, running, state
from worker.contract.types.model_info import ModelInfo
from worker.engine.service import looking
from worker.engine.service.executor import Executor
from worker.engine.service.fake_backend import FAKE, STARTER
from worker.engine.service.render_task import RenderTask

NEW = FAKE.model_copy(update={"id": "new"})


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "EVERY", 0.01)


class Growing(Backend):
    """Finds a model when it is let, and takes it up when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_load.set()
        self.may_find, self.may_renew = threading.Event(), threading.Event()
        self.offered: tuple[ModelInfo, ...] = (FAKE, STARTER)
        self.at_work, self.looks = False, 0

    def models(self) -> tuple[ModelInfo, ...]:
        return self.offered

    def look(self) -> bool:
        self.looks += 1
        return self.may_find.is_set() and NEW not in self.offered

    def renew(self, alive: Callable[[], None]) -> None:
        assert not self.at_work
        alive()
        self.may_renew.wait(DEADLINE)
        self.offered = (*self.offered, NEW)

    def draw(self, task: RenderTask) -> int:
        self.at_work = True
        try:
            return super().draw(task)
        finally:
            self.at_work = False


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not true():  # noqa: ASYNC110 - a thread's doing
            await asyncio.sleep(0.01)


async def offered(executor: Executor, *names: str) -> None:
    await until(lambda: [model.id for model in executor.health().models] == [*names])


async def places(executor: Executor, wanted: int) -> None:
    await until(lambda: executor.health().places == wanted)


async def test_it_waits_for_what_is_drawn_and_then_nobody_is_sent_here_until_it_is_offered() -> None:
    backend = Growing()
    async with opened(backend, waiting=2) as executor:
        await state(executor, "ready")
        tasks = [executor.admit(call()), executor.admit(call(name="b"))]
        await running(executor, 1)
        backend.may_find.set()
        await places(executor, 0)
        assert refused(executor) == "busy"
        backend.may_draw.set()
        assert (await last(tasks[0])).kind == "done"
        looks = backend.looks
        assert executor.health().places == 0
        assert [model.id for model in executor.health().models] == ["fake", "starter"]
        backend.may_renew.set()
        await offered(executor, "fake", "starter", "new")
        assert (await last(tasks[1])).kind == "done"  # which waited meanwhile
        await places(executor, 3)
        await until(lambda: backend.looks > looks)  # it goes on looking


async def test_an_idle_engine_takes_it_up_at_once_and_one_that_ends_does_not() -> None:
    backend = Growing()
    backend.may_renew.set()
    async with opened(backend) as executor:
        await state(executor, "ready")
        backend.may_find.set()
        await offered(executor, "fake", "starter", "new")


class Failing(Growing):
    def look(self) -> bool:
        if not self.may_find.is_set():
            raise OSError(5, "Input/output error")
        return super().look()

    def renew(self, alive: Callable[[], None]) -> None:
        self.offered = (*self.offered, NEW)
        raise RuntimeError("a folder that nobody can read")


async def test_what_goes_wrong_with_it_keeps_nobody_from_drawing() -> None:
    backend = Failing()
    backend.may_draw.set()
    async with opened(backend) as executor:
        await state(executor, "ready")
        backend.may_find.set()
        await offered(executor, "fake", "starter", "new")
        await places(executor, 1)
        assert (await last(executor.admit(call()))).kind == "done"
