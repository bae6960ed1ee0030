"""A slot that is told to stop does so at once or a little later, wherever it is, and never with a traceback."""

import signal
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from unittest.mock import Mock, create_autospec

import pytest
import redis
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Worker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from worker.contract.store import keys
from worker.contract.types.timings import Timings
from worker.slot.engine_turn import EngineTurn
from worker.slot.queue import Claimer, claim_queue
from worker.slot.rq_job import NAME, DrawJob
from worker.slot.rq_worker import SlotWorker
from worker.slot.stopping import Stopping


@pytest.fixture
def turn() -> Mock:
    """The engine has no room."""
    turn: Mock = create_autospec(EngineTurn, instance=True)
    turn.take.return_value, turn.away = (), True
    return turn


@pytest.fixture
def slot(redis_sync: redis.Redis, turn: Mock) -> Iterator[SlotWorker]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    source = Claimer(worker="w", timings=Timings(), function=NAME, job_timeout=60, turn=turn)
    slot = SlotWorker(
        [keys.RQ_QUEUE], connection=redis_sync, queue_class=claim_queue(source), job_class=DrawJob,
        serializer=JSONSerializer,
    )  # fmt: skip
    slot.claimer, source.stopping = source, slot.stopping
    yield slot
    for number, handler in before.items():
        signal.signal(number, handler)


def signalled_in(monkeypatch: pytest.MonkeyPatch, where: object, name: str, *, gets_lost: bool) -> list[int]:
    """Have SIGTERM come once in a function, whose callers may swallow what is raised there."""
    done, came = getattr(where, name), list[int]()

    def play(*arguments: object, **options: object) -> object:
        if not came:
            came.append(signal.SIGTERM)
            with suppress(Exception) if gets_lost else nullcontext():
                signal.raise_signal(signal.SIGTERM)
        return done(*arguments, **options)

    monkeypatch.setattr(where, name, play)
    return came


@pytest.mark.parametrize("gets_lost", [False, True])
@pytest.mark.parametrize(
    ("where", "name"),
    [
        (Worker, "check_for_suspension"),
        (SlotWorker, "run_maintenance_tasks"),
        (Worker, "heartbeat"),
        (SlotWorker, "idle"),
        (Worker, "register_death"),
        (Worker, "unsubscribe"),
        (time, "sleep"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_signal_ends_it_wherever_it_comes(
    slot: SlotWorker, turn: Mock, monkeypatch: pytest.MonkeyPatch, where: object, name: str, *, gets_lost: bool
) -> None:
    if where is Worker and name in {"register_death", "unsubscribe"}:  # it is about to end by itself
        monkeypatch.setattr(slot, "dequeue_job_and_maintain_ttl", lambda *_: None)
    came = signalled_in(monkeypatch, where, name, gets_lost=gets_lost)
    slot.claimer.on_idle = slot.idle
    slot.work(max_idle_time=2)
    assert came
    assert turn.take.call_count <= 2  # and not as long as RQ's own end takes to come


def test_it_ends_also_while_redis_is_away(
    slot: SlotWorker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """RQ then tries again and again to say that it lives."""
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        signal.raise_signal(signal.SIGTERM)
        if len(pauses) > 2:
            pytest.fail("it goes on")

    monkeypatch.setattr(Worker, "check_for_suspension", Mock())
    monkeypatch.setattr(Worker, "heartbeat", Mock(side_effect=RedisConnectionError))
    monkeypatch.setattr(time, "sleep", sleep)
    slot.work()
    assert len(pauses) == 1
    assert "unhandled" not in caplog.text


def test_it_claims_nothing_once_it_is_told(slot: SlotWorker, turn: Mock, redis_sync: redis.Redis) -> None:
    def take() -> tuple[str, ...]:
        slot.stopping.ask()
        return ("m",)

    turn.take.side_effect = take
    with pytest.raises(StopRequested):
        slot.claimer.next(redis_sync)
    turn.leave.assert_called_once_with()


def test_what_is_asked_in_a_wait_is_heard_there_and_what_was_asked_before_at_once() -> None:
    stopping = Stopping()
    stopping.look()
    with pytest.raises(StopRequested), stopping.wait():
        stopping.ask()
    stopping.ask()
    for hears in (stopping.look, stopping.wait().__enter__):
        with pytest.raises(StopRequested):
            hears()
