"""One process of the worker: started, restarted with backoff, its output passed on line by line."""

import asyncio
import contextlib
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worker.contract.log_lines import LogFormat, from_part, message_of
from worker.engine.protocol import EXIT_WORN

log = logging.getLogger("worker")

EXIT_USAGE = 2  # of a process that no restart can help: somebody must put a setting right

_LINE_MAX = 256 * 1024
_LOG_HEAD = re.compile(r"^(easel: |\d\d:\d\d:\d\d \S+ +[A-Z]+ +)")


@dataclass(frozen=True)
class Backoff:
    """Seconds to wait before a restart: `first`, doubled each time up to `limit`; forgotten after a life of that."""

    first: float
    limit: float

    def pause(self, deaths: int) -> float:
        """Before the restart that follows so many quick deaths, from 1."""
        return min(self.limit, self.first * 2.0 ** (deaths - 1))


class Child:
    """Keeps one process alive.

    Args:
        name: in front of each line of its output.
        command: what to run.
        env: its whole environment.
        backoff: for restarts.
        nice: added to its niceness.
        on_refusal: told its last words when it ends with EXIT_USAGE; it is not started again then.
        inherits: open files that it gets.
        on_death: called when it has ended by itself.
        form: of its lines, as it was told.
    """

    def __init__(  # noqa: PLR0913 - each is one thing that a process is started with, or told of
        self,
        name: str,
        command: list[str],
        env: Mapping[str, str],
        backoff: Backoff,
        nice: int = 0,
        on_refusal: Callable[[str], None] = lambda _: None,
        *,
        inherits: Sequence[int] = (),
        on_death: Callable[[], None] = lambda: None,
        form: LogFormat = "text",
    ) -> None:
        self.name = name
        self._inherits, self._on_death, self._form = tuple(inherits), on_death, form
        self._on_refusal = on_refusal
        self._last_words = ""
        self._command, self._env, self._backoff, self._nice = command, env, backoff, nice
        self._process: asyncio.subprocess.Process | None = None
        self._ending = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start it and keep it alive until `end`."""
        self._keeper = asyncio.create_task(self._keep(), name=self.name)

    @property
    def started(self) -> bool:
        """Whether it is kept alive."""
        return self._keeper is not None

    @property
    def pid(self) -> int | None:
        """Of the living process."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def end(self, patience: float) -> None:
        """Send SIGTERM once and wait; SIGKILL after `patience` seconds."""
        self._ending.set()
        self.signal(signal.SIGTERM)
        if self._keeper is None:
            return
        done, _ = await asyncio.wait({self._keeper}, timeout=patience)
        if not done:
            log.warning("%s did not end within %.0f s; killed", self.name, patience)
            self.kill()
            await self._keeper
        log.info("%s has ended", self.name)

    def kill(self) -> None:
        """End it now for good, with all that it started."""
        self._ending.set()
        self.strike()

    def strike(self) -> None:
        """End it now, with all that it started; it starts again."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Pass a signal to the process alone; its own children are its business."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def _keep(self) -> None:
        deaths = 0
        while not self._ending.is_set():
            born = time.monotonic()
            try:
                status = await self._live()
            except OSError as error:  # no memory or no process to be had now: later there may be
                deaths += 1
                pause = self._backoff.pause(deaths)
                log.warning("%s cannot start (%s); starting again in %.1f s", self.name, error.strerror, pause)
                await self._rest(pause)
                continue
            if self._ending.is_set():
                return
            self._on_death()
            if status == EXIT_USAGE:
                self._on_refusal(_LOG_HEAD.sub("", message_of(self._last_words)) or f"{self.name} cannot run like this")
                return
            if status == EXIT_WORN:
                log.info("%s starts anew", self.name)
                continue
            deaths = 1 if time.monotonic() - born > self._backoff.limit else deaths + 1
            pause = self._backoff.pause(deaths)
            log.warning("%s ended (%s); starting again in %.1f s", self.name, describe(status), pause)
            await self._rest(pause)

    async def _rest(self, pause: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._ending.wait()

    async def _live(self) -> int:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            pass_fds=self._inherits,
            start_new_session=True,  # Ctrl-C must not reach it before its turn
            limit=_LINE_MAX,
        )
        if self._ending.is_set():  # since it began to start, when there was nobody yet to be told
            self.signal(signal.SIGTERM)
        if self._nice:
            with contextlib.suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, self._nice)
        output = asyncio.create_task(self._pass_on(self._process.stdout))
        status = await self._process.wait()
        # What it started may still hold the pipe; what it said itself is there at once.
        await asyncio.wait({output}, timeout=0.2)
        output.cancel()
        return status

    async def _pass_on(self, stream: asyncio.StreamReader | None) -> None:
        while stream:
            try:
                line = await stream.readline()
            except ValueError:  # longer than any log line; readline has dropped it
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            self._last_words = text or self._last_words
            shown = from_part(self.name, text) if self._form == "json" else f"{self.name:<7}| {text}"
            encoding = sys.stdout.encoding or "utf-8"
            with contextlib.suppress(OSError):  # nobody reads us, or a disk is full: read on, or the child would block
                sys.stdout.write(f"{shown}\n".encode(encoding, "replace").decode(encoding))
                sys.stdout.flush()


def describe(status: int) -> str:
    """How a process ended, in words."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
