"""When messages are edited: what matters at once, by a bell; what is cosmetic at its pace, and only if it is news."""

from collections.abc import Awaitable, Callable

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import RESULT, new_job
from tests.worker.contract.store.test_leases import HELD, clock
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types.job import Progress, State
from worker.contract.types.timings import Caps, Timings

PACED = Timings(lease=3600, answer_grace=0, edit_every=600, retell=3600)
UNPACED = Timings(lease=3600, answer_grace=0, edit_every=0, retell=3600)
Change = Callable[[Jobs], Awaitable[object]]


async def shown(jobs: Jobs, *names: str) -> None:
    """Jobs in line whose messages show just that."""
    for name in names:
        await jobs.admit(new_job(name), Caps(person=50, server=50))
        await jobs.answered(name, 55)


async def due(jobs: Jobs, name: str) -> float | None:
    """In how many seconds the cosmetic edit of a message is due; None when none is."""
    at = await jobs.redis.zscore(keys.COSMETIC, name)
    return None if at is None else (at - await clock(jobs)) / 1000


async def news(jobs: Jobs, timings: Timings = UNPACED) -> int:
    """How many are told where they stand, however shortly ago somebody else told it."""
    await jobs.redis.delete(keys.ANNOUNCER)
    return await Outbox(jobs.redis, timings).announce()


@pytest.mark.parametrize(
    "change",
    [
        lambda jobs: jobs.admit(new_job("2", token=None), Caps()),
        lambda jobs: jobs.cancel("1"),
        lambda jobs: jobs.deferred("1", 55),
    ],
    ids=["nobody answers but a poster", "it matters", "the answer is empty"],
)
async def test_what_becomes_due_wakes_a_poster(jobs: Jobs, change: Change) -> None:
    await shown(jobs, "1")
    await jobs.redis.delete(keys.OUTBOX_BELL)
    await change(jobs)
    assert await jobs.redis.llen(keys.OUTBOX_BELL) == 1
    await Outbox(jobs.redis).wait(60)
    assert await jobs.redis.llen(keys.OUTBOX_BELL) == 0
    await Outbox(jobs.redis).wait(0)  # without a bell it ends by itself


async def test_what_comes_into_line_wakes_a_slot_also_for_the_second_time(jobs: Jobs, take: Take) -> None:
    await jobs.admit(new_job("1"), Caps())
    assert await jobs.redis.lpop(keys.BELL)
    take()
    await jobs.reap()
    assert await jobs.redis.lpop(keys.BELL)


async def test_progress_keeps_its_pace_and_the_same_is_no_news(jobs: Jobs, take: Take) -> None:
    paced = Jobs(jobs.redis, PACED)
    await shown(jobs, "1")
    take(timings=HELD)
    await jobs.redis.zrem(keys.COSMETIC, "1")
    await paced.renew("1", 1, Progress(step=1, steps=20))
    pause = await due(jobs, "1")
    assert pause is not None
    assert 300 < pause <= 600
    await jobs.redis.zrem(keys.COSMETIC, "1")
    await paced.renew("1", 1, Progress(step=1, steps=20))
    assert await due(jobs, "1") is None
    await paced.renew("1", 1, Progress(step=2, steps=20))
    assert await due(jobs, "1") is not None


async def test_progress_that_came_during_an_edit_is_shown_at_the_pace(jobs: Jobs, take: Take) -> None:
    outbox = Outbox(jobs.redis, PACED)
    await jobs.admit(new_job("1"), Caps())
    entry = await outbox.claim(30)
    assert entry is not None
    take(timings=HELD)
    assert await outbox.done(entry)
    pause = await due(jobs, "1")
    assert pause is not None
    assert 300 < pause <= 600


async def test_that_an_attempt_begins_or_ended_is_told(jobs: Jobs, take: Take) -> None:
    await shown(jobs, "1")
    for change in (take, jobs.reap):
        assert await due(jobs, "1") is None
        if isinstance(told := change(), Awaitable):
            await told
        assert await due(jobs, "1") is not None
        await jobs.redis.zrem(keys.COSMETIC, "1")


