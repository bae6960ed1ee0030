"""How much memory this process holds, and how much the machine has left. No torch."""

import contextlib
import ctypes
import logging
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)

_PAGE = os.sysconf("SC_PAGE_SIZE")
_GROUPS, _OWN_GROUP = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
# glibc's numbers of what `mallopt` sets, and what to: see `keep`.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -2, -3, -8
_NEVER, _PAD = 2**31 - 1, 64 * 2**20
_LARGE, _LARGE_OF_OLD = 2**30, 32 * 2**20  # bytes; the second is the most that glibc before 2.35 or so accepts


def keep() -> None:
    """Let what is freed be used again, rather than be given back to the system and had from it anew.

    Each layer of a model takes and frees some tensors of megabytes. By default glibc gets these from the system one by
    one, which clears every page: a tenth of what a decoder takes on a CPU. Call it before threads begin; `give_back`
    has the price. Other systems are left as they are.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        # First, for any of the others freezes this one where it stands, which would be worse than leaving all alone.
        if libc.mallopt(_MMAP_THRESHOLD, _LARGE) or libc.mallopt(_MMAP_THRESHOLD, _LARGE_OF_OLD):
            for setting, value in ((_ARENA_MAX, 1), (_TRIM_THRESHOLD, _NEVER), (_TOP_PAD, _PAD)):
                libc.mallopt(setting, value)


def give_back() -> None:
    """Give back to the system what is free, as far as it can be told to. Takes some hundredths of a second."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def exceeds(most: int) -> bool:
    """Whether this process holds more bytes than `most`, what is only kept to be used again aside; 0: any are right."""
    if not 0 < most < resident():
        return False
    give_back()
    return most < resident()


def resident() -> int:
    """Bytes of memory this process holds now (on macOS: at its peak)."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * _PAGE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def available() -> int:
    """Bytes that could be had without swapping, by the machine and by what a container or a service may hold."""
    return min([_free(), *_left_of_limits()])


def _free() -> int:
    """Of the machine; the whole of it where the system does not say."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_PHYS_PAGES") * _PAGE


def _left_of_limits() -> Iterator[int]:
    """Of each limit that holds for this process (control groups, version 2): its own group's, and those above it."""
    try:
        own = next(line[3:] for line in _OWN_GROUP.read_text().splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):  # another system
        return
    group = _GROUPS / own.lstrip("/")
    for each in (group, *group.parents):
        if each.is_relative_to(_GROUPS):
            with contextlib.suppress(OSError, ValueError):  # the topmost has none, most say `max`
                most, held = (int((each / f"memory.{name}").read_text()) for name in ("max", "current"))
                yield max(0, most - held + _cached(each))


def _cached(group: Path) -> int:
    """What it holds of files, which goes when memory is asked for."""
    lines = (line.split() for line in (group / "memory.stat").read_text().splitlines())
    return sum(int(value) for name, value in lines if name in {"active_file", "inactive_file"})


class MemoryLimit:
    """Bytes that this process may hold when it is idle; 0: any number.

    Attributes:
        exceeded: it holds more. Nothing new is begun then, for under load it would never be idle.
    """

    def __init__(self, most: int) -> None:
        self._most, self.exceeded = most, False

    def start(self) -> None:
        """All is loaded. A limit below what the models take would have every render followed by a new process."""
        if 0 < self._most < (held := resident()):
            log.warning("EASEL_RECYCLE_MIB is ignored: the models alone take %.0f MiB", held / 2**20)
            self._most = 0

    def look(self) -> None:
        """See whether it holds more by now."""
        if not self.exceeded and exceeds(self._most):
            log.warning("%.0f MiB are held, more than allowed: a new process takes over", resident() / 2**20)
            self.exceeded = True
