"""One poster at a time per message, newest state only, what matters first."""

import pytest
import redis

from tests.worker.contract.factories import INFO, TIMINGS, WIDE, new_job
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Admitted, Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import State
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps, Timings


@pytest.fixture
def outbox(jobs: Jobs) -> Outbox:
    return Outbox(jobs.redis, TIMINGS)


async def test_an_answer_that_never_came_becomes_due_after_the_grace(jobs: Jobs, outbox: Outbox) -> None:
    patient = Jobs(jobs.redis, Timings(answer_grace=60))
    await patient.admit(new_job("1"), Caps())
    assert await outbox.claim(30) is None
    await jobs.admit(new_job("2"), Caps())
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.id == "2"


async def test_an_answered_job_is_not_due_until_something_changes(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.answered("1", 55)
    assert await outbox.claim(30) is None
    await jobs.cancel("1")
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.state is State.CANCELLED


async def test_a_deferral_is_due_at_once(jobs: Jobs, outbox: Outbox) -> None:
    patient = Jobs(jobs.redis, Timings(answer_grace=60))
    await patient.admit(new_job("1"), Caps())
    await jobs.deferred("1", 55)
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.destination.message == 55
    await outbox.done(entry)
    assert await outbox.claim(30) is None


async def test_pictures_that_are_ready_before_the_answer_wait_for_it(jobs: Jobs, outbox: Outbox) -> None:
    patient = Jobs(jobs.redis, Timings(answer_grace=60))
    await patient.admit(new_job("1"), Caps())
    await jobs.cancel("1")
    assert await outbox.claim(30) is None
    await jobs.answered("1", 55)
    assert await outbox.claim(30) is not None


async def test_an_answer_that_comes_after_the_claim_does_not_hold_progress_back(jobs: Jobs) -> None:
    patient = Jobs(jobs.redis, Timings(answer_grace=60))
    await patient.admit(new_job("1"), Caps())
    await jobs.redis.hincrby(keys.job("1"), "revision", 1)  # as a claim does
    await jobs.answered("1", 55)
    due = await jobs.redis.zscore(keys.COSMETIC, "1")
    now = (await jobs.redis.time())[0] * 1000
    assert due is not None
    assert due < now + 30_000


async def test_a_job_without_an_interaction_is_due_at_once(jobs: Jobs, outbox: Outbox) -> None:
    await Jobs(jobs.redis, Timings(answer_grace=60)).admit(new_job("1", token=None), Caps())
    assert await outbox.claim(30) is not None


async def test_what_matters_goes_first(jobs: Jobs, outbox: Outbox) -> None:
    for name in ("1", "2"):
        await jobs.admit(new_job(name), Caps())
    await jobs.cancel("2")
    taken = [await outbox.claim(30), await outbox.claim(30), await outbox.claim(30)]
    assert [entry and entry.job.id for entry in taken] == ["2", "1", None]


async def test_a_message_is_held_by_one_poster_even_when_more_happens_to_it(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), Caps())
    entry = await outbox.claim(30)
    assert entry is not None
    await jobs.cancel("1")
    assert await outbox.claim(30) is None
    assert await outbox.done(entry)
    newer = await outbox.claim(30)
    assert newer is not None
    assert newer.job.state is State.CANCELLED
    assert await outbox.done(newer)
    assert await outbox.claim(30) is None


async def test_a_poster_that_slept_past_its_lease_has_lost_and_the_message_is_shown_again(
    jobs: Jobs, outbox: Outbox
) -> None:
    await jobs.admit(new_job("1"), Caps())
    sleeper = await outbox.claim(0)
    other = await outbox.claim(30)
    assert sleeper is not None
    assert other is not None
    assert not await outbox.held(sleeper)
    assert await outbox.held(other)
    assert await outbox.done(other)
    assert not await outbox.done(sleeper)
    again = await outbox.claim(30)
    assert again is not None


async def test_later_is_later(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), Caps())
    entry = await outbox.claim(30)
    assert entry is not None
    await outbox.later(entry, 60)
    assert await outbox.claim(30) is None
    await jobs.redis.zadd(keys.COSMETIC, {"1": 0})
    assert await outbox.claim(30) is not None


async def test_where_the_message_is_is_remembered(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), Caps())
    entry = await outbox.claim(30)
    assert entry is not None
    entry = await outbox.located(entry, 99, 78)
    job = await jobs.get("1")
    assert job is not None
    assert job.destination == entry.job.destination
    assert (job.destination.message, job.destination.channel) == (99, 78)


async def test_damaged_records_are_set_aside_and_never_loop(jobs: Jobs, outbox: Outbox) -> None:
    for name in ("1", "2"):
        await jobs.admit(new_job(name), Caps())
    await jobs.redis.hset(keys.job("1"), "state", "bogus")
    taken = [await outbox.claim(30), await outbox.claim(30), await outbox.claim(30)]
    assert [entry and (entry.job.id, entry.job.state) for entry in taken] == [
        ("1", State.FAILED), ("2", State.QUEUED), None
    ]  # fmt: skip
    assert await jobs.redis.lrange(keys.QUARANTINE, 0, -1) == [b"1"]
    assert await jobs.redis.smembers(keys.person(1)) == {b"2"}
    assert await jobs.redis.ttl(keys.job("1")) > 0


