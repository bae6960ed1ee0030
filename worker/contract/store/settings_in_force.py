"""Which of the shared settings hold: those of the process that started last, for every process.

They lie in Redis (`keys.SETTINGS`), where the scripts read them (`setting` in `lua/prelude.lua`). Otherwise a job would
have as many attempts as whoever happens to reap believes. What a process was started with counts only where Redis knows
nothing usable: it was emptied and nobody has put them back yet, or only older versions have written to it.
"""

import logging
import os
import socket
from datetime import UTC, datetime

from redis.asyncio import Redis

from worker.contract.release import release
from worker.contract.shared_settings import SharedSettings

from . import scripts

_ABOUT = ("by", "at", "version")  # who wrote the settings, when in Redis's milliseconds, and which Easel it is


class SettingsInForce:
    """What one process says and hears of the shared settings.

    Args:
        own: what this process was started with.
        role: what it is (bot, worker, slot, poster), for others to read.
        log: where it says that others decide otherwise.
    """

    def __init__(self, own: SharedSettings, role: str, log: logging.Logger) -> None:
        self._own = {name: str(value) for name, value in own.shared().items()}
        self._process = f"{role}@{socket.gethostname()}:{os.getpid()}"
        self._log = log
        self._known: dict[str, str] = {}
        self._said: dict[str, str] = {}

    async def refresh(self, redis: Redis) -> None:
        """The first time put this process's settings into force; later put back what Redis lost, and compare.

        What was lost (or damaged) becomes what it was before, whoever notices. A difference is logged once, until it is
        another one. Raises RedisError; a first time that failed is repeated by the next call.

        Args:
            redis: a client that does not decode responses; it may be another one each time.
        """
        verb, told = ("restore", self._known) if self._known else ("announce", self._introduced())
        script = redis.register_script(scripts.source("settings"))
        answer: list[bytes] = await script(args=[verb, *(word for pair in told.items() for word in pair)])
        flat = [word.decode(errors="replace") for word in answer]
        self._known = dict(zip(flat[::2], flat[1::2], strict=True))
        self._compare()

    def _introduced(self) -> dict[str, str]:
        """What is in force once it is announced; the script adds when."""
        return {**self._own, "by": self._process, "version": release()}

    def _compare(self) -> None:
        others = {name: self._known[name] for name, own in self._own.items() if float(self._known[name]) != float(own)}
        if others and others != self._said:
            by, at, version = (self._known[name] for name in _ABOUT)
            self._log.warning(
                "other settings are in force than this process was started with: %s; set by %s (version %s) at %s. "
                "Give all processes the same settings: those of the process that starts last hold for all",
                ", ".join(f"EASEL_{name.upper()} {self._own[name]} (in force: {others[name]})" for name in others),
                by, version, _moment(at),
            )  # fmt: skip
        self._said = others


def _moment(at: str) -> str:
    try:
        return datetime.fromtimestamp(float(at) / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "an unknown time"
