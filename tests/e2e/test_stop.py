"""Ctrl-C: what runs is finished and posted first; a second one waits for nothing."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.local import DEADLINE, Local, running, until
from tests.e2e.person import at
from worker.contract.types.job import State

PATIENT = {"EASEL_DRAIN": "600", "EASEL_LEASE": "10"}


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with running(tmp_path, settings=PATIENT) as local:
        yield local


async def test_what_runs_is_finished_and_posted_before_the_end(local: Local) -> None:
    async with at(local) as easel:
        running_one = await easel.ask("the last one [slow=0.3]", steps=10)
        await easel.drawing(running_one.job)
        waiting = await easel.ask("kept for the next start", person="Cem")
        local.interrupt()
        await easel.sandbox.wait_edit(running_one.message, lambda m: any("easel-" in a.filename for a in m.attachments),
                                      DEADLINE)  # fmt: skip
        await easel.reaches(running_one.job, State.POSTED)
        assert await asyncio.to_thread(local.wait) == 0
        assert await easel.state(waiting.job) is State.QUEUED
    said = local.log()
    order = ["Stopping: what runs is finished first", f"{running_one.job}: posted", "worker   worker INFO    stopped"]
    assert [said.index(each) for each in order] == sorted(said.index(each) for each in order)


async def test_a_second_one_ends_everything_at_once(local: Local) -> None:
    async with at(local) as easel:
        endless = await easel.ask("never finished [slow=1]", steps=150)
        await easel.drawing(endless.job)
        family = local.family()
        local.interrupt()
        await until(lambda: "Stopping: what runs" in local.log(), "the first Ctrl-C to be heard")
        local.interrupt()
        assert await asyncio.to_thread(local.wait) == 0
        assert await easel.state(endless.job) is State.CLAIMED
        await until(lambda: not any(each.is_running() for each in family), "everything to be gone")


async def test_a_sandbox_that_died_is_back_with_its_commands_and_messages(fake_local: Local) -> None:
    async with at(fake_local) as easel:
        before = await easel.once(await easel.ask("before the flood"))
        await until(lambda: fake_local.kept(before.attachments[0].filename), "the sandbox to keep the message")
    gone = {role: fake_local.kill(role) if role == "sandbox" else fake_local.pids(role) for role in ("sandbox", "bot")}
    for role, pids in gone.items():
        await fake_local.replaced(role, pids)
    await until(fake_local.listens, "the sandbox to listen")
    async with at(fake_local) as easel:
        assert await easel.sandbox.download((await easel.sandbox.message(before)).attachments[0])
        assert (await easel.sandbox.press(before, "1:rerun", "Cem", timeout=DEADLINE)).answered
        await easel.once(await easel.ask("after the flood"))
