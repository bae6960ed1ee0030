"""`python -m worker slot`: one plain RQ worker."""

import signal

if __name__ == "__main__":  # until it hears signals itself, Ctrl-C ends it as quietly as SIGTERM does
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence

import redis
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from worker.contract.metrics.lines import metrics_of
from worker.contract.program import program
from worker.contract.redis_check.errors import raise_refused
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.settings_in_force import SettingsInForce
from worker.process import log_to_stderr, supervised
from worker.redis_client import (
    AWAY,
    RedisRefusedError,
    Role,
    connect,
    connect_sync,
    wait_for_redis,
)
from worker.settings import EX_USAGE, Settings, load

from .client import EngineClient
from .engine_turn import EngineTurn
from .queue import Claimer, claim_queue
from .rq_job import LEAVE, NAME, draw_job, horse_killed
from .rq_log import in_our_words
from .rq_worker import SlotWorker
from .several import SeveralAttempts
from .visits import SlotVisits

log = logging.getLogger("slot")

_WORKER_TTL = 30  # seconds after which RQ forgets a worker that died (plus 60)
_MAINTENANCE = 60
_RECONNECT_MAX = 2.0


def main(argv: Sequence[str] = ()) -> int:
    """Run one slot until SIGTERM; a running render is finished first."""
    parser = argparse.ArgumentParser(prog=program("worker", "slot"), description="Claims jobs; the engine draws them.")
    parser.add_argument("--name", default="slot", help="what logs and RQ call this slot (default: slot)")
    parser.add_argument("--several", action="store_true", help="several attempts in this process, without RQ")
    arguments = parser.parse_args(argv)
    name: str = arguments.name
    settings = load(Settings)
    log_to_stderr(settings.log_level, settings.log_format)
    in_our_words()
    try:
        return _several(settings) if arguments.several else _work(settings, name)
    except RedisRefusedError as refused:
        print(f"easel: {refused}", file=sys.stderr)  # noqa: T201
        return EX_USAGE
    except KeyboardInterrupt:
        return 0


def _work(settings: Settings, name: str) -> int:
    """Claim and draw until it is asked to end. Raises RedisRefusedError."""
    url = settings.redis_url.get_secret_value()
    asyncio.run(_ready(settings))
    try:
        worker = build(settings, connect_sync(url), name)
        if not supervised():  # a supervisor has the same settings, and sees to them itself
            worker.see_to_settings = _see_to_settings(settings)
        worker.work(logging_level="WARNING")
        refused = worker.queue_class.source.refused
    except AWAY as error:  # RQ could not even say goodbye; rq_log.py has said why
        raise_refused(error)
        return 1
    if refused:  # RQ has caught it and ended
        raise refused
    return 0


def _several(settings: Settings) -> int:
    """The same with several attempts at once, in this process. Raises RedisRefusedError."""
    url = settings.redis_url.get_secret_value()
    asyncio.run(_ready(settings))
    claimer = _claimer(settings, function="")
    visits, metrics = SlotVisits(settings.engine_socket), metrics_of(os.environ)
    SeveralAttempts(settings, claimer, connect_sync(url), visits.came_by, metrics).work()
    return 0


async def _ready(settings: Settings) -> None:
    """Wait for Redis, and load what each work horse needs, for it inherits what its slot has."""
    socket = settings.engine_socket
    async with connect(settings.redis_url.get_secret_value()) as client, EngineClient(socket):
        await wait_for_redis(client, Role.SLOT, log, quiet=supervised())
        Jobs(client)
    gc.collect()
    gc.freeze()  # else each horse's first collection copies all of it


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
    visits = SlotVisits(settings.engine_socket)
    source = _claimer(settings, function=NAME)
    worker = SlotWorker(
        [keys.RQ_QUEUE],
        name=f"{settings.worker}-{name}-{os.getpid()}",
        connection=connection,
        queue_class=claim_queue(source),
        job_class=draw_job(settings, source.arrived, os.getpid(), metrics_of(os.environ)),
        serializer=JSONSerializer,
        worker_ttl=_WORKER_TTL,
        maintenance_interval=_MAINTENANCE,
        job_monitoring_interval=max(1, int(settings.lease / 2)),
        log_job_description=False,
        work_horse_killed_handler=horse_killed(settings),
    )
    signal.signal(LEAVE, signal.SIG_IGN)  # until a horse listens
    worker.max_connection_wait_time = _RECONNECT_MAX
    worker.log_result_lifespan = False
    worker.came_by, worker.claimer, source.stopping = visits.came_by, source, worker.stopping

    def visited() -> None:
        visits.came_by()
        worker.kept.rest()

    source.on_visit = visited
    source.on_claim = lambda: worker.set_state(WorkerStatus.BUSY)
    source.on_idle = worker.idle
    return worker


def _claimer(settings: Settings, function: str) -> Claimer:
    turn = EngineTurn(settings.engine_socket, longest=settings.lease + settings.engine_patience)
    return Claimer(settings.worker, settings.timings, function, settings.attempt_max, turn)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
