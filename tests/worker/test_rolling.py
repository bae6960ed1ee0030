"""Hosts are replaced one after the other while people ask: nobody is refused, nothing is lost, no attempt is wasted."""

import asyncio
import signal
from pathlib import Path

from tests.worker.contract.factories import new_job
from tests.worker.harness import Harness, admitted, state
from tests.worker.hosts import Hosts
from tests.worker.poster.standin import Standin
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State
from worker.contract.types.timings import Caps

WIDE = Caps(person=9999, server=9999, total=9999, rate_person=0, rate_server=0)


class People:
    """Somebody asks twice a second."""

    def __init__(self, living: Jobs, standin: Standin) -> None:
        self._jobs, self._standin = living, standin
        self.asked: dict[str, int] = {}
        self._enough = asyncio.Event()

    async def ask(self) -> None:
        while not self._enough.is_set():
            name = f"j{len(self.asked)}"
            message = self._standin.message()
            await admitted(self._jobs, new_job(name), WIDE)  # fails if refused
            await self._jobs.answered(name, message)
            self.asked[name] = message
            await asyncio.sleep(0.5)

    def stop(self) -> None:
        self._enough.set()


async def test_a_rolling_restart_under_load(harness: Harness, standin: Standin, living: Jobs, folder: Path) -> None:
    hosts = Hosts(harness, folder)
    for name in ("north", "south"):
        hosts.start(name)
    await hosts.ready(living, "north", "south")
    people = People(living, standin)
    asking = asyncio.create_task(people.ask())
    for name in ("north", "south"):
        harness.processes[name].send_signal(signal.SIGTERM)
        assert await harness.ended(name) == 0
        assert not await living.redis.hexists("easel:workers", name)  # it has said goodbye
        hosts.start(name)
        await hosts.ready(living, name)
    people.stop()
    await asking
    for name, message in people.asked.items():
        job = await state(living, name, State.POSTED)
        assert job.attempt == 1, name
        assert len(standin.messages[message].files) == 4
    assert len(standin.messages) == len(people.asked)
