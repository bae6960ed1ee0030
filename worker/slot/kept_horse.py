"""A work horse that stays for its slot's next attempts, and how they are handed to it.

To fork costs little, and what the new process touches first costs much: each page of memory is copied. So a work horse
that has made its attempt well waits a few seconds for another, which is handed over through a pair of sockets. It makes
one at a time, dies with its slot, and is killed like any other. One whose attempt raised, ran out of time or needed
much memory does not stay, and neither does one that has made `MOST`: what a process gathers is given back.
"""

import json
import os
import resource
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass

MOST = 50
REST = 5.0  # seconds without an attempt, and then its memory is better given back
_GROWTH = 64 * 1024 * 1024  # bytes beyond what a new process has, after which no other attempt follows
_LONGEST = 4096  # bytes of what is handed over: a name, an attempt, two numbers
_DONE = b"d"


@dataclass(frozen=True)
class Handed:
    """What a work horse has to know of an attempt.

    Attributes:
        job, data, timeout: RQ's id, call and time limit of it.
        execution: RQ's id of what it does.
        on_way: path of the claim's file, which comes along; or nothing.
    """

    job: str
    data: str
    timeout: int | None
    execution: str
    on_way: str = ""

    def line(self) -> bytes:
        """As it is sent."""
        return json.dumps(asdict(self)).encode() + b"\n"


class KeptHorse:
    """The slot's side: its work horse, if it has one that stays."""

    def __init__(self) -> None:
        self.pid = 0
        self._ours: socket.socket | None = None
        self._theirs: socket.socket | None = None
        self._knows: object = None
        self._since: float | None = None  # when it began to wait

    def prepare(self, knows: object) -> None:
        """A process is about to be forked which will know of `knows` alone."""
        self.end()
        self._ours, self._theirs = socket.socketpair()
        self._knows = knows

    def forked(self, pid: int) -> None:
        """It was."""
        self.pid = pid
        if self._theirs:
            self._theirs.close()

    def in_horse(self) -> "HorseLine":
        """The other side, in the process that was forked."""
        assert self._ours is not None  # noqa: S101 - `prepare` came before the fork
        assert self._theirs is not None  # noqa: S101 - likewise
        self._ours.close()
        return HorseLine(self._theirs)

    def hand(self, handed: Handed, knows: object, file: int | None) -> bool:
        """Give it the attempt, and the claim's open file. False, and none is left, where none waits for it."""
        line = handed.line()
        if self._since is not None and knows is self._knows and len(line) <= _LONGEST and self._ours:
            with suppress(OSError):  # it died while it waited
                socket.send_fds(self._ours, [line], [] if file is None else [file])
                self._since = None
                return True
        self.end()
        return False

    def wait(self) -> None:
        """Return when it has made its attempt, or is gone. An exception on the way loses nothing."""
        self._receive(socket.MSG_PEEK)

    def stays(self) -> bool:
        """Has it made its attempt, and does it wait for another? To be asked after `wait`."""
        if self._receive() == _DONE:
            self._since = time.monotonic()
            return True
        self._forget()
        return False

    def rest(self) -> None:
        """End one that has waited for long."""
        if self._since is not None and time.monotonic() - self._since > REST:
            self.end()

    def end(self) -> None:
        """End it: it has nothing to lose."""
        if self._since is not None and self.pid:
            with suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        self._forget()

    def _receive(self, flags: int = 0) -> bytes:
        with suppress(ConnectionError):  # it died before it had read what it was given
            return self._ours.recv(1, flags) if self._ours else b""
        return b""

    def _forget(self) -> None:
        if self._ours:
            self._ours.close()
        self.pid, self._ours, self._theirs, self._since = 0, None, None, None


class HorseLine:
    """The work horse's side."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._made = 0
        self._began = _largest()

    def may_stay(self) -> bool:
        """May another attempt follow the one that was made? Ask once for each."""
        self._made += 1
        return self._made < MOST and _largest() - self._began < _GROWTH

    def next(self) -> tuple[Handed, int | None] | None:
        """Say that the attempt is made, and wait for another. None when no other will come."""
        self._line.sendall(_DONE)
        line, files, _, _ = socket.recv_fds(self._line, _LONGEST, 1)
        while line and not line.endswith(b"\n"):
            line += self._line.recv(_LONGEST)
        return (Handed(**json.loads(line)), next(iter(files), None)) if line else None


def _largest() -> int:
    """Bytes of memory that this process held at the most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
