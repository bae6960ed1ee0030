"""The processes that `deploy.local` runs: start, wait until ready, keep alive, stop."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from .process import dying_with_parent
from .screen import Screen

RESTART_FIRST, RESTART_MAX = 0.5, 30.0  # seconds
_STEADY = 60.0  # seconds of life after which the next restart is quick again
_HURRY = 3.0  # seconds between the last SIGTERM and SIGKILL
_LINE_MAX = 1024 * 1024
# How a part starts a line about a setting that has to be corrected.
_COMPLAINT = re.compile(r"^easel: |^(?=(?:EASEL_\w+|DISCORD_TOKEN) is not )")
_CHILD = re.compile(r"^(engine|poster|slot-\d+) *\| ")  # how a worker marks the lines of its parts


class PartError(Exception):
    """A part did not start, in words for the person at the terminal."""


class Part:
    """One child process in a session of its own, so that a Ctrl-C in the terminal reaches us alone.

    Args:
        name: what its lines are printed under.
        module: run as `python -m module`.
        env: its whole environment.
        mark: text of the line that says it is ready; None when the caller checks otherwise.
        quiet_until_ready: its lines are not shown until it is ready.
        umask: of the process; -1 leaves it as ours.
    """

    def __init__(
        self,
        name: str,
        module: str,
        arguments: Sequence[str],
        env: Mapping[str, str],
        screen: Screen,
        mark: str | None = None,
        *,
        quiet_until_ready: bool = False,
        umask: int = -1,
    ) -> None:
        self.name = name
        self._command = (sys.executable, "-m", module, *arguments)
        self._env, self._screen, self._mark, self._quiet_until_ready = dict(env), screen, mark, quiet_until_ready
        self._umask = umask
        self._tail: deque[str] = deque(maxlen=5)
        self._complaints: list[str] = []
        self._said = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._end: asyncio.Task[int] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.started = 0.0

    async def start(self) -> None:
        """Start the process. It is ready later: see `ready`."""
        self._said.clear()  # a part that starts again is quiet again
        self._tail.clear()
        self._complaints.clear()
        self.started = time.monotonic()
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._env,
            start_new_session=True,
            preexec_fn=dying_with_parent(),
            umask=self._umask,
            limit=_LINE_MAX,
        )
        self._end = asyncio.create_task(self._follow(self._process), name=f"{self.name} output")

    async def ready(self, asked: Coroutine[Any, Any, None] | None = None, within: float = 60) -> None:
        """Wait for its mark, or for `asked`. Raises PartError when it ends first or takes too long."""
        sign = asyncio.create_task(asked or self._wait_for_mark())
        assert self._end is not None  # noqa: S101 - start came first
        try:
            await asyncio.wait({sign, self._end}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if sign.done():
                return sign.result()
            if self._end.done() and self._complaints:
                raise PartError("; ".join(self._complaints))
            if self._end.done():
                raise PartError(f"{self.name} ended at its start (status {self._end.result()}): {self._last_line()}")
            raise PartError(f"{self.name} was not ready after {within:.0f} s; its last line: {self._last_line()}")
        finally:
            sign.cancel()

    def keep(self, then: Callable[[], None] | None = None) -> None:
        """From now on start it again whenever it ends, and call `then` each time."""
        self._keeper = asyncio.create_task(self._restart(then), name=f"{self.name} keeper")

    def renew(self) -> None:
        """Ask it to end; kept, it starts again."""
        self._signal(signal.SIGTERM)

    async def stop(self, patience: float, hurry: asyncio.Event) -> None:
        """SIGTERM and wait; in a hurry or after `patience` seconds SIGTERM again, and at last SIGKILL."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._end is None or self._end.done():
            return
        self._signal(signal.SIGTERM)
        hurried = asyncio.create_task(hurry.wait())
        await asyncio.wait({self._end, hurried}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if not self._end.done():
            if not hurry.is_set():  # asked to hurry, no message is needed
                self._screen.say(f"{self.name} has not ended yet; not waiting any longer")
            self._signal(signal.SIGTERM)
            await asyncio.wait({self._end}, timeout=_HURRY)
        if not self._end.done():
            self._signal(signal.SIGKILL)
        await self._end

    @property
    def pid(self) -> int:
        """Of the running process; 0 before its first start."""
        return self._process.pid if self._process else 0

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def _last_line(self) -> str:
        return self._tail[-1] if self._tail else "it said nothing"

    async def _wait_for_mark(self) -> None:
        await self._said.wait()

    async def _follow(self, process: asyncio.subprocess.Process) -> int:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        while True:
            try:
                line = (await process.stdout.readline()).decode(errors="replace")
            except ValueError:  # a line longer than the limit; its rest follows
                continue
            if not line:
                break
            self._handle_line(line)
        return await process.wait()

    def _handle_line(self, line: str) -> None:
        name, text = self.name, line
        if child := _CHILD.match(line):
            name, text = child[1], line[child.end() :]
        if text.strip():
            self._tail.append(text.strip())
        if _COMPLAINT.match(text) and self._keeper is None:  # `ready` tells it, once
            complaint = _COMPLAINT.sub("", text).strip()
            self._complaints += [complaint] if complaint not in self._complaints else []
            return
        if not self._quiet_until_ready or self._said.is_set():
            self._screen.line(name, text)
        if self._mark and self._mark in line:
            self._said.set()

    async def _restart(self, then: Callable[[], None] | None) -> None:
        pause = RESTART_FIRST
        while True:
            assert self._end is not None  # noqa: S101 - it was started
            status = await asyncio.shield(self._end)
            if time.monotonic() - self.started > _STEADY:
                pause = RESTART_FIRST
            self._screen.say(f"{self.name} ended (status {status}) and starts again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(2 * pause, RESTART_MAX)
            try:
                await self.start()
            except OSError as error:  # no memory or no process to be had now: later there may be
                self._screen.say(f"{self.name} cannot start: {error.strerror or error}")
                continue
            if then:
                then()
