"""Redis's clock, as a test sets it under everything that runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis.asyncio import Redis

from worker.contract.store import failpoints, keys, scripts
from worker.contract.types.timings import ms


class RedisClock:
    """Sets the clock of one Redis for the scripts of all processes that may arm failpoints (`EASEL_FAILPOINTS`).

    They add `keys.TEST_CLOCK` to what Redis says. The expiry of keys, which Redis counts by itself, stays as it is. All
    that run scripts must be such processes, the test's own too (`settable`): two that see different clocks would each
    take the other's for a step.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.ahead = 0.0

    async def step(self, seconds: float) -> None:
        """Set it forward, or back, by so much."""
        self.ahead += seconds
        await self._redis.set(keys.TEST_CLOCK, ms(self.ahead))


@contextmanager
def settable(folder: str = "/nonexistent") -> Iterator[None]:
    """While this lasts, scripts that this process registers go by the clock that tests set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(failpoints, "_FOLDER", folder)
        scripts.source.cache_clear()
        yield
    scripts.source.cache_clear()
