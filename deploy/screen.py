"""One terminal for many processes: aligned, coloured names, one clock."""

import errno
import os
import re
import sys
import time
from typing import TextIO

_COLOURS = {"easel": "1", "sandbox": "35", "bot": "36", "worker": "33", "engine": "32", "poster": "34"}
_OTHER = "33"
_CLOCK = re.compile(r"^(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d+)? +")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FULL = {errno.EDQUOT, errno.ENOSPC}
WIDTH = 8


class Screen:
    """Prints whole lines, each under the name of the process that said it.

    Args:
        out: where to; colours only where that is a terminal and NO_COLOR is not set.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._coloured = self._out.isatty() and "NO_COLOR" not in os.environ
        self._hidden: set[str] = set()
        self._muted = self._gone = False

    def hide(self, secret: str) -> None:
        """Never print this text, whichever process prints it."""
        self._hidden.add(secret)

    def mute(self) -> None:
        """From now on only we speak, so that our last word stays the last."""
        self._muted = True

    def line(self, name: str, text: str) -> None:
        """One line of a process; a clock of its own is taken off."""
        if not self._muted:
            self._line(name, text)

    def say(self, text: str) -> None:
        """A line of our own."""
        self._line("easel", text)

    def _line(self, name: str, text: str) -> None:
        text = _UNPRINTABLE.sub("", _CLOCK.sub("", text.rstrip()))
        for secret in self._hidden:
            text = text.replace(secret, "(hidden)")
        if text:
            self._print(f"{time.strftime('%H:%M:%S')} {self._paint(name, name.ljust(WIDTH))} {text}")

    def box(self, *lines: str) -> None:
        """What must not be overlooked."""
        width = max(map(len, lines))
        edge = "─" * (width + 2)
        rows = [f"│ {line.ljust(width)} │" for line in lines]
        for row in (f"┌{edge}┐", *rows, f"└{edge}┘"):
            self._print(self._paint("easel", row))

    def table(self, title: str, rows: list[tuple[str, str]]) -> None:
        """Two columns under a title, numbers to the right."""
        left, right = (max(len(row[column]) for row in rows) for column in (0, 1))
        self._print(f"\n{title}")
        for name, value in rows:
            self._print(f"  {name.ljust(left)}  {value.rjust(right)}")

    def _paint(self, name: str, text: str) -> str:
        if not self._coloured:
            return text
        return f"\x1b[{_COLOURS.get(name, _OTHER)}m{text}\x1b[0m"

    def _print(self, text: str) -> None:
        if self._gone:
            return
        encoding = self._out.encoding or "utf-8"
        plain = text.encode(encoding, "replace").decode(encoding)  # for a terminal that does not know every sign
        try:
            print(plain, file=self._out, flush=True)
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                return  # the disk that it is written to: later there may be room
            self._gone = True  # the terminal was closed; all else goes on without it
