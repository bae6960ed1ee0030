"""`python -m worker slot`: one plain RQ worker."""

import argparse
import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence

import redis
from rq import Worker
from rq.executions import Execution
from rq.job import Job as RQJob
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from worker.contract.store import keys
from worker.contract.store.claim import owned
from worker.contract.store.settings_in_force import SettingsInForce
from worker.process import log_to_stderr, supervised
from worker.redis_client import AWAY, AuthenticationError, connect, connect_sync, trouble, wait_for_redis
from worker.settings import Settings, load

from .engine_turn import EngineTurn
from .queue import Claimer, claim_queue
from .rq_job import NAME, draw_job, horse_killed

log = logging.getLogger("slot")

_WORKER_TTL = 30  # seconds after which RQ forgets a worker that died (plus 60)
_MAINTENANCE = 60
_RECONNECT_MAX = 2.0


class _Terse(logging.Filter):
    """RQ logs a Redis that went away, or is full, with its whole traceback; one line will do."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(error := record.exc_info[1], AWAY):
            record.exc_info, record.msg, record.args = None, "%s; starting again", (trouble(error),)
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class SlotWorker(Worker):  # type: ignore[misc]
    """RQ's worker, save for what it does every few seconds while a work horse runs.

    A Redis that is away must not end the render, as an exception here would. A horse that lost its job long ago hangs
    or was paused: it must not hold the slot.
    """

    _lost: str | None = None
    see_to_settings: Callable[[], None] = staticmethod(lambda: None)

    def run_maintenance_tasks(self) -> None:
        """RQ's own, at the start and then each minute; and a look at the shared settings."""
        super().run_maintenance_tasks()
        self.see_to_settings()

    def maintain_heartbeats(self, job: RQJob, execution: Execution) -> None:
        """Tell RQ that both live; end a horse that was found without its job twice in a row."""
        try:
            super().maintain_heartbeats(job, execution)
            lost = None if owned(self.connection, *job.args) else job.id
        except AWAY as error:
            log.debug("%s: %s", job.id, trouble(error))
            return
        if lost and lost == self._lost:
            log.warning("%s: its process does not notice that the job is no longer its own, and is ended", job.id)
            self.kill_horse()
        self._lost = lost


def main(argv: Sequence[str] = ()) -> int:
    """Run one slot until SIGTERM; a running render is finished first."""
    parser = argparse.ArgumentParser(prog="python -m worker slot", description="Claims jobs; the engine draws them.")
    parser.add_argument("--name", default="slot", help="what logs and RQ call this slot (default: slot)")
    name: str = parser.parse_args(argv).name
    settings = load(Settings)
    log_to_stderr(settings.log_level)
    logging.getLogger("rq.worker").addFilter(_Terse())
    url = settings.redis_url.get_secret_value()
    try:
        asyncio.run(_ready(url))
        worker = build(settings, connect_sync(url), name)
        if not supervised():  # a supervisor has the same settings, and sees to them itself
            worker.see_to_settings = _see_to_settings(settings)
        worker.work(logging_level="WARNING")
    except AuthenticationError as error:
        log.error("Redis refuses EASEL_REDIS_URL: %s", error)  # noqa: TRY400
        return 1
    except AWAY:  # RQ could not even say goodbye; _Terse has said why
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


async def _ready(url: str) -> None:
    async with connect(url) as client:
        await wait_for_redis(client, log)


def _see_to_settings(settings: Settings) -> Callable[[], None]:
    in_force = SettingsInForce(settings, "slot", log)

    async def refresh() -> None:
        async with connect(settings.redis_url.get_secret_value()) as client:
            await in_force.refresh(client)

    def look() -> None:
        with contextlib.suppress(*AWAY):
            asyncio.run(refresh())

    return look


def build(settings: Settings, connection: redis.Redis, name: str) -> SlotWorker:
    """RQ's worker with our queue class and job class. The pid in its name tells it from one that was killed."""
    turn = EngineTurn(settings.engine_socket, longest=settings.lease + settings.engine_patience)
    source = Claimer(
        worker=settings.worker,
        timings=settings.timings,
        function=NAME,
        job_timeout=settings.attempt_max,
        turn=turn,
    )
    worker = SlotWorker(
        [keys.RQ_QUEUE],
        name=f"{settings.worker}-{name}-{os.getpid()}",
        connection=connection,
        queue_class=claim_queue(source),
        job_class=draw_job(settings, turn, os.getpid()),
        serializer=JSONSerializer,
        worker_ttl=_WORKER_TTL,
        maintenance_interval=_MAINTENANCE,
        job_monitoring_interval=max(1, int(settings.lease / 2)),
        log_job_description=False,
        work_horse_killed_handler=horse_killed(settings),
    )
    worker.max_connection_wait_time = _RECONNECT_MAX
    worker.log_result_lifespan = False
    source.on_claim = lambda: worker.set_state(WorkerStatus.BUSY)
    source.on_idle = lambda: worker.set_state(WorkerStatus.IDLE)
    return worker


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
