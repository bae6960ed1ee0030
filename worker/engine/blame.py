"""Whose fault an engine's death may be, as its circuit breaker has written it down beside the socket. Slots read it.

An engine draws several jobs at once, and one of them may be what kills it. Nobody knows which, so all of them are
suspects and are drawn alone from then on; only a death over one that is alone says something of it.
"""

import json
from pathlib import Path
from typing import Any


def breaker_file(socket: Path) -> Path:
    """Where the engine behind this socket keeps what it has in hand, what failed, and who is a suspect."""
    return socket.with_name(socket.name + ".breaker")


def died_over(socket: Path, job: str) -> bool:
    """Whether the engine behind this socket died over this job, and over no other. True where nothing is known."""
    try:
        raw: Any = json.loads(breaker_file(socket).read_text())
        running = raw["running"]["models"]
        if running:  # nobody has come in its place yet
            return job in running and len(running) == 1
        return job not in raw["suspects"] and any(job in known["failed"] for known in raw["models"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True


def suspected(socket: Path, job: str) -> bool:
    """Whether the engine behind this socket lost its device while it drew this job among others."""
    try:
        return job in json.loads(breaker_file(socket).read_text())["suspects"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
