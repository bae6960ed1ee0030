"""A slot that makes several attempts in one process, for engines that draw many requests together.

The same claim, the same lease and fence, the same attempt as in RQ's work horses, without a process for each that is
drawn at the time. RQ's workers run beside it; they alone look into RQ's own list. The main thread claims,
an event loop in another makes the attempts.
"""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

import redis

from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.store.failpoints import failpoint
from worker.contract.store.jobs import Blame, Jobs
from worker.contract.types.job import Reason
from worker.redis_client import AWAY, RedisOutage, connect
from worker.settings import Settings

from .attempt import Attempt
from .cancel_hints import CancelHints
from .client import EngineClient
from .engine_turn import ClaimOnWay
from .queue import Claimer

log = logging.getLogger("slot")

MOST = 32  # attempts at once; how many there are is the engine's to say
_FULL_WAIT = 0.05
_AWAY_WAIT = 0.5


class SeveralAttempts:
    """One process's.

    Args:
        claimer: whose function is empty: RQ has no part in these attempts.
        connection: for claims; attempts have one of their own.
        came_by: called whenever Redis was asked for a job, and answered.
    """

    def __init__(
        self, settings: Settings, claimer: Claimer, connection: redis.Redis, came_by: Callable[[], None],
        metrics: Metrics = NO_METRICS,
    ) -> None:  # fmt: skip
        self._settings, self._claimer, self._connection, self._came_by = settings, claimer, connection, came_by
        self._metrics = metrics
        self._outage = RedisOutage(log)
        claimer.on_served = self._outage.back
        self._stopping = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._running: set[Future[None]] = set()
        self._attempts: set[Attempt] = set()

    def work(self) -> None:
        """Claim and draw until SIGTERM or SIGINT; what waits for its turn is handed back then, the rest is finished.

        Raises RedisRefusedError.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        thread = threading.Thread(target=self._loop.run_forever, name="attempts", daemon=True)
        thread.start()
        self._call(self._open()).result()
        try:
            while not self._stopping.is_set():
                self._look()
            self._loop.call_soon_threadsafe(self._leave)
            for each in tuple(self._running):
                with contextlib.suppress(Exception):
                    each.result()
        finally:
            self._call(self._close()).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()

    def _look(self) -> None:
        """Claim one, or wait a moment."""
        if len(self._running) >= MOST:
            time.sleep(_FULL_WAIT)
            return
        try:
            claimed = self._claimer.next(self._connection)
        except AWAY as error:
            self._outage.away(error)
            self._stopping.wait(_AWAY_WAIT)
            return
        self._came_by()
        if claimed and self._claimer.on_way:
            job, _, number = claimed.rpartition("-")
            future = self._call(self._attempt(job, int(number), self._claimer.on_way))
            self._running.add(future)
            future.add_done_callback(self._running.discard)

    def _call(self, work: Coroutine[Any, Any, None]) -> "Future[None]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    # --- on the event loop

    async def _open(self) -> None:
        self._redis = connect(self._settings.redis_url.get_secret_value())
        self._engine = EngineClient(self._settings.engine_socket, self._settings.engine_silence)
        await self._engine.__aenter__()
        self._jobs, self._hints = Jobs(self._redis, self._settings.timings), CancelHints(self._redis)
        self._listener = asyncio.create_task(self._hints.run())

    async def _close(self) -> None:
        self._listener.cancel()
        await self._engine.__aexit__(None, None, None)
        await self._redis.aclose()

    def _leave(self) -> None:
        for attempt in self._attempts:
            attempt.leave()

    async def _attempt(self, job: str, number: int, on_way: ClaimOnWay) -> None:
        settings = self._settings
        attempt = Attempt(
            self._jobs,
            self._engine,
            job,
            number,
            engine_patience=settings.engine_patience,
            store_patience=settings.store_patience,
            cdn=settings.discord_cdn,
            on_started=on_way.arrived,
            metrics=self._metrics,
        )
        self._attempts.add(attempt)
        if self._stopping.is_set():
            attempt.leave()
        try:
            failpoint("claim-after")
            async with asyncio.timeout(settings.attempt_max):
                await attempt.run(self._hints)
        except TimeoutError:
            self._metrics.count("easel_slot_failures_total", reason=Reason.TIMEOUT)
            log.error("%s: stopped after %d s", attempt.name, settings.attempt_max)  # noqa: TRY400
            await self._jobs.fail(job, number, Reason.TIMEOUT)
        except Exception:  # one attempt's fault must not end the others
            log.exception("%s: ended", attempt.name)
            with contextlib.suppress(*AWAY):
                await self._jobs.give_up(job, number, blame=Blame.UNLESS_BEGUN)
        finally:
            self._attempts.discard(attempt)
            on_way.arrived()
