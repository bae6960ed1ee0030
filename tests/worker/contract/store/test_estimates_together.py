"""What people are told where a device draws several jobs at once: each gets its part of it, and none a device."""

import json
from collections.abc import Sequence

import pytest

from tests.worker.contract.conftest import Take
from tests.worker.contract.factories import INFO, new_job
from tests.worker.contract.store.test_estimates import MANY, MINUTE
from tests.worker.contract.store.test_leases import HELD, clock
from worker.contract.store import keys
from worker.contract.store.jobs import ALIVE, Admitted, Jobs, Refused
from worker.contract.types.job import Progress
from worker.contract.types.timings import Caps

LONG_AGO = 3600_000  # milliseconds: by the clock alone all that runs would be done


@pytest.fixture
async def minutes(jobs: Jobs) -> Jobs:
    """Each job takes a minute of its device, of which there is one."""
    await jobs.redis.hset(keys.PACE, "starter", str(MINUTE))
    return jobs


async def drawn(jobs: Jobs, take: Take, done: Sequence[float | None]) -> None:
    """So many are drawn now, of which such a share is done; None: its first step is to come."""
    for number, share in enumerate(done):
        await jobs.admit(new_job(f"d{number}"), MANY)
        assert take(timings=HELD) == (f"d{number}", 1)
        progress = Progress(phase="wait") if share is None else Progress(step=round(share * 100), steps=100)
        await Jobs(jobs.redis, HELD).renew(f"d{number}", 1, progress)
        await jobs.redis.hset(keys.job(f"d{number}"), "claimed", int(await clock(jobs)) - LONG_AGO)
    await jobs.redis.delete(keys.CHARGES)  # nobody has really waited: what was learnt of that is nothing


@pytest.mark.parametrize(
    ("done", "waiting", "told"),
    [
        ([0.5, 0.5], 1, 30 + 30 + 60),  # all of it is done by one device
        ([0.5, 0.25], 1, 30 + 45 + 60),
        ([0.5, 0.5, 0.5, 0.5], 1, 4 * 30 + 60),
        ([0.9, 0.1], 1, 6 + 54 + 60),
        ([0.5, 0.5], 3, (30 + 30 + 60) + 60 + 60),  # those in between are drawn together, and it beside nobody
        ([0.5, 0.5, None], 1, 30 + 30 + 60 + 60),  # not begun yet: in line before all others
    ],
)
async def test_what_runs_is_waited_for_by_its_progress(
    minutes: Jobs, take: Take, done: list[float | None], waiting: int, told: float
) -> None:
    """However long ago it was claimed: meanwhile the device was at others' work, too."""
    await drawn(minutes, take, done)
    for number in range(waiting):
        await minutes.admit(new_job(f"w{number}"), MANY)
    last = await minutes.standing(f"w{waiting - 1}")
    assert last.place == waiting
    assert last.eta == pytest.approx(told, rel=0.01)


async def test_it_takes_longer_beside_those_that_come_next(minutes: Jobs, take: Take) -> None:
    """Its own minute is two, when the next in line is drawn with it from the same moment on."""
    await drawn(minutes, take, [0.5, 0.5])
    for name in ("1", "2"):
        await minutes.admit(new_job(name), MANY)
    assert (await minutes.standing("1")).eta == pytest.approx(30 + 30 + 2 * 60, rel=0.01)


async def test_those_behind_whom_its_workers_cannot_draw_take_nothing_of_it(minutes: Jobs, take: Take) -> None:
    await drawn(minutes, take, [0.5, 0.5])
    await minutes.heartbeat("w2", [INFO.model_copy(update={"id": "other"})], 1)
    await minutes.admit(new_job("1"), MANY)
    for number in range(5):
        await minutes.admit(new_job(f"o{number}", model="other"), MANY)
    assert (await minutes.standing("1")).eta == pytest.approx(30 + 30 + 60, rel=0.01)


@pytest.mark.parametrize(("slots", "done"), [(2, [0.5, 0.5]), (1, [0.5]), (1, [0.5, None])])
async def test_where_each_device_draws_one_it_goes_by_time(
    minutes: Jobs, take: Take, slots: int, done: list[float | None]
) -> None:
    """So does that of an older worker, each of whose slots counts; and what is claimed ahead changes nothing."""
    await minutes.heartbeat("w1", [INFO], slots)
    await drawn(minutes, take, done)
    for name in ("1", "2"):
        await minutes.admit(new_job(name), MANY)
    assert (await minutes.standing("1")).eta == pytest.approx(6 * len(done) / slots + 60, rel=0.01)


async def test_a_refusal_goes_by_progress_as_well(minutes: Jobs, take: Take) -> None:
    """The one that is done first has half its way left, and two others beside it."""
    await drawn(minutes, take, [0.5, 0.2, 0.3])
    refused = await minutes.admit(new_job("3"), Caps(person=3))
    assert isinstance(refused, Refused)
    assert refused.retry_after == pytest.approx(3 * 30, rel=0.02)


@pytest.mark.parametrize("beat", [{"seen": -(ALIVE + 1) * 1000}, {"slots": 0}, {"slots": -3}], ids=str)
async def test_a_refusal_is_one_while_nobody_draws(minutes: Jobs, take: Take, beat: dict[str, float]) -> None:
    """A host that is gone leaves its job claimed, at its last step, until the lease is over."""
    await drawn(minutes, take, [0.5, 0.2])
    told = json.loads(await minutes.redis.hget(keys.WORKERS, "w1") or b"")
    silent = told | beat | ({"seen": told["seen"] + beat["seen"]} if "seen" in beat else {})
    await minutes.redis.hset(keys.WORKERS, "w1", json.dumps(silent))
    refused = await minutes.admit(new_job("3"), Caps(person=2))
    assert isinstance(refused, Refused)
    assert (refused.why, refused.count) == ("person", 2)
    assert isinstance(await minutes.admit(new_job("4"), Caps(person=3)), Admitted)
    assert (await minutes.standing("4")).eta is None
