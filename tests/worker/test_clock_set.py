"""Redis's clock is set under a whole worker: what runs, waits and is due goes on at its pace."""

import signal
from collections.abc import Iterator

import pytest

from tests.redis_clock import RedisClock, settable
from tests.worker.contract.factories import new_job, request
from tests.worker.harness import Harness, admitted, state
from tests.worker.hosts import Hosts
from tests.worker.poster.standin import Standin
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import NewJob, State
from worker.contract.types.timings import Caps

HOUR = 3600.0
STEPS = [-600.0, -7 * HOUR, 7 * HOUR]


@pytest.fixture(autouse=True)
def _settable() -> Iterator[None]:
    """Before the fixtures below register scripts."""
    with settable():
        yield


@pytest.fixture
def clock(living: Jobs) -> RedisClock:
    return RedisClock(living.redis)


def slow(name: str) -> NewJob:
    return new_job(name).model_copy(update={"request": request(prompt="[slow=0.1] a fig")})


@pytest.mark.parametrize("step", STEPS)
async def test_what_runs_and_waits_is_drawn_and_posted_at_once(
    harness: Harness, standin: Standin, living: Jobs, clock: RedisClock, step: float
) -> None:
    harness.start("all", EASEL_SLOTS="1")
    messages = {}
    for name in ("running", "waiting", "later"):
        messages[name] = standin.message()
        await admitted(living, slow(name), Caps())
        await living.answered(name, messages[name])
    await state(living, "running", State.CLAIMED)
    await clock.step(step)
    await admitted(living, new_job("by-bot", owner=2, token=None), Caps())  # posted with the bot's token, in its row
    for name in (*messages, "by-bot"):
        posted = await state(living, name, State.POSTED)
        assert posted.attempt == 1
    await clock.step(-step)
    messages["after"] = standin.message()
    await admitted(living, slow("after"), Caps())
    await living.answered("after", messages["after"])
    assert (await state(living, "after", State.POSTED)).attempt == 1
    assert len(standin.messages) == len(messages) + 1
    assert "Traceback" not in harness.said("all")


@pytest.mark.parametrize("step", STEPS)
async def test_a_job_whose_host_is_killed_is_drawn_again_soon(
    harness: Harness, standin: Standin, living: Jobs, clock: RedisClock, step: float
) -> None:
    hosts = Hosts(harness, harness.folder)
    hosts.start("north")
    armed = harness.arm("render-during", "pause")
    message = standin.message()
    await admitted(living, slow("1"), Caps())
    await living.answered("1", message)
    await harness.fired(armed)
    hosts.strike("north", signal.SIGKILL)
    await clock.step(step)
    hosts.start("south")
    assert (await state(living, "1", State.POSTED)).attempt == 2
    assert len(standin.messages[message].files) == 4
