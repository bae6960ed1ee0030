"""The engine's Unix socket: a folder of its own, a lock so that two engines never share it, no stale file."""

import fcntl
import os
import socket
import stat
from pathlib import Path
from typing import TextIO

from worker.engine.errors import SocketError
from worker.settings import SOCKET_PATH_MAX


class ListeningSocket:
    """An open socket and its lock. Close it to remove the socket; the lock ends with the process anyway."""

    def __init__(self, path: Path) -> None:
        """Raises SocketError when the path is too long, its folder is unsafe, or another engine holds it."""
        self.path = path
        _check(path)
        _folder(path.parent)
        self._lock = _lock(path.with_name(path.name + ".lock"), path)
        path.unlink(missing_ok=True)  # we hold the lock, so whoever made it is gone
        self.socket = _bind(path)

    def close(self) -> None:
        """Remove the socket and let the lock go."""
        self.socket.close()
        self.path.unlink(missing_ok=True)
        self._lock.close()


def _check(path: Path) -> None:
    length = len(os.fsencode(path))
    if length > SOCKET_PATH_MAX:
        raise SocketError(
            f"EASEL_ENGINE_SOCKET is {length} characters long; Unix sockets take at most {SOCKET_PATH_MAX}. "
            "Choose a shorter folder, such as /run/easel or one made by mktemp -d."
        )


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except OSError as error:
        raise SocketError(f"The socket's folder {folder} cannot be made: {error.strerror}.") from error
    if mode & (stat.S_IWGRP | stat.S_IWOTH) and not mode & stat.S_ISVTX:
        raise SocketError(
            f"Others may write to {folder}, so they could replace the engine's socket. "
            f"Run `chmod 700 {folder}` or choose another folder in EASEL_ENGINE_SOCKET."
        )


def _lock(path: Path, address: Path) -> TextIO:
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise SocketError(
            f"Another engine (process {holder}) already serves {address}. "
            "Stop it, or give this one its own EASEL_ENGINE_SOCKET."
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _bind(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    except OSError as error:
        listener.close()
        raise SocketError(f"The socket {path} cannot be opened: {error.strerror}.") from error
    finally:
        os.umask(before)
    return listener