async def test_a_place_far_behind_is_news_when_it_is_halved(jobs: Jobs) -> None:
    await shown(jobs, *(f"j{number}" for number in range(1, 13)))
    assert await news(jobs) == 0
    await jobs.redis.hset(keys.job("j9"), "place", 10)
    assert await news(jobs) == 0
    await jobs.redis.hset(keys.job("j9"), "place", 18)
    await jobs.redis.hset(keys.job("j5"), "place", 6)
    assert await news(jobs) == 2
    assert await news(jobs) == 0


async def test_the_same_place_is_told_again_after_a_while(jobs: Jobs) -> None:
    await shown(jobs, "1")
    assert await news(jobs) == 0
    assert await news(jobs, Timings(edit_every=0, retell=0)) == 1


async def test_places_keep_the_pace_of_edits_and_one_poster_tells_them(jobs: Jobs) -> None:
    await shown(jobs, "1")
    await jobs.redis.hset(keys.job("1"), "place", 7)
    assert await news(jobs, PACED) == 1
    pause = await due(jobs, "1")
    assert pause is not None
    assert 300 < pause <= 600
    await jobs.redis.hset(keys.job("1"), "place", 7)
    assert await Outbox(jobs.redis, PACED).announce() == 0  # somebody else did just now
    assert await news(jobs, PACED) == 1


async def test_a_newer_record_is_left_to_newer_posters(jobs: Jobs) -> None:
    await jobs.admit(new_job("1", token=None), Caps())
    await jobs.redis.hset(keys.job("1"), "version", "99")
    assert await Outbox(jobs.redis).claim(30) is None
    assert await jobs.redis.zscore(keys.OUTBOX, "1") is not None
    assert await jobs.redis.lrange(keys.QUARANTINE, 0, -1) == []


async def test_a_hold_that_has_ended_cannot_be_extended(jobs: Jobs) -> None:
    outbox = Outbox(jobs.redis, PACED)
    await jobs.admit(new_job("1", token=None), Caps())
    sleeper = await outbox.claim(0)
    assert sleeper is not None
    assert not await outbox.extend(sleeper, 60)
    assert await outbox.claim(30) is not None


async def test_the_token_goes_when_the_end_was_shown(jobs: Jobs) -> None:
    outbox = Outbox(jobs.redis, PACED)
    await shown(jobs, "1")
    await jobs.cancel("1")
    entry = await outbox.claim(30)
    assert entry is not None
    assert entry.job.destination.token
    await outbox.done(entry)
    job = await jobs.get("1")
    assert job is not None
    assert job.destination.token is None


async def test_who_will_not_wait_so_long_takes_no_place(jobs: Jobs) -> None:
    outbox = Outbox(jobs.redis)
    await jobs.redis.set(keys.RATE_SLOT, int(await clock(jobs)) + 30_000)
    assert await outbox.rate_slot(0.5) > 0.5
    taken = await jobs.redis.get(keys.RATE_SLOT)
    await outbox.rate_slot(0.5)
    assert await jobs.redis.get(keys.RATE_SLOT) == taken


async def test_a_change_after_the_answer_is_shown_at_once(jobs: Jobs) -> None:
    await Jobs(jobs.redis, Timings(answer_grace=3600)).admit(new_job("1"), Caps())
    await jobs.answered("1", 55)
    await jobs.cancel("1")
    assert await Outbox(jobs.redis).claim(30) is not None


async def test_a_result_is_settled_by_being_posted_alone_and_only_a_result_is(jobs: Jobs, take: Take) -> None:
    outbox = Outbox(jobs.redis, UNPACED)
    await jobs.admit(new_job("1", token=None), Caps())
    waiting = await outbox.claim(30)
    assert waiting is not None
    assert not await outbox.posted(waiting)
    assert await outbox.done(waiting)
    take(timings=HELD)
    assert await jobs.store("1", 1, RESULT, [b"png"])
    drawn = await outbox.claim(30)
    assert drawn is not None
    assert drawn.job.state is State.RENDERED
    assert await outbox.done(drawn)  # it may show some of it; the pictures are still to come
    assert await outbox.claim(30) is not None
