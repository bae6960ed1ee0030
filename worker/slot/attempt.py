"""One try at a job: the engine draws, the lease is kept, the pictures are stored.

Runs in RQ's work horse. Everything it writes to Redis is fenced by the attempt's number, so an attempt that was
paused and has lost its job can do no harm when it wakes.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from redis.exceptions import RedisError, ResponseError

from worker.contract.log_lines import job_at_hand
from worker.contract.message.cause_texts import unabridged
from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.store import keys
from worker.contract.store.failpoints import failpoint
from worker.contract.store.jobs import Blame, Hold, Jobs
from worker.contract.store.record import DamagedRecordError
from worker.contract.types import cause as causes
from worker.contract.types.job import Job, Progress, Reason, State
from worker.contract.types.result import Result
from worker.engine import protocol
from worker.redis_client import AWAY, RedisOutage, trouble
from worker.tasks import end

from .cancel_hints import CancelHints
from .client import EngineAwayError, EngineClient, EngineTurnedError, RenderFailedError
from .drawn import Drawn
from .source import SourceAwayError, SourceFetchError, SourceGoneError, fetch

log = logging.getLogger("slot")

_TURNED_PAUSE = 0.05
_AWAY_PAUSE = 0.5
_LISTEN_AFTER = 0.5  # seconds: what is drawn as soon as that has no need of a connection to be cancelled by
_ENGINES_FAULT = {Reason.ENGINE, Reason.TIMEOUT}  # another engine, or the same one later, may well draw it
Answer = TypeVar("Answer")


class Attempt:
    """Draws one job once.

    Args:
        jobs: the contract's side of a job.
        engine: where to have it drawn.
        job, number: whose attempt, and which; the fence.
        engine_patience: seconds to go on asking an engine that has no place.
        store_patience: seconds for which the outcome waits for a Redis that is away.
        cdn: base of the addresses from which pictures to upscale are fetched.
        on_started: called once the engine has accepted the render.
        metrics: where its wait, its end and its time are counted.
    """

    def __init__(  # noqa: PLR0913 - each is one thing that it asks or tells
        self,
        jobs: Jobs,
        engine: EngineClient,
        job: str,
        number: int,
        *,
        engine_patience: float = 10.0,
        store_patience: float = 120.0,
        cdn: str = "",
        on_started: Callable[[], None] = lambda: None,
        metrics: Metrics = NO_METRICS,
    ) -> None:
        self._metrics, self._began = metrics, time.monotonic()
        self._jobs, self._engine = jobs, engine
        self._job, self._number = job, number
        self._engine_patience, self._store_patience = engine_patience, store_patience
        self._cdn, self._on_started = cdn, on_started
        self._drawn = Drawn()
        self._redis = RedisOutage(log)
        self._leaving = asyncio.Event()
        self._hint = asyncio.Event()  # renew now: a cancel waits, or there is a first step to show

    @property
    def name(self) -> str:
        """As RQ and the logs call it."""
        return keys.attempt(self._job, self._number)

    async def run(self, shared: CancelHints | None = None) -> None:
        """Draw, store, or say why not. Never raises for what can go wrong outside of this program.

        `shared` hints are listened to by whoever calls; without them this attempt does so itself.
        """
        job_at_hand.set(self._job)  # of this attempt's task, and of those that it begins
        job = await self._wanted()
        if job is None:
            log.info("%s: no longer wanted", self.name)
            self._ended("unwanted")
            return
        self._model = job.request.resource
        if self._number == 1:  # later ones have waited for other reasons, too
            self._metrics.observe("easel_slot_wait_seconds", time.time() - job.created / 1000, model=self._model)
        painter, leaver = asyncio.create_task(self._paint(job)), asyncio.create_task(self._leaving.wait())
        keeper = asyncio.create_task(self._keep())
        hints = shared or CancelHints(self._jobs.redis)
        hints.listen(self._job, self._hint)
        listener = [] if shared else [asyncio.create_task(hints.run(_LISTEN_AFTER))]
        try:
            await asyncio.wait({painter, keeper, leaver}, return_when=asyncio.FIRST_COMPLETED)
            if painter.done():
                if painter.exception():
                    await end(keeper)  # a renewal after giving up would hold the job for another lease
                try:
                    await self._settle(painter)
                except AWAY as error:
                    await end(keeper)
                    await self._unsettled(error)
            elif keeper.done():
                log.info("%s: %s", self.name, keeper.result())
                self._ended(keeper.result())
            else:
                await end(painter, keeper)
                log.info("%s: handed back: its turn has not come", self.name)
                self._ended("handed back")
                await self._insist(lambda: self._jobs.give_up(self._job, self._number, blame=Blame.UNCOUNTED))
        finally:
            hints.forget(self._job)
            await end(painter, keeper, leaver, *listener)

    def leave(self) -> None:
        """Hand the job back, unless the engine has taken it up: whoever makes this attempt is to end."""
        if not self._drawn.begun:
            self._leaving.set()

    async def _wanted(self) -> Job | None:
        try:
            job = await self._insist(lambda: self._jobs.get(self._job))
        except DamagedRecordError as damaged:
            log.error("%s", damaged)  # noqa: TRY400 - the words say it all
            await self._insist(lambda: self._jobs.fail(self._job, self._number, Reason.DAMAGED))
            return None
        if job is None or job.state is not State.CLAIMED or job.attempt != self._number:
            return None
        return job

    async def _paint(self, job: Job) -> tuple[Result, list[bytes]]:
        """Have it drawn. Raises EngineClientError or SourceFetchError."""
        pictures = await self._fetch(job)
        call = protocol.RenderCall(id=self.name, request=job.request)
        until = time.monotonic() + self._engine_patience
        while True:
            try:
                return await self._follow(call, pictures, alone=job.alone)
            except EngineTurnedError as turned:
                if turned.reason in {"draining", "sick"} or time.monotonic() >= until:
                    raise
            await asyncio.sleep(_TURNED_PAUSE)

    async def _fetch(self, job: Job) -> list[bytes]:
        """The pictures that it begins with, in their order. Raises SourceFetchError."""
        links = _links(job)
        if links:
            self._drawn.progress = Progress(phase="fetch")
        return [await fetch(link, self._cdn) for link in links]

    async def _follow(
        self, call: protocol.RenderCall, pictures: Sequence[bytes], *, alone: bool
    ) -> tuple[Result, list[bytes]]:
        """Read a render's frames to the stream's end, so that the engine does not take us for gone."""
        drawn = self._drawn = Drawn()
        last: protocol.Done | protocol.Failed | None = None
        async with self._engine.render(call, *pictures, alone=alone) as frames:
            self._on_started()
            async for frame in frames:
                first = drawn.progress.step == 0
                if isinstance(frame.header, protocol.Done | protocol.Failed):
                    last = frame.header
                drawn.take(frame)
                if first and drawn.progress.step:
                    self._hint.set()
                    failpoint("render-during")
        match last:
            case protocol.Done():
                return drawn.result(last, call.request.files)
            case protocol.Failed() if last.cause == causes.render_cancelled():
                raise EngineTurnedError("draining")  # we still listen, so it was its own doing
            case protocol.Failed():
                raise RenderFailedError(last.reason, last.cause, last.detail)
        raise EngineAwayError("the stream ended before the render")

    async def _keep(self) -> Hold:
        """Renew the lease until it is no longer ours; return why. Redis away is waited for."""
        shown: bytes | None = None
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._jobs.timings.renew):
                    await self._hint.wait()
            self._hint.clear()
            drawn = self._drawn
            try:
                if drawn.preview is not None and drawn.preview is not shown:
                    await self._show(drawn.preview)
                    shown = drawn.preview
                hold = await self._jobs.renew(self._job, self._number, drawn.progress)
            except AWAY as error:
                self._redis.note(error)
                continue
            self._redis.back()
            if hold is not Hold.HELD:
                return hold

    async def _show(self, preview: bytes) -> None:
        """Keep a preview, if Redis takes it: a full one does not, and must still hear that the attempt lives."""
        with suppress(ResponseError):
            await self._jobs.preview(self._job, self._number, preview)

    async def _settle(self, painter: "asyncio.Task[tuple[Result, list[bytes]]]") -> None:
        """Write the outcome into the job."""
        try:
            result, pictures = painter.result()
        except (EngineAwayError, EngineTurnedError) as error:
            blame = self._blame(error)
            self._ended("given up", Reason.ENGINE)
            log.warning("%s: given up (%s): %s", self.name, blame, error)
            await self._insist(lambda: self._jobs.give_up(self._job, self._number, blame=blame))
        except (RenderFailedError, SourceFetchError) as failed:
            reason, cause = failed.reason, failed.cause
            again = reason in _ENGINES_FAULT or isinstance(failed, SourceAwayError)
            log.warning("%s: %s: %s", self.name, "given up" if again else "failed", failed)
            if cause:
                log.debug("%s: its owner reads: %r", self.name, unabridged(cause))
            self._ended("given up" if again else "failed", reason)
            if again:
                blame = Blame.AMONG if self._engine.suspected(self._job) else Blame.COUNTED
                await self._insist(lambda: self._jobs.give_up(self._job, self._number, reason, cause, blame))
            else:
                await self._insist(lambda: self._jobs.fail(self._job, self._number, reason, cause))
        else:
            ours = await self._insist(lambda: self._jobs.store(self._job, self._number, result, pictures))
            took = result.timings.get("total", 0) / 1000
            log.info("%s: %s after %.1f s", self.name, "rendered" if ours else "lost", took)
            self._ended("rendered" if ours else "lost")
            self._metrics.observe("easel_slot_attempt_seconds", time.monotonic() - self._began, model=self._model)

    async def _unsettled(self, error: RedisError) -> None:
        """The outcome was refused for too long, as pictures are by a full Redis, which says nothing of the job."""
        log.warning("%s: given up: its outcome could not be stored: %s", self.name, trouble(error))
        self._ended("given up")
        with suppress(*AWAY):
            await self._jobs.give_up(self._job, self._number, blame=Blame.UNCOUNTED)

    def _ended(self, outcome: str, reason: Reason | None = None) -> None:
        self._metrics.count("easel_slot_attempts_total", outcome=outcome)
        if reason:
            self._metrics.count("easel_slot_failures_total", reason=reason)

    def _blame(self, error: Exception) -> Blame:
        """What it says of the job that its engine is gone, or took it no further."""
        if not self._drawn.begun or not isinstance(error, EngineAwayError):
            return Blame.UNCOUNTED
        return Blame.COUNTED if self._engine.died_over(self._job) else Blame.AMONG

    async def _insist(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask Redis until it answers, within `store_patience`. Every question is fenced, so may be repeated."""
        until = time.monotonic() + self._store_patience
        while True:
            try:
                return await ask()
            except AWAY as error:
                self._redis.note(error)
                if time.monotonic() >= until:
                    raise
            await asyncio.sleep(_AWAY_PAUSE)


def _links(job: Job) -> list[str]:
    """Where the pictures lie that an upscale, or what is drawn from pictures, begins with. Raises SourceGoneError."""
    if job.request.upscale:
        links = [job.source.link] if job.source else []
        wanted = 1
    else:
        links = [place.link for place in job.sources.pictures] if job.sources else []
        wanted = len(job.request.pictures)
    if len(links) < wanted:
        raise SourceGoneError(causes.picture_unlinked())
    return links[:wanted]
