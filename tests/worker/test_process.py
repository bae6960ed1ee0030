"""Which supervisor a process has."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from worker.process import SUPERVISOR, keeper

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells when a process began")


@pytest.fixture
def oddly_named() -> Iterator[None]:
    """A process may be named so that its line in /proc seems to have more fields."""
    own = Path("/proc/self/comm")
    before = own.read_text()
    own.write_text("a) R 1 (b")
    yield
    own.write_text(before)


@linux
@pytest.mark.usefixtures("oddly_named")
def test_a_supervisor_is_told_by_its_beginning_from_another_that_had_its_pid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each container's first process has the same pid as that of the container before it."""
    monkeypatch.setenv(SUPERVISOR, str(os.getpid()))
    pid, began = keeper().split("-")
    assert int(pid) == os.getpid()
    since_boot = psutil.Process().create_time() - psutil.boot_time()
    assert int(began) / os.sysconf("SC_CLK_TCK") == pytest.approx(since_boot, abs=2)


def test_one_that_cannot_be_asked_is_its_pid_and_none_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SUPERVISOR, "999999999")
    assert keeper() == "999999999"
    monkeypatch.delenv(SUPERVISOR)
    assert keeper() == ""
