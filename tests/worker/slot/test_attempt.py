"""One try at a job against an engine that does what the test says, on a real Valkey."""

import asyncio
import json
import logging

import pytest
import redis
import redis.asyncio

from tests.worker.contract.factories import INFO, new_job
from tests.worker.harness import until
from tests.worker.slot.harness import Harness
from tests.worker.slot.scripted import NOTICE, ScriptedEngine, Stream
from worker.contract.store import keys
from worker.contract.store.jobs import Cancelled, Jobs
from worker.contract.types.cause import call_unreadable, device_lost, size_over_memory, words_declined
from worker.contract.types.job import Reason, State
from worker.contract.types.timings import Caps, Timings
from worker.engine import protocol
from worker.engine.blame import breaker_file
from worker.slot.attempt import Attempt
from worker.slot.client import EngineClient


@pytest.fixture
async def harness(redis_async: redis.asyncio.Redis, valkey_url: str, engine: ScriptedEngine) -> Harness:
    harness = Harness(redis_async, valkey_url, engine)
    await harness.jobs.heartbeat("w", [INFO], 1)
    await harness.jobs.admit(new_job("job"), Caps())
    await harness.claim()
    return harness


async def test_pictures_are_stored_in_order(harness: Harness) -> None:
    job = await harness.run()
    assert job.state is State.RENDERED
    assert job.result is not None
    assert [picture.seed for picture in job.result.pictures] == [42, 43, 44, 45]
    assert (job.result.engine, job.result.timings, job.result.notice) == ("scripted", {"total": 12.0}, NOTICE)
    assert await harness.jobs.redis.get(keys.picture("job", 1, 3)) == b"picture 3"
    assert harness.started.is_set()


async def test_progress_and_preview_reach_the_record(harness: Harness, engine: ScriptedEngine) -> None:
    seen = asyncio.Event()

    async def script(stream: Stream) -> None:
        await stream.send(protocol.Step(step=7, steps=20))
        await stream.send(protocol.Preview(step=7), b"small")
        await seen.wait()
        await stream.pictures()

    engine.script = script
    run = asyncio.create_task(harness.run())

    async def shown() -> bool:
        progress = (await harness.job()).progress
        return bool(progress and progress.step == 7) and await harness.jobs.redis.get(keys.preview("job")) == b"small"

    await until(shown, "progress and preview")
    seen.set()
    assert (await run).state is State.RENDERED


async def test_a_full_redis_takes_no_preview_and_hears_all_the_same_that_the_attempt_lives(
    harness: Harness, engine: ScriptedEngine
) -> None:
    """Else every job would lose its lease as soon as there is no room, and be drawn again and again."""
    seen = asyncio.Event()

    async def script(stream: Stream) -> None:
        await stream.send(protocol.Preview(step=7), b"small")
        await stream.send(protocol.Step(step=7, steps=20))
        await seen.wait()
        await stream.pictures()

    async def renewed() -> bool:
        progress = (await harness.job()).progress
        return bool(progress and progress.step == 7)

    engine.script = script
    await harness.jobs.redis.config_set("maxmemory", 1)
    try:
        run = asyncio.create_task(harness.run())
        await until(renewed, "a renewal")
        assert await harness.jobs.redis.get(keys.preview("job")) is None
    finally:
        await harness.jobs.redis.config_set("maxmemory", 0)
    seen.set()
    assert (await run).state is State.RENDERED


async def test_a_cancel_ends_the_render(harness: Harness, engine: ScriptedEngine) -> None:
    engine.script = Stream.for_ever
    run = asyncio.create_task(harness.run())
    await harness.started.wait()
    assert await harness.jobs.cancel("job", Reason.OWNER) is Cancelled.DONE
    assert (await run).state is State.CANCELLED
    await asyncio.wait_for(engine.cancelled.wait(), 10)


