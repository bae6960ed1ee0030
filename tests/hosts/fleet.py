"""What runs on the hosts: a store, the bot, and two workers of two fake cards each, of whatever release."""

import asyncio
import os
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from typing import cast

import redis.asyncio
from redis.exceptions import RedisError

from deploy.process import dying_with_parent
from deploy.sandbox.client import SandboxClient
from deploy.valkey import _binary
from tests.e2e.local import ROOT
from tests.e2e.person import eventually
from tests.faults.harness import SHORT, WIDE, Kept
from worker.contract.store import keys

from .network import OUTSIDE, Network

STORE, BOT, WORKERS = "store", "bot", ("north", "south")
CARDS = (0, 1)
PORT = 8420  # of the sandbox, which is outside
_START = 240.0
_READY = "Easel is ready"
_GPUS = '"--gpus"'  # in the worker's command line of releases that have it
_STEP_MS = 100  # two pictures of twelve steps take a card 1.2 seconds


def unpack(commit: str, folder: Path) -> Path:
    """The product as it was then. Raises ValueError in words for a person."""
    parts = ("bot", "worker", ":(exclude)worker/starter/*.safetensors")
    done = subprocess.run(["git", "-C", str(ROOT), "archive", commit, *parts], capture_output=True, check=False)
    if done.returncode:
        raise ValueError(f"{commit} cannot be had from git: {done.stderr.decode().strip().splitlines()[-1]}")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


class Fleet:
    """All parts by host.

    Attributes:
        parts: those that run, by name.
        deaths: how parts ended that nobody had asked to.
    """

    def __init__(self, network: Network, folder: Path, token: str) -> None:
        self.network, self.folder = network, folder
        self.url = f"redis://{network[STORE].address}:6379/0"
        self.parts: dict[str, Kept] = {}
        self.deaths: dict[str, list[int]] = {}
        self._env = self._environment(token)
        self._valkey: subprocess.Popen[bytes] | None = None

    async def open(self) -> redis.asyncio.Redis:
        """Start the store; returns a client of it."""
        self._start_store()
        store = redis.asyncio.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=5)

        async def answers() -> bool:
            try:
                return bool(await store.ping())
            except RedisError:
                return False

        await eventually(answers, "Valkey", _START)
        return store

    def _start_store(self) -> None:
        host, data = self.network[STORE], self.folder / "valkey"
        data.mkdir()
        with (self.folder / "valkey.log").open("ab") as log:
            self._valkey = subprocess.Popen(
                [*host.within, _binary(), "--bind", host.address, "--protected-mode", "no", "--dir", str(data),
                 "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"],
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                preexec_fn=dying_with_parent(),  # noqa: PLW1509 - it only calls prctl
            )  # fmt: skip

    def start_worker(self, name: str, tree: Path) -> None:
        """All cards of a host: by one command where that release has it, else by one for each."""
        if _GPUS in (tree / "worker/supervisor/main.py").read_text():
            socket = self._socket(name)
            self._start(name, name, "worker", ("--gpus", ",".join(map(str, CARDS))), tree, EASEL_ENGINE_SOCKET=socket)
            return
        for card in CARDS:
            own = f"{name}-gpu{card}"
            self._start(
                own, name, "worker", (), tree, EASEL_WORKER=own, EASEL_DEVICE=f"cuda:{card}",
                EASEL_ENGINE_SOCKET=self._socket(own),
            )  # fmt: skip

    def start_bot(self, tree: Path, name: str = BOT, shard: str = "") -> None:
        self._start(name, BOT, "bot", (), tree, **({"EASEL_SHARD": shard} if shard else {}))

    async def stop(self, name: str) -> None:
        """End a host's workers, or a bot, in order."""
        await asyncio.gather(*(self._stop(part) for part in self._of(name)))

    def kill(self, host: str) -> int:
        """End all of a host at once; nothing of it starts again by itself."""
        for part in self._of(host):
            self.parts.pop(part).leave()
        return self.network[host].kill()

    async def beats(self, store: redis.asyncio.Redis, *names: str) -> dict[bytes, bytes]:
        """What the cards of these hosts told last."""
        wanted = {f"{name}-gpu{card}".encode() for name in names for card in CARDS}
        told = cast("dict[bytes, bytes]", await store.hgetall(keys.WORKERS))
        return {name: beat for name, beat in told.items() if name in wanted}

    async def drawing(self, store: redis.asyncio.Redis, *names: str) -> None:
        """Wait until both cards of these hosts tell something new."""
        before = await self.beats(store, *names)

        async def beating() -> bool:
            told = await self.beats(store, *names)
            return len(told) == len(names) * len(CARDS) and not told.items() & before.items()

        await eventually(beating, f"both cards of {' and '.join(names)}", _START)

    async def hearing(self, sandbox: SandboxClient, name: str = BOT) -> None:
        """Wait until a bot is there."""
        log = self.folder / f"{name}.log"

        async def ready() -> bool:
            return log.exists() and _READY in log.read_text()

        await eventually(ready, f"a bot called {name}", _START)
        await sandbox.wait_bot(timeout=_START)

    async def close(self) -> None:
        for part in [name for name in self.parts if name.startswith(BOT)]:
            await self._stop(part)
        await asyncio.gather(*(self._stop(part) for part in list(self.parts)))
        if self._valkey is not None:
            self._valkey.terminate()
            self._valkey.wait(30)

    def _of(self, name: str) -> list[str]:
        return [part for part in self.parts if part == name or part.startswith(f"{name}-gpu")]

    async def _stop(self, name: str) -> None:
        part = self.parts.pop(name)
        status = await part.stop()
        if status or part.deaths:
            self.deaths.setdefault(name, []).extend([*part.deaths, status])

    def _start(
        self, name: str, host: str, module: str, arguments: tuple[str, ...], tree: Path, **settings: str
    ) -> None:
        env = self._env | {"PYTHONPATH": str(tree), "EASEL_WORKER": host, **settings}
        self.parts[name] = Kept(name, module, arguments, env, self.folder, self.network[host].within)
        self.parts[name].start()

    def _socket(self, name: str) -> str:
        return str(self.folder / name / "e.sock")

    def _environment(self, token: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "DISCORD_"))}
        return own | SHORT | WIDE | {
            "PYTHONUNBUFFERED": "1", "DISCORD_TOKEN": token, "EASEL_REDIS_URL": self.url, "EASEL_ENGINE": "fake",
            "EASEL_DISCORD_API": f"http://{OUTSIDE}:{PORT}/api/v10",
            "EASEL_DISCORD_GATEWAY": f"ws://{OUTSIDE}:{PORT}/gateway",
            "EASEL_DISCORD_CDN": f"http://{OUTSIDE}:{PORT}/cdn",
            "EASEL_FAKE_STEP_MS": str(_STEP_MS), "EASEL_SLOTS": "1", "EASEL_THREADS": "1",
        }  # fmt: skip
