"""What is done to the store besides killing and pausing it: it fills up, or its clock is set."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.faults.harness import Harness
from worker.contract.store import keys

from .plan import Strike
from .troubles import Trouble, Troubles

_CLOCK = "tests.redis_clock"  # an Easel whose scripts go by a clock that tests may set has it


class StoreBlows:
    """Strikes the store."""

    def __init__(self, harness: Harness, store: Redis, troubles: Troubles) -> None:
        self._harness, self._store, self._troubles = harness, store, troubles
        self._set = False
        self._clock: Any = importlib.import_module(_CLOCK).RedisClock(store) if find_spec(_CLOCK) else None

    async def fill(self, strike: Strike) -> str:
        """No more can be written: its disk is full, or its memory."""
        with self._troubles.lasting(Trouble.QUEUE):
            if strike.target == "disk":
                room = self._harness.valkey.fill_disk()
                await asyncio.sleep(strike.seconds)
                room()
            else:
                await _insist(lambda: self._store.config_set("maxmemory", 1))
                await asyncio.sleep(strike.seconds)
                await _insist(lambda: self._store.config_set("maxmemory", 0))
            await self._writable()
        return "room again"

    async def set_clock(self, strike: Strike) -> str:
        """Its clock is set, and set right again later."""
        if self._clock is None:
            return "nothing (no clock to set)"
        by = float(str(dict(strike.how)["by"]))
        await self._step(by)
        await asyncio.sleep(strike.seconds)
        await self._step(-by)
        return "right again"

    async def mend(self) -> None:
        """Its clock is as it was."""
        if self._set:
            await _insist(lambda: self._store.delete(keys.TEST_CLOCK))  # type: ignore[attr-defined,unused-ignore]

    async def _step(self, by: float) -> None:
        """It is told even where the store is away for a moment."""
        self._clock.ahead += by
        self._set = True
        await _insist(lambda: self._clock.step(0))

    async def _writable(self) -> None:
        """Wait until it takes writes again: it tries its disk once a second."""
        await _insist(lambda: self._store.publish("tests", ""))
        await _insist(lambda: self._store.execute_command("DEL", "tests"))


async def _insist(ask: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await ask()
        except RedisError:
            await asyncio.sleep(0.2)
        else:
            return
