"""How many requests a person or a server may start a minute, whatever becomes of them."""

import pytest
from redis.asyncio import Redis

from tests.worker.contract.factories import TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import AdmissionLimit, Admitted, Cancelled, Jobs, Refused, Seen
from worker.contract.types.job import NewJob
from worker.contract.types.timings import Caps

VERBS = ("imagine", "rerun", "upscale")
MANY = Caps(person=999, server=999, total=999, rate_person=0, rate_server=0)
WHOSE = {
    AdmissionLimit.RATE_PERSON: Caps(person=999, server=999, rate_person=6, rate_server=0),
    AdmissionLimit.RATE_SERVER: Caps(person=999, server=999, rate_person=0, rate_server=6),
}
BUCKETS = {AdmissionLimit.RATE_PERSON: keys.rate_person(1), AdmissionLimit.RATE_SERVER: keys.rate_server("10")}
MINUTE = 60_000


def asked(name: str, verb: str = "imagine", *, owner: int = 1, server: str = "10") -> NewJob:
    return new_job(name, owner=owner, server=server).model_copy(update={"verb": verb})


async def drain(redis: Redis, key: str, by: int) -> None:
    """Let so many milliseconds pass for a bucket."""
    await redis.set(key, int(await redis.get(key) or 0) - by)


@pytest.mark.parametrize("why", WHOSE)
async def test_a_minutes_starts_may_come_at_once_and_then_one_after_the_other(jobs: Jobs, why: AdmissionLimit) -> None:
    caps = WHOSE[why]
    for number in range(6):
        new = asked(f"j{number}", VERBS[number % 3])  # every verb pours into the same bucket
        assert isinstance(await jobs.admit(new, caps), Admitted)
    refused = await jobs.admit(asked("late"), caps)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.limit) == (why, 6)
    assert refused.retry_after is not None
    assert 9 < refused.retry_after <= 10
    await drain(jobs.redis, BUCKETS[why], 10_000)
    assert isinstance(await jobs.admit(asked("late"), caps), Admitted)
    assert isinstance(await jobs.admit(asked("later"), caps), Refused)


@pytest.mark.parametrize("why", WHOSE)
async def test_others_are_not_slowed(jobs: Jobs, why: AdmissionLimit) -> None:
    for number in range(7):
        await jobs.admit(asked(f"j{number}"), WHOSE[why])
    assert isinstance(await jobs.admit(asked("other", owner=2, server="20"), WHOSE[why]), Admitted)


async def test_what_is_cancelled_counts(jobs: Jobs) -> None:
    """To ask and cancel in turn got 130 requests accepted in 15 s, past every cap."""
    accepted = 0
    for number in range(130):
        if isinstance(await jobs.admit(asked(f"j{number}"), Caps()), Admitted):
            accepted += 1
            assert await jobs.cancel(f"j{number}") is Cancelled.DONE
    assert accepted <= Caps().rate_person + 5


async def test_what_is_refused_takes_nothing(jobs: Jobs) -> None:
    caps = WHOSE[AdmissionLimit.RATE_PERSON]
    for _ in range(9):
        assert isinstance(await jobs.admit(new_job("x", model="absent"), caps), Refused)
        assert await jobs.may_ask("e", 1, "10", caps) is None
    await jobs.admit(asked("j"), caps)
    assert isinstance(await jobs.admit(asked("j"), caps), Seen)
    assert MINUTE / 6 - 1000 < await jobs.redis.pttl(keys.rate_person(1)) <= MINUTE / 6


async def test_two_bots_side_by_side_pour_into_the_same_bucket(jobs: Jobs) -> None:
    """Each by its own settings: a start takes the share of a minute that its bot allows."""
    quick, slow = Caps(person=99, server=99, rate_person=12, rate_server=0), WHOSE[AdmissionLimit.RATE_PERSON]
    bots = [(Jobs(jobs.redis, TIMINGS), quick), (Jobs(jobs.redis, TIMINGS), slow)]
    accepted = [
        isinstance(await bot.admit(asked(f"j{number}-{caps.rate_person}"), caps), Admitted)
        for number in range(10)
        for bot, caps in bots
    ]
    assert sum(accepted) == 8  # four of 5 s and four of 10 s


async def test_a_clock_that_was_set_back_holds_nobody_for_longer_than_a_minute(jobs: Jobs) -> None:
    seconds, _ = await jobs.redis.time()
    await jobs.redis.set(keys.rate_person(1), (seconds + 7 * 3600) * 1000)
    refused = await jobs.admit(asked("j"), Caps())
    assert isinstance(refused, Refused)
    assert refused.retry_after is not None
    assert refused.retry_after <= 60


async def test_a_bucket_that_is_empty_takes_no_memory(jobs: Jobs) -> None:
    for number in range(3):
        await jobs.admit(asked(f"j{number}"), Caps())
    for bucket, most in ((keys.rate_person(1), 3 * MINUTE / 20), (keys.rate_server("10"), 3 * MINUTE / 120)):
        assert 0 < await jobs.redis.pttl(bucket) <= most


async def test_whether_one_may_ask_is_known_without_a_request(jobs: Jobs) -> None:
    caps = Caps(person=1, rate_person=2)
    assert await jobs.may_ask("interaction:1", 1, "10", caps) is None
    await jobs.admit(new_job("1", event_ttl=60), caps)
    assert await jobs.may_ask("interaction:1", 1, "10", caps) == Seen("1")
    refused = await jobs.may_ask("another", 1, "10", caps)
    assert isinstance(refused, Refused)
    assert refused.why is AdmissionLimit.PERSON
    assert await jobs.may_ask("another", 1, "10", MANY) is None
