"""Child processes that never outlive us."""

import ctypes
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dying_with_parent(by: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """What to run between fork and exec of a child, so that the kernel ends it when its parent's thread is gone.

    Does nothing where the kernel cannot be asked (not Linux).
    """

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)

    return ask
