"""What whoever runs Easel sets while it runs, in Redis. `python -m bot.operator` writes it, every bot reads it."""

import logging
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis

from worker.contract.types.operator_settings import OperatorSettings

from . import keys, scripts
from .server_settings import version_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OperatorVersion:
    """What is set, with its version; 0: nothing ever was. `damaged`: it cannot be read, and nothing of it counts."""

    version: int
    settings: OperatorSettings
    damaged: bool = False


class OperatorStore:
    """Args: redis, a client that does not decode responses."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._change = redis.register_script(scripts.source("change_settings"))

    async def read(self) -> OperatorVersion:
        """What is set. Raises RedisError."""
        if await self.redis.type(keys.OPERATOR) not in {b"hash", b"none"}:
            return OperatorVersion(0, OperatorSettings(), damaged=True)
        version, document = await self.redis.hmget(keys.OPERATOR, ["version", "doc"])
        if document is None:
            return OperatorVersion(version_of(version), OperatorSettings())
        try:
            return OperatorVersion(version_of(version), OperatorSettings.model_validate_json(document))
        except ValidationError:
            log.error("what the operator has set (%s) cannot be read and does not count", keys.OPERATOR)  # noqa: TRY400 - the error would print what people wrote
            return OperatorVersion(version_of(version), OperatorSettings(), damaged=True)

    async def change(self, version: int, new: OperatorSettings) -> int | None:
        """Set all of it, if it is still of this version; returns the new one, None when someone was quicker."""
        document = new.model_dump_json(exclude_none=True)
        now, _ = await self._change(args=[keys.OPERATOR, "", version, document, 0])
        if now < 0:
            return None
        await self._weigh(new)
        return int(now)

    async def _weigh(self, new: OperatorSettings) -> None:
        """Hand the weights to the line, all of them: what an earlier call could not finish is then done, too."""
        weights: dict[Any, Any] = {
            name: str(each.weight) for name, each in new.servers.items() if each.weight is not None
        }
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.delete(keys.WEIGHTS)
            if weights:
                pipe.hset(keys.WEIGHTS, mapping=weights)
            await pipe.execute()
