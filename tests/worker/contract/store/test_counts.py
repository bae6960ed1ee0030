"""Days have their accounts, jobs their places, and both are put right whatever was lost."""

import calendar
import random
import statistics
from datetime import UTC, datetime
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.worker.contract.factories import new_job, request
from tests.worker.contract.store.lua import ask
from worker.contract.store import keys
from worker.contract.store.jobs import Admitted, Jobs, Refused
from worker.contract.store.server_settings import DayUsage, ServerSettingsStore
from worker.contract.types.job import NewJob, Progress, Reason
from worker.contract.types.result import Result
from worker.contract.types.timings import Caps, Timings


def drawing(name: str, count: int = 4, **more: Any) -> NewJob:
    made = request(count=count, width=256, height=256, steps=20 * 5)
    return new_job(name, **more).model_copy(update={"request": made})


async def today(jobs: Jobs, server: str = "10") -> DayUsage:
    return (await ServerSettingsStore(jobs.redis).usage(server, 1))[0]


async def test_days_are_those_of_the_calendar(redis_async: Redis) -> None:
    """Every leap year's end of February, every turn of a month, and the last moment of a day."""
    moments = [
        calendar.timegm((year, month, day, hour, 0, 0)) * 1000
        for year in (1970, 1999, 2000, 2026, 2027, 2028, 2096, 2100, 2101)
        for month in range(1, 13)
        for day in (1, 28, calendar.monthrange(year, month)[1])
        for hour in (0, 23)
    ]
    lines = "local found = {} for i = 1, #ARGV do found[i] = day_of(tonumber(ARGV[i])) end return found"
    told = await ask(redis_async, lines, *moments)
    assert [each.decode() for each in told] == [
        datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y%m%d") for moment in moments
    ]


async def test_what_is_admitted_is_on_the_account_of_its_day(jobs: Jobs) -> None:
    await jobs.admit(drawing("1"), Caps())
    await jobs.admit(drawing("2", count=1, owner=2), Caps())
    used = await today(jobs)
    assert (used.pictures, used.people[1].pictures, used.people[2].pictures) == (5, 4, 1)
    charges = [int(await jobs.redis.hget(keys.job(name), "charge") or 0) for name in "12"]
    assert [used.ms, used.people[1].ms, used.people[2].ms] == [sum(charges), *charges]
    day = used.day.strftime("%Y%m%d")
    assert await jobs.redis.hget(keys.job("1"), "day") == day.encode()
    assert 39 * 86400 < await jobs.redis.ttl(keys.usage("10", day)) <= 40 * 86400


async def posted(jobs: Jobs, take: Any) -> None:
    take()
    await jobs.store("1", 1, Result(pictures=()), [])
    await jobs.redis.hset(keys.job("1"), "holder", "x")
    script = jobs.redis.register_script(_message_lease())
    await script(args=["posted", "1", "x", 1000, "", ""])


def _message_lease() -> str:
    from worker.contract.store import scripts

    return scripts.source("message_lease")


async def failed(jobs: Jobs, take: Any) -> None:
    take()
    await jobs.fail("1", 1, Reason.ENGINE)


async def cancelled_waiting(jobs: Jobs, take: Any) -> None:
    await jobs.cancel("1")


async def cancelled_late(jobs: Jobs, take: Any) -> None:
    take()
    await jobs.renew("1", 1, Progress(step=75, steps=100))
    await jobs.cancel("1")


async def cancelled_twice(jobs: Jobs, take: Any) -> None:
    for _ in range(2):
        await jobs.cancel("1")


async def cancelled_and_damaged(jobs: Jobs, take: Any) -> None:
    await jobs.cancel("1")
    await ask(jobs.redis, "quarantine('1', '60000')")


async def posted_and_damaged(jobs: Jobs, take: Any) -> None:
    await posted(jobs, take)
    await ask(jobs.redis, "quarantine('1', '60000')")


# How a job ends, and how much of it stays on its day's account.
ENDS = {posted: 1.0, failed: 0.0, cancelled_waiting: 0.0, cancelled_late: 0.75, cancelled_twice: 0.0,
        cancelled_and_damaged: 0.0, posted_and_damaged: 1.0}  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
async def test_only_work_that_was_done_stays_on_the_account(jobs: Jobs, take: Any, end: Any) -> None:
    await jobs.admit(drawing("1"), Caps())
    await jobs.admit(drawing("2"), Caps())  # which nobody may touch
    whole = (await today(jobs)).ms / 2
    await end(jobs, take)
    used = await today(jobs)
    assert used.pictures == used.people[1].pictures == 4 + 4 * ENDS[end]
    assert used.ms == used.people[1].ms == pytest.approx(whole + whole * ENDS[end], abs=2)


async def test_what_comes_back_is_given_back_on_its_own_day(jobs: Jobs) -> None:
    await jobs.admit(drawing("1"), Caps())
    now = (await today(jobs)).day.strftime("%Y%m%d")
    await jobs.redis.rename(keys.usage("10", now), keys.usage("10", "20200229"))
    await jobs.redis.hset(keys.job("1"), "day", "20200229")
    await jobs.admit(drawing("2"), Caps())
    await jobs.cancel("1")
    assert (await today(jobs)).pictures == 4
    assert await jobs.redis.hget(keys.usage("10", "20200229"), "pictures") == b"0"


async def test_an_account_that_is_gone_is_not_opened_again(jobs: Jobs) -> None:
    await jobs.admit(drawing("1"), Caps())
    (account,) = await jobs.redis.keys("easel:usage:*")
    await jobs.redis.delete(account)
    await jobs.cancel("1")
    assert await jobs.redis.exists(account) == 0


