"""ClaimQueue and DrawJob: what RQ is given, and what it is not allowed to run."""

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio
from redis.exceptions import NoPermissionError
from rq.exceptions import DequeueTimeout, NoSuchJobError
from rq.serializers import JSONSerializer

from tests.worker.contract.factories import INFO, new_job
from worker.contract.redis_check.errors import RedisRefusedError
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.timings import Caps, Timings
from worker.engine.protocol import Health
from worker.slot import engine_turn as room_module
from worker.slot.client import EngineAwayError
from worker.slot.engine_turn import EngineTurn
from worker.slot.queue import Claimer, ClaimQueue, claim_queue, signals_deferred
from worker.slot.rq_job import NAME, DrawJob, ForbiddenFunctionError

QUEUE_KEY = f"rq:queue:{keys.RQ_QUEUE}"
TIMINGS = Timings()
READY = Health(state="ready", places=1, models=(INFO,))


@pytest.fixture
def health(monkeypatch: pytest.MonkeyPatch) -> Callable[[Health | None], None]:
    """Say how the engine is; None: it is away."""

    def say(state: Health | None) -> None:
        def ask(_path: Path) -> Health:
            if state is None:
                raise EngineAwayError("away")
            return state

        monkeypatch.setattr(room_module, "health", ask)

    say(READY)
    return say


@pytest.fixture
def turn(folder: Path) -> Iterator[EngineTurn]:
    turn = EngineTurn(folder / "e.sock")
    yield turn
    turn.close()


@pytest.fixture
def queue(turn: EngineTurn, health: object) -> type[ClaimQueue]:
    return claim_queue(Claimer(worker="w", timings=TIMINGS, function=NAME, job_timeout=60, turn=turn))


def admit(url: str, *names: str) -> None:
    async def run() -> None:
        async with redis.asyncio.Redis.from_url(url) as client:
            jobs = Jobs(client, TIMINGS)
            await jobs.heartbeat("w", [INFO], 1)
            for name in names:
                await jobs.admit(new_job(name), Caps())

    asyncio.run(run())


def test_a_claimed_job_is_what_rq_expects(redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue]) -> None:
    admit(valkey_url, "one")
    assert queue.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "one-1")
    assert redis_sync.lrange(f"{QUEUE_KEY}:intermediate", 0, -1) == [b"one-1"]
    job = DrawJob.fetch("one-1", connection=redis_sync, serializer=JSONSerializer)
    assert (job.func_name, job.args, job.timeout) == (NAME, ["one", 1], 60)
    assert "apple" not in str(redis_sync.hgetall("rq:job:one-1"))


def test_rqs_own_list_comes_first(redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue]) -> None:
    admit(valkey_url, "one")
    redis_sync.rpush(QUEUE_KEY, "by-hand")
    assert queue.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, b"by-hand")
    assert queue.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "one-1")


@pytest.mark.parametrize(
    "state", [None, Health(state="loading"), READY.model_copy(update={"places": 0}), Health(state="ready", places=1)]
)
def test_nothing_is_claimed_without_room(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue],
    health: Callable[[Health | None], None], state: Health | None,
) -> None:  # fmt: skip
    admit(valkey_url, "one")
    health(state)
    assert queue.lmove(redis_sync, QUEUE_KEY, None) is None
    assert redis_sync.hget(keys.job("one"), "state") == b"queued"


def test_an_engine_that_draws_is_left_alone(
    redis_sync: redis.Redis, queue: type[ClaimQueue], health: Callable[[Health | None], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    waits: list[float] = []
    monkeypatch.setattr("worker.slot.queue.time.sleep", waits.append)
    health(READY.model_copy(update={"places": 0}))
    assert queue.source.next(redis_sync) is None
    assert len(waits) == 1
    assert waits[0] >= 0.1  # seconds until it is asked again


def test_a_blocking_move_ends_in_rqs_own_way(redis_sync: redis.Redis, queue: type[ClaimQueue]) -> None:
    with pytest.raises(DequeueTimeout):
        queue.lmove(redis_sync, QUEUE_KEY, 1)


@pytest.mark.parametrize("version", [(5, 0, 9), (6, 0, 16), (7, 2, 4)])
def test_rq_takes_our_way_whatever_info_says(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue], monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, int, int],
) -> None:  # fmt: skip
    """(5, 0, 9) is what RQ makes of an INFO that is refused; below 6.2 it pops its own list, where nothing waits."""
    admit(valkey_url, "one")
    monkeypatch.setattr("rq.queue.get_version", lambda _: version)
    ours = queue(keys.RQ_QUEUE, connection=redis_sync, job_class=DrawJob, serializer=JSONSerializer)
    found = queue.dequeue_any([ours], None, redis_sync, job_class=DrawJob, serializer=JSONSerializer)
    assert found is not None
    assert found[0].id == "one-1"
    with pytest.raises(DequeueTimeout):
        queue.dequeue_any([ours], 1, redis_sync, job_class=DrawJob, serializer=JSONSerializer)


