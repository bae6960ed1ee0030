"""The whole of Easel as `make demo` starts it, as a process of its own, for tests to use and to hurt."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil

from deploy.valkey import EmbeddedValkey, free_port

ROOT = Path(__file__).parents[2]
DEADLINE = 90.0  # seconds for anything at all: the machine may be busy
START = 120.0
READY = "Easel is ready:"
QUICK = {
    "EASEL_LEASE": "2",
    "EASEL_RENEW": "0.3",
    "EASEL_EDIT_EVERY": "0.3",
    "EASEL_POST_LEASE": "2",
    "EASEL_RESTART_FIRST": "0.1",
    "EASEL_DRAIN": "10",
}
# What tells the processes of one Easel apart: the end of their command lines, and of their parents'.
ROLES = {
    "sandbox": r"-m deploy\.sandbox ",
    "bot": r"-m bot$",
    "supervisor": r"-m worker$",
    "engine": r"-m worker engine$",
    "slot": r"-m worker slot ",
    "poster": r"-m worker poster$",
}


class Local:
    """One `python -m deploy.local` with a Valkey that outlives it.

    Attributes:
        page: base address of the sandbox.
        metrics: variable → port at which Prometheus may read.
        failpoints: a file put there arms a failpoint of the worker.
    """

    def __init__(
        self,
        folder: Path,
        engine: str = "fake",
        settings: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.valkey = EmbeddedValkey(folder / "valkey")
        self.failpoints = folder / "failpoints"
        self.failpoints.mkdir()
        self.port = free_port()
        self.metrics = {"EASEL_BOT_METRICS": free_port(), "EASEL_WORKER_METRICS": free_port()}
        self.page = f"http://127.0.0.1:{self.port}"
        self._folder, self._settings = folder, settings or {}
        self._arguments = ("--engine", engine, "--port", str(self.port), *arguments)
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._out: IO[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for its box."""
        self.valkey.start()
        self._out = self._log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", *self._arguments],
            cwd=self._folder,  # not where somebody may keep a .env with a real token
            env=self._environment(),
            stdout=self._out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        until = time.monotonic() + START
        while READY not in self.log():
            assert self._process.poll() is None, f"it ended at its start:\n{self.log()}"
            assert time.monotonic() < until, f"it did not start:\n{self.log()}"
            time.sleep(0.05)

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        assert self._process is not None
        return self._process.wait(DEADLINE)

    def stop(self) -> int:
        """Ctrl-C, and wait for the end; returns the exit status."""
        self.interrupt()
        try:
            return self.wait()
        finally:
            self.strike()
            self.valkey.stop()
            if self._out:
                self._out.close()

    def strike(self) -> None:
        """SIGKILL, as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def family(self) -> list[psutil.Process]:
        """All processes that it has started, and theirs."""
        assert self._process is not None
        return psutil.Process(self._process.pid).children(recursive=True)

    def log(self, since: int = 0) -> str:
        """What it printed, from a position in bytes on."""
        with self._log.open("rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")

    @property
    def log_size(self) -> int:
        return self._log.stat().st_size

    def listens(self) -> bool:
        """Does the sandbox take connections?"""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def pids(self, role: str) -> set[int]:
        """The processes that play a role now. A horse is what a slot forks for attempts."""
        assert self._process is not None
        slots = matching(self._process.pid, ROLES["slot"])
        if role in {"slot", "horse"}:
            inner = {each for each in slots if _parent(each) in slots}
            return inner if role == "horse" else slots - inner
        return matching(self._process.pid, ROLES[role])

    def kept(self, text: str) -> bool:
        """Has the sandbox written this down, so that it will know it after its death?"""
        world = self._folder / ".easel" / "sandbox" / "world.json"
        return world.exists() and text in world.read_text()

    def kill(self, role: str) -> set[int]:
        """SIGKILL all who play a role; returns who they were."""
        struck = self.pids(role)
        assert struck, f"there is no {role} to kill"
        for pid in struck:
            os.kill(pid, signal.SIGKILL)
        return struck

    async def replaced(self, role: str, gone: set[int]) -> None:
        """Wait until others play the role of those who are gone."""
        await until(lambda: bool(self.pids(role)) and not self.pids(role) & gone, f"another {role}")

    async def restart(self, *roles: str) -> None:
        """SIGTERM, and wait until others have taken their place."""
        gone = {role: self.pids(role) for role in roles}
        for pid in set[int]().union(*gone.values()):
            os.kill(pid, signal.SIGTERM)
        for role, pids in gone.items():
            await self.replaced(role, pids)

    def arm(self, point: str, action: str = "kill") -> None:
        """Have the next process of the worker that comes by a failpoint die or stop there."""
        (self.failpoints / point).write_text(action)

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "DISCORD_"))}
        return own | {
            "PYTHONPATH": str(ROOT),
            "EASEL_REDIS_URL": self.valkey.url,
            "EASEL_FAILPOINTS": str(self.failpoints),
            **QUICK,
            **{name: f"127.0.0.1:{port}" for name, port in self.metrics.items()},
            **self._settings,
        }


@contextmanager
def running(
    folder: Path, engine: str = "fake", settings: Mapping[str, str] | None = None, arguments: Sequence[str] = ()
) -> Iterator[Local]:
    """One Easel for as long as the block lasts, with more variables and arguments if need be."""
    local = Local(folder, engine, settings, arguments)
    try:
        local.start()
        yield local
    finally:
        local.stop()


async def until(true: Callable[[], bool], what: str, deadline: float = DEADLINE) -> None:
    """Wait until something is true. Raises TimeoutError."""
    end = time.monotonic() + deadline
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {deadline:.0f} s for {what}")
        await asyncio.sleep(0.02)


def matching(ancestor: int, pattern: str) -> set[int]:
    found = set()
    for process in psutil.Process(ancestor).children(recursive=True):
        try:
            line = " ".join(process.cmdline())
            if process.status() != psutil.STATUS_ZOMBIE and re.search(pattern, line):
                found.add(process.pid)
        except psutil.NoSuchProcess:
            continue
    return found


def _parent(pid: int) -> int:
    try:
        return psutil.Process(pid).ppid()
    except psutil.NoSuchProcess:
        return 0
