"""A sandbox on a free port, a client of it, a plain HTTP client with the bot's token, and a real discord.py bot."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import aiohttp
import discord
import pytest
import yarl

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve
from tests.close_client import close_client
from tests.deploy.sandbox.browser import Page, visit
from tests.deploy.sandbox.page_bot import showing_bot
from tests.deploy.sandbox.parts import Api, Bot, Connect


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    made = Sandbox()
    made.enforce_limits(False)
    async with serve(made):
        yield made


@pytest.fixture
async def sandbox(box: Sandbox) -> AsyncIterator[SandboxClient]:
    async with SandboxClient.connect(box.base_url) as client:
        yield client


@pytest.fixture
async def api(box: Sandbox) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {box.token}"}) as http:
        yield Api(http, box.info()["api"])


@pytest.fixture
def _pointed(box: Sandbox) -> Iterator[None]:
    """discord.py's addresses, set for one test."""
    kept = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, discord.asset.Asset.BASE
    discord.http.Route.BASE = box.info()["api"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(box.info()["gateway"])
    discord.asset.Asset.BASE = box.info()["cdn"]
    yield
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, discord.asset.Asset.BASE = kept


@pytest.fixture
async def connect(_pointed: None, sandbox: SandboxClient) -> AsyncIterator[Connect]:
    """Log a bot in, with the commands that its tree has by then."""
    running: list[tuple[Bot, asyncio.Task[None]]] = []

    async def log_in(bot: Bot) -> Bot:
        running.append((bot, asyncio.create_task(bot.start(sandbox.info.token))))
        await sandbox.wait_bot()
        return bot

    yield log_in
    for bot, task in running:
        await close_client(bot)
        await asyncio.wait_for(task, 10)


@pytest.fixture
async def shown(connect: Connect, sandbox: SandboxClient, devtools: str) -> AsyncIterator[Page]:
    """The page as Bea sees it, with a bot that shows everything."""
    await connect(showing_bot())
    async with visit(devtools, sandbox.info.page) as page:
        yield page
