"""Bounds that the executor keeps: of time, of memory, and of what it takes on at all."""

import asyncio
import platform
import queue
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from tests.worker.engine.engines import asked
from tests.worker.engine.service.test_executor import DEADLINE, Backend, call, last, opened, state
from worker.contract.types.request import Upscale
from worker.engine.errors import ModelGoneError, OutOfTimeError, UnfitError
from worker.engine.protocol import EXIT_WORN
from worker.engine.service import inbox, memory
from worker.engine.service.circuit_breaker import CircuitBreaker
from worker.engine.service.executor import Executor
from worker.engine.service.fake_backend import UPSCALER
from worker.engine.service.watchdog import Watchdog


def free(backend: Backend) -> Backend:
    """One that loads and draws without being told to."""
    backend.may_load.set()
    backend.may_draw.set()
    return backend


async def test_renders_that_take_too_long_count_against_their_model() -> None:
    backend = free(Backend(fault=OutOfTimeError("decode", 7)))
    async with opened(backend, breaker=CircuitBreaker(after=1)) as executor:
        await state(executor, "ready")
        await last(executor.admit(call()))
        assert "fake" not in executor.health().capabilities


async def test_without_any_model_it_is_sick() -> None:
    backend = free(Backend())
    backend.models = lambda: ()
    async with opened(backend) as executor:
        await state(executor, "sick")
        assert executor.health().places == 0


async def test_an_upscale_needs_its_picture_and_the_upscaler_that_it_asks_for() -> None:
    async with opened(free(Backend())) as executor:
        await state(executor, "ready")
        how = Upscale(upscaler=UPSCALER.id, scale=4, width=64, height=64)
        with pytest.raises(UnfitError, match="needs its picture"):
            executor.admit(call(asked().enlarged(how)))
        assert executor.upscaler_for(call(asked().enlarged(how))) == UPSCALER
        with pytest.raises(ModelGoneError, match="No upscaler is called"):
            executor.upscaler_for(call(asked().enlarged(how.model_copy(update={"upscaler": "upscaler.other"}))))


async def test_models_leave_memory_when_nobody_asks_and_only_then() -> None:
    backend = free(Backend())
    drawn: list[str] = []
    unloaded: queue.SimpleQueue[int] = queue.SimpleQueue()
    backend.unload = lambda: unloaded.put(len(drawn))
    async with opened(backend, idle=0.05) as executor:
        await state(executor, "ready")
        for done in range(3):  # each time once, however long nobody asks
            assert await asyncio.to_thread(unloaded.get, timeout=DEADLINE) == done
            drawn.append((await last(executor.admit(call()))).kind)
    assert drawn == ["done"] * 3


async def test_models_stay_in_memory_unless_the_operator_says_for_how_long() -> None:
    backend = free(Backend())
    backend.unload = lambda: pytest.fail("nobody asked for that")
    async with opened(backend) as executor:
        await state(executor, "ready")
        assert (await last(executor.admit(call()))).kind == "done"


class Noting(Watchdog):
    """Notes how long each phase may take."""

    def __init__(self) -> None:
        super().__init__(grace=600)
        self.budgets: list[float] = []

    def enter(self, name: str, budget: float, expired: Callable[[str, float], None]) -> None:
        self.budgets.append(budget)


@pytest.mark.parametrize(("most", "budget"), [(None, 60.0), (15.0, 15.0), (90.0, 60.0)])
async def test_a_phase_takes_its_budget_or_less(most: float | None, budget: float) -> None:
    watchdog = Noting()
    executor = Executor(Backend(), watchdog, lambda _: 60.0)
    executor._enter("steps", lambda _phase, _budget: None, most)
    assert watchdog.budgets == [budget]


async def test_a_process_that_holds_too_much_is_replaced_once_and_when_it_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held, ends = 50, asyncio.Queue[int]()
    monkeypatch.setattr(memory, "resident", lambda: held)
    backend = free(Backend())
    backend.may_draw.clear()
    async with opened(backend, memory_max=100, waiting=1, end=ends.put_nowait) as executor:
        await state(executor, "ready")
        first, second = executor.admit(call()), executor.admit(call())
        held = 200
        backend.may_draw.set()
        assert (await last(first)).kind == (await last(second)).kind == "done"
        assert await asyncio.wait_for(ends.get(), DEADLINE) == EXIT_WORN
        assert executor.state == "draining"
        executor._settle()
        assert ends.empty()


async def test_what_is_only_kept_to_be_used_again_is_given_back_before_a_process_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held, backend = 50, free(Backend())

    def give_back() -> None:
        nonlocal held
        held = 60

    monkeypatch.setattr(memory, "resident", lambda: held)
    monkeypatch.setattr(memory, "give_back", give_back)
    async with opened(backend, memory_max=100) as executor:
        await state(executor, "ready")
        held = 200
        assert (await last(executor.admit(call()))).kind == "done"
        executor._settle()
        assert executor.state == "ready"
        assert held == 60


async def test_an_idle_engine_gives_memory_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given, backend = threading.Event(), free(Backend())
    monkeypatch.setattr(inbox, "_WHILE", 0.01)
    monkeypatch.setattr(memory, "give_back", given.set)
    async with opened(backend) as executor:
        await state(executor, "ready")
        assert await asyncio.to_thread(given.wait, DEADLINE)
        assert (await last(executor.admit(call()))).kind == "done"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc of another system is left as it is")
def test_freed_memory_is_kept_and_given_back_when_told_to() -> None:
    """In a process of its own: a megabyte stays within the heap, and goes when it is asked for."""
    told = subprocess.run(
        [sys.executable, "-c", KEEPING], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    kept, given = map(int, told)
    assert kept > 30e6
    assert given < 5e6


KEEPING = """
from worker.engine.service import inbox, memory
memory.keep()
before = memory.resident()
held = [bytearray(2**20 * 4) for _ in range(10)]
del held
kept = memory.resident() - before
memory.give_back()
print(kept, memory.resident() - before)
"""


async def test_a_limit_of_memory_that_the_models_alone_exceed_is_ignored(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(memory, "resident", lambda: 200)
    async with opened(free(Backend()), memory_max=100) as executor:
        await state(executor, "ready")
        assert (await last(executor.admit(call()))).kind == "done"
        executor._settle()
        assert executor.state == "ready"
    assert "EASEL_RECYCLE_MIB is ignored" in caplog.text
