"""All of Easel on one machine as if on several: a bot, a worker on each of two hosts, Valkey, the sandbox.

Every part is a real process that this one keeps alive, as systemd or a container's runtime would.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import psutil

from deploy.process import dying_with_parent
from deploy.sandbox.server import make_token
from deploy.sandbox.state.defaults import APP_ID
from deploy.valkey import free_port
from tests.e2e.local import ROLES, ROOT, matching, until
from tests.faults.fillable_valkey import FillableValkey

HOSTS = ("north", "south")
SHORT = {
    "EASEL_LEASE": "3",
    "EASEL_RENEW": "0.3",
    "EASEL_EDIT_EVERY": "0.5",
    "EASEL_POST_LEASE": "3",
    "EASEL_RESTART_FIRST": "0.1",
    "EASEL_RESTART_MAX": "2",
    "EASEL_DRAIN": "15",
}
CAPS = {"person": 4, "everywhere": 6, "server": 40, "total": 200}  # of jobs that wait or run, as refusals name them
_CAP_NAMES = {"everywhere": "PERSON_EVERYWHERE"}
WIDE = {f"EASEL_CAP_{_CAP_NAMES.get(name, name.upper())}": str(most) for name, most in CAPS.items()} | {
    "EASEL_RATE_PERSON": "0", "EASEL_RATE_SERVER": "0",  # a storm's crowd asks more often than people do
}  # fmt: skip
PATIENCE = 60.0  # seconds for a part to end by itself
_KEEP = 0.05
_RESTART = 0.2  # seconds between a part's end and its next start
_PARTS_OF_HOST = {"supervisor", "engine", "slot", "horse", "poster"}


class Kept:
    """One process that is started again whenever it ends.

    Args:
        within: what to put before its command, such as `nsenter` with its arguments.

    Attributes:
        deaths: how it ended each time when nobody had asked for it.
    """

    def __init__(
        self, name: str, module: str, arguments: tuple[str, ...], env: Mapping[str, str], folder: Path,
        within: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.name = name
        self.deaths: list[int] = []
        self._command = [*within, sys.executable, "-m", module, *arguments]
        self._env, self._folder = dict(env), folder
        self._log: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = False
        self._keeper: asyncio.Task[None] | None = None

    @property
    def started(self) -> bool:
        return self._process is not None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    def start(self) -> None:
        """Start it and keep it alive from now on."""
        self._log = (self._folder / f"{self.name}.log").open("ab")
        self._spawn()
        self._keeper = asyncio.create_task(self._keep(), name=f"keeper of {self.name}")

    def strike(self, number: signal.Signals) -> None:
        """Send a signal that it may end by; that is no death to wonder about."""
        self._asked = self._asked or number in {signal.SIGKILL, signal.SIGTERM, signal.SIGINT}
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def leave(self) -> None:
        """Keep it alive no longer."""
        if self._keeper is not None:
            self._keeper.cancel()

    async def stop(self) -> int:
        """SIGTERM, and wait for its end; returns the exit status."""
        self.leave()
        assert self._process is not None
        process = self._process
        self.strike(signal.SIGTERM)
        try:
            await until(lambda: process.poll() is not None, f"the end of {self.name}", PATIENCE)
        finally:
            process.kill()
            process.wait()
            if self._log is not None:
                self._log.close()
        return process.returncode

    def _spawn(self) -> None:
        self._asked = False
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, env=self._env, stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=dying_with_parent(),  # noqa: PLW1509 - it only calls prctl
        )  # fmt: skip

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_KEEP)
            if self._process is None or self._process.poll() is None:
                continue
            if not self._asked:
                self.deaths.append(self._process.returncode)
            await asyncio.sleep(_RESTART)
            self._spawn()


class Harness:
    """Bot, workers, store and sandbox.

    Args:
        folder: short-lived, with a short path: engines' sockets lie there.
        engine: `fake` or `real`.
        hosts: names of the workers.
        settings: further environment for all of them.

    Attributes:
        failpoints: a file put there arms a failpoint in whichever process comes by first.
    """

    def __init__(
        self,
        folder: Path,
        engine: str = "fake",
        hosts: tuple[str, ...] = HOSTS,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder, self.hosts = folder, hosts
        self.failpoints = folder / "failpoints"
        self.failpoints.mkdir(parents=True)
        self.valkey = FillableValkey(folder / "valkey")
        self.port = free_port()
        self.page = f"http://127.0.0.1:{self.port}"
        token = make_token(APP_ID)
        env = self._environment(engine, token) | dict(settings or {})
        self.sandbox = Kept("sandbox", "deploy.sandbox", ("--port", str(self.port), "--token", token), env, folder)
        self.bot = Kept("bot", "bot", (), env, folder)
        self.workers = {
            host: Kept(host, "worker", (), env | {
                "EASEL_WORKER": host, "EASEL_ENGINE_SOCKET": str(folder / host / "e.sock"),
            }, folder)
            for host in hosts
        }  # fmt: skip

    async def open(self) -> None:
        """The store and the sandbox; people may come in."""
        self.valkey.start()
        self.sandbox.start()

    def start(self) -> None:
        """The bot and the workers."""
        for part in (*self.workers.values(), self.bot):
            part.start()

    async def close(self) -> dict[str, int]:
        """Stop everything in order; exit statuses by name."""
        ended = {}
        for part in (self.bot, *self.workers.values(), self.sandbox):
            ended[part.name] = await part.stop()
        self.valkey.stop()
        return ended

    def pids(self, role: str, host: str | None = None) -> set[int]:
        """The processes that play a role now, on one host or on all. A horse is what a slot forks for attempts."""
        if role == "valkey":
            return {self.valkey.process.pid} if self.valkey.process else set()
        if role == "bot":
            return {self.bot.pid}
        found: set[int] = set()
        for name in [host] if host else self.hosts:
            found |= self._of_host(role, self.workers[name].pid)
        return found

    def whole(self, host: str) -> set[int]:
        """Every process of a host."""
        return set().union(*(self.pids(role, host) for role in _PARTS_OF_HOST))

    def strike(self, pids: set[int], number: signal.Signals) -> None:
        """Send a signal to processes that may be gone already."""
        kept = {part.pid: part for part in self._started()}
        for pid in pids:
            if pid in kept:
                kept[pid].strike(number)
                continue
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def sleepers(self) -> set[int]:
        """Processes that are stopped, by a failpoint or by us."""
        found = set()
        for part in self._started():
            for process in _family(part.pid):
                try:
                    if process.status() == psutil.STATUS_STOPPED:
                        found.add(process.pid)
                except psutil.NoSuchProcess:
                    continue
        return found

    def _started(self) -> list[Kept]:
        return [part for part in (self.bot, *self.workers.values()) if part.started]

    def restart_valkey(self) -> None:
        """Kill the store as a crash would, and start it with what its append-only file holds."""
        self.valkey.kill()
        self.valkey.start()

    def arm(self, point: str, action: str) -> Callable[[], bool]:
        """Arm a failpoint; returns a question: has it fired?"""
        path = self.failpoints / point
        path.write_text(action)
        return lambda: not path.exists()

    def disarm(self) -> None:
        for left in self.failpoints.iterdir():
            left.unlink(missing_ok=True)

    def said(self) -> dict[str, str]:
        """What each part has logged."""
        return {path.stem: path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log"))}

    def forgive(self) -> None:
        """Parts that a failpoint has killed did not end by themselves."""
        for part in (self.bot, *self.workers.values()):
            part.deaths = [status for status in part.deaths if status != -signal.SIGKILL]

    def deaths(self) -> dict[str, list[int]]:
        """Parts that ended without having been asked to, with their exit statuses."""
        parts = (self.bot, *self.workers.values(), self.sandbox)
        return {part.name: part.deaths for part in parts if part.deaths}

    def _of_host(self, role: str, supervisor: int) -> set[int]:
        if role == "supervisor":
            return {supervisor}
        try:
            if role not in {"slot", "horse"}:
                return matching(supervisor, ROLES[role])
            slots = matching(supervisor, ROLES["slot"])
        except psutil.NoSuchProcess:
            return set()
        horses = {each for each in slots if _parent(each) in slots}
        return horses if role == "horse" else slots - horses

    def _environment(self, engine: str, token: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "DISCORD_"))}
        return own | {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DISCORD_TOKEN": token,
            "EASEL_REDIS_URL": self.valkey.url,
            "EASEL_DISCORD_API": f"{self.page}/api/v10",
            "EASEL_DISCORD_GATEWAY": f"ws://127.0.0.1:{self.port}/gateway",
            "EASEL_DISCORD_CDN": f"{self.page}/cdn",
            "EASEL_ENGINE": engine,
            "EASEL_FAILPOINTS": str(self.failpoints),
            "EASEL_THREADS": "1",
            **WIDE,
        }


def _family(pid: int) -> list[psutil.Process]:
    try:
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _parent(pid: int) -> int:
    try:
        return int(psutil.Process(pid).ppid())
    except psutil.NoSuchProcess:
        return 0