def test_a_slot_comes_by_when_redis_has_answered(
    redis_sync: redis.Redis, queue: type[ClaimQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    visits: list[int] = []
    monkeypatch.setattr(queue.source, "on_visit", lambda: visits.append(1))
    assert queue.lmove(redis_sync, QUEUE_KEY, None) is None
    assert visits == [1]

    def denied(*_: object) -> None:
        raise NoPermissionError("User slot has no permissions to run the 'lmove' command")

    monkeypatch.setattr(redis_sync, "lmove", denied)
    with pytest.raises(RedisRefusedError, match="the command LMOVE"):
        queue.lmove(redis_sync, QUEUE_KEY, None)
    assert queue.source.refused is not None
    assert visits == [1]


def test_only_one_slot_at_a_time_fills_a_place(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue], folder: Path
) -> None:
    """The place looks free to both, but the first has not begun to render yet."""
    admit(valkey_url, "one", "two")
    assert queue.lmove(redis_sync, QUEUE_KEY, None) is not None
    other = EngineTurn(folder / "e.sock")
    second = claim_queue(Claimer(worker="w", timings=TIMINGS, function=NAME, job_timeout=60, turn=other))
    assert second.lmove(redis_sync, QUEUE_KEY, None) is None
    queue.source.arrived()  # as the work horse says once the engine has its render
    assert second.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "two-1")
    other.close()


def test_a_signal_during_a_claim_waits_for_its_end() -> None:
    heard: list[str] = []
    before = signal.signal(signal.SIGTERM, lambda *_: heard.append("handled"))
    try:
        with signals_deferred():
            other = threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM))
            other.start()
            other.join()
            heard.append("claimed")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == ["claimed", "handled"]


class Harmless(DrawJob):
    draw = staticmethod(lambda job, attempt: True)  # type: ignore[assignment] # mypy binds it as a method


def record(call: list[object], **more: str) -> dict[bytes, bytes]:
    fields = {"data": json.dumps(call), "status": "queued", "origin": "easel"} | more
    return {name.encode(): value.encode() for name, value in fields.items()}


def restored(raw: dict[bytes, bytes], connection: redis.Redis) -> Harmless:
    job = Harmless("x-1", connection=connection, serializer=JSONSerializer)
    job.restore(raw)
    return job


def test_the_allowed_function_runs(redis_sync: redis.Redis) -> None:
    assert restored(record([NAME, None, ["x", 1], {}]), redis_sync).func is Harmless.draw


@pytest.mark.parametrize("call", [["os.system", None, ["true"], {}], [NAME, "instance", [], {}]])
def test_no_other_function_runs(redis_sync: redis.Redis, call: list[object]) -> None:
    job = restored(record(call), redis_sync)
    with pytest.raises(ForbiddenFunctionError):
        job.perform()


def test_callbacks_are_not_even_read(redis_sync: redis.Redis) -> None:
    foreign = {"success_callback_name": "os.system", "failure_callback_name": "os.system", "dependency_ids": "[]"}
    job = restored(record([NAME, None, ["x", 1], {}], **foreign), redis_sync)
    assert (job.success_callback, job.failure_callback, job.stopped_callback) == (None, None, None)


@pytest.mark.parametrize("damage", [{"status": "sideways"}, {"created_at": "yesterday"}, {"timeout": "soon"}])
def test_a_damaged_record_counts_as_gone(redis_sync: redis.Redis, damage: dict[str, str]) -> None:
    with pytest.raises(NoSuchJobError):
        restored(record([NAME, None, [], {}], **damage), redis_sync)


