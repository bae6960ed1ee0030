"""Whose settings decide: the last starter's, for every script; the caller's own only where Redis knows none."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
import redis
import redis.asyncio

from tests.worker.contract.factories import INFO, TIMINGS, new_job
from worker.contract.shared_settings import SharedSettings
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Cancelled, Hold, Jobs
from worker.contract.store.settings_in_force import SettingsInForce
from worker.contract.types.job import Reason, State
from worker.contract.types.timings import Caps, Timings, ms

log = logging.getLogger("tests.settings")

OWN = Timings(lease=5, renew=1, attempts=2, keep=500, wait_max=5000, answer_grace=0.5)
OTHERS: dict[str, Any] = {"lease": 50.0, "attempts": 7, "keep_days": 3.0, "wait_max": 50000.0, "answer_grace": 5.0}

Measure = Callable[["Life"], "object"]


def started(role: str = "bot", **settings: Any) -> SettingsInForce:
    return SettingsInForce(SharedSettings(_env_file=None, **settings), role, log)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SharedSettings.model_fields:
        monkeypatch.delenv(f"EASEL_{name.upper()}", raising=False)


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    return lambda: [each.getMessage() for each in caplog.records if each.name == log.name]


class Life:
    """Reads off a job which value of each setting the scripts went by. Its own settings are `OWN`."""

    def __init__(self, client: redis.asyncio.Redis, connection: redis.Redis) -> None:
        self.redis, self.sync = client, connection
        self.jobs = Jobs(client, OWN)
        self._number = 0

    async def admit(self) -> str:
        self._number += 1
        name = f"job{self._number}"
        await self.jobs.heartbeat("w", [INFO], 1)
        await self.jobs.admit(new_job(name), Caps(person=99, server=99))
        return name

    def claim(self) -> None:
        assert claim(self.sync, worker="w", capabilities=["starter"], timings=OWN, function="f", job_timeout=9)

    async def field(self, job: str, name: str) -> float:
        return float(await self.redis.hget(keys.job(job), name) or "nan")

    async def lease(self) -> float:
        """Seconds, of a claim and of a renewal, which must be the same."""
        job = await self.admit()
        self.claim()
        claimed = await self.field(job, "lease") - await self.field(job, "claimed")
        assert await self.jobs.renew(job, 1) is Hold.HELD
        assert await self.field(job, "lease") == await self.redis.zscore(keys.LEASES, job)
        assert 0 <= await self.field(job, "lease") - await self.field(job, "claimed") - claimed < ms(2)
        await self.jobs.cancel(job)
        return claimed / 1000

    async def attempts(self) -> int:
        job = await self.admit()
        for number in range(1, 20):
            self.claim()
            await self.jobs.give_up(job, number)
            await self.jobs.reap()
            if await self.redis.hget(keys.job(job), "state") == b"failed":
                return number
        raise AssertionError("it never fails")

    async def keep_days(self) -> float:
        job = await self.admit()
        assert await self.jobs.cancel(job) is Cancelled.DONE
        return round(await self.redis.pttl(keys.job(job)) / 86_400_000, 3)

    async def wait_max(self) -> float:
        """5000 or 50000: which of the two a job that has waited for 20000 s does not survive."""
        job = await self.admit()
        start = await self.field(job, "wait_start")
        await self.redis.hset(keys.job(job), "wait_start", start - ms(20000))
        await self.jobs.reap()
        found = await self.jobs.get(job)
        assert found
        if found.state is State.FAILED:
            assert found.reason is Reason.WAITED
            return 5000
        await self.jobs.cancel(job)
        return 50000

    async def answer_grace(self) -> float:
        job = await self.admit()
        due = await self.field(job, "answer_due") - await self.field(job, "created")
        await self.jobs.cancel(job)
        return due / 1000


@pytest.fixture
def life(redis_async: redis.asyncio.Redis, redis_sync: redis.Redis) -> Life:
    return Life(redis_async, redis_sync)


@pytest.mark.parametrize("name", SharedSettings.model_fields)
async def test_scripts_go_by_what_is_in_force_not_by_their_caller(life: Life, name: str) -> None:
    await started(**OTHERS).refresh(life.redis)
    assert await getattr(life, name)() == OTHERS[name]


OWN_OF = {"lease": 5, "attempts": 2, "keep_days": round(500 / 86400, 3), "wait_max": 5000, "answer_grace": 0.5}


@pytest.mark.parametrize("name", SharedSettings.model_fields)
async def test_without_any_in_redis_the_caller_decides(life: Life, name: str) -> None:
    assert await getattr(life, name)() == OWN_OF[name]


@pytest.mark.parametrize("damage", ["", "x", "0", "-3", "nan", "inf", "1e400", "1e15", "0x10", "[]", "\udcff", None])
@pytest.mark.parametrize("name", SharedSettings.model_fields)
async def test_a_damaged_value_counts_as_none_until_it_is_put_right(life: Life, name: str, damage: str | None) -> None:
    in_force = started(**OTHERS)
    await in_force.refresh(life.redis)
    if damage is None:
        await life.redis.hdel(keys.SETTINGS, name)
    else:
        await life.redis.hset(keys.SETTINGS, name, damage.encode(errors="surrogateescape"))
    assert await getattr(life, name)() == OWN_OF[name]
    await in_force.refresh(life.redis)
    assert await getattr(life, name)() == OTHERS[name]


async def test_something_else_under_its_name_is_put_right_too(life: Life) -> None:
    await life.redis.set(keys.SETTINGS, "oops")
    assert await life.attempts() == OWN.attempts
    await started(**OTHERS).refresh(life.redis)
    assert await life.attempts() == OTHERS["attempts"]


async def test_the_last_starter_wins_and_says_who_it_is(life: Life) -> None:
    first, last = started(attempts=4), started("worker", attempts=6)
    await first.refresh(life.redis)
    await last.refresh(life.redis)
    await first.refresh(life.redis)
    assert await life.attempts() == 6
    about: Any = await life.redis.hgetall(keys.SETTINGS)
    seconds, _ = await life.redis.time()
    assert about[b"by"].startswith(b"worker@")
    assert abs(int(about[b"at"]) / 1000 - seconds) < 60
    assert about[b"version"]


async def test_a_difference_is_logged_once_and_says_everything(life: Life, said: Callable[[], list[str]]) -> None:
    first = started(attempts=4, keep_days=30)
    await first.refresh(life.redis)
    assert said() == []
    await started("worker", attempts=6, keep_days=31).refresh(life.redis)
    await life.redis.hset(keys.SETTINGS, mapping={"by": "worker@gpu-2:77", "version": "0.3", "at": 1782864000123})
    for _ in range(3):
        await first.refresh(life.redis)
    (line,) = said()
    assert "\n" not in line
    assert "EASEL_ATTEMPTS 4 (in force: 6), EASEL_KEEP_DAYS 30.0 (in force: 31.0)" in line
    assert "set by worker@gpu-2:77 (version 0.3) at 2026-07-01 00:00:00 UTC" in line
    assert "EASEL_LEASE" not in line


async def test_another_difference_is_logged_again_and_agreement_never(
    life: Life, said: Callable[[], list[str]]
) -> None:
    first = started(attempts=4)
    await first.refresh(life.redis)
    for count, attempts in enumerate((6, 5, 4, 6), start=1):
        await started(attempts=attempts).refresh(life.redis)
        await first.refresh(life.redis)
        await first.refresh(life.redis)
        assert len(said()) == count - (count >= 3)


async def test_what_is_lost_becomes_what_it_was_whoever_notices(life: Life, said: Callable[[], list[str]]) -> None:
    first, last = started(attempts=4), started("worker", attempts=6)
    for each in (first, last, first):
        await each.refresh(life.redis)
    before = await life.redis.hgetall(keys.SETTINGS)
    await life.redis.flushall()
    await first.refresh(life.redis)
    assert await life.redis.hgetall(keys.SETTINGS) == before
    assert len(said()) == 1


async def test_a_damaged_moment_is_no_reason_to_stop(life: Life, said: Callable[[], list[str]]) -> None:
    first = started(attempts=4)
    await first.refresh(life.redis)
    await started(attempts=6).refresh(life.redis)
    await life.redis.hset(keys.SETTINGS, "at", "1e99")
    await first.refresh(life.redis)
    assert "at an unknown time" in said()[0]


async def test_what_a_newer_version_keeps_there_stays(life: Life) -> None:
    await life.redis.hset(keys.SETTINGS, "patience", "5")
    in_force = started()
    for _ in range(2):
        await in_force.refresh(life.redis)
    assert await life.redis.hget(keys.SETTINGS, "patience") == b"5"


async def test_a_full_redis_takes_them_all_the_same(life: Life) -> None:
    try:
        await life.redis.config_set("maxmemory", 1)
        in_force = started(attempts=6)
        await in_force.refresh(life.redis)
        await in_force.refresh(life.redis)
    finally:
        await life.redis.config_set("maxmemory", 0)
    assert await life.attempts() == 6


async def test_a_slow_renewer_keeps_its_job_under_a_lease_that_is_too_short_for_it(life: Life) -> None:
    slow = Timings(lease=60, renew=20)
    await started(lease=1).refresh(life.redis)
    job = await life.admit()
    assert claim(life.sync, worker="w", capabilities=["starter"], timings=slow, function="f", job_timeout=9)
    jobs = Jobs(life.redis, slow)
    for _ in range(2):
        assert await life.field(job, "lease") - (await life.redis.time())[0] * 1000 > ms(35)
        assert await jobs.renew(job, 1) is Hold.HELD


def test_what_is_due_at_once_stays_so() -> None:
    assert TIMINGS.lease == 0, "tests of the contract rest on it: scripts take the caller's spans where there are none"
