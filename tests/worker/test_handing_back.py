"""Real processes that end while a job waits for its turn, and an engine that dies over one of several."""

import asyncio
import signal
from pathlib import Path

from tests.worker.contract.factories import WIDE, new_job
from tests.worker.harness import Harness, admitted, state, until
from tests.worker.poster.standin import Standin
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import Job, NewJob, Reason, State
from worker.slot.client import health


def slow(name: str, words: str = "[slow=0.5]", steps: int = 150) -> NewJob:
    new = new_job(name)
    return new.model_copy(update={"request": new.request.model_copy(update={"prompt": words, "steps": steps})})


async def waits(jobs: Jobs, job: str, attempt: int) -> Job:
    """The job while this attempt at it waits for its turn."""

    async def ask() -> Job | None:
        found = await jobs.get(job)
        assert found is not None
        told = found.progress.phase if found.progress else ""
        return found if (found.state, found.attempt, told) == (State.CLAIMED, attempt, "wait") else None

    found: Job = await until(ask, f"attempt {attempt} at {job} that waits")
    return found


async def held(socket: Path, running: int, places: int) -> None:
    async def ask() -> bool:
        found = await asyncio.to_thread(health, socket)
        return (found.running, found.places) == (running, places)

    await until(ask, f"an engine with {running} renders and {places} places")


async def handed_back(jobs: Jobs, job: str, times: int) -> Job:
    async def ask() -> Job | None:
        found = await jobs.get(job)
        return found if found and found.uncounted == times else None

    found: Job = await until(ask, f"{job} handed back {times} times")
    return found


async def test_what_waits_for_its_turn_is_handed_back_and_has_not_been_tried(harness: Harness, living: Jobs) -> None:
    harness.env["EASEL_ENGINE_WAITING"] = "1"
    harness.start("engine")
    await harness.ready()
    harness.start("slot", "slot-1")
    await living.admit(slow("first"), WIDE)
    await held(harness.socket, running=1, places=1)
    harness.start("slot", "slot-2")
    await living.admit(new_job("second"), WIDE)
    await waits(living, "second", 1)
    await held(harness.socket, running=1, places=0)

    (horse,) = [each for each in harness.horses() if each.ppid() == harness.processes["slot-2"].pid]
    horse.kill()
    await handed_back(living, "second", 1)
    await waits(living, "second", 2)
    await held(harness.socket, running=1, places=0)

    harness.processes["slot-2"].send_signal(signal.SIGTERM)
    assert (await handed_back(living, "second", 2)).tried == 0
    assert await harness.ended("slot-2") == 0

    harness.start("slot", "slots", "--several")
    await waits(living, "second", 3)
    await held(harness.socket, running=1, places=0)
    harness.processes["slots"].send_signal(signal.SIGTERM)
    assert (await handed_back(living, "second", 3)).tried == 0
    assert await harness.ended("slots") == 0

    harness.start("slot", "slot-3")
    await waits(living, "second", 4)
    await held(harness.socket, running=1, places=0)
    harness.processes["engine"].kill()
    assert (await handed_back(living, "second", 4)).tried == 0
    first = await state(living, "first", State.QUEUED)
    assert (first.uncounted, first.tried) == (0, 1), "the engine died over it alone"


async def test_one_killer_among_seven(harness: Harness, standin: Standin, living: Jobs) -> None:
    """Those that were drawn beside it are drawn again, and it alone fails."""
    harness.start("all", EASEL_SLOTS="1", EASEL_FAKE_TOGETHER="8", EASEL_FAKE_STEP_MS="150", EASEL_LEASE="10")
    await harness.ready()
    names = [f"j{number}" for number in range(7)]
    for name in names:
        await living.answered(await admitted(living, new_job(name), WIDE), standin.message())
    await held(harness.socket, running=7, places=1)
    await living.answered(await admitted(living, slow("killer", "[crash]", steps=20), WIDE), standin.message())
    await state(living, "killer", State.FAILED)
    for name in names:
        posted = await state(living, name, State.POSTED)
        assert posted.alone, "nobody knew by then that it was not the killer"
        assert posted.tried == 1
    killer = await living.get("killer")
    assert killer is not None
    assert (killer.reason, killer.attempt) == (Reason.ATTEMPTS, 4), "once among others, three times alone"
