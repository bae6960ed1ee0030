"""What a slot notes for RQ of the attempts that its work horses make."""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from unittest.mock import Mock

import pytest
import redis
from rq import Queue, Worker
from rq.job import JobStatus
from rq.registry import StartedJobRegistry, clean_registries
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from worker.contract.log_lines import TextLines
from worker.contract.store import keys
from worker.slot.rq_job import NAME, DrawJob
from worker.slot.rq_log import in_our_words
from worker.slot.rq_worker import SlotWorker

Play = Callable[..., DrawJob]
_INTERMEDIATE = f"rq:queue:{keys.RQ_QUEUE}:intermediate"


@pytest.fixture
def killed() -> Mock:
    """RQ's hook for work horses that died."""
    return Mock()


@pytest.fixture
def worker(redis_sync: redis.Redis, killed: Mock) -> Iterator[SlotWorker]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    worker = SlotWorker(
        [keys.RQ_QUEUE], connection=redis_sync, serializer=JSONSerializer, work_horse_killed_handler=killed
    )
    worker.register_birth()
    yield worker
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def play(worker: SlotWorker, redis_sync: redis.Redis) -> Play:
    """Have a real work horse do something as its attempt; what RQ has noted of it then."""

    def run(attempt: Callable[[], None], timeout: int | None = 60) -> DrawJob:
        kind = type("Attempting", (DrawJob,), {"draw": staticmethod(lambda *_: attempt())})
        queue = Queue(keys.RQ_QUEUE, connection=redis_sync, job_class=kind, serializer=JSONSerializer)
        job = queue.enqueue(NAME, "one", 1, job_id="one-1", result_ttl=60, failure_ttl=60)
        job.timeout = timeout
        redis_sync.lmove(queue.key, _INTERMEDIATE)
        worker.execute_job(job, queue)
        return DrawJob.fetch("one-1", connection=redis_sync, serializer=JSONSerializer)

    return run


def nothing() -> None:
    """An attempt that is over at once."""


def raises() -> None:
    raise ValueError("no such apple")


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("attempt", "ends"), [(nothing, "finished"), (raises, "failed"), (dies, "failed")])
def test_rq_learns_how_an_attempt_ended(
    play: Play, worker: SlotWorker, redis_sync: redis.Redis, attempt: Callable[[], None], ends: str
) -> None:
    job = play(attempt)
    assert job.get_status() == ends
    assert job.worker_name == worker.name
    assert job.started_at
    assert job.ended_at
    assert worker.get_state() == WorkerStatus.IDLE
    assert not redis_sync.lrange(_INTERMEDIATE, 0, -1)
    assert not StartedJobRegistry(keys.RQ_QUEUE, connection=redis_sync).get_job_ids(cleanup=False)
    assert not redis_sync.keys("rq:execution:*")


def test_only_a_death_calls_the_hook_for_deaths(play: Play, killed: Mock) -> None:
    for attempt, calls in ((nothing, 0), (raises, 0), (dies, 1)):
        play(attempt)
        assert killed.call_count == calls, attempt


def test_an_alarm_of_rqs_hides_no_end(play: Play, killed: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """RQ looks after a horse by an alarm, which may come just as it has learned of its end."""
    wait, rang = Worker.wait_for_horse, []

    def with_alarm(self: Worker) -> object:
        found = wait(self)
        if not rang:
            rang.append(True)
            signal.raise_signal(signal.SIGALRM)
        return found

    monkeypatch.setattr(Worker, "wait_for_horse", with_alarm)
    assert play(nothing).get_status() == "finished"
    assert rang
    assert killed.call_count == 0


def test_what_was_raised_can_be_read(play: Play) -> None:
    found = play(raises).latest_result()
    assert found is not None
    assert "no such apple" in str(found.exc_string)


def test_an_attempt_without_a_limit_has_rqs(play: Play) -> None:
    assert play(nothing, timeout=None).get_status() == "finished"


def test_an_attempt_that_takes_too_long_is_told_so(play: Play) -> None:
    found = play(signal.pause, timeout=1).latest_result()
    assert found is not None
    assert "JobTimeoutException" in str(found.exc_string)


def test_an_attempt_has_no_connection_of_rqs(play: Play, redis_sync: redis.Redis) -> None:
    before = redis_sync.info("stats")["total_connections_received"]
    assert play(nothing).get_status() == "finished"
    assert redis_sync.info("stats")["total_connections_received"] == before


def test_a_worker_does_not_say_all_the_time_that_it_lives(worker: SlotWorker, redis_sync: redis.Redis) -> None:
    said = []
    for _ in range(2):
        worker.heartbeat()
        said.append(redis_sync.hget(worker.key, "last_heartbeat"))
        redis_sync.hdel(worker.key, "last_heartbeat")
    assert said[0] is not None
    assert said[1] is None
    worker.heartbeat(60)  # someone asked for another span
    assert redis_sync.hget(worker.key, "last_heartbeat") is not None


def test_what_was_raised_is_logged_without_what_it_quotes(worker: SlotWorker, caplog: pytest.LogCaptureFixture) -> None:
    """RQ would put the traceback into the message, where nothing can be withheld from it."""
    try:
        raises()
    except ValueError:
        worker.handle_exception(Mock(id="one-1"), *sys.exc_info())
    (record,) = caplog.records
    assert record.getMessage() == "one-1: ended"
    line = TextLines("%(message)s").format(record)
    assert "ValueError: no such apple" not in line
    assert "in raises" in line
    assert "ValueError: […]" in line


def test_an_attempt_whose_worker_died_is_not_said_to_have_failed(
    redis_sync: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    """Its request was taken over; RQ knows of the attempt alone."""
    in_our_words()
    queue = Queue(keys.RQ_QUEUE, connection=redis_sync, job_class=DrawJob, serializer=JSONSerializer)
    job = queue.enqueue(NAME, "one", 1, job_id="one-1", result_ttl=60, failure_ttl=60)
    job.set_status(JobStatus.STARTED)
    redis_sync.zadd(queue.started_job_registry.key, {"one-1:execution": 1})
    clean_registries(queue)
    (record,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert record.getMessage().startswith("one-1: whoever made this attempt is gone")
    assert "ailed" not in record.getMessage()


def test_what_else_rq_says_of_its_lists_stays(caplog: pytest.LogCaptureFixture) -> None:
    in_our_words()
    logging.getLogger("rq.registry").warning("%s cleanup: %s %s", "StartedJobRegistry", "one-1", "is odd")
    logging.getLogger("rq.registry").warning("plain")
    assert caplog.messages == ["StartedJobRegistry cleanup: one-1 is odd", "plain"]
