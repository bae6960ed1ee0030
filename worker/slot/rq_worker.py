"""RQ's worker, with its bookkeeping in the slot: a work horse makes the attempt, and nothing else.

RQ has each work horse note the beginning and the end of its job, over a connection of its own. In a process that was
just forked, that is dear: every page of memory that it touches for the first time is copied. The slot has a connection
and touches the same pages for each job, so it notes both; and a work horse whose attempt went well stays for the next
one (`kept_horse.py`). All else is RQ's: the fork, the alarm, the stop command, what becomes of a job whose function
raised or whose process died.
"""

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job as RQJob
from rq.job_lifecycle import call_exception_handlers
from rq.timeouts import JobTimeoutException
from rq.worker import WorkerStatus

from worker.contract.redis_check.errors import refusal
from worker.contract.store.claim import owned
from worker.redis_client import AWAY, trouble

from .engine_turn import ClaimOnWay
from .kept_horse import Handed, HorseLine, KeptHorse
from .queue import Claimer
from .rq_job import LEAVE
from .stopping import Stopping

log = logging.getLogger("slot")

_BEAT_EVERY = 1.0  # seconds; RQ tells between all its steps that it lives, and forgets who has not for 90
_RAISED = 1  # exit status of a work horse whose function raised; RQ reads in the job what became of it


