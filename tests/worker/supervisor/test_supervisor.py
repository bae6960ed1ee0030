"""`python -m worker` as people run it: everything in one process tree, kept alive, ended in order."""

import json
import signal
from contextlib import suppress

import psutil

from tests.worker.contract.factories import new_job, request
from tests.worker.harness import Harness, admitted, first_step, state, until
from tests.worker.poster.standin import Standin
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import NewJob, Reason, State
from worker.contract.types.timings import Caps


def _job(name: str, prompt: str = "a red apple", **changes: object) -> NewJob:
    return new_job(name).model_copy(update={"request": request(prompt=prompt, **changes)})


async def _ask(living: Jobs, standin: Standin, new: NewJob) -> int:
    message = standin.message()
    await admitted(living, new, Caps())
    await living.answered(new.id, message)
    return message


async def _part(harness: Harness, words: str) -> psutil.Process:
    """The supervised process whose command line has the words."""

    async def ask() -> psutil.Process | None:
        for process in psutil.Process(harness.processes["all"].pid).children():
            with suppress(psutil.Error):  # it may just be ending
                if words in " ".join(process.cmdline()):
                    return process
        return None

    found: psutil.Process = await until(ask, f"process {words}")
    return found


async def test_each_part_is_told_what_it_has_a_use_for(harness: Harness) -> None:
    """As the kernel tells it of the running processes."""
    secrets = {"DISCORD_TOKEN", "EASEL_REDIS_URL"}
    strange = {"EASEL_UNKNOWN": "x", "PGPASSWORD": "hush", "HF_TOKEN": "hf", "LC_ALL": "C.UTF-8", "easel_threads": "1"}
    harness.start("all", EASEL_SLOTS="1", **strange)
    roles = {"poster": secrets, "slot": {"EASEL_REDIS_URL"}, "engine": set()}
    for role, its in roles.items():
        told = (await _part(harness, f"worker {role}")).environ()
        assert secrets & told.keys() == its, role
        assert strange.keys() & told.keys() == {"LC_ALL"} | (
            {"HF_TOKEN", "easel_threads"} if role == "engine" else set()
        )
        assert {"PATH", "EASEL_FAILPOINTS", "EASEL_ENGINE_SOCKET", "PYTHONUNBUFFERED"} <= told.keys()


async def test_a_terminated_worker_finishes_what_it_has_begun(harness: Harness, standin: Standin, living: Jobs) -> None:
    harness.start("all", EASEL_SLOTS="1", EASEL_LOG_FORMAT="json")
    message = await _ask(living, standin, _job("begun", "[slow=0.15] a pear"))
    await first_step(living, "begun")
    harness.processes["all"].send_signal(signal.SIGTERM)
    await _ask(living, standin, _job("late"))
    assert await harness.ended("all") == 0
    assert (await state(living, "begun", State.POSTED)).attempt == 1
    assert len(standin.messages[message].files) == 4
    late = await living.get("late")
    assert late is not None
    assert late.state is State.QUEUED
    said = harness.said("all")
    ends = [said.index(f"{name} has ended") for name in ("slot-1", "poster", "engine")]
    assert ends == sorted(ends)
    rows = [json.loads(line) for line in said.splitlines()]  # every line of every part is one
    assert {row["part"] for row in rows if row.get("job") == "begun"} == {"slot-1", "engine", "poster"}


async def test_any_part_may_be_killed_in_mid_job(harness: Harness, standin: Standin, living: Jobs) -> None:
    """Engine, slot and poster in turn; then a job that kills every engine fails, and the next one is drawn."""
    harness.start("all", EASEL_SLOTS="1")
    for part in ("engine", "slot", "poster"):
        message = await _ask(living, standin, _job(part, "[slow=0.08] a plum"))
        await state(living, part, State.CLAIMED)
        (await _part(harness, f"worker {part}")).kill()
        await state(living, part, State.POSTED)
        assert len(standin.messages[message].files) == 4
    await _ask(living, standin, _job("cursed", "[crash]"))
    failed = await state(living, "cursed", State.FAILED)
    assert (failed.reason, failed.attempt) == (Reason.ATTEMPTS, 3)
    assert await living.redis.scard(keys.person(1)) == 0
    await _ask(living, standin, _job("next"))
    await state(living, "next", State.POSTED)
    assert len(standin.messages) == 5  # none was posted twice


