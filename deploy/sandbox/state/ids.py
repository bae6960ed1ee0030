"""Snowflakes: 42 bits of milliseconds since 2015, then 22 bits that keep them apart; and texts that UTF-8 can hold."""

import re

from .clock import Clock

DISCORD_EPOCH_MS = 1_420_070_400_000
LOW_BITS = 22
LONE_SURROGATES = re.compile("[\ud800-\udfff]")


class Snowflakes:
    """Hands out ids that always grow, even when several fall into one millisecond."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last = 0

    def next(self) -> int:
        """A new id."""
        stamp = (int(self._clock.now() * 1000) - DISCORD_EPOCH_MS) << LOW_BITS
        self.last = max(stamp, self.last + 1)
        return self.last


def snowflake(value: object) -> int | None:
    """An id as it comes in, in a path or as JSON; None when it is none."""
    text = str(value) if isinstance(value, str | int) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 20 else None


def fixed(number: int) -> int:
    """A deterministic id for the default world; neighbours fall on different shards."""
    return 1_000_000_000_000_000_000 + (number << LOW_BITS)
