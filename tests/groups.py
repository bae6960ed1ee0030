"""Files of tests that share what is dear to start: one process runs all of a group, and what they share ends with them.

A browser or a whole Easel that stays until the end of its process takes more processor time than the tests that use it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from xdist.scheduler import LoadFileScheduling

Value = TypeVar("Value")

# The longest come first, so that no process is left alone with them at the end. The first that fits counts.
GROUPS = {
    "the starter's Easel": ("tests/e2e/test_light.py", "tests/e2e/test_starter*.py"),
    "an Easel to hurt": ("tests/e2e/test_kills.py", "tests/e2e/test_upscale.py", "tests/e2e/test_windows.py"),
    "an Easel": ("tests/e2e/test_[!ls]*.py",),  # test_language and test_stop start their own
    "a browser": ("tests/deploy/sandbox/test_page*.py", "tests/deploy/sandbox/test_browser*.py"),
}
FIRST = (
    *GROUPS,
    "tests/faults/test_storm.py",
    "tests/worker/test_windows.py",
    "tests/worker/starter/test_training.py",
    "tests/deploy/test_local.py",
    "tests/worker/supervisor/test_supervisor.py",
    "tests/worker/test_clock_set.py",
)


def group_of(nodeid: str) -> str:
    """The group of a test, by name; a file in no group is one by itself."""
    file = nodeid.partition("::")[0]
    fits = (name for name, patterns in GROUPS.items() if any(fnmatchcase(file, each) for each in patterns))
    return next(fits, file)


def place(nodeid: str) -> int:
    """Where a test's group stands among those that come first."""
    group = group_of(nodeid)
    return FIRST.index(group) if group in FIRST else len(FIRST)


class GroupScheduling(LoadFileScheduling):
    """`--dist loadfile`, where a group counts as one file."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


class Shared:
    """What the files of one group share: made when a test asks for it first."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._values: dict[str, Any] = {}

    def get(self, name: str, make: Callable[[], AbstractContextManager[Value]]) -> Value:
        """The one with this name, made if there is none."""
        if name not in self._values:
            self._values[name] = self._stack.enter_context(make())
        found: Value = self._values[name]
        return found

    def close(self) -> None:
        """End all of it."""
        self._values.clear()
        self._stack.close()
