"""Discord's stand-in takes every blow that a plan may hold, and every one of them is over in the end."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from redis.asyncio import Redis

from deploy.sandbox.client import SandboxClient
from tests.faults.harness import Harness
from tests.faults.nemesis import Nemesis
from tests.faults.plan import THREAD, Blow, draw
from tests.faults.record import Record
from tests.faults.recovery import Recovery
from tests.faults.storm import DOOMED, invite, look_around, sandbox_of
from tests.faults.troubles import Trouble
from worker.tasks import end

# What needs nobody but Discord; processes are struck in storms.
_DISCORDS = {Blow.FAULT, Blow.OUTAGE, Blow.CRAWL, Blow.DELETE_CHANNEL, Blow.CLOSE_DMS, Blow.DENY_FILES, Blow.ARCHIVE}


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[Harness]:
    made = Harness(tmp_path / "easel", hosts=())
    made.sandbox.start()
    yield made
    await made.sandbox.stop()


@pytest.mark.timeout(120)
async def test_every_blow_at_discord_falls_and_is_over_when_it_is_mended(harness: Harness) -> None:
    async with sandbox_of(harness.page) as sandbox:
        ids, places = await invite(sandbox)
        record = Record(1)
        await look_around(sandbox, record, ids)
        plan = draw(3, 600, 1, people=list(ids), places=places, doomed=DOOMED, hosts=("north",), lease=3.0)
        nemesis = _nemesis(harness, sandbox, record)
        watching = asyncio.create_task(nemesis.watch_faults())
        await nemesis.note_closed_dms()
        found = [replace(each, at=0.0, seconds=0.1) for each in plan.strikes if each.blow in _DISCORDS]
        quick = tuple({(each.blow, each.target, each.how): each for each in found}.values())
        assert {each.blow for each in quick} == _DISCORDS
        await nemesis.strike(quick, time.monotonic())
        await end(watching)
        await nemesis.mend()
        assert [each for each in nemesis.log if "nothing" in each] == []
        assert await sandbox.faults() == []
        assert (await sandbox.get("/channel", channel=THREAD))["thread_metadata"]["archived"] is True
        lasting = [each for each in record.troubles.spans if each.end == float("inf")]
        assert {each.kind for each in lasting} == {Trouble.CLOSED}, "only of those who take no direct messages at all"
        assert len(record.gone) == 1


def _nemesis(harness: Harness, sandbox: SandboxClient, record: Record) -> Nemesis:
    store = cast("Redis", None)  # it is struck by none of these
    return Nemesis(harness, sandbox, record, cast("Recovery", None), store)
