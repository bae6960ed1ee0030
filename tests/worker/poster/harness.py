"""A deliverer with its outbox, and jobs in the state that a test wants."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
import redis
import redis.asyncio
from PIL import Image

from tests.worker.contract.factories import INFO, new_job, request
from worker.contract.message.languages import ENGLISH
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types import recipe
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, NewJob
from worker.contract.types.recipe import Recipe
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps, Timings, ms
from worker.poster.deliver import Deliverer
from worker.poster.discord import Discord

TIMINGS = Timings(answer_grace=0, edit_every=0)
TOKEN, CHANNEL, OWNER = "secrettoken", 77, 1
CREATE = f"POST /channels/{CHANNEL}/messages"
REPLY, THROUGH_CHANNEL = f"PATCH /webhooks/5/{TOKEN}/", f"PATCH /channels/{CHANNEL}/"
ANY, DM = f"/channels/{CHANNEL}/", f"POST /channels/{5000 + OWNER}/messages"


class Harness:
    """A deliverer with its outbox, and jobs in the state that a test wants."""

    def __init__(self, client: redis.asyncio.Redis, url: str, discord: Discord) -> None:
        self.jobs, self.outbox = Jobs(client, TIMINGS), Outbox(client, TIMINGS)
        self.deliverer = Deliverer(self.outbox, discord, ENGLISH)
        self._url = url

    async def admitted(
        self, name: str = "job", *, age_restricted: bool = False, prompt: str = "a red apple", **place: Any
    ) -> NewJob:
        await self.jobs.heartbeat("w", [INFO], 1)
        owner, results_to = place.pop("owner", OWNER), place.pop("results_to", None)
        where = Destination(**{"channel": CHANNEL, "server": 10, "application": 5, "token": TOKEN} | place)
        update = {
            "destination": where, "age_restricted": age_restricted, "request": request(prompt=prompt),
            "results_to": results_to,
        }  # fmt: skip
        new = new_job(name, owner=owner).model_copy(update=update)
        await self.jobs.admit(new, Caps())
        self._newest = new
        return new

    def newest(self) -> NewJob:
        """What was admitted last."""
        return self._newest

    async def claimed(self, name: str = "job", **place: Any) -> NewJob:
        new = await self.admitted(name, **place)
        with redis.Redis.from_url(self._url) as connection:
            claim(connection, worker="w", capabilities=["starter"], timings=TIMINGS, function="f", job_timeout=60)
        return new

    async def rendered(self, name: str = "job", sizes: tuple[int, int] = (64, 64), **place: Any) -> NewJob:
        new = await self.claimed(name, **place)
        await self.store(new, sizes)
        return new

    async def store(self, new: NewJob, sizes: tuple[int, int] = (64, 64)) -> None:
        """What was claimed is drawn."""
        pictures = [_png(new, index, sizes) for index in range(new.request.count)]
        about = tuple(Picture(seed=42 + i, width=64, height=64, size=len(p)) for i, p in enumerate(pictures))
        assert await self.jobs.store(new.id, 1, Result(pictures=about, timings={"total": 900.0}), pictures)

    async def take(self) -> OutboxEntry:
        """What is due."""
        entry = await self.outbox.claim(5)
        assert entry is not None, "nothing is due"
        return entry

    async def age(self, seconds: float, name: str = "job") -> None:
        """Put what was noted of tries at a job's message so long ago, and let it be due."""
        redis_ = self.jobs.redis
        record: Any = await redis_.hgetall(keys.job(name))
        for key, value in record.items():
            if key.startswith(b"refused_"):
                await redis_.hset(keys.job(name), key.decode(), int(value) - ms(seconds))
            if key == b"posting":
                begun = {nonce: at - ms(seconds) for nonce, at in json.loads(value).items()}
                await redis_.hset(keys.job(name), "posting", json.dumps(begun))
        await self.due(name)

    def make_room(self, size: int) -> None:
        """Bytes of unposted pictures beyond which nothing is claimed."""
        self.outbox.timings = replace(TIMINGS, unposted_max=size)

    async def due(self, name: str = "job") -> None:
        """Let a message be due now, with nobody's hold on it."""
        await self.jobs.redis.hdel(keys.job(name), "holder", "held")
        await self.jobs.redis.zadd(keys.OUTBOX, {name: 0})

    async def refused(self, error: type[Exception]) -> None:
        """A try that ends like this, after which it is due again."""
        entry = await self.take()
        with pytest.raises(error):
            await self.deliverer.deliver(entry)
        await self.outbox.later(entry, 0, failed=True)

    async def deliver(self) -> Job:
        """Deliver what is due; the job's record afterwards."""
        entry = await self.take()
        await self.deliverer.deliver(entry)
        return await self.job(entry.job.id)

    async def job(self, name: str = "job") -> Job:
        found = await self.jobs.get(name)
        assert found is not None
        return found


def _png(new: NewJob, index: int, sizes: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(sizes, 90).convert("RGB").save(
        buffer, "PNG", pnginfo=recipe.png_info(Recipe(request=new.request, index=index))
    )
    return buffer.getvalue()
