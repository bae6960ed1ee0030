"""Redis's clock is set while everything runs: nothing that is due, held or waited for sees it."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from redis.asyncio import Redis

from tests.redis_clock import RedisClock, settable
from tests.worker.contract.factories import INFO, new_job
from worker.contract.store import failpoints, keys, scripts
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Admitted, Hold, Jobs, Standing
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import Reason, State
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps, Timings, ms

SPANS = Timings(lease=60, answer_grace=60, edit_every=60, retell=3600)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
STEPS = [-10 * MINUTE, -7 * HOUR, -400 * DAY, 70.0, 7 * HOUR, 400 * DAY]
UNSEEN = 20.0  # seconds that a busy machine may take between two lines of a test


@pytest.fixture
def clock(redis_async: Redis) -> Iterator[RedisClock]:
    """The clock of the test's Redis, for scripts of this process."""
    with settable():
        yield RedisClock(redis_async)


@pytest.fixture
async def jobs(clock: RedisClock, redis_async: Redis) -> Jobs:
    """With a worker that can draw, and reaped a moment ago."""
    jobs = Jobs(redis_async, SPANS)
    await jobs.heartbeat("w", [INFO], 1)
    await jobs.reap()
    return jobs


@pytest.fixture
def take(valkey_url: str) -> Iterator[Any]:
    with redis.Redis.from_url(valkey_url) as client:
        yield lambda: claim(client, worker="w", capabilities=[INFO.id], timings=SPANS, function="f", job_timeout=60)


@pytest.mark.parametrize("step", STEPS)
async def test_nothing_that_is_due_or_held_sees_a_step(jobs: Jobs, clock: RedisClock, take: Any, step: float) -> None:
    outbox = Outbox(jobs.redis, SPANS)
    for owner, name in ((1, "held"), (4, "waiting")):
        await jobs.admit(new_job(name, owner=owner), Caps())
        await jobs.answered(name, 5)
    await jobs.admit(new_job("unanswered", owner=2), Caps())
    assert take() == "held-1"
    await jobs.admit(new_job("result", owner=3, token=None), Caps())
    entry = await outbox.claim(60)
    assert entry is not None
    await outbox.rate_slot(0.5)
    before = await jobs.now()

    await clock.step(step)

    assert -300 < await jobs.now() - before < ms(UNSEEN)
    assert await jobs.reap() == 0
    assert await jobs.renew("held", 1) is Hold.HELD
    lease = await jobs.redis.zscore(keys.LEASES, "held")
    assert lease is not None
    assert 0 < lease - await jobs.now() < ms(60.3)
    assert 60 - UNSEEN < await outbox.held(entry) < 60.3
    assert await outbox.rate_slot(0.5) < 0.5
    assert await outbox.claim(60) is None  # the bot still has its time to answer
    assert [model.id for model in await jobs.models()] == [INFO.id]
    assert (await jobs.standing("waiting")).place == 1
    assert isinstance(await jobs.admit(new_job("later", owner=4), Caps()), Admitted)
    for name in ("waiting", "unanswered", "later"):
        found = await jobs.get(name)
        assert found is not None
        assert (found.state, found.destination.token) == (State.QUEUED, "secret")


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_holds_nothing_back(jobs: Jobs, clock: RedisClock, take: Any, step: float) -> None:
    """What is due goes on at its pace: a result is posted, one given up is drawn again, places are told."""
    eager = Timings(lease=60, answer_grace=0, edit_every=0.002, retell=0)
    outbox = Outbox(jobs.redis, eager)
    await jobs.admit(new_job("1"), Caps())
    await jobs.answered("1", 5)
    assert take() == "1-1"
    assert await outbox.announce() == 0
    await clock.step(step)
    assert await jobs.give_up("1", 1)
    assert await jobs.reap() == 1
    assert take() == "1-2"
    assert await jobs.store("1", 2, Result(pictures=(Picture(seed=1, width=8, height=8, size=1),)), [b"x"])
    assert await outbox.rate_slot(0.5) < 0.5
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.state is State.RENDERED
    assert await outbox.posted(entry)
    await jobs.admit(new_job("2"), Caps())
    assert await outbox.announce() == 1


async def test_a_small_step_back_is_waited_for(jobs: Jobs, clock: RedisClock) -> None:
    before = await jobs.now()
    for _ in range(2):
        await clock.step(-1.9)
        assert await jobs.now() > before - 300
    assert await jobs.redis.hget(keys.CLOCK, "skew") != b"0"