async def test_the_hint_makes_a_cancel_quick(
    redis_async: redis.asyncio.Redis, harness: Harness, engine: ScriptedEngine
) -> None:
    """With a renewal every ten minutes only the hint can end it within the deadline."""
    harness.jobs = Jobs(redis_async, Timings(lease=900, renew=600))
    engine.script = Stream.for_ever
    run = asyncio.create_task(harness.run())
    await harness.started.wait()

    async def heard() -> bool:
        return dict(await redis_async.pubsub_numsub(keys.CANCEL_CHANNEL))[keys.CANCEL_CHANNEL.encode()] > 0

    await until(heard, "subscription")
    await harness.jobs.cancel("job", Reason.OWNER)
    assert (await asyncio.wait_for(run, 30)).state is State.CANCELLED


async def test_an_attempt_whose_job_went_to_another_stops(harness: Harness, engine: ScriptedEngine) -> None:
    engine.script = Stream.for_ever
    run = asyncio.create_task(harness.run())
    await harness.started.wait()
    await harness.jobs.redis.hset(keys.job("job"), "attempt", 2)
    assert (await run).state is State.CLAIMED
    await asyncio.wait_for(engine.cancelled.wait(), 10)


async def test_a_stale_attempt_does_not_even_start(harness: Harness, engine: ScriptedEngine) -> None:
    await harness.jobs.redis.hset(keys.job("job"), "attempt", 2)
    assert (await harness.run()).state is State.CLAIMED
    assert engine.calls == 0


async def test_a_damaged_record_fails_at_its_first_attempt(harness: Harness, engine: ScriptedEngine) -> None:
    await harness.jobs.redis.hset(keys.job("job"), "request", "{")
    async with EngineClient(engine.path) as client:
        await Attempt(harness.jobs, client, "job", 1).run()
    assert engine.calls == 0
    assert await harness.jobs.redis.hmget(keys.job("job"), "state", "reason") == [b"failed", b"damaged"]


async def test_what_people_wrote_is_logged_at_debug_alone(
    harness: Harness, engine: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cause = words_declined("Starter", "“赤いりんご”", 3000, "“red apple”")
    engine.script = lambda stream: stream.send(
        protocol.Failed.of(Reason.INVALID, cause, "Starter has not learnt to draw “赤いりんご”.")  # as it once was told
    )
    job = await harness.run()
    assert (job.reason, job.cause) == (Reason.INVALID, cause), "whoever asked hears it"
    for record in caplog.records:
        if "赤いりんご" in record.getMessage() or "red apple" in record.getMessage():
            assert record.levelno == logging.DEBUG
    assert "invalid: Starter can't draw this: it has not learnt to draw […]. It knows 3000" in caplog.text
    assert "赤いりんご" in caplog.text


async def test_a_failed_render_is_final(harness: Harness, engine: ScriptedEngine) -> None:
    engine.script = lambda stream: stream.send(
        protocol.Failed.of(Reason.MEMORY, size_over_memory(64, 32), "Smaller, please.")
    )
    job = await harness.run()
    assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.MEMORY, size_over_memory(64, 32))
    assert job.detail == "", "a sentence crossed a process"


@pytest.mark.parametrize("reason", [Reason.ENGINE, Reason.TIMEOUT])
async def test_what_is_the_engines_fault_is_tried_again(
    harness: Harness, engine: ScriptedEngine, reason: Reason
) -> None:
    engine.script = lambda stream: stream.send(protocol.Failed.of(reason, device_lost(), "Not today."))
    assert (await harness.run()).state is State.CLAIMED
    assert await harness.given_up()
    assert await harness.jobs.redis.hmget(keys.job("job"), "why", "why_cause") == [
        reason.value.encode(),
        device_lost().dump().encode(),
    ]


async def test_a_device_that_was_lost_over_several_says_nothing_of_one(
    harness: Harness, engine: ScriptedEngine
) -> None:
    breaker_file(engine.path).write_text(json.dumps({"suspects": ["other", "job"]}))
    engine.script = lambda stream: stream.send(protocol.Failed.of(Reason.ENGINE, device_lost(), "Not today."))
    assert (await harness.run()).alone
    assert await harness.given_up()
    assert (await harness.job()).tried == 0


