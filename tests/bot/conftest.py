import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import redis.asyncio
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import Easel
from bot.discord_io.base_urls import point_discord_at
from bot.settings import Settings
from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve
from tests.bot.harness import STARTER, Harness
from tests.close_client import close_client

StartBot = Callable[..., Awaitable[Easel]]


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxClient]:
    """A fresh Discord of our own, which lets a bot start twice within five seconds."""
    made = Sandbox()
    made.hub.session_limits.enabled = False
    async with serve(made) as box, SandboxClient.connect(box.base_url) as client:
        yield client


@pytest.fixture
def _discord_as_it_was() -> Iterator[None]:
    bases = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE = bases


@pytest.fixture
def settings(_discord_as_it_was: None, sandbox: SandboxClient, valkey_url: str) -> Callable[..., Settings]:
    """Settings that point everything at the sandbox, changed by keywords."""

    def make(**changes: object) -> Settings:
        info = sandbox.info
        values: dict[str, object] = {
            "DISCORD_TOKEN": info.token,
            "discord_api": info.api,
            "discord_gateway": info.gateway,
            "discord_cdn": info.cdn,
            "redis_url": valkey_url,
        }
        given: dict[str, Any] = values | changes
        made = Settings(_env_file=None, **given)
        point_discord_at(made)
        return made

    return make


@pytest.fixture
async def start_bot(
    settings: Callable[..., Settings], sandbox: SandboxClient, redis_async: redis.asyncio.Redis
) -> AsyncIterator[StartBot]:
    """Start a bot, with settings changed by keywords; it is stopped after the test."""
    async with AsyncExitStack() as stack:

        async def start(**changes: object) -> Easel:
            chosen = settings(**changes)
            bot = Easel(chosen)
            stack.push_async_callback(close_client, bot)
            await bot.login(chosen.discord_token.get_secret_value())
            connection = asyncio.create_task(bot.connect())
            stack.callback(connection.cancel)
            await sandbox.wait_bot()  # discord.py itself waits two seconds more for further servers
            return bot

        yield start


@pytest.fixture
async def harness(
    start_bot: StartBot, sandbox: SandboxClient, valkey_url: str, redis_async: redis.asyncio.Redis
) -> Harness:
    """A bot with the usual settings, and one worker that is said to live."""
    bot = await start_bot()
    made = Harness(sandbox, bot, redis_async, valkey_url)
    await made.jobs.heartbeat("w", [STARTER], 1)
    return made
