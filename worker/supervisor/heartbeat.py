"""Once a second: ask the engine how it is, tell Redis what it can draw, and do what time alone asks for.

Once a minute: whether this Redis can still do what Easel needs, and whether slots come by.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.redis_check.check import Role, admit, check
from worker.contract.release import release
from worker.contract.store.jobs import Jobs
from worker.contract.store.settings_in_force import SettingsInForce
from worker.contract.types.model_info import ModelInfo
from worker.engine.protocol import Health
from worker.redis_client import AWAY, RedisOutage
from worker.settings import Settings
from worker.slot.client import EngineAwayError, EngineClient
from worker.slot.visits import SlotWatch

log = logging.getLogger("worker")

_HEARTBEAT_EVERY = 1.0
_SIGN_OFF_TIMEOUT = 2.0  # seconds that it may take
_LOADING = 10.0  # times as patient: reading torch's libraries from a slow disk holds up all of Python
_TROUBLE_MAX = 300  # characters of it in Redis
_CHECK_EVERY = 60.0  # seconds
_DEVICES = 1  # that draw at a time: what is drawn together is told by each job's share of its device's time
_NO_SLOT = "none of its slots has come by to claim for {seconds:.0f} s; what they said last is in the log"


@dataclass(frozen=True)
class EngineProcess:
    """The engine's process: `pid` tells which one lives now, `strike` ends it for a new one to take over."""

    pid: Callable[[], int | None]
    strike: Callable[[], None]


class Heartbeat:
    """Sends heartbeats while the engine answers, reaps always. Says what changed, once. Ends an engine that hangs.

    Args:
        settings: for the worker's name and timings.
        redis: a client that does not decode responses.
        engine: the engine's client.
        process: the engine's process; None when another process looks after it.
        slots: whether any of them comes by; None when this worker has none.
        on_at_once: told, at each heartbeat, how many renders the engine draws together.
        metrics: where it says how things are.
    """

    def __init__(
        self,
        settings: Settings,
        redis: Redis,
        engine: EngineClient,
        process: EngineProcess | None = None,
        slots: SlotWatch | None = None,
        on_at_once: Callable[[int], None] = lambda _: None,
        metrics: Metrics = NO_METRICS,
    ) -> None:
        self._settings, self._client, self._metrics = settings, redis, metrics
        self._jobs = Jobs(redis, settings.timings)
        self._in_force = SettingsInForce(settings, "worker", log)
        self._engine = engine
        self._process = process
        self._due: tuple[int, float] | None = None  # which process last said how it is, by when it must say so again
        self._said = ""
        self._redis = RedisOutage(log)
        self._slots, self._missing, self._on_at_once = slots, False, on_at_once
        self._warnings: tuple[str, ...] = ()
        self._check_due = float("-inf")

    async def run(self) -> None:
        """Send heartbeats until cancelled. Raises RedisRefusedError."""
        while True:
            await self.heartbeat()
            await asyncio.sleep(_HEARTBEAT_EVERY)

    async def heartbeat(self) -> None:
        """Once. A Redis or an engine that is away is not an error. Raises RedisRefusedError."""
        health = await self._health()
        try:
            await self.look_at_redis()
            # First what a full Redis takes as well.
            self._metrics.count("easel_worker_reaped_total", await self._jobs.reap())
            if health:
                await self._tell(health)
            await self._in_force.refresh(self._client)
        except AWAY as error:
            self._check_due = float("-inf")  # it may be another one that comes back
            if self._slots:
                self._slots.forgive()
            self._metrics.set("easel_worker_redis_up", 0)
            self._redis.away(error)
        else:
            self._metrics.set("easel_worker_redis_up", 1)
            self._redis.back()

    async def look_at_redis(self) -> None:
        """See whether it can do what Easel needs, if that was a while ago, and say what is new.

        Raises RedisRefusedError where it cannot, any other RedisError when it is away.
        """
        if time.monotonic() < self._check_due:
            return
        report = await check(self._client, Role.SUPERVISOR)
        admit(report, log, self._warnings)
        self._warnings = report.warnings
        self._check_due = time.monotonic() + _CHECK_EVERY

    async def sign_off(self) -> None:
        """Say that this worker claims no more. A Redis that is away learns it from our silence."""
        with contextlib.suppress(*AWAY, TimeoutError):
            async with asyncio.timeout(_SIGN_OFF_TIMEOUT):
                await self._jobs.leave(self._settings.worker)

    async def _tell(self, health: Health) -> None:
        worker, warnings = self._settings.worker, self._warnings
        trouble = self._no_slot() if health.state == "ready" else ""
        if health.state == "sick":
            trouble = "; ".join(health.problems) or "its engine cannot draw"
        if trouble:
            await self._jobs.heartbeat(worker, (), 0, trouble[:_TROUBLE_MAX], warnings=warnings, release=release())
        elif health.state == "ready" and health.models:
            await self._jobs.heartbeat(
                worker, health.models, _DEVICES, upscaler=health.upscaler, capabilities=health.capabilities,
                warnings=warnings, release=release(),
            )  # fmt: skip

    def _no_slot(self) -> str:
        """That no slot claims, however ready the engine is; said once."""
        missing = self._slots is not None and self._slots.missing()
        words = _NO_SLOT.format(seconds=self._slots.patience) if self._slots and missing else ""
        if missing and not self._missing:
            log.error("%s", words)
        elif self._missing and not missing:
            log.info("slots come by again")
        self._missing = missing
        return words

    async def _health(self) -> Health | None:
        try:
            health = await self._engine.health()
        except EngineAwayError:
            self._metrics.set("easel_worker_engine_up", 0)
            self._say("")
            self._end_if_hung()
            return None
        if self._process and health.pid != self._process.pid():  # another worker's, on the socket that ours wants too
            return None
        self._metrics.set("easel_worker_engine_up", 1)
        patience = self._settings.engine_silence * (_LOADING if health.state == "loading" else 1)
        self._due = health.pid, time.monotonic() + patience
        self._say(summary(health))
        if health.state == "ready":
            self._on_at_once(health.at_once)
        return health

    def _end_if_hung(self) -> None:
        """One that has answered before and lives, but answers no more. The watchdog inside it sees the GPU alone."""
        if self._process is None or self._due is None:
            return
        pid, due = self._due
        if pid == self._process.pid() and time.monotonic() > due:
            log.error("the engine has not answered for too long; it is ended and started again")
            self._due = None
            self._process.strike()

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
