"""A Valkey whose disk can be filled without a small disk: its files may not grow beyond what they are."""

import resource
import signal
from collections.abc import Callable
from contextlib import suppress

import psutil

from deploy.valkey import EmbeddedValkey


class FillableValkey(EmbeddedValkey):
    """As it comes, and able to run out of disk."""

    def start(self) -> None:
        """With the signal held back that would end it where it may write no more; it then gets EFBIG."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGXFSZ})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def fill_disk(self) -> Callable[[], None]:
        """Let the append-only file grow no more, as on a full disk; returns what makes room again."""
        if self.process is None:
            return lambda: None
        process = psutil.Process(self.process.pid)
        largest = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        process.rlimit(psutil.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

        def room() -> None:
            with suppress(psutil.NoSuchProcess):  # it was killed meanwhile, and its successor has room
                process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

        return room
