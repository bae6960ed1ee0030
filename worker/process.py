"""What every process of a worker needs: one kind of log line, and an end that follows its parent's."""

import ctypes
import logging
import os
import signal
import sys
from pathlib import Path

from worker.contract import log_lines
from worker.contract.log_lines import LogFormat

SUPERVISOR = "EASEL_SUPERVISOR"  # in a child's environment: the pid that it must not outlive
NO_POSTER = "--no-poster"  # an argument of a card's worker, which its host's supervisor starts
_PR_SET_PDEATHSIG = 1


def supervised() -> bool:
    """Did a supervisor start this process, rather than a person?"""
    return bool(os.environ.get(SUPERVISOR))


def keeper() -> str:
    """Tells this process's supervisor from the next one, which in a container has the same pid; empty without one."""
    pid = os.environ.get(SUPERVISOR, "")
    if not pid:
        return ""
    try:  # when it began, in the kernel's words: the 22nd field, counted behind a name that may hold anything
        return f"{pid}-{Path('/proc', pid, 'stat').read_text().rpartition(')')[2].split()[19]}"
    except (OSError, IndexError):  # not Linux
        return pid


def log_to_stderr(level: str, form: LogFormat = "text") -> None:
    """One line a record, in the same shape in every process."""
    log_lines.log_to_stderr(level, form, "%(asctime)s %(name)s %(levelname)-7s %(message)s", "%H:%M:%S")
    logging.getLogger("asyncio").setLevel(logging.WARNING)


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when `parent` is gone, and end at once if it already is.

    Where the kernel cannot be asked (not Linux) only the second half holds.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def die_with_supervisor() -> None:
    """The same for a process that a supervisor started; nothing for one started by hand."""
    parent = os.environ.get(SUPERVISOR)
    if parent:
        die_with(int(parent))
