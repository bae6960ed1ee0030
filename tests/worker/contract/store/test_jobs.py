"""The life of a job, on a real Valkey: every change checks state and fence."""

import json
from typing import Any

import pytest

from tests.worker.contract.factories import RESULT, TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import AdmissionLimit, Admitted, Cancelled, Hold, Jobs, Refused, Seen
from worker.contract.store.outbox import Outbox
from worker.contract.store.record import DamagedRecordError
from worker.contract.types.cause import decode_over_budget, device_lost
from worker.contract.types.job import Progress, Reason, State
from worker.contract.types.timings import Caps, Timings


async def test_a_job_lives_from_admission_to_posting(jobs: Jobs, take: Any) -> None:
    admitted = await jobs.admit(new_job("1"), Caps())
    assert admitted == Admitted("1", 1)
    await jobs.answered("1", 555)
    job, attempt = take(timings=Timings(lease=60))
    assert (job, attempt) == ("1", 1)
    assert await jobs.renew("1", 1, Progress(step=3, steps=20)) is Hold.HELD
    assert await jobs.store("1", 1, RESULT, [b"png"])
    outbox = Outbox(jobs.redis, TIMINGS)
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.state is State.RENDERED
    assert entry.job.destination.message == 555
    assert entry.job.destination.token == "secret"
    assert await outbox.pictures(entry.job) == [b"png"]
    assert await outbox.held(entry)
    assert await outbox.posted(entry)
    ended = await jobs.get("1")
    assert ended is not None
    assert ended.state is State.POSTED
    assert ended.destination.token is None
    assert await outbox.pictures(ended) is None
    assert await outbox.claim(30) is None
    assert 0 < await jobs.redis.ttl(keys.job("1")) <= TIMINGS.keep
    assert await jobs.redis.scard(keys.person(1)) == await jobs.redis.scard(keys.server("10")) == 0
    assert await jobs.redis.hlen(keys.UNPOSTED) == 0


async def test_the_same_event_is_accepted_once(jobs: Jobs) -> None:
    assert isinstance(await jobs.admit(new_job("1"), Caps()), Admitted)
    assert await jobs.admit(new_job("1"), Caps()) == Seen("1")
    first = await jobs.admit(new_job("a", event="reaction:9:1:rerun", event_ttl=60), Caps())
    assert isinstance(first, Admitted)
    assert await jobs.admit(new_job("b", event="reaction:9:1:rerun", event_ttl=60), Caps()) == Seen("a")


@pytest.mark.parametrize(
    ("caps", "why"),
    [
        (Caps(person=2), AdmissionLimit.PERSON),
        (Caps(server=2), AdmissionLimit.SERVER),
        (Caps(total=2), AdmissionLimit.TOTAL),
    ],
)
async def test_caps_refuse_with_the_limit_and_come_back(jobs: Jobs, caps: Caps, why: AdmissionLimit) -> None:
    await jobs.admit(new_job("1"), caps)
    await jobs.admit(new_job("2"), caps)
    assert await jobs.admit(new_job("3"), caps) == Refused(why, 2, 2)
    assert await jobs.cancel("1") is Cancelled.DONE
    assert isinstance(await jobs.admit(new_job("3"), caps), Admitted)


async def test_a_refusal_says_when_the_first_of_ones_jobs_is_probably_done(jobs: Jobs, take: Any) -> None:
    cost = new_job("1").request.cost()
    await jobs.redis.hset(keys.PACE, "starter", str(60_000 / cost))
    await jobs.admit(new_job("1"), Caps())
    await jobs.admit(new_job("2"), Caps())
    waiting = await jobs.admit(new_job("3"), Caps(person=2))
    take(timings=Timings(lease=60))
    running = await jobs.admit(new_job("3"), Caps(person=2))
    full = await jobs.admit(new_job("3"), Caps(total=2))
    for refused in (waiting, running, full):
        assert isinstance(refused, Refused)
        assert refused.retry_after == pytest.approx(60, abs=20)


async def test_a_lost_record_does_not_hold_a_cap_for_ever(jobs: Jobs) -> None:
    await jobs.admit(new_job("1"), Caps(person=1))
    await jobs.redis.delete(keys.job("1"))
    assert isinstance(await jobs.admit(new_job("2"), Caps(person=1)), Refused)
    await jobs.reap()  # looks there first where somebody was refused
    assert isinstance(await jobs.admit(new_job("2"), Caps(person=1)), Admitted)


async def test_claims_go_in_order_of_arrival_and_by_model(jobs: Jobs, take: Any) -> None:
    for name in ("1", "2", "3"):
        await jobs.admit(new_job(name), Caps())
    assert take(("other",)) is None
    assert [take() for _ in range(4)] == [("1", 1), ("2", 1), ("3", 1), None]


