"""A real discord.py over several shards in a thousand servers: how soon it is there, and that each shard answers."""

# ruff: noqa: T201 - printing is what this is for
import asyncio
import time
from collections import Counter

import discord
import yarl
from discord import app_commands

from deploy.sandbox.client import SandboxClient

TRIED = 5  # servers of each shard in which a command is played


class Bot(discord.AutoShardedClient):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(name="where", description="On which shard this is answered")
        async def where(interaction: discord.Interaction[Bot]) -> None:
            await interaction.response.send_message(f"shard {interaction.guild.shard_id if interaction.guild else 0}")

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Told to refuse nobody, the sandbox lets all shards start at once: no five seconds between them."""


async def many_servers(info: dict[str, str], count: int, shards: int) -> None:
    """Print how long it takes until the bot has all servers, and play a command on each shard."""
    discord.http.Route.BASE = info["api"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(info["gateway"])
    async with SandboxClient.connect(info["page"]) as sandbox, Bot() as bot:
        there = len((await sandbox.world())["guilds"])
        await sandbox.post("/guilds", count=count - there)
        started = time.perf_counter()
        running = asyncio.create_task(bot.start(info["token"]))
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()  # says why it could not log in
        took = time.perf_counter() - started
        held = Counter(each.shard_id for each in bot.guilds)
        print(f"{len(bot.guilds)} servers over {len(held)} shards {sorted(held.values())}: ready in {took:.1f} s")
        answered = await _play(sandbox, bot, shards)
        print(f"  commands answered on each shard: {dict(sorted(answered.items()))}")
        await bot.close()
        await running


async def _play(sandbox: SandboxClient, bot: Bot, shards: int) -> Counter[str]:
    answered: Counter[str] = Counter()
    for shard in range(shards):
        mine = [each for each in bot.guilds if each.shard_id == shard]
        for guild in mine[:TRIED]:
            asked = await sandbox.slash(f"{guild.name}/general", "Bea", "where")
            message = await sandbox.message(asked.message_id or 0)
            answered[message.content] += 1
    return answered