async def test_an_answer_that_is_none_is_the_engines_fault(harness: Harness, engine: ScriptedEngine) -> None:
    engine.refusals = [(500, {})]
    assert (await harness.run()).state is State.CLAIMED
    assert await harness.given_up()


async def test_an_engine_without_a_sign_of_life_costs_an_attempt_only(
    harness: Harness, engine: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.script = Stream.for_ever
    async with EngineClient(engine.path, silence=0.3) as client:
        await Attempt(harness.jobs, client, "job", 1).run()
    assert await harness.given_up()
    assert "the engine gave no sign of life in the middle of a render" in caplog.text


async def test_a_pulse_is_a_sign_of_life(harness: Harness, engine: ScriptedEngine) -> None:
    beats = 0

    async def script(stream: Stream) -> None:
        nonlocal beats
        while beats < 5:
            await asyncio.sleep(0.1)
            await stream.send(protocol.Pulse())
            beats += 1
        await stream.pictures()

    engine.script = script
    async with EngineClient(engine.path, silence=0.4) as client:
        await Attempt(harness.jobs, client, "job", 1).run()
    assert (await harness.job()).state is State.RENDERED


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        ((422, {"reason": "invalid", "detail": "too wide", "code": "call_unreadable"}), Reason.INVALID),
        ((404, {"reason": "model", "detail": "gone"}), Reason.MODEL),
    ],
)
async def test_a_refused_request_is_final(
    harness: Harness, engine: ScriptedEngine, refusal: tuple[int, dict[str, str]], reason: Reason
) -> None:
    engine.refusals = [refusal]
    job = await harness.run()
    assert (job.state, job.reason) == (State.FAILED, reason)
    assert job.cause == (call_unreadable() if "code" in refusal[1] else None)


async def test_a_busy_engine_is_asked_again(harness: Harness, engine: ScriptedEngine) -> None:
    engine.refusals = [(503, {"reason": "busy"})] * 3
    assert (await harness.run(patience=30)).state is State.RENDERED
    assert engine.calls == 4


@pytest.mark.parametrize("reason", ["busy", "draining"])
async def test_an_engine_that_stays_shut_gets_the_job_no_more(
    harness: Harness, engine: ScriptedEngine, reason: str
) -> None:
    engine.refusals = [(503, {"reason": reason})] * 1000
    assert (await harness.run()).state is State.CLAIMED
    assert await harness.given_up()


async def test_an_engine_that_hangs_up_costs_an_attempt_only(harness: Harness, engine: ScriptedEngine) -> None:
    engine.script = lambda stream: stream.send(protocol.Step(step=1, steps=20))
    assert (await harness.run()).state is State.CLAIMED
    assert await harness.given_up()


async def test_an_engine_that_dies_costs_an_attempt_only_and_is_told_in_words(
    harness: Harness, engine: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.script = lambda stream: stream.die()
    assert (await harness.run()).state is State.CLAIMED
    assert await harness.given_up()
    assert "the engine went away in the middle of a render" in caplog.text
    assert "Error" not in caplog.text


async def test_pictures_that_never_came_cost_an_attempt_only(harness: Harness, engine: ScriptedEngine) -> None:
    engine.script = lambda stream: stream.send(protocol.Done(timings={}, engine="forgetful"))
    assert (await harness.run()).state is State.CLAIMED
    assert await harness.given_up()


async def test_no_engine_at_all_costs_an_attempt_only(harness: Harness, engine: ScriptedEngine) -> None:
    engine.path.unlink()
    assert (await harness.run()).state is State.CLAIMED
    assert await harness.given_up()


async def test_pictures_for_which_redis_has_no_room_say_nothing_of_their_job(harness: Harness) -> None:
    """It would fail for good after a few of them, though nothing is wrong with it."""
    await harness.jobs.redis.config_set("maxmemory", 1)
    try:
        job = await harness.run(store_patience=0.1)
        assert (job.state, await harness.given_up()) == (State.CLAIMED, True)
    finally:
        await harness.jobs.redis.config_set("maxmemory", 0)
    await harness.jobs.reap()
    assert await harness.jobs.redis.hmget(keys.job("job"), "state", "uncounted") == [b"queued", b"1"]
