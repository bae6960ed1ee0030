"""A work horse that stays for the next attempts: when it does, and that it changes nothing for RQ."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import psutil
import pytest
import redis
from rq import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from worker.contract.store import keys
from worker.contract.types.timings import Timings
from worker.slot import kept_horse
from worker.slot.engine_turn import EngineTurn
from worker.slot.queue import Claimer
from worker.slot.rq_job import NAME, DrawJob
from worker.slot.rq_worker import SlotWorker

Attempt = Callable[[int], object]
FIT = True


class Slot:
    """A slot's worker, and attempts with running numbers for it to make.

    Attributes:
        made_by: the process of each attempt.
        died: RQ's hook for work horses that died.
    """

    def __init__(self, connection: redis.Redis, folder: Path) -> None:
        self.died = Mock()
        self.worker = SlotWorker(
            [keys.RQ_QUEUE], connection=connection, serializer=JSONSerializer, work_horse_killed_handler=self.died
        )
        self.worker.register_birth()
        self._redis, self._pids = connection, folder / "pids"
        self._pids.touch()
        self.does(lambda _: FIT)

    @property
    def made_by(self) -> list[int]:
        return [int(line) for line in self._pids.read_text().split()]

    def does(self, attempt: Attempt) -> None:
        """What attempts do from now on, given their number, in a process that was forked after this."""
        pids = self._pids

        def draw(_job: str, number: int) -> bool:
            with pids.open("a") as file:
                file.write(f"{os.getpid()}\n")
            return bool(attempt(number))

        self._kind = type("Attempting", (DrawJob,), {"draw": staticmethod(draw)})
        self.worker.job_class = self._kind

    def makes(self, number: int) -> DrawJob:
        """Have it make this attempt; what RQ has noted of it then."""
        queue = Queue(keys.RQ_QUEUE, connection=self._redis, job_class=self._kind, serializer=JSONSerializer)
        name = f"one-{number}"
        job = queue.enqueue(NAME, "one", number, job_id=name, job_timeout=60, result_ttl=60, failure_ttl=60)
        self._redis.lmove(queue.key, f"{queue.key}:intermediate")
        self.worker.execute_job(job, queue)
        return DrawJob.fetch(name, connection=self._redis, serializer=JSONSerializer)


@pytest.fixture
def slot(redis_sync: redis.Redis, tmp_path: Path) -> Iterator[Slot]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    slot = Slot(redis_sync, tmp_path)
    yield slot
    slot.worker.kept.end()
    for number, handler in before.items():
        signal.signal(number, handler)


def dies(number: int) -> object:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return FIT


def raises(number: int) -> object:
    if number == 2:
        raise ValueError("no such apple")
    return FIT


def unfit(number: int) -> object:
    return FIT if number != 2 else not FIT


def test_attempts_follow_each_other_in_one_process(slot: Slot, redis_sync: redis.Redis) -> None:
    for number in (1, 2, 3):
        assert slot.makes(number).get_status() == "finished"
    assert len(set(slot.made_by)) == 1
    assert slot.made_by[0] != os.getpid()
    assert len(slot.made_by) == 3
    assert slot.died.call_count == 0
    assert not StartedJobRegistry(keys.RQ_QUEUE, connection=redis_sync).get_job_ids(cleanup=False)
    assert not redis_sync.keys("rq:execution:*")


@pytest.mark.parametrize(
    ("attempt", "ends", "deaths"), [(raises, "failed", 0), (dies, "failed", 1), (unfit, "finished", 0)]
)
def test_a_process_whose_attempt_went_amiss_makes_no_other(
    slot: Slot, redis_sync: redis.Redis, attempt: Attempt, ends: str, deaths: int
) -> None:
    slot.does(attempt)
    assert [slot.makes(number).get_status() for number in (1, 2, 3)] == ["finished", ends, "finished"]
    first, second, third = slot.made_by
    assert first == second != third
    assert slot.died.call_count == deaths
    assert not redis_sync.keys("rq:execution:*")


def test_what_a_later_attempt_raised_can_be_read(slot: Slot) -> None:
    slot.does(raises)
    slot.makes(1)
    found = slot.makes(2).latest_result()
    assert found is not None
    assert "no such apple" in str(found.exc_string)


def test_one_that_was_killed_while_it_waited_is_missed_by_none(slot: Slot) -> None:
    slot.makes(1)
    os.kill(slot.made_by[0], signal.SIGKILL)
    os.waitid(os.P_PID, slot.made_by[0], os.WEXITED | os.WNOWAIT)
    assert slot.makes(2).get_status() == "finished"
    assert slot.died.call_count == 0
    assert slot.made_by[0] != slot.made_by[1]


@pytest.mark.parametrize(("bound", "value"), [("MOST", 1), ("_GROWTH", 0)])
def test_what_it_gathers_is_bounded(slot: Slot, monkeypatch: pytest.MonkeyPatch, bound: str, value: int) -> None:
    monkeypatch.setattr(kept_horse, bound, value)
    for number in (1, 2):
        assert slot.makes(number).get_status() == "finished"
    assert len(set(slot.made_by)) == 2


def test_it_knows_the_kind_of_job_alone_that_it_was_forked_with(slot: Slot) -> None:
    slot.makes(1)
    slot.does(lambda _: FIT)
    slot.makes(2)
    assert len(set(slot.made_by)) == 2


def test_it_rests_only_so_long(slot: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_horse, "REST", 3600)
    slot.makes(1)
    slot.worker.kept.rest()
    assert psutil.pid_exists(slot.made_by[0])
    monkeypatch.setattr(kept_horse, "REST", -1)
    slot.worker.kept.rest()
    assert not psutil.pid_exists(slot.made_by[0])


def test_it_goes_with_its_slot(slot: Slot) -> None:
    slot.makes(1)
    slot.worker.teardown()
    assert not psutil.pid_exists(slot.made_by[0])


def test_an_alarm_of_rqs_hides_no_end(slot: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, rang = kept_horse.KeptHorse.stays, []

    def with_alarm(self: kept_horse.KeptHorse) -> bool:
        found = stays(self)
        rang.append(True)
        signal.raise_signal(signal.SIGALRM)
        return found

    monkeypatch.setattr(kept_horse.KeptHorse, "stays", with_alarm)
    assert [slot.makes(number).get_status() for number in (1, 2)] == ["finished", "finished"]
    assert len(rang) == 2
    assert slot.died.call_count == 0
    assert len(set(slot.made_by)) == 1


def test_it_can_say_that_a_later_claim_is_at_the_engine(slot: Slot, tmp_path: Path) -> None:
    """And holds its file until then, however its slot fares."""
    turn = EngineTurn(tmp_path / "engine")
    claimer = Claimer("one", Timings(), NAME, 60, turn)
    slot.worker.claimer = claimer

    def arrives(number: int) -> object:
        on_way = claimer.on_way
        assert on_way is not None
        path, file = on_way.shared()
        assert file is not None
        with pytest.raises(BlockingIOError), Path(path).open() as other:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if number != 2:
            claimer.arrived()
        return FIT

    slot.does(arrives)
    for number in (1, 2, 3):
        on_way = claimer.on_way = turn.claimed()
        assert slot.makes(number).get_status() == "finished"
        assert Path(on_way.shared()[0]).exists() == (number == 2)
        on_way.arrived()
    assert len(set(slot.made_by)) == 1
    turn.close()