class SlotWorker(Worker):  # type: ignore[misc]
    """RQ's worker, save for who notes what, and for what it does every few seconds while a work horse runs.

    A Redis that is away must not end the render, as an exception here would. A horse that lost its job long ago hangs
    or was paused: it must not hold the slot.
    """

    _lost: str | None = None
    _beat = float("-inf")
    _horse_end: tuple[int | None, int | None, Any] | None = None
    see_to_settings: Callable[[], None] = staticmethod(lambda: None)
    came_by: Callable[[], None] = staticmethod(lambda: None)
    claimer: Claimer | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kept, self.stopping = KeptHorse(), Stopping()
        self._fit = False  # in a work horse: may another attempt follow?

    def run_maintenance_tasks(self) -> None:
        """RQ's own, at the start and then each minute; and a look at the shared settings."""
        super().run_maintenance_tasks()
        self.see_to_settings()

    def handle_warm_shutdown_request(self) -> None:
        """Tell a horse whose job still waits for its turn to hand it back; what is drawn is finished."""
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.horse_pid, LEAVE)

    def _shutdown(self) -> None:
        """Stop where nothing is lost: an attempt that was begun is finished."""
        self._stop_requested = True
        self.stopping.ask()

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Tell RQ that this worker lives, if the last time was a while ago or it costs no round trip."""
        now = time.monotonic()
        if pipeline is None and timeout is None and now - self._beat < _BEAT_EVERY:
            return
        self._beat = now
        try:
            super().heartbeat(timeout, pipeline)
        except AWAY:
            if self.get_state() != WorkerStatus.BUSY:  # RQ would try again and again, and never come to its queue
                self.stopping.look()
            raise

    def idle(self) -> None:
        """It looks for a job."""
        if self.get_state() != WorkerStatus.IDLE:
            self.set_state(WorkerStatus.IDLE)

    def execute_job(self, job: RQJob, queue: Queue) -> None:
        """Note the beginning, have a work horse make the attempt, note the end."""
        execution = self.prepare_execution(job)
        self.prepare_job_execution(job, remove_from_intermediate_queue=True)
        self._horse_end = None
        self.fork_work_horse(job, queue)
        self.monitor_work_horse(job, queue, execution)
        if self._ended_well:
            self._finalize_success(job, queue, execution, None)
        self.idle()

    @property
    def _ended_well(self) -> bool:
        return self._horse_end is not None and self._horse_end[1] == os.EX_OK

    def fork_work_horse(self, job: RQJob, queue: Queue) -> None:
        """Hand the attempt to the work horse that waits for one; fork one, as RQ does, where none does."""
        on_way = self.claimer.on_way if self.claimer else None
        path, file = on_way.shared() if on_way else ("", None)
        handed = Handed(job.id, job.data.decode(), job.timeout, self.execution.id, path)
        horse = self.kept.pid
        if self.kept.hand(handed, type(job), file):
            self._horse_pid = horse
            return
        self.kept.prepare(type(job))
        super().fork_work_horse(job, queue)
        self.kept.forked(self.horse_pid)

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Wait until it has made its attempt or died; keep which: RQ's alarm may come just then, and it asks again."""
        if self._horse_end is None:
            self.kept.wait()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # what follows does not wait any more
        try:
            if self._horse_end is None:
                stays = self.kept.stays()
                self._horse_end = (self.horse_pid, os.EX_OK, None) if stays else super().wait_for_horse()
            return self._horse_end
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

    def teardown(self) -> None:
        """RQ's own; and the work horse that waits goes."""
        try:
            super().teardown()
        finally:
            if not self.is_horse:
                self.kept.end()

    def main_work_horse(self, job: RQJob, queue: Queue) -> None:
        """All that a work horse does. RQ's own would tell an end of either kind by the same status."""
        self.setup_work_horse_signals()
        self._is_horse = True
        status = _RAISED
        with contextlib.suppress(BaseException):
            status = os.EX_OK if self._make_attempts(job, queue, self.kept.in_horse()) else _RAISED
        os._exit(status)

    def _make_attempts(self, job: RQJob, queue: Queue, line: HorseLine) -> bool:
        """One after the other, as long as all go well; False when one raised."""
        execution = self.execution
        while self.perform_job(job, queue, execution):
            if not (self._fit and line.may_stay()):
                return True
            following = line.next()
            if following is None:
                return True
            job, execution = self._taken(*following)
        return False

    def _taken(self, handed: Handed, file: int | None) -> tuple[RQJob, Execution]:
        """An attempt that the slot handed over, as RQ sees it."""
        if self.claimer:
            self.claimer.arrived()
            self.claimer.on_way = None if file is None else ClaimOnWay(Path(handed.on_way), file)
        job = self.job_class(handed.job, connection=self.connection, serializer=self.serializer)
        job.data, job.timeout = handed.data.encode(), handed.timeout
        return job, Execution(handed.execution, job.id, self.connection, self.name)

    def perform_job(self, job: RQJob, queue: Queue, execution: Execution) -> bool:
        """Call the job's function, and note what it raised."""
        try:
            most = job.timeout or self.queue_class.DEFAULT_TIMEOUT
            with self.death_penalty_class(most, JobTimeoutException, job_id=job.id):
                self._fit = bool(job.perform())
        except BaseException:  # noqa: BLE001 - as RQ has it: whatever it was, the job has failed
            raised = sys.exc_info()
            job.refresh()  # one that was handed over has only what its call needs
            self._finalize_failure(job, queue, execution, raised)
            return False
        return True

    def handle_exception(self, job: RQJob, *exc_info: Any) -> None:
        """Log what ended an attempt. RQ would make one text of it, and what an error quotes could not be withheld."""
        log.error("%s: ended", job.id, exc_info=exc_info)
        call_exception_handlers(self._exc_handlers, job, *exc_info)

    def maintain_heartbeats(self, job: RQJob, execution: Execution) -> None:
        """Tell RQ that both live; end a horse that was found without its job twice in a row."""
        try:
            super().maintain_heartbeats(job, execution)
            lost = None if owned(self.connection, *job.args) else job.id
        except AWAY as error:  # a refusal ends the slot after this render, at its next claim
            log.log(logging.WARNING if refusal(error) else logging.DEBUG, "%s: %s", job.id, trouble(error))
            return
        self.came_by()
        if lost and lost == self._lost:
            log.warning("%s: its process does not notice that the job is no longer its own, and is ended", job.id)
            self.kill_horse()
        self._lost = lost