async def test_an_engine_whose_memory_has_grown_is_replaced_without_fuss(
    harness: Harness, standin: Standin, living: Jobs
) -> None:
    harness.start("all", EASEL_SLOTS="1", EASEL_RECYCLE_MIB="100")
    for name in ("leaky", "next"):
        await _ask(living, standin, _job(name, "[leak] a plum"))
        await state(living, name, State.POSTED)
    await harness.heard("all", words="engine starts anew")
    assert "engine ended" not in harness.said("all")


async def test_nothing_outlives_a_killed_supervisor(harness: Harness, standin: Standin, living: Jobs) -> None:
    harness.start("all", EASEL_SLOTS="1")
    await _ask(living, standin, _job("orphan", "[slow=0.05] a fig"))
    await state(living, "orphan", State.CLAIMED)

    async def complete() -> list[psutil.Process] | None:
        found = psutil.Process(harness.processes["all"].pid).children(recursive=True)
        return found if len(found) == 4 else None  # engine, slot, work horse, poster

    family = await until(complete, "whole family")
    harness.processes["all"].kill()

    async def gone() -> bool:
        return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family)

    await until(gone, "end of the family")


async def test_a_worker_without_redis_waits_and_says_so_once(harness: Harness, standin: Standin, living: Jobs) -> None:
    harness.start("all", EASEL_REDIS_URL="redis://127.0.0.1:1/0", EASEL_SLOTS="1")

    async def complaints() -> bool:
        return harness.said("all").count("Redis does not answer") == 3  # supervisor, slot, poster

    await until(complaints, "words of all three")
    await harness.heard("all", words="the engine is ready")
    harness.processes["all"].send_signal(signal.SIGTERM)
    assert await harness.ended("all") == 0
    assert await complaints()
    assert "Traceback" not in harness.said("all")


async def test_a_missing_token_is_named(harness: Harness) -> None:
    del harness.env["DISCORD_TOKEN"]
    harness.start("all")
    assert await harness.ended("all") == 2
    assert harness.said("all") == "easel: DISCORD_TOKEN is not set. Set it in the environment or in .env.\n"


async def test_a_part_that_cannot_run_with_its_settings_ends_all(harness: Harness) -> None:
    harness.start("all", EASEL_THREADS="x", EASEL_SLOTS="1")
    assert await harness.ended("all") == 2
    said = harness.said("all")
    assert said.splitlines()[-1].startswith("easel: EASEL_THREADS is not usable: ")
    assert "starting again" not in said


async def test_a_name_in_use_is_refused_and_its_owner_goes_on(harness: Harness, standin: Standin, living: Jobs) -> None:
    harness.start("all", EASEL_SLOTS="1")
    await harness.heard("all", words="the engine is ready")
    socket = str(harness.folder / "other.sock")
    harness.start("all", name="second", EASEL_SLOTS="1", EASEL_ENGINE_SOCKET=socket)
    assert await harness.ended("second") == 2
    said = harness.said("second").splitlines()[-1]
    assert said.startswith("easel: EASEL_WORKER is not usable: another worker called test is running.")
    assert "the engine is ready" not in harness.said("second")
    assert await living.redis.hget(keys.WORKERS, "test") is not None
    await _ask(living, standin, _job("next"))
    await state(living, "next", State.POSTED)


async def test_a_socket_in_use_is_refused_and_nothing_is_said_of_the_others_engine(harness: Harness) -> None:
    harness.start("all", EASEL_SLOTS="1")
    await harness.heard("all", words="the engine is ready")
    harness.start("all", name="second", EASEL_SLOTS="1", EASEL_WORKER="second")
    assert await harness.ended("second") == 2
    assert "easel: Another engine (process " in harness.said("second").splitlines()[-1]
    assert "the engine is ready" not in harness.said("second")


async def test_the_name_of_a_worker_that_was_killed_is_free(harness: Harness, living: Jobs) -> None:
    harness.start("all", EASEL_SLOTS="1")
    await harness.heard("all", words="the engine is ready")

    async def beating() -> bool:
        return await living.redis.hget(keys.WORKERS, "test") is not None

    await until(beating, "heartbeat")
    harness.processes["all"].kill()
    await harness.ended("all")
    assert await beating()
    harness.start("all", name="next", EASEL_SLOTS="1")
    await harness.heard("next", words="the engine is ready")