async def test_the_wait_in_the_middle_is_known_within_a_fifth(jobs: Jobs) -> None:
    day, rolls = (await today(jobs)).day.strftime("%Y%m%d"), random.Random(7)
    for spread in (0.0, 0.3, 2.0, 4.0):
        await jobs.redis.delete(keys.usage("10", day))
        await jobs.redis.hset(keys.usage("10", day), "pictures", 1)
        assert (await today(jobs)).median_wait is None
        waits = [round(rolls.lognormvariate(9, spread)) for _ in range(201)]
        one = "usage_waited({ server = '10', day = ARGV[1] }, tonumber(ARGV[i]))"
        await ask(jobs.redis, f"for i = 2, #ARGV do {one} end", day, *waits)
        assert (await today(jobs)).median_wait == pytest.approx(statistics.median(waits) / 1000, rel=0.2, abs=0.2)


async def test_a_wait_is_counted_once_a_job_however_often_it_is_drawn(jobs: Jobs, take: Any) -> None:
    await jobs.admit(drawing("1"), Caps())
    assert take(timings=Timings(lease=0)) == ("1", 1)
    assert await Jobs(jobs.redis, Timings(lease=0)).reap() == 1
    assert take() == ("1", 2)
    assert sum((await today(jobs)).waits.values()) == 1


DAMAGED = ["HSET {} pictures x", "HSET {} ms -5", "DEL {}", "SET {} x"]


@pytest.mark.parametrize("damage", DAMAGED)
async def test_a_damaged_account_holds_nobody_up(jobs: Jobs, damage: str) -> None:
    await jobs.admit(drawing("1"), Caps())
    (account,) = await jobs.redis.keys("easel:usage:*")
    for command in ("DEL {}", damage):
        await jobs.redis.execute_command(*command.format(account.decode()).split())
    assert isinstance(await jobs.admit(drawing("2"), Caps()), Admitted)
    await jobs.cancel("1")
    await jobs.cancel("2")


SETS = [keys.person(1), keys.server("10"), keys.member("10", 1)]


@pytest.mark.parametrize("key", SETS)
async def test_a_set_of_another_kind_holds_nobody_up(jobs: Jobs, key: str) -> None:
    await jobs.redis.set(key, "x")
    assert isinstance(await jobs.admit(new_job("1"), Caps(person=1, everywhere=1, server=1)), Admitted)
    await jobs.redis.delete(key)
    await jobs.redis.set(key, "x")
    await jobs.cancel("1")
    await jobs.redis.zadd(keys.COUNTED, {key: 0})
    await jobs.reap()
    assert await jobs.redis.zscore(keys.COUNTED, key) is None


async def test_direct_messages_count_together_and_by_person(jobs: Jobs) -> None:
    for name, owner in (("1", 1), ("2", 2)):
        await jobs.admit(new_job(name, owner=owner, server=f"dm-{owner}"), Caps())
    assert await jobs.redis.smembers(keys.ACTIVE) == {b"dm"}
    assert await jobs.redis.scard(keys.server("dm")) == 2
    await jobs.cancel("1")
    assert await jobs.redis.smembers(keys.ACTIVE) == {b"dm"}
    await jobs.cancel("2")
    assert await jobs.redis.exists(keys.ACTIVE, keys.server("dm"), keys.member("dm-2", 2)) == 0


async def test_what_was_lost_is_swept_out_a_part_at_a_time(jobs: Jobs) -> None:
    """A restored backup, or workers of an older Easel, leave jobs in the sets that nobody will take out."""
    for number in range(30):
        await jobs.admit(new_job(f"j{number}", owner=number, server=f"{number % 3}"), Caps(rate_server=0, server=99))
    await jobs.redis.sadd(keys.server("0"), *(f"lost{number}" for number in range(500)))
    await jobs.redis.sadd(keys.ACTIVE, "gone")
    await jobs.redis.delete(*(keys.job(f"j{number}") for number in range(0, 30, 2)))
    for _ in range(40):
        names: Any = await jobs.redis.zrange(keys.COUNTED, 0, -1)
        for name in names:
            await jobs.redis.zincrby(keys.COUNTED, -15_000, name)  # some time goes by
        await jobs.reap()
    assert await jobs.redis.scard(keys.server("0")) == 5
    assert {await jobs.redis.scard(keys.person(number)) for number in range(0, 30, 2)} == {0}
    assert await jobs.redis.smembers(keys.ACTIVE) == {b"0", b"1", b"2"}


async def test_one_reap_looks_at_a_bounded_part(jobs: Jobs) -> None:
    await jobs.redis.sadd(keys.server("10"), *(f"lost{number}" for number in range(5000)))
    await jobs.redis.zadd(keys.COUNTED, {keys.server("10"): 0})
    await jobs.reap()
    assert await jobs.redis.scard(keys.server("10")) == 4800


async def test_who_is_refused_for_what_was_lost_waits_for_one_reap(jobs: Jobs) -> None:
    for number in range(40):  # sets that were looked at longer ago
        await jobs.redis.zadd(keys.COUNTED, {f"{keys.person(99)}{number}": 1})
    await jobs.admit(new_job("1"), Caps())
    await jobs.reap()
    await jobs.redis.delete(keys.job("1"))
    assert isinstance(await jobs.admit(new_job("2"), Caps(person=1)), Refused)
    await jobs.reap()
    assert isinstance(await jobs.admit(new_job("2"), Caps(person=1)), Admitted)
