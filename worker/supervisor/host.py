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

from worker.contract.private_files import make_private
from worker.engine.settings import EngineSettings
from worker.environment import reduced
from worker.process import NO_POSTER, SUPERVISOR
from worker.settings import PosterSettings, Settings

from .child import Backoff, Child

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
        env = os.environ | {SUPERVISOR: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
        self.workers = {number: self._worker(number, at, env) for at, number in enumerate(numbers)}
        poster = [sys.executable, "-m", "worker", "poster"]
        self.poster = Child("poster", poster, reduced(env, PosterSettings), self._backoff, on_refusal=self._refuse)
        self._left = set(numbers)

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
        if address := self._settings.worker_metrics:  # as a worker gathers what its own parts count
            host, _, port = address.rpartition(":")
            own["EASEL_WORKER_METRICS"] = f"{host}:{int(port) + at}"
        command = [sys.executable, "-m", "worker", "all", NO_POSTER]
        known = reduced(dict(env) | own, Settings, EngineSettings, torch=True)  # and no token, as none posts
        return Child(f"gpu{number}", command, known, self._backoff, on_refusal=lambda why: self._lost(number, why))

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
        for child in [*self.workers.values(), self.poster]:
            child.start()
        await self._stop.wait()
        if not self.refusal:
            log.info("stopping: running renders are finished first; a second signal ends them")
        patience = 2 * self._settings.drain + _GRACE
        await asyncio.gather(*(child.end(patience) for child in self.workers.values()))
        await self.poster.end(self._settings.drain)
        log.info("stopped")

    def _on_signal(self) -> None:
        if self._stop.is_set():
            log.warning("asked twice: ending everything now")
            for child in [*self.workers.values(), self.poster]:
                child.kill()
        self._stop.set()
