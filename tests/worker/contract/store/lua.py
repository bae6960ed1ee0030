"""Run a few lines of Lua with what all scripts share in front, to ask one function alone."""

from typing import Any

from redis.asyncio import Redis

from worker.contract.store import scripts

_SHARED = scripts.source("now").removesuffix(scripts._read("now"))


async def ask(redis: Redis, lines: str, *args: Any) -> Any:
    """What these lines return; `ARGV` holds `args`."""
    return await redis.eval(_SHARED + lines, 0, *args)
