"""What tests do as people, and what they look at afterwards."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import redis.asyncio
from redis.exceptions import RedisError

from deploy.sandbox.client import Interaction, Message, SandboxClient
from tests.e2e.local import DEADLINE, Local, until
from worker.contract.message.custom_ids import CustomId
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import Job, State

CHANNEL = "gallery"


@dataclass
class Asked:
    """An accepted request: the command, the bot's answer to it, the job that it became."""

    interaction: Interaction
    message: Message
    job: str


class Easel:
    """A whole Easel with a hand on each end: people in the sandbox, and what Redis holds."""

    def __init__(self, local: Local, sandbox: SandboxClient, store: redis.asyncio.Redis) -> None:
        self.local, self.sandbox, self.redis = local, sandbox, store
        self.jobs = Jobs(store)

    async def ready(self) -> None:
        """Everybody is there: the bot hears, and a worker says that it can draw."""
        await self.sandbox.wait_bot(timeout=DEADLINE)
        await self.sandbox.wait_commands(timeout=DEADLINE)
        await until(lambda: all(map(self.local.pids, ("engine", "slot", "poster"))), "engine, slots and poster")
        await self.beating()

    async def beating(self) -> None:
        """A worker has spoken just now: its engine is healthy and Redis hears it."""
        since = time.time() * 1000

        async def beats() -> bool:
            return any(
                json.loads(heartbeat)["seen"] >= since
                for heartbeat in (await self.redis.hgetall(keys.WORKERS)).values()
            )

        await eventually(beats, "a beat of the worker")

    async def ask(self, prompt: str, person: str = "Bea", channel: str = CHANNEL, **options: object) -> Asked:
        """Type /imagine; the bot must accept it."""
        chosen = {"prompt": prompt, "model": "starter", "count": 1, "steps": 4} | options
        done = await self.sandbox.slash(channel, person, "imagine", chosen, timeout=DEADLINE)
        assert done.answered, done.raw
        assert done.message_id is not None
        message = await self.sandbox.message(done.message_id)
        return Asked(done, message, job_of(message))

    async def state(self, job: str) -> State | None:
        found = await self.jobs.get(job)
        return found.state if found else None

    async def reaches(self, job: str, *states: State) -> Job:
        """The job's record as soon as it is in one of the states."""
        found: list[Job] = []

        async def there() -> bool:
            record = await self.jobs.get(job)
            if record is not None and record.state in states:
                found.append(record)
            return bool(found)

        await eventually(there, f"job {job} to be {' or '.join(states)}")
        return found[-1]

    async def drawing(self, job: str) -> None:
        """The engine is at it: at least one step is done."""

        async def there() -> bool:
            record = await self.jobs.get(job)
            return bool(record and record.state is State.CLAIMED and record.progress and record.progress.step)

        await eventually(there, f"job {job} to be drawn")

    async def quiet(self) -> None:
        """Nothing waits, runs or is to be posted any more."""

        async def nothing() -> bool:
            names = (keys.LINE, keys.WAITING, keys.LEASES, keys.OUTBOX, keys.COSMETIC)
            return not any([await self.redis.zcard(name) for name in names])

        await eventually(nothing, "everything to be done")

    async def once(self, asked: Asked, pictures: int = 1, channel: str = CHANNEL) -> Message:
        """The pictures of a job are in the channel exactly once, however long one waits; returns their message."""
        await self.reaches(asked.job, State.POSTED)
        await self.quiet()
        shown = [m for m in await self.sandbox.messages(channel) if any(asked.job in a.filename for a in m.attachments)]
        assert len(shown) == 1, shown
        assert len(shown[0].attachments) == pictures
        answers = [m for m in await self.sandbox.messages(channel) if m.interaction_id == asked.interaction.id]
        assert len(answers) <= 1, "the command was answered more than once"
        return shown[0]


@asynccontextmanager
async def at(local: Local) -> AsyncIterator[Easel]:
    """Everybody there at the start; what was logged meanwhile shows on a failure."""
    begun = local.log_size
    try:
        async with (
            SandboxClient.connect(local.page) as sandbox,
            redis.asyncio.Redis.from_url(local.valkey.url) as store,
        ):
            easel = Easel(local, sandbox, store)
            await easel.ready()
            yield easel
    finally:
        sys.stdout.write(local.log(begun))


def job_of(message: Message) -> str:
    """The job that a message's buttons belong to."""
    control = CustomId.parse(str(message.buttons[0]["custom_id"])) if message.buttons else None
    assert control is not None, f"there is no control on {message!r}"
    return control.job


async def eventually(true: Callable[[], Awaitable[bool]], what: str, deadline: float = DEADLINE) -> None:
    """Wait until something is true; a Redis that is away makes nothing true. Raises TimeoutError."""
    end = time.monotonic() + deadline
    while True:
        with contextlib.suppress(RedisError):
            if await true():
                return
        if time.monotonic() > end:
            raise TimeoutError(f"waited {deadline:.0f} s for {what}")
        await asyncio.sleep(0.02)