async def test_a_full_redis_is_emptied_by_posting(jobs: Jobs, outbox: Outbox, redis_sync: redis.Redis) -> None:
    await jobs.heartbeat("w1", [INFO], 1)
    await jobs.admit(new_job("1"), Caps())
    claim(redis_sync, worker="w", capabilities=["starter"], timings=Timings(), function="f", job_timeout=9)
    result = Result(pictures=(Picture(seed=1, width=64, height=64, size=3),))
    assert await jobs.store("1", 1, result, [b"png"])
    await jobs.redis.config_set("maxmemory", "100kb")
    try:
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            await jobs.redis.set("more", "x")
        entry = await outbox.claim(30)
        assert entry is not None
        assert await outbox.extend(entry, 60)
        entry = await outbox.located(entry, 5, 6)
        assert await outbox.posted(entry)
        assert await outbox.pictures(entry.job) is None
    finally:
        await jobs.redis.config_set("maxmemory", "0")


async def test_places_are_told_when_they_are_news(jobs: Jobs, outbox: Outbox) -> None:
    for name in ("1", "2", "3"):
        await jobs.admit(new_job(name), Caps())
        await jobs.answered(name, int(name))
    await jobs.cancel("1")
    quiet = Outbox(jobs.redis, Timings(edit_every=0, retell=3600))
    assert await quiet.announce() == 2
    job = await jobs.get("2")
    assert job is not None
    assert job.place == 1


async def announced(outbox: Outbox) -> int:
    """Announce, however shortly ago somebody else did."""
    await outbox.redis.delete(keys.ANNOUNCER)
    return await outbox.announce()


async def test_those_who_wait_are_told_when_nobody_draws(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.answered("1", 5)
    quiet = Outbox(jobs.redis, Timings(edit_every=0, retell=3600))
    assert await announced(quiet) == 0
    await jobs.heartbeat("w1", (), 0, "3 jobs in a row failed here")
    assert await announced(quiet) == 1
    assert await announced(quiet) == 0
    entry = await outbox.claim(30)
    assert entry is not None
    assert "next in line · no worker draws with starter right now" in card(entry.job, ENGLISH)["content"]
    await jobs.heartbeat("w1", [INFO], 1)
    assert await announced(quiet) == 1
    job = await jobs.get("1")
    assert job is not None
    assert not job.stalled


async def test_a_model_whose_last_worker_has_left_is_told_though_others_draw(jobs: Jobs) -> None:
    quiet = Outbox(jobs.redis, Timings(edit_every=0, retell=3600))
    await jobs.heartbeat("w2", [INFO.model_copy(update={"id": "other"})], 1)
    await jobs.heartbeat("w3", [INFO], 1)
    await jobs.leave("w1")
    await jobs.admit(new_job("1"), Caps())
    assert await announced(quiet) == 0
    await jobs.leave("w3")
    assert await announced(quiet) == 1
    job = await jobs.get("1")
    assert job is not None
    assert job.stalled
    assert (await jobs.standing("1")).eta is None
    assert isinstance(await jobs.admit(new_job("2"), Caps()), Admitted)  # another may come within minutes


async def test_requests_with_the_bots_token_take_turns_over_all_posters(redis_async: redis.asyncio.Redis) -> None:
    one, two = Outbox(redis_async), Outbox(redis_async)
    seconds, micros = await redis_async.time()
    waits = [await (one, two)[number % 2].rate_slot(0.5) for number in range(60)]
    taken = [wait for wait in waits if wait <= 0.5]
    assert waits[0] == 0
    assert 15 <= len(taken) <= 60  # as many as fit into half a second, and into what the test itself took
    follows = float((await redis_async.get(keys.RATE_SLOT)) or 0) / 1000 - (seconds + micros / 1e6)
    assert follows >= len(taken) * 0.02  # each has a place of its own in the row
    assert await redis_async.pttl(keys.RATE_SLOT) > 0


async def test_an_extension_moves_on_until_when_it_is_held(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), Caps())
    entry = await outbox.claim(30)
    assert entry is not None
    assert await outbox.held(entry)
    before = entry.until.moment
    assert await outbox.extend(entry, 600)
    assert entry.until.moment > before + 500
    await jobs.redis.hset(keys.job("1"), "holder", "another")
    assert not await outbox.extend(entry, 600)
    assert entry.until.moment == 0
    assert not await outbox.held(entry)
    assert entry.until.moment == 0


async def test_those_that_change_while_they_are_held_hide_nobody(jobs: Jobs, outbox: Outbox) -> None:
    """Posters of many hosts work on messages for which Discord takes long, and each of these changes meanwhile."""
    names = [f"j{number}" for number in range(51)]
    for name in names:
        await jobs.admit(new_job(name), WIDE)
    held = {entry.job.id for _ in names[:-1] if (entry := await outbox.claim(30))}
    assert len(held) == 50
    for name in names:
        await jobs.cancel(name)
    await jobs.redis.zadd(keys.OUTBOX, dict.fromkeys(held, 1))
    taken = [await outbox.claim(30), await outbox.claim(30)]
    assert [entry.job.id for entry in taken if entry] == [name for name in names if name not in held]


async def test_a_message_that_was_deleted_under_a_posters_hands_comes_up_no_more(jobs: Jobs, outbox: Outbox) -> None:
    await jobs.admit(new_job("1"), Caps())
    await jobs.cancel("1")
    entry = await outbox.claim(30)
    assert entry is not None
    assert await jobs.bury("1")
    assert not await outbox.done(entry)
    assert await jobs.redis.zcard(keys.OUTBOX) == 0
    await jobs.redis.zadd(keys.OUTBOX, {"1": 0})  # an older poster's doing
    assert await outbox.claim(30) is None
    assert await jobs.redis.zcard(keys.OUTBOX) == 0
