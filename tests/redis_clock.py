"""Redis's clock, as a test sets it under everything that runs."""

from redis.asyncio import Redis

from worker.contract.store import keys
from worker.contract.types.timings import ms


class RedisClock:
    """Sets the clock of one Redis for the scripts of all processes that may arm failpoints.

    They add `keys.TEST_CLOCK` to what Redis says. The expiry of keys, which Redis counts by itself, stays as it is.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.ahead = 0.0

    async def step(self, seconds: float) -> None:
        """Set it forward, or back, by so much."""
        self.ahead += seconds
        await self._redis.set(keys.TEST_CLOCK, ms(self.ahead))