async def test_a_claim_whose_answer_was_lost_is_answered_alike(
    jobs: Jobs, take: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.contract.store.claim.secrets.token_hex", lambda _: "same")
    for name in ("1", "2"):
        await jobs.admit(new_job(name), Caps())
    held = Timings(lease=60)
    assert [take(timings=held), take(timings=held)] == [("1", 1), ("1", 1)]
    assert await jobs.redis.llen("rq:queue:easel:intermediate") == 1


async def test_the_attempt_is_an_rq_job_on_the_intermediate_list(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    assert await jobs.redis.lrange("rq:queue:easel:intermediate", 0, -1) == [b"1-1"]
    record = await jobs.redis.hgetall("rq:job:1-1")
    assert json.loads(record[b"data"]) == ["worker.x", None, ["1", 1], {}]
    assert await jobs.redis.ttl("rq:job:1-1") > 0
    assert b"apple" not in str(record).encode()


async def test_an_expired_lease_goes_back_to_the_front_and_the_old_fence_is_stale(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.admit(new_job("2"), Caps())
    assert take() == ("1", 1)
    assert await jobs.reap() == 1
    assert (await jobs.standing("1")).place == 1
    assert take() == ("1", 2)
    assert await jobs.renew("1", 1) is Hold.LOST
    assert not await jobs.store("1", 1, RESULT, [b"old"])
    assert not await jobs.fail("1", 1, Reason.ENGINE)
    assert not await jobs.give_up("1", 1)
    assert await jobs.redis.exists(keys.picture("1", 1, 0)) == 0
    assert await jobs.store("1", 2, RESULT, [b"new"])


async def test_a_result_whose_first_answer_was_lost_may_be_stored_again(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    assert await jobs.store("1", 1, RESULT, [b"png"])
    assert await jobs.store("1", 1, RESULT, [b"png"])
    assert await jobs.redis.get(keys.picture("1", 1, 0)) == b"png"


async def test_a_held_lease_is_not_reaped_until_it_is_given_up(jobs: Jobs, take: Any) -> None:
    jobs.timings = Timings(lease=0)
    await jobs.admit(new_job("1"), Caps())
    take(timings=Timings(lease=60))
    assert await jobs.reap() == 0
    assert await jobs.give_up("1", 1)
    assert await jobs.reap() == 1


async def test_three_attempts_then_failed_with_the_quota_back(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps(person=1))
    for number in (1, 2, 3):
        assert take() == ("1", number)
        assert await jobs.reap() == 1
    assert take() is None
    job = await jobs.get("1")
    assert job is not None
    assert (job.state, job.reason) == (State.FAILED, Reason.ATTEMPTS)
    assert isinstance(await jobs.admit(new_job("2"), Caps(person=1)), Admitted)


async def test_nothing_is_reaped_for_a_lease_after_nobody_could_reap_or_renew(jobs: Jobs, take: Any) -> None:
    for name in ("1", "2"):
        await jobs.admit(new_job(name), Caps())
        take()
    patient = Jobs(jobs.redis, Timings(lease=3600))
    await jobs.redis.hset(keys.REAPER, "at", 1)  # Redis was away, and has just come back
    assert await patient.reap() == 0
    assert await jobs.reap() == 0
    assert await jobs.give_up("1", 1)
    assert await patient.reap() == 1  # what was given up need not wait
    await jobs.redis.hset(keys.REAPER, "quiet", 0)
    assert await jobs.reap() == 1


async def test_what_a_job_was_given_up_for_is_what_it_fails_with(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    for number in (1, 2, 3):
        assert take(timings=Timings(lease=60)) == ("1", number)
        assert await jobs.give_up("1", number, Reason.TIMEOUT, decode_over_budget(60))
        assert await jobs.reap() == 1
    job = await jobs.get("1")
    assert job is not None
    assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.TIMEOUT, decode_over_budget(60))
    assert job.detail == ""


@pytest.mark.parametrize(("detail", "reason"), [("The decode phase took long.", "timeout"), (None, None)])
async def test_an_older_slot_beside_us_is_heard_as_it_speaks(
    jobs: Jobs, take: Any, detail: str | None, reason: str | None
) -> None:
    await jobs.admit(new_job("1"), Caps())
    for number in (1, 2, 3):
        assert take(timings=Timings(lease=60)) == ("1", number)
        if number < 3:
            assert await jobs.give_up("1", number, Reason.ENGINE, device_lost())
        else:  # what give_up.lua did before there were causes, and an older claim.lua before it
            await jobs.redis.hset(keys.job("1"), "why_cause", device_lost().dump())
            if reason and detail:
                await jobs.redis.hset(keys.job("1"), mapping={"why": reason, "why_detail": detail})
            await jobs.redis.zadd(keys.LEASES, {"1": 0})
        assert await jobs.reap() == 1
    job = await jobs.get("1")
    assert job is not None
    assert (job.state, job.reason) == (State.FAILED, Reason(reason or "attempts"))
    assert (job.cause, job.detail) == (None, detail or "")


async def test_a_cause_that_cannot_be_read_takes_nothing_else_with_it(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    assert await jobs.fail("1", 1, Reason.MEMORY, device_lost())
    await jobs.redis.hset(keys.job("1"), "cause", "{")
    job = await jobs.get("1")
    assert job is not None
    assert (job.state, job.reason, job.cause) == (State.FAILED, Reason.MEMORY, None)


async def test_pictures_of_an_attempt_that_was_reaped_take_no_memory(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    await jobs.redis.set(keys.picture("1", 1, 0), b"png")  # killed between its pictures and its result
    await jobs.reap()
    assert not await jobs.redis.exists(keys.picture("1", 1, 0))


async def test_who_waited_too_long_is_told(jobs: Jobs) -> None:
    await jobs.admit(new_job("1"), Caps())
    assert await Jobs(jobs.redis, Timings(lease=0, wait_max=-1)).reap() == 1
    job = await jobs.get("1")
    assert job is not None
    assert job.reason is Reason.WAITED


async def test_cancel_wins_over_a_render_and_loses_to_a_result(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.admit(new_job("2"), Caps())
    take()
    assert await jobs.cancel("1", Reason.MODERATOR) is Cancelled.DONE
    assert await jobs.renew("1", 1) is Hold.CANCELLED
    assert not await jobs.store("1", 1, RESULT, [b"png"])
    take()
    assert await jobs.store("2", 1, RESULT, [b"png"])
    assert await jobs.cancel("2") is Cancelled.ENDED
    assert await jobs.cancel("3") is Cancelled.UNKNOWN


async def test_a_cancel_is_hinted_to_the_slot(jobs: Jobs, take: Any) -> None:
    async with jobs.redis.pubsub() as pubsub:
        await pubsub.subscribe(keys.CANCEL_CHANNEL)
        await jobs.admit(new_job("1"), Caps())
        take()
        await jobs.cancel("1")
        heard = None
        while heard is None:
            heard = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5)
        assert heard["data"] == b"1"


async def test_unposted_bytes_stop_claims(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.admit(new_job("2"), Caps())
    take()
    await jobs.store("1", 1, RESULT, [b"x" * 100])
    assert take(timings=Timings(unposted_max=100)) is None
    assert take(timings=Timings(unposted_max=101)) == ("2", 1)


async def test_a_newer_record_is_left_to_newer_workers(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.redis.hset(keys.job("1"), "version", "99")
    assert take() is None
    assert (await jobs.standing("1")).place == 1


async def test_eta_comes_from_the_pace_of_jobs_before(jobs: Jobs, take: Any) -> None:
    first = await jobs.admit(new_job("1"), Caps())
    assert isinstance(first, Admitted)
    assert first.eta is None
    take()
    await jobs.redis.hset(keys.PACE, "starter", "1000")
    second = await jobs.admit(new_job("2"), Caps())
    cost = new_job("2").request.cost()
    assert isinstance(second, Admitted)
    assert second.eta == pytest.approx(2 * cost, rel=0.1)  # its own, and all of what was begun just now


async def test_tokens_leave_redis_when_they_died(jobs: Jobs) -> None:
    await Jobs(jobs.redis, Timings(token=0)).admit(new_job("1"), Caps())
    await jobs.reap()
    job = await jobs.get("1")
    assert job is not None
    assert job.destination.token is None


async def test_a_damaged_record_is_named(jobs: Jobs) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.redis.hset(keys.job("1"), "request", "{}")
    with pytest.raises(DamagedRecordError, match="job 1"):
        await jobs.get("1")


async def test_previews_of_a_stale_attempt_are_dropped(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    await jobs.preview("1", 7, b"old")
    assert await jobs.redis.get(keys.preview("1")) is None
    await jobs.preview("1", 1, b"new")
    assert await jobs.redis.get(keys.preview("1")) == b"new"


async def test_pictures_of_a_stale_attempt_are_dropped(jobs: Jobs, take: Any) -> None:
    """They may come long after it has learned that it lost its job: while it was cut off, they were on their way."""
    await jobs.admit(new_job("1"), Caps())
    take()
    await jobs._run("picture", "1", 7, 0, 60_000, b"late")
    assert await jobs.redis.get(keys.picture("1", 7, 0)) is None
    assert await jobs.store("1", 1, RESULT, [b"png"])
    assert await jobs.redis.get(keys.picture("1", 1, 0)) == b"png"
    assert 0 < await jobs.redis.pttl(keys.picture("1", 1, 0)) <= jobs.timings.pictures * 1000
    await jobs.redis.delete(keys.picture("1", 1, 0))  # as a poster does
    assert await jobs.store("1", 1, RESULT, [b"png"])  # its first answer was lost on the way
    assert await jobs.redis.get(keys.picture("1", 1, 0)) is None


async def test_an_attempt_that_loses_its_job_last_of_all_leaves_no_pictures(
    jobs: Jobs, take: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    run = jobs._run

    async def overtaken(name: str, *args: Any) -> Any:
        if name == "rendered":
            assert await jobs.redis.exists(keys.picture("1", 1, 0))
            await jobs.redis.hset(keys.job("1"), "attempt", "2")
        return await run(name, *args)

    monkeypatch.setattr(jobs, "_run", overtaken)
    assert not await jobs.store("1", 1, RESULT, [b"png"])
    assert not await jobs.redis.exists(keys.picture("1", 1, 0))
