"""Once a second: tell Redis what this worker can draw, and do what time alone asks for."""

import asyncio
import logging

from redis.asyncio import Redis

from worker.contract.jobs import Jobs
from worker.contract.models import ModelInfo
from worker.engine.protocol import Health
from worker.redis_client import AWAY, AuthenticationError, trouble
from worker.render.client import EngineAwayError, EngineClient
from worker.settings import Settings

log = logging.getLogger("worker")

_BEAT = 1.0


class Heart:
    """Beats while the engine is healthy, reaps always. Says what changed, once.

    Args:
        settings: for the worker's name and timings.
        redis: a client that does not decode responses.
        engine: the engine's client.
    """

    def __init__(self, settings: Settings, redis: Redis, engine: EngineClient) -> None:
        self._settings = settings
        self._jobs = Jobs(redis, settings.timings)
        self._engine = engine
        self._said = ""
        self._redis_away = False

    async def run(self) -> None:
        """Beat until cancelled. Raises AuthenticationError."""
        while True:
            await self.beat()
            await asyncio.sleep(_BEAT)

    async def beat(self) -> None:
        """Once. A Redis or an engine that is away is not an error. Raises AuthenticationError."""
        health = await self._health()
        try:
            if health and health.state == "ready" and health.models:
                await self._jobs.beat(self._settings.worker, health.models, max(1, health.places + health.running))
            await self._jobs.reap()
        except AuthenticationError:
            raise
        except AWAY as error:
            if not self._redis_away:
                log.warning("%s; waiting for it", trouble(error))
            self._redis_away = True
        else:
            if self._redis_away:
                log.info("Redis is back")
            self._redis_away = False

    async def _health(self) -> Health | None:
        try:
            health = await self._engine.health()
        except EngineAwayError:
            self._say("")
            return None
        self._say(summary(health))
        return health

    def _say(self, words: str) -> None:
        if words and words != self._said:
            log.info("%s", words)
        self._said = words


def summary(health: Health) -> str:
    """The engine's state in a line."""
    if health.state == "ready":
        where = " ".join(word for word in (health.device, health.dtype) if word not in {"", "none"})
        words = f"the engine is ready{' on ' if where else ''}{where}: {_titles(health.models)}"
    else:
        words = f"the engine is {health.state}"
    return "; ".join([words, *health.problems])


def _titles(models: tuple[ModelInfo, ...]) -> str:
    return ", ".join(model.title for model in models) or "no model"
