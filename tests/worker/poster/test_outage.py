"""Discord is away while the lines are full: nothing more is drawn than can be kept, and nothing bursts afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import redis
import redis.asyncio
from pydantic import SecretStr

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve
from tests.worker.contract.factories import INFO, new_job
from tests.worker.harness import until
from worker.contract.message.languages import ENGLISH
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import PER_SECOND, Outbox
from worker.contract.types.destination import Destination
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps, Timings
from worker.poster import poster
from worker.poster.deliver import Deliverer
from worker.poster.discord import PATIENCE, Discord
from worker.poster.poster import Poster

JOBS, KEPT = 110, 100  # accepted, and those whose pictures fit under the cap
PICTURE = b"p" * 1000
TIMINGS = Timings(answer_grace=0, edit_every=0, unposted_max=KEPT * len(PICTURE))
WIDE = Caps(person=JOBS, server=JOBS, total=JOBS, rate_person=0, rate_server=0)
DISCORD_GLOBAL = 50


class Row(Outbox):
    """An outbox that counts the places its poster took in the row of all requests."""

    taken = 0

    async def rate_slot(self, patience: float) -> float:
        wait = await super().rate_slot(patience)
        self.taken += wait <= PATIENCE
        return wait


class Outage:
    """A line of jobs in many channels, slots that draw as far as they may, and two posters."""

    def __init__(self, store: redis.asyncio.Redis, url: str, sandbox: SandboxClient) -> None:
        self.redis, self.sandbox, self._url = store, sandbox, url
        self.jobs = Jobs(store, TIMINGS)
        self.rows = [Row(store, TIMINGS) for _ in range(2)]

    async def accept(self) -> None:
        """Everybody asks at once."""
        await self.jobs.heartbeat("w", [INFO], 1)
        await self.sandbox.post("/guilds", count=JOBS // 4)
        world = await self.sandbox.world()
        rooms = [int(room["id"]) for guild in world["guilds"] for room in guild["channels"][:2]]
        for number in range(JOBS):
            new = new_job(f"j{number}", owner=number)
            where = Destination(channel=rooms[number % len(rooms)], server=1)
            await self.jobs.admit(new.model_copy(update={"destination": where}), WIDE)

    async def draw(self) -> int:
        """Claim, draw and store until nothing can be claimed; returns how many were drawn."""
        with redis.Redis.from_url(self._url) as connection:
            drawn = 0
            while started := claim(
                connection, worker="w", capabilities=["starter"], timings=TIMINGS, function="f", job_timeout=60
            ):
                about = Picture(seed=1, width=64, height=64, size=len(PICTURE))
                assert await self.jobs.store(started.rpartition("-")[0], 1, Result(pictures=(about,)), [PICTURE])
                drawn += 1
        return drawn

    async def answered(self, status: int) -> int:
        return (await self.sandbox.statuses()).get(status, 0)

    async def posted(self) -> bool:
        return not await self.redis.exists(keys.UNPOSTED)


@pytest.fixture
async def outage(
    redis_async: redis.asyncio.Redis, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Outage]:
    monkeypatch.setattr(poster, "_BACKOFF_MAX", 1.0)  # ten minutes in a few seconds
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        box = await stack.enter_async_context(serve(Sandbox()))
        sandbox = await stack.enter_async_context(SandboxClient.connect(box.base_url))
        outage = Outage(redis_async, valkey_url, sandbox)
        running = []
        for outbox in outage.rows:
            discord = await stack.enter_async_context(Discord(sandbox.info.api, SecretStr(sandbox.info.token)))
            posting = Poster(outbox, Deliverer(outbox, discord, ENGLISH))
            running.append(asyncio.create_task(posting.run(stop, flush=5)))
        yield outage
        stop.set()
        await asyncio.gather(*running)


async def test_an_outage_ends_without_a_loss_or_a_burst(outage: Outage) -> None:
    await outage.sandbox.fault(path="/channels/*", status=503, times=None)
    await outage.accept()
    assert await outage.draw() == KEPT
    await until(lambda: _reached(outage, 503, KEPT), "an outage that everybody has met")
    assert await outage.draw() == 0, "a job was claimed although its pictures could not be kept"
    assert await outage.redis.zcard(keys.WAITING) == JOBS - KEPT
    await outage.sandbox.clear_faults()
    await until(outage.posted, "the end of the backlog")
    assert await outage.draw() == JOBS - KEPT
    await until(outage.posted, "the rest")
    sent = await outage.sandbox.exchanges("/channels", limit=3000)
    assert sum(row.taken for row in outage.rows) >= len(sent), "a request left without a place in the row"
    made = [each for each in sent if each["status"] == 200 and each["method"] == "POST"]
    assert len({each["response"]["id"] for each in made}) == JOBS


async def _reached(outage: Outage, status: int, count: int) -> bool:
    return await outage.answered(status) >= count


def test_the_pace_leaves_room_for_the_bot() -> None:
    assert PER_SECOND < DISCORD_GLOBAL
