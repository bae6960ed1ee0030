"""Real processes of a worker for tests, each against a test's own Redis, socket and stand-in for Discord."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

import psutil
from redis.asyncio import Redis

from worker.contract.store.jobs import Admitted, Jobs
from worker.contract.types.job import Job, State
from worker.contract.types.timings import Timings
from worker.engine.protocol import Health
from worker.slot.client import EngineAwayError, health
from worker.tasks import end

DEADLINE = 60.0  # on a busy machine a process takes seconds to start
TIMINGS = Timings(lease=1.0, renew=0.2, edit_every=0.2, answer_grace=0.2)


class DeadlineError(AssertionError):
    """What a test waited for never came."""


async def until(ask: Callable[[], Awaitable[Any]], what: str, deadline: float = DEADLINE) -> Any:
    """The first true answer, asked for over and over until the deadline."""
    end = time.monotonic() + deadline
    while not (answer := await ask()):
        if time.monotonic() > end:
            raise DeadlineError(f"no {what} within {deadline} s")
        await asyncio.sleep(0.02)
    return answer


async def state(jobs: Jobs, job: str, *wanted: State) -> Job:
    """The job's record once it is in one of the states. Fails at once when it has ended in another."""

    async def ask() -> Job | None:
        found = await jobs.get(job)
        assert found is not None, f"{job} is unknown"
        if found.state in wanted:
            return found
        assert not found.state.terminal, f"{job} is {found.state} ({found.reason} {found.cause})"
        return None

    found: Job = await until(ask, f"{job} in {wanted}")
    return found


async def first_step(jobs: Jobs, job: str) -> None:
    """Until it has made a step: before that a worker that ends hands it back."""

    async def made() -> bool:
        found = await jobs.get(job)
        return bool(found and found.progress and found.progress.step)

    await until(made, f"first step of {job}")


class Harness:
    """Starts parts of a worker as processes and ends what it started.

    Args:
        url: of Redis.
        folder: short-lived, for the socket, logs and failpoints.
        settings: further environment.
    """

    def __init__(self, url: str, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.socket = folder / "e.sock"
        self.failpoints = folder / "failpoints"
        self.failpoints.mkdir()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("EASEL_", "DISCORD_"))} | {
            "EASEL_REDIS_URL": url,
            "EASEL_ENGINE_SOCKET": str(self.socket),
            "EASEL_ENGINE": "fake",
            "EASEL_FAKE_STEP_MS": "5",
            "EASEL_FAILPOINTS": str(self.failpoints),
            "EASEL_LEASE": "1",
            "EASEL_RENEW": "0.2",
            "EASEL_EDIT_EVERY": "0.2",
            "EASEL_ANSWER_GRACE": "0.2",
            "EASEL_POST_LEASE": "1",
            "EASEL_RESTART_FIRST": "0.1",
            "EASEL_WORKER": "test",
        } | settings  # fmt: skip

    def start(self, part: str, name: str = "", *arguments: str, **settings: str) -> "subprocess.Popen[bytes]":
        """Start `python -m worker <part>`; its output goes to a file in the folder."""
        name = name or part
        with self.log(name).open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "worker", part, *arguments],
                env=self.env | settings, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.processes[name] = process
        return process

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def said(self, name: str) -> str:
        path = self.log(name)
        return path.read_text() if path.exists() else ""

    def arm(self, point: str, action: str = "kill") -> Path:
        path = self.failpoints / point
        path.write_text(action)
        return path

    async def fired(self, armed: Path) -> None:
        async def gone() -> bool:
            return not armed.exists()  # noqa: ASYNC240 - a local folder

        await until(gone, f"visit to failpoint {armed.name}")

    async def ready(self) -> Health:
        """The engine's health once it is ready."""

        async def ask() -> Health | None:
            try:
                found = await asyncio.to_thread(health, self.socket)
            except EngineAwayError:
                return None
            return found if found.state == "ready" else None

        found: Health = await until(ask, "ready engine")
        return found

    async def heard(self, *names: str, words: str) -> None:
        """Return when one of these processes has said the words."""

        async def ask() -> bool:
            return any(words in self.said(name) for name in names)

        await until(ask, f"{words!r} from {names}")

    def horses(self) -> list[psutil.Process]:
        """The work horses of all slots."""
        slots = [psutil.Process(p.pid) for name, p in self.processes.items() if name.startswith("slot")]
        return [horse for slot in slots for horse in slot.children()]

    async def paused(self) -> psutil.Process:
        """The work horse that a failpoint has paused."""

        async def ask() -> psutil.Process | None:
            return next((horse for horse in self.horses() if horse.status() == psutil.STATUS_STOPPED), None)

        found: psutil.Process = await until(ask, "paused work horse")
        return found

    async def ended(self, name: str) -> int:
        async def ask() -> bool:
            return self.processes[name].poll() is not None

        await until(ask, f"end of {name}")
        return self.processes[name].returncode

    def close(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


async def admitted(jobs: Jobs, new: Any, caps: Any) -> str:
    answer = await jobs.admit(new, caps)
    assert isinstance(answer, Admitted), answer
    return answer.job


class Reaper:
    """Reaps as supervisors and bots do, while a test runs."""

    def __init__(self, redis: Redis, jobs: Jobs) -> None:
        self._jobs = jobs

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await end(self._task)

    async def _run(self) -> None:
        while True:
            await self._jobs.reap()
            await asyncio.sleep(0.1)