async def test_the_last_reaper_before_a_step_back_is_not_taken_for_an_older_one(jobs: Jobs, clock: RedisClock) -> None:
    await clock.step(-20)
    before = await jobs.now()
    for _ in range(4):  # until the wall is past the moment at which it last came by
        await clock.step(8)
        await jobs.now()
    assert await jobs.now() - before >= ms(32)


async def test_a_turn_to_tell_places_ends_by_its_moment_not_with_its_key(jobs: Jobs, clock: RedisClock) -> None:
    """A key that expires outlives a clock that is set back, by as much."""
    outbox = Outbox(jobs.redis, Timings(edit_every=10, retell=0))
    await jobs.admit(new_job("1"), Caps())
    assert await outbox.announce() == 1
    await jobs.redis.persist(keys.ANNOUNCER)
    assert await outbox.announce() == 0
    await clock.step(6)
    assert await outbox.announce() == 1


async def test_steps_that_cancel_each_other_leave_nothing(jobs: Jobs, clock: RedisClock) -> None:
    for step in (-600, 600):
        await clock.step(step)
        await jobs.now()
    skew = await jobs.redis.hget(keys.CLOCK, "skew")
    assert skew is not None
    assert abs(int(skew)) < ms(UNSEEN)


async def test_moments_that_people_are_told_are_the_walls(jobs: Jobs, clock: RedisClock) -> None:
    await clock.step(7 * HOUR)
    await jobs.now()
    await jobs.admit(new_job("1"), Caps())
    job = await jobs.get("1")
    assert job is not None
    seconds, _ = await jobs.redis.time()
    assert abs(job.created / 1000 - seconds - 7 * HOUR) < UNSEEN
    await jobs.cancel("1")
    assert 0 < await jobs.redis.ttl(keys.job("1")) <= SPANS.keep


class TestLongestWait:
    """`wait_max` counts the time in which Easel ran."""

    @pytest.mark.parametrize("step", STEPS)
    async def test_a_step_ends_no_wait_and_prolongs_none(self, jobs: Jobs, clock: RedisClock, step: float) -> None:
        await jobs.admit(new_job("1"), Caps())
        await self.waited(jobs, 3 * HOUR)
        await clock.step(step)
        assert await Jobs(jobs.redis, Timings(wait_max=3 * HOUR + UNSEEN)).reap() == 0
        assert await Jobs(jobs.redis, Timings(wait_max=3 * HOUR - 1)).reap() == 1
        job = await jobs.get("1")
        assert job is not None
        assert job.reason is Reason.WAITED

    async def test_a_night_in_which_nothing_ran_does_not_count(self, jobs: Jobs, clock: RedisClock) -> None:
        await jobs.admit(new_job("1"), Caps())
        await clock.step(9 * HOUR)  # all is off, and nobody asks for the time: that looks like a step
        assert await Jobs(jobs.redis, Timings(wait_max=UNSEEN)).reap() == 0

    async def test_time_in_which_nobody_reaped_does_not_count(self, jobs: Jobs, clock: RedisClock) -> None:
        await jobs.admit(new_job("1"), Caps())
        for _ in range(8):  # slots and posters run, but neither a bot nor a supervisor
            await clock.step(8)
            await jobs.now()
        assert await jobs.now() - int(await self.field(jobs, "1", "wait_start")) > ms(60)
        assert await Jobs(jobs.redis, Timings(wait_max=UNSEEN)).reap() == 0
        assert await Jobs(jobs.redis, Timings(wait_max=-1)).reap() == 1

    async def test_a_job_of_an_older_bot_waits_by_the_wall(self, jobs: Jobs) -> None:
        await jobs.admit(new_job("1"), Caps())
        created = int(await self.field(jobs, "1", "created"))
        await jobs.redis.hdel(keys.job("1"), "wait_start")
        await jobs.redis.hset(keys.job("1"), "created", created - ms(HOUR))
        assert await Jobs(jobs.redis, Timings(wait_max=HOUR + UNSEEN)).reap() == 0
        assert await Jobs(jobs.redis, Timings(wait_max=HOUR)).reap() == 1

    async def waited(self, jobs: Jobs, seconds: float) -> None:
        start = int(await self.field(jobs, "1", "wait_start"))
        await jobs.redis.hset(keys.job("1"), "wait_start", start - ms(seconds))

    async def field(self, jobs: Jobs, job: str, name: str) -> bytes:
        value = await jobs.redis.hget(keys.job(job), name)
        assert isinstance(value, bytes)
        return value


