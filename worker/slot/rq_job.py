"""The only function that RQ may call, and the job class that holds RQ to it."""

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any, ClassVar

from rq.exceptions import NoSuchJobError
from rq.job import Job as RQJob
from rq.timeouts import JobTimeoutException

from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.store.failpoints import failpoint
from worker.contract.store.jobs import Blame, Jobs
from worker.contract.types.job import Reason
from worker.process import die_with
from worker.redis_client import AWAY, connect, trouble
from worker.settings import Settings

from .attempt import Attempt
from .client import EngineClient

log = logging.getLogger("slot")

# As the claim script writes it. It names no module but an agreement that lies in Redis, so it outlives every move:
# slots of an older and a newer Easel read the same list.
NAME = "worker.render.function.draw"
LEAVE = signal.SIGUSR1  # to a work horse: hand your job back if its turn has not come
_FOREIGN = ("success_callback_name", "failure_callback_name", "stopped_callback_name", "webhooks", "dependency_ids")


class ForbiddenFunctionError(Exception):
    """Somebody put a job on RQ's list that asks for another function."""


class DrawJob(RQJob):  # type: ignore[misc]
    """RQ's job, reduced to one function without callbacks: who can write Redis still can't run code here.

    `draw` is bound by `draw_job`; it returns whether its process is fit for another attempt.
    """

    draw: ClassVar[Callable[[str, int], bool]]

    @property
    def func(self) -> Callable[[str, int], bool]:
        """The function, whatever RQ would import for the name. Raises ForbiddenFunctionError."""
        if self.func_name != NAME or self.instance is not None:
            raise ForbiddenFunctionError("only attempts at jobs run here")
        return type(self).draw

    def restore(self, raw_data: dict[bytes, bytes]) -> None:
        """Read RQ's record. One that cannot be read counts as gone, or it would end every worker that meets it."""
        known = {key: value for key, value in raw_data.items() if key.decode() not in _FOREIGN}
        try:
            super().restore(known)
        except (ValueError, KeyError, AttributeError, TypeError, AssertionError) as error:  # RQ asserts, too
            log.warning("RQ's record of %s cannot be read: %s", self.id, error)
            raise NoSuchJobError(self.id) from error


def draw_job(
    settings: Settings, arrived: Callable[[], None], slot: int, metrics: Metrics = NO_METRICS
) -> type[DrawJob]:
    """A DrawJob whose function knows the slot's settings and dies with the slot (its pid).

    `arrived` is called when the engine has the job.
    """

    def draw(job: str, attempt: int) -> bool:
        die_with(slot)
        failpoint("claim-after")
        try:
            asyncio.run(_draw(settings, arrived, job, attempt, metrics))
        except JobTimeoutException:
            metrics.count("easel_slot_failures_total", reason=Reason.TIMEOUT)
            log.error("%s-%d: stopped after %d s", job, attempt, settings.attempt_max)  # noqa: TRY400
            asyncio.run(_end(settings, lambda jobs: jobs.fail(job, attempt, Reason.TIMEOUT)))
            return False  # it was stopped anywhere
        return True

    return type("DrawJob", (DrawJob,), {"draw": staticmethod(draw)})


async def _draw(settings: Settings, arrived: Callable[[], None], job: str, number: int, metrics: Metrics) -> None:
    async with (
        connect(settings.redis_url.get_secret_value()) as redis,
        EngineClient(settings.engine_socket, settings.engine_silence) as engine,
    ):
        attempt = Attempt(
            Jobs(redis, settings.timings),
            engine,
            job,
            number,
            engine_patience=settings.engine_patience,
            store_patience=settings.store_patience,
            cdn=settings.discord_cdn,
            on_started=arrived,
            metrics=metrics,
        )
        loop = asyncio.get_running_loop()
        signal.signal(LEAVE, lambda *_: loop.call_soon_threadsafe(attempt.leave))
        try:
            await attempt.run()
        finally:
            signal.signal(LEAVE, signal.SIG_IGN)  # what comes later is too late, and must not end the process


async def _end(settings: Settings, how: Callable[[Jobs], Any]) -> None:
    async with connect(settings.redis_url.get_secret_value()) as redis:
        await how(Jobs(redis, settings.timings))


def horse_killed(settings: Settings) -> Callable[..., None]:
    """RQ's hook for a work horse that died: the job need not wait for its lease."""

    def give_up(rq_job: RQJob, _pid: int, status: int, _usage: object) -> None:
        job, attempt = rq_job.args
        log.warning("%s-%d: its process died (wait status %s)", job, attempt, status)
        try:
            asyncio.run(_end(settings, lambda jobs: jobs.give_up(job, attempt, blame=Blame.UNLESS_BEGUN)))
        except AWAY as error:
            log.warning("%s-%d: %s; the lease will end it", job, attempt, trouble(error))

    return give_up
