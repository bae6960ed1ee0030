"""What the tests of the bot work with: a real bot, a real Valkey, and the sandbox in Discord's place."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TypeVar

import aiohttp
import redis as redis_sync
from PIL import Image
from redis.asyncio import Redis

from bot.app import Easel
from deploy.sandbox.client import Interaction, Message, SandboxClient
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import alt_text, card, file_name
from worker.contract.message.languages import ENGLISH
from worker.contract.message.layout import button
from worker.contract.message.verbs import Verb
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.store.outbox import Outbox
from worker.contract.types import recipe
from worker.contract.types.job import Job, State
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.operation import FORWARD, MOMENTS, Operation
from worker.contract.types.request import capability
from worker.contract.types.result import Picture, Result

STARTER = ModelInfo(
    id="starter", title="Starter", steps=20, steps_max=60, guidance_scale=5.0,
    native_pixels=128 * 128, side_min=64, side_max=256,
)  # fmt: skip
ABLE = (MOMENTS, FORWARD, Operation.IMG2IMG)  # of what `finish` draws
UPSCALER = UpscalerInfo(id="upscaler.x4", title="x4", scale=4, pixels_max=1024 * 1024)
PROMPT = "a glossy sticker of a red apple"
DEADLINE = 10.0
T = TypeVar("T")
CALLBACK = "/interactions/*/callback"


async def until(ask: Callable[[], Awaitable[T]], good: Callable[[T], bool] = bool) -> T:
    """What `ask` says once it is good. Raises TimeoutError after the deadline."""
    async with asyncio.timeout(DEADLINE):
        while not good(found := await ask()):  # noqa: ASYNC110 - Redis tells nobody that a hash changed
            await asyncio.sleep(0.01)
        return found


@dataclass
class Harness:
    """Everything at hand, and the steps that many tests share."""

    discord: SandboxClient
    bot: Easel
    redis: Redis
    valkey_url: str
    capabilities: tuple[str, ...] = (  # of who claims
        STARTER.id,
        *(capability(each, STARTER.id) for each in ABLE),
        UPSCALER.id,
    )

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.redis)

    async def imagine(self, person: str = "bea", channel: str = "gallery", **options: object) -> Interaction:
        return await self.discord.slash(channel, person, "imagine", {"prompt": PROMPT} | options)

    async def answer(self, interaction: Interaction) -> Message:
        """The message that answers this interaction."""
        assert interaction.message_id is not None
        return await self.discord.message(interaction.message_id)

    async def job(self, job: int | str) -> Job:
        """A job that is accepted, or about to be: a command that was put off is answered before."""
        found = await until(lambda: self.jobs.get(str(job)))
        assert found is not None
        return found

    async def forgotten(self, job: Job) -> bool:
        """Does Redis hold no more of the job than that it was?"""
        left = await self.redis.hgetall(f"easel:job:{job.id}")
        return left.keys() <= {b"version", b"state", b"changed", b"deleted"}

    async def all_jobs(self) -> list[str]:
        return [key.decode().rpartition(":")[2] async for key in self.redis.scan_iter("easel:job:*")]

    async def waiting(self, person: str = "bea", prompt: str = PROMPT) -> tuple[Job, Message]:
        """A job in line, and its message as the bot answered with it."""
        asked = await self.imagine(person, prompt=prompt)
        job = await until(lambda: self.job(asked.id), lambda found: found.destination.message is not None)
        return job, await self.answer(asked)

    async def posted(self, person: str = "bea", *, old: bool = False, prompt: str = PROMPT) -> tuple[Job, Message]:
        """A finished job with its picture in the channel, brought there as slot and poster would.

        `old`: with the buttons that earlier versions of Easel gave it.
        """
        job, message = await self.waiting(person, prompt)
        return await self.finish(job, message, old=old), await self.discord.message(message)

    async def finish(self, job: Job, message: Message, *, old: bool = False) -> Job:
        """Bring a job in line to its end, with its picture in its message."""
        picture = draw(job)
        await self.render(job, picture)
        entry = await until(lambda: Outbox(self.redis).claim(30))
        assert entry is not None
        assert await Outbox(self.redis).posted(entry)
        job = await self.job(job.id)
        await self._attach(job, message, picture, old=old)
        return job

    def claim(self) -> str | None:
        """Start an attempt at the next job in line, as a slot does."""
        with redis_sync.Redis.from_url(self.valkey_url) as client:
            return claim(
                client,
                worker="w",
                capabilities=self.capabilities,
                timings=self.jobs.timings,
                function="f",
                job_timeout=60,
            )

    async def render(self, job: Job, picture: bytes) -> None:
        assert self.claim() == f"{job.id}-1"
        asked = job.request
        result = Result(pictures=(Picture(seed=asked.seed, width=asked.width, height=asked.height, size=len(picture)),))
        assert await self.jobs.store(job.id, 1, result, [picture])

    async def _attach(self, job: Job, message: Message, picture: bytes, *, old: bool) -> None:
        draft = STARTER.drafted(job.request)
        name, shown = file_name(job, 0), card(job, ENGLISH, [0], varied=[0], beyond=True, draft=draft)
        if old:
            buttons = [button(CustomId(verb, job.id), ENGLISH) for verb in (Verb.UPSCALE, Verb.RERUN, Verb.DELETE)]
            shown["components"] = [{"type": 1, "components": buttons}]
        form = aiohttp.FormData()
        attached = {"id": 0, "filename": name, "description": alt_text(job.request, 0, 1, ENGLISH)}
        form.add_field("payload_json", json.dumps(shown | {"attachments": [attached]}))
        form.add_field("files[0]", picture, filename=name, content_type="image/png")
        info = self.discord.info
        url = f"{info.api}/channels/{message.channel_id}/messages/{message.id}"
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bot {info.token}"}) as http,
            http.patch(url, data=form) as response,
        ):
            assert response.status == 200, await response.text()

    async def state(self, job: str) -> State:
        return (await self.job(job)).state


def draw(job: Job) -> bytes:
    """A PNG with the recipe in it, as the engine makes them."""
    out = BytesIO()
    colour = tuple(secrets.token_bytes(3))
    image = Image.new("RGB", (job.request.width, job.request.height), colour)
    image.save(out, "PNG", pnginfo=recipe.png_info(recipe.Recipe(request=job.request)))
    return out.getvalue()
