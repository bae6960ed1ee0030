"""Which models live workers can draw with, remembered for a moment so that typing costs Redis nothing."""

import asyncio
import logging
import time
from collections.abc import Callable

from redis.exceptions import RedisError

from bot.errors import NothingLive, NoUpscaler, TooLarge, UnknownModel
from bot.limit_errors import NotAllowed
from bot.policy.limits import Policy
from worker.contract.store.jobs import Jobs
from worker.contract.types.model_info import ModelInfo, UpscalerInfo

log = logging.getLogger(__name__)

_FRESH = 2.0  # seconds


class LiveModels:
    """A short-lived copy of `Jobs.models`."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._models: list[ModelInfo] = []
        self._read = float("-inf")
        self._default_missed = False

    @property
    def known(self) -> list[ModelInfo]:
        """The models that were live when somebody last looked, at once."""
        return self._models

    async def models(self) -> list[ModelInfo]:
        """The live models in the order of the workers' catalogues. Raises RedisError."""
        if time.monotonic() - self._read > _FRESH:
            self._models = await self._jobs.models()
            self._read = time.monotonic()
        return self._models

    @property
    def titles(self) -> dict[str, str]:
        """Their titles by id."""
        return {each.id: each.title for each in self._models}

    async def need(self, name: str, allows: Callable[[str], bool] = lambda _: True) -> ModelInfo:
        """The live model with this id or title; the first there is for "". Raises Refusal or RedisError.

        `allows` says which may be used, and so are offered in place of one that there is none of.
        """
        models = await self.models()
        if not models:
            raise NothingLive(troubled=await self._jobs.troubled())
        wanted = name.strip().casefold()
        for model in models:
            if wanted in {"", model.id.casefold(), model.title.casefold()}:
                return model
        raise UnknownModel(name, [model.title for model in models if allows(model.id)])

    async def default(self, policy: Policy) -> ModelInfo:
        """The usual model for people who choose none; where it is not to be had here, the first that is.

        Raises NothingLive, NotAllowed or RedisError.
        """
        try:
            model = await self.need(policy.model)
        except UnknownModel:
            model = await self.need("")
            if not policy.usual.model:  # else it is admins who have chosen it
                self._miss(policy.model, model)
        else:
            self._default_missed = False
        if policy.allows(model.id):
            return model
        instead = next((each for each in self._models if policy.allows(each.id)), None)
        if instead is None:
            raise NotAllowed("models", "", policy.each["models"])
        return instead

    def _miss(self, wanted: str, instead: ModelInfo) -> None:
        if not self._default_missed:
            log.warning(
                "EASEL_MODEL is %r, which no running worker draws with; people who choose no model get %r. "
                "Running: %s", wanted, instead.id, ", ".join(each.id for each in self._models),
            )  # fmt: skip
        self._default_missed = True

    async def upscaler(self, width: int, height: int) -> UpscalerInfo:
        """The live upscaler for a picture of this size. Raises NoUpscaler, TooLarge or RedisError."""
        live = await self._jobs.upscalers()
        if not live:
            raise NoUpscaler
        for each in live:
            if each.takes(width, height):
                return each
        largest = max(live, key=lambda each: each.taken_max)
        raise TooLarge(largest.too_large(width, height))

    async def suggest(self, typed: str, patience: float) -> list[ModelInfo]:
        """Models whose id or title contains what was typed; from memory when Redis is slow or away."""
        try:
            async with asyncio.timeout(patience):
                await self.models()
        except (RedisError, TimeoutError):
            pass  # what was known last is still a good suggestion
        part = typed.strip().casefold()
        return [each for each in self._models if part in f"{each.id} {each.title}".casefold()]
