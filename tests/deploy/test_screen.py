"""The terminal of `make demo`: what becomes of it, nothing else stops for it."""

import contextlib
import errno
import io
import os
import pty

import pytest

from deploy.screen import Screen


def test_signs_that_a_terminal_does_not_know_cost_themselves_alone() -> None:
    held = io.BytesIO()
    screen = Screen(io.TextIOWrapper(held, encoding="latin-1"))
    screen.say("Starting the bot …")
    screen.box("für ✓")
    lines = held.getvalue().decode("latin-1").splitlines()
    assert lines[0].endswith(" easel    Starting the bot ?")
    assert lines[2] == "? für ? ?"


def test_a_terminal_that_is_closed_ends_nothing() -> None:
    ours, theirs = pty.openpty()
    out = os.fdopen(theirs, "w", encoding="utf-8")
    screen = Screen(out)
    os.close(ours)
    screen.say("The first to find it gone")
    screen.say("and the next")
    with contextlib.suppress(OSError):  # of what could not be written
        out.close()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_costs_the_lines_that_it_does_not_take(number: int) -> None:
    class Log(io.StringIO):
        full = True

        def flush(self) -> None:
            if self.full:
                self.seek(0)
                self.truncate()
                raise OSError(number, os.strerror(number))

    log = Log()
    screen = Screen(log)
    screen.say("lost")
    log.full = False
    screen.say("kept")
    assert "lost" not in log.getvalue()
    assert log.getvalue().endswith(" kept\n")