def test_a_second_slot_claims_while_the_first_is_on_its_way(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue], folder: Path,
    health: Callable[[Health | None], None],
) -> None:  # fmt: skip
    """The turn ends at the claim; what is on its way takes a place of its own."""
    admit(valkey_url, "one", "two", "three")
    health(READY.model_copy(update={"places": 2}))
    turns = [EngineTurn(folder / "e.sock") for _ in range(2)]
    second, third = (
        claim_queue(Claimer(worker="w", timings=TIMINGS, function=NAME, job_timeout=60, turn=turn)) for turn in turns
    )
    assert queue.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "one-1")
    assert second.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "two-1")
    assert third.lmove(redis_sync, QUEUE_KEY, None) is None
    second.source.arrived()
    assert third.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "three-1")
    for turn in turns:
        turn.close()


def test_a_claim_that_takes_too_long_to_the_engine_keeps_no_place(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue], folder: Path
) -> None:
    """A slot or its work horse hangs, or was paused, after its claim."""
    admit(valkey_url, "one", "two")
    assert queue.lmove(redis_sync, QUEUE_KEY, None) is not None
    (claim,) = folder.glob("e.sock.claim-*")
    os.utime(claim, (1, 1))
    other = EngineTurn(folder / "e.sock", longest=20)
    second = claim_queue(Claimer(worker="w", timings=TIMINGS, function=NAME, job_timeout=60, turn=other))
    assert second.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "two-1")
    queue.source.arrived()  # the sleeper wakes; the other's claim stands
    assert len([*folder.glob("e.sock.claim-*")]) == 1
    other.close()


def test_the_claim_of_a_slot_that_died_keeps_no_place(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue], folder: Path
) -> None:
    admit(valkey_url, "one")
    (folder / "e.sock.claim-1-1").touch()  # nobody holds its lock
    assert queue.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "one-1")
    assert not (folder / "e.sock.claim-1-1").exists()


def test_what_the_engine_has_loaded_goes_first_among_a_persons_next_jobs(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue], health: Callable[[Health | None], None]
) -> None:
    other = INFO.model_copy(update={"id": "other"})
    admit(valkey_url, "cold")

    async def ask_for_another() -> None:
        async with redis.asyncio.Redis.from_url(valkey_url) as client:
            jobs = Jobs(client, TIMINGS)
            await jobs.heartbeat("w", [INFO, other], 1)
            request = new_job("warm").request.model_copy(update={"model": "other"})
            await jobs.admit(new_job("warm").model_copy(update={"request": request}), Caps())

    asyncio.run(ask_for_another())
    health(READY.model_copy(update={"models": (INFO, other), "warm": ("other",)}))
    assert queue.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "warm-1")


def test_a_job_waits_for_its_turn_from_its_claim_on(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue]
) -> None:
    admit(valkey_url, "one")
    queue.lmove(redis_sync, QUEUE_KEY, None)
    told = redis_sync.hget(keys.job("one"), "progress")
    assert isinstance(told, bytes)
    assert json.loads(told)["phase"] == "wait"


def test_a_turn_that_lasts_too_long_is_void(
    redis_sync: redis.Redis, valkey_url: str, queue: type[ClaimQueue], folder: Path
) -> None:
    """A slot hangs, or was paused, with the turn in hand."""
    admit(valkey_url, "one")
    assert queue.source.turn.take() != ()
    turn = folder / "e.sock.turn"
    os.utime(turn, (1, 1))
    other = EngineTurn(folder / "e.sock", longest=20)
    second = claim_queue(Claimer(worker="w", timings=TIMINGS, function=NAME, job_timeout=60, turn=other))
    assert second.lmove(redis_sync, QUEUE_KEY, None) is None  # it replaces the file
    assert second.lmove(redis_sync, QUEUE_KEY, None) == (QUEUE_KEY, "one-1")
    second.source.arrived()
    assert other.take() != ()
    queue.source.turn.leave()  # the sleeper wakes; what it lets go is nobody's any more
    third = EngineTurn(folder / "e.sock")
    assert third.take() == ()
    other.leave()
    assert third.take() != ()
    assert queue.source.turn.take() == ()  # the sleeper finds the new file first
    third.leave()
    assert queue.source.turn.take() != ()
    for each in (other, third):
        each.close()
