"""Ending asyncio tasks for certain."""

import asyncio
from typing import Any

_AGAIN = 0.2


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks until they have ended; their results and errors are dropped.

    Once is not enough: before Python 3.12 `asyncio.wait_for` may swallow a cancellation, and redis-py sends every
    command through it; a task that loops over commands would go on for ever.
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=_AGAIN)
    await asyncio.gather(*tasks, return_exceptions=True)
