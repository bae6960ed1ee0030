"""Two hosts with one Redis: each a supervisor with its own engine, slots, poster and socket."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from tests.worker.harness import Harness, until
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs


class Hosts:
    """`north` and `south`; what is armed fires on the one that comes by first."""

    def __init__(self, harness: Harness, folder: Path) -> None:
        self.harness, self._folder = harness, folder

    def start(self, name: str, **settings: str) -> None:
        socket = self._folder / f"{name}.sock"
        own = {"EASEL_WORKER": name, "EASEL_ENGINE_SOCKET": str(socket), "EASEL_SLOTS": "1"}
        self.harness.start("all", name, **(own | settings))

    async def ready(self, jobs: Jobs, *names: str) -> None:
        async def beating() -> bool:
            return set(await jobs.redis.hkeys(keys.WORKERS)) >= {name.encode() for name in names}

        await until(beating, f"beats of {names}")

    def processes(self, name: str) -> list[psutil.Process]:
        """A host's supervisor and all that came of it, outermost first."""
        with suppress(psutil.NoSuchProcess):
            supervisor = psutil.Process(self.harness.processes[name].pid)
            return [supervisor, *supervisor.children(recursive=True)]
        return []

    def strike(self, name: str, number: signal.Signals) -> None:
        """The same signal to every process of a host, as a power cut or a paused virtual machine would."""
        for process in self.processes(name):
            with suppress(ProcessLookupError):  # it dies with its parent
                os.kill(process.pid, number)

    async def paused(self) -> psutil.Process:
        """The process that a failpoint has paused."""

        async def ask() -> psutil.Process | None:
            return next(self._stopped(), None)

        found: psutil.Process = await until(ask, "paused process")
        return found

    def _stopped(self) -> Iterator[psutil.Process]:
        for name in list(self.harness.processes):
            for process in self.processes(name):
                with suppress(psutil.NoSuchProcess):
                    if process.status() == psutil.STATUS_STOPPED:
                        yield process
