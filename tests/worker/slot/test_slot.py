"""What a slot does while its work horse runs."""

from typing import Any
from unittest.mock import create_autospec

import pytest
import redis
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Worker
from rq.executions import Execution
from rq.job import Job as RQJob

from worker.contract.store import keys
from worker.slot.rq_worker import SlotWorker


@pytest.fixture
def job() -> RQJob:
    job = create_autospec(RQJob, instance=True)
    job.id, job.args = "one-1", ["one", 1]
    return job


@pytest.fixture
def slot(redis_sync: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> SlotWorker:
    monkeypatch.setattr(Worker, "maintain_heartbeats", lambda *_: None)
    slot = SlotWorker([keys.RQ_QUEUE], connection=redis_sync)
    slot.kill_horse = create_autospec(slot.kill_horse)
    return slot


def look(slot: SlotWorker, job: RQJob, times: int = 1) -> bool:
    for _ in range(times):
        slot.maintain_heartbeats(job, create_autospec(Execution, instance=True))
    return bool(slot.kill_horse.called)


def test_a_horse_that_owns_its_job_is_left_alone(slot: SlotWorker, job: RQJob, redis_sync: redis.Redis) -> None:
    redis_sync.hset(keys.job("one"), mapping={"state": "claimed", "attempt": 1})
    assert not look(slot, job, times=3)


@pytest.mark.parametrize("record", [{"state": "claimed", "attempt": 2}, {"state": "cancelled", "attempt": 1}])
def test_a_horse_that_lost_its_job_may_notice_by_itself_first(
    slot: SlotWorker, job: RQJob, redis_sync: redis.Redis, record: dict[Any, Any]
) -> None:
    redis_sync.hset(keys.job("one"), mapping=record)
    assert not look(slot, job)
    assert look(slot, job)


def test_a_redis_that_is_away_ends_no_render(slot: SlotWorker, job: RQJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(Worker, "maintain_heartbeats", away)
    assert not look(slot, job, times=3)
