"""How long somebody will wait where some were charged before anybody knew what such a picture takes."""

from dataclasses import dataclass

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import INFO, RESULT, new_job
from tests.worker.contract.store.test_leases import HELD
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.timings import Caps

MANY = Caps(person=999, server=999, rate_person=0, rate_server=0)
MINUTE = {"steps": 60_000, "decode": 0, "encode": 0, "total": 60_000}


@dataclass
class Burst:
    """People who ask, of whom some did so before anything was drawn. Each picture takes a minute."""

    jobs: Jobs
    take: Take
    people: int
    asked: int = 0

    async def ask(self, count: int) -> str:
        name = ""
        for _ in range(count):
            self.asked += 1
            name, who = f"j{self.asked}", self.asked % self.people
            await self.jobs.admit(new_job(name, owner=1 + who, server=str(10 + who % 3)), MANY)
        return name

    async def draw(self, count: int = 1) -> None:
        for _ in range(count):
            job, number = self.take(timings=HELD) or ("", 0)
            await self.jobs.store(job, number, RESULT.model_copy(update={"timings": MINUTE}), [b"png"])

    async def wait(self, name: str) -> float:
        """Minutes until it is done."""
        eta = (await self.jobs.standing(name)).eta
        assert eta is not None
        return eta / 60


@pytest.mark.parametrize("people", [1, 2, 30])
@pytest.mark.parametrize(
    ("guessed", "seen"), [(0, 1), (0, 9), (1, 0), (6, 0), (1, 1), (5, 5), (8, 2), (2, 8), (20, 40)]
)
async def test_each_counts_by_its_own_charge(jobs: Jobs, take: Take, people: int, guessed: int, seen: int) -> None:
    await jobs.heartbeat("w1", [INFO], 1)
    burst = Burst(jobs, take, people)
    await burst.ask(1 + guessed)
    await burst.draw()
    for _ in range(seen):
        await burst.ask(1)
    names = [f"j{number}" for number in range(2, burst.asked + 1)]
    last = max([await burst.wait(name) for name in names])
    assert last == pytest.approx(len(names), rel=0.15 if people < 30 else 0.3, abs=0.2)
    assert {float(await burst.wait(name)) > 0.9 for name in names} == {True}


@pytest.mark.parametrize("people", [1, 5])
async def test_a_second_burst_after_a_fresh_start(jobs: Jobs, take: Take, people: int) -> None:
    """Eight that were charged by a guess were drawn: what was wrong with that is nothing to those who come then."""
    await jobs.heartbeat("w1", [INFO], 1)
    burst = Burst(jobs, take, people)
    await burst.ask(8)
    await burst.draw(8)
    assert await jobs.redis.hget(keys.CHARGES, "starter:ratio") is None
    assert float(await jobs.redis.hget(keys.CHARGES, "starter:guess") or 0) > 3
    for _ in range(18):
        name = await burst.ask(1)
        place = (await jobs.standing(name)).place
        assert await burst.wait(name) == pytest.approx(place, rel=0.1, abs=0.2)


async def test_nothing_of_a_guess_is_left_when_it_has_left_the_line(jobs: Jobs, take: Take) -> None:
    burst = Burst(jobs, take, 3)
    name = await burst.ask(6)
    assert [key async for key in jobs.redis.scan_iter(f"{keys.FAIR}guess:*")]
    await jobs.cancel(name)
    await burst.draw(5)
    assert not [key async for key in jobs.redis.scan_iter(f"{keys.FAIR}guess:*")]


async def test_a_process_that_knows_nothing_of_guesses_does_no_harm(jobs: Jobs, take: Take) -> None:
    """What it leaves behind counts for no more than what somebody has in line; what it charged, as seen."""
    await jobs.heartbeat("w1", [INFO], 1)
    burst = Burst(jobs, take, 1)
    await burst.ask(4)
    await burst.draw(4)
    for key in (f"{keys.FAIR}guess:{at}:1|0|x" for at in ("", "10")):
        await jobs.redis.hset(key, "1", 10**9)
    lanes = await jobs.redis.hkeys(keys.FAIR + "lanes")
    assert not lanes
    last = await burst.ask(3)
    (lane,) = [
        each.decode() if isinstance(each, bytes) else each for each in await jobs.redis.hkeys(keys.FAIR + "lanes")
    ]
    assert await burst.wait(last) == pytest.approx(3, rel=0.1)
    await jobs.redis.hset(f"{keys.FAIR}guess::{lane}", "10", 10**9)
    waits = await burst.wait(last)
    await jobs.redis.delete(f"{keys.FAIR}guess::{lane}")
    assert waits > 0
    assert await burst.wait(last) == pytest.approx(3, rel=0.1)
