"""A folder of what is kept between runs: one Easel at a time uses it, and no other user of the machine can read it."""

import fcntl
from pathlib import Path
from typing import IO

from worker.contract.private_files import private, private_folder


class FolderError(Exception):
    """The folder cannot be used; the message says why and what to do."""


def take(folder: Path) -> IO[str]:
    """Make the folder if needed, and hold it until what is returned is closed, or we end. Raises FolderError."""
    try:
        private_folder(folder)
        lock = open(folder / "lock", "w", opener=private)  # noqa: SIM115 - it is held
    except OSError as error:
        raise FolderError(f"{folder} cannot be used: {error.strerror}. See --data.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise FolderError(
            f"another Easel already uses the folder {folder}; stop it, or choose another folder with --data"
        ) from None
    return lock
