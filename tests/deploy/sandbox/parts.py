"""What the sandbox's tests drive it with: plain HTTP, and an unmodified discord.py client."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.http.cdn import plain_png
from deploy.sandbox.server import Sandbox, serve
from deploy.sandbox.state.store import Store

RED = plain_png(0xCC2233)

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, dm_reactions=True)


class Api:
    """Plain HTTP with the bot's token: what a client of any make would send."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base

    async def __call__(
        self, method: str, path: str, body: object = None, *, data: aiohttp.FormData | None = None, token: bool = True
    ) -> tuple[int, Any]:
        headers = {} if token else {"Authorization": ""}
        url = yarl.URL(self._base + path, encoded=True)
        async with self._http.request(method, url, json=body, data=data, headers=headers) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def raw(self, method: str, path: str, **more: Any) -> aiohttp.ClientResponse:
        answer = await self._http.request(method, self._base + path, **more)
        await answer.read()
        return answer


class Bot(discord.AutoShardedClient):
    """An unmodified discord.py client with a command tree; tests add what they need to it."""

    def __init__(self, intents: discord.Intents = INTENTS, **more: Any) -> None:
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none(), **more)
        self.tree = app_commands.CommandTree(self)
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.heard.put_nowait(("reaction", event))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self.heard.put_nowait(("unreaction", event))

    async def on_message(self, message: discord.Message) -> None:
        self.heard.put_nowait(("message", message))

    async def on_shard_resumed(self, shard: int) -> None:
        self.heard.put_nowait(("resumed", shard))

    async def next(self, kind: str) -> Any:
        """The next event of this kind; others are passed over."""
        async with asyncio.timeout(15):
            while True:
                found, value = await self.heard.get()
                if found == kind:
                    return value

    async def setup_hook(self) -> None:
        await self.tree.sync()


Connect = Callable[[Bot], Awaitable[Bot]]


@asynccontextmanager
async def refused(code: int) -> AsyncIterator[None]:
    """The block must meet Discord's error of this code."""
    with pytest.raises(discord.HTTPException) as caught:
        yield
    assert caught.value.code == code, caught.value


@asynccontextmanager
async def started(folder: Path, port: int = 0) -> AsyncIterator[tuple[SandboxClient, Api]]:
    """A sandbox that keeps its world in this folder."""
    box = Sandbox(store=Store(folder))
    async with (
        serve(box, port),
        SandboxClient.connect(box.base_url) as sandbox,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {box.token}"}) as http,
    ):
        yield sandbox, Api(http, box.info()["api"])


def form(payload: dict[str, Any], *files: bytes) -> aiohttp.FormData:
    """A multipart body with files of these contents."""
    data = aiohttp.FormData(default_to_multipart=True)
    data.add_field("payload_json", json.dumps(payload), content_type="application/json")
    for number, content in enumerate(files):
        data.add_field(f"files[{number}]", io.BytesIO(content), filename=f"{number}.bin")
    return data


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "go", "custom_id": "x", **more}