async def test_after_a_night_leases_of_the_evening_end_within_two_terms(
    jobs: Jobs, clock: RedisClock, take: Any
) -> None:
    """Nobody asked for the time for hours. What was claimed in the evening is drawn again soon, not hours later."""
    await jobs.admit(new_job("1"), Caps())
    assert take() == "1-1"
    await clock.step(9 * HOUR)
    assert await jobs.reap() == 0
    for _ in range(13):
        await clock.step(9)
        if await jobs.reap():
            break
    assert await jobs.standing("1") == Standing(1, None)


async def test_an_older_easel_that_reaps_by_the_wall_makes_all_count_by_it(jobs: Jobs, clock: RedisClock) -> None:
    """Else its moments would lie hours ahead, or behind, for as long as the two run side by side."""
    await clock.step(7 * HOUR)
    await jobs.now()
    await clock.step(5)
    wall = (await jobs.redis.time())[0] * 1000 + ms(clock.ahead)
    await jobs.redis.hset(keys.REAPER, "at", wall)  # as its reaper says each second
    assert abs(await jobs.now() - wall) < ms(UNSEEN)
    await clock.step(600)
    await jobs.redis.hset(keys.REAPER, "at", wall + ms(600))
    assert abs(await jobs.now() - wall - ms(600)) < ms(UNSEEN)  # time that it saw pass is no step


async def test_a_full_redis_does_not_stop_the_clock(jobs: Jobs, clock: RedisClock) -> None:
    await clock.step(-HOUR)
    before = await jobs.now()
    try:
        for _ in range(5):
            await clock.step(8)
            await jobs.redis.config_set("maxmemory", 1)
            await jobs.reap()
            await jobs.redis.config_set("maxmemory", 0)
        assert await jobs.now() - before >= ms(40)
    finally:
        await jobs.redis.config_set("maxmemory", 0)


@pytest.mark.parametrize("damage", [{"wall": "noon"}, {"wall": "9" * 40}, {"skew": "west"}, {"wall": "", "skew": ""}])
async def test_a_damaged_clock_ends_no_script(jobs: Jobs, damage: dict[str, str]) -> None:
    for name, value in damage.items():
        await jobs.redis.hset(keys.CLOCK, name, value)
    assert await jobs.now() > 0
    assert isinstance(await jobs.admit(new_job("1"), Caps()), Admitted)


async def test_what_holds_a_turn_far_ahead_is_damage(jobs: Jobs) -> None:
    await jobs.redis.set(keys.RATE_SLOT, await jobs.now() + ms(HOUR))
    assert await Outbox(jobs.redis).rate_slot(0.5) == 0


async def test_only_processes_for_tests_have_a_clock_that_can_be_set(
    monkeypatch: pytest.MonkeyPatch, redis_async: Redis
) -> None:
    monkeypatch.setattr(failpoints, "_FOLDER", None)
    scripts.source.cache_clear()
    jobs = Jobs(redis_async)
    before = await jobs.now()
    await RedisClock(redis_async).step(-HOUR)
    assert await jobs.now() >= before
    assert (await redis_async.hget(keys.CLOCK, "skew")) == b"0"
    assert keys.TEST_CLOCK not in scripts.source("now")
    scripts.source.cache_clear()


async def test_the_pace_is_the_engines_own(jobs: Jobs, clock: RedisClock, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    await clock.step(9)
    result = Result(pictures=(Picture(seed=1, width=8, height=8, size=1),), timings={"total": 1234.5, "steps": 1.0})
    await jobs.store("1", 1, result, [b"x"])
    pace = await jobs.redis.hget(keys.PACE, INFO.id)
    assert pace is not None
    assert float(pace) * new_job("1").request.cost() == pytest.approx(1234.5)


async def test_an_engine_that_does_not_say_how_long_it_took_sets_no_pace(jobs: Jobs, take: Any) -> None:
    await jobs.admit(new_job("1"), Caps())
    take()
    await jobs.store("1", 1, Result(pictures=(Picture(seed=1, width=8, height=8, size=1),)), [b"x"])
    assert await jobs.redis.hlen(keys.PACE) == 0
