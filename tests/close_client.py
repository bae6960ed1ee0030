"""How a test lets go of a discord.py client."""

import asyncio
import threading

import discord
from discord.gateway import KeepAliveHandler


async def close_client(client: discord.Client) -> None:
    """Close a client, and wait for its heartbeat threads: they hand coroutines to this loop while it lasts."""
    await client.close()
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler):
            thread.stop()
            await asyncio.to_thread(thread.join, 10)
