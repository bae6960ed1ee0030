"""`python -m worker --gpus …`: a worker for each card of a machine, and one poster for all of them."""

import asyncio
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from worker.contract.metrics.table import HOST
from worker.contract.private_files import make_private
from worker.engine.settings import EngineSettings
from worker.environment import reduced
from worker.process import NO_POSTER, SUPERVISOR
from worker.settings import PosterSettings, Settings

from .child import Backoff, Child
from .metrics import OF_CARD, Gathered

log = logging.getLogger("worker")

ALL = "all"
_GRACE = 30.0  # seconds that a worker gets beyond what its slots and its engine may take one after the other
_NAME_MAX = 50  # of the 60 characters of a worker's name, as each card's has its number besides
_TIMEOUT = 20  # seconds
_NONE = (
    "--gpus all finds no NVIDIA card (nvidia-smi -L). Install its driver, name cards by number (--gpus 0,1), or leave "
    "--gpus out."
)


def cards(asked: str, environment: Mapping[str, str], listed: Callable[[], str]) -> list[int]:
    """The numbers of the cards that were asked for, as torch counts them: `all`, or such as `0,1`.

    `listed` tells what `nvidia-smi -L` prints. Raises ValueError in words for a person.
    """
    if asked != ALL:
        found = [int(each) for each in asked.split(",")] if re.fullmatch(r"\d{1,3}(,\d{1,3})*", asked) else []
        if not found or len(set(found)) < len(found):
            raise ValueError(f"--gpus is not usable: it must be all, or numbers of cards such as 0,1; now {asked!r}")
        return found
    visible = environment.get("CUDA_VISIBLE_DEVICES")  # torch then sees these, and counts them from 0
    count = (
        len([each for each in visible.split(",") if each.strip()])
        if visible is not None
        else len(re.findall(r"^GPU \d+:", listed(), re.MULTILINE))
    )
    if not count:
        raise ValueError(_NONE)
    return list(range(count))


def nvidia_cards() -> str:
    """What `nvidia-smi -L` prints; "" where there is none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - the driver's own program, without anything of a person's
            [program, "-L"], capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


class Host:
    """One machine with several cards.

    Args:
        settings: of all; names and sockets of the workers are made of theirs.
        numbers: of the cards.

    Attributes:
        refusal: why none can ever run with these settings, which ended everything; empty when there is no such reason.
    """

    def __init__(self, settings: PosterSettings, numbers: Sequence[int]) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self.refusal = ""
        self._gathered = Gathered(self._address(len(numbers)), HOST)
        env = os.environ | {SUPERVISOR: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
        self.workers = {number: self._worker(number, at, env) for at, number in enumerate(numbers)}
        self._left = set(numbers)
        self.poster = self._child("poster", reduced(env, PosterSettings) | self._gathered.environment, self._refuse)

    @property
    def _backoff(self) -> Backoff:
        return Backoff(self._settings.restart_first, self._settings.restart_max)

    def _worker(self, number: int, at: int, env: Mapping[str, str]) -> Child:
        socket = self._settings.engine_socket
        own = {
            "EASEL_WORKER": f"{self._settings.worker[:_NAME_MAX]}-gpu{number}",
            "EASEL_DEVICE": f"cuda:{number}",
            "EASEL_ENGINE_SOCKET": str(socket.with_name(f"{socket.stem}-gpu{number}{socket.suffix}")),
        }
        if address := self._address(at):
            own["EASEL_WORKER_METRICS"] = address
        known = reduced(dict(env) | own, Settings, EngineSettings, torch=True)  # and no token, as none posts
        return self._child(f"{OF_CARD}{number}", known, partial(self._lost, number), "all", NO_POSTER)

    def _child(self, name: str, env: Mapping[str, str], refused: Callable[[str], None], *arguments: str) -> Child:
        return Child(
            name, [sys.executable, "-m", "worker", *(arguments or (name,))], env, self._backoff, on_refusal=refused,
            inherits=self._gathered.inherits(env), on_death=partial(self._gathered.died, name),
            form=self._settings.log_format,
        )  # fmt: skip

    def _address(self, at: int) -> str:
        """Where the worker of a card (from 0) serves its figures; this process serves the rest behind the last."""
        host, _, port = self._settings.worker_metrics.rpartition(":")
        return f"{host}:{int(port) + at}" if port else ""

    def _lost(self, number: int, why: str) -> None:
        """One card that cannot be used leaves the others at work."""
        self._left.discard(number)
        if self._left:
            log.error("card %d is not used, and not tried again: %s", number, why)
        else:
            self._refuse(why)

    def _refuse(self, why: str) -> None:
        if not self.refusal and not self._stop.is_set():
            self.refusal = why
        self._stop.set()

    async def run(self) -> None:
        """Start everything; return when everything has ended."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal)
        make_private(self._settings.engine_socket.parent)
        async with self._gathered.served(None, lambda: {each.name: each.pid for each in self.children}):
            for child in self.children:
                child.start()
            await self._stop.wait()
            if not self.refusal:
                log.info("stopping: running renders are finished first; a second signal ends them")
            patience = 2 * self._settings.drain + _GRACE
            await asyncio.gather(*(child.end(patience) for child in self.workers.values()))
            await self.poster.end(self._settings.drain)
        log.info("stopped")

    @property
    def children(self) -> list[Child]:
        """All processes, in the order in which they end."""
        return [*self.workers.values(), self.poster]

    def _on_signal(self) -> None:
        if self._stop.is_set():
            log.warning("asked twice: ending everything now")
            for child in self.children:
                child.kill()
        self._stop.set()
