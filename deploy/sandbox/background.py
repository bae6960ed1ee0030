"""Work that goes on beside the calls. All of it is started here, so that none ends without a word in the log."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before work that failed is started again


def start(
    name: str, work: Work, *, restart: bool = False, then: Callable[[], object] | None = None
) -> asyncio.Task[None]:
    """Run `work()` as a task; when it raises, that is logged.

    Args:
        name: a clause that says what has failed then ("The world could not be saved").
        work: makes the coroutine.
        restart: start it again after a pause, which doubles while it keeps failing at once.
        then: called once when it has failed and is not started again.
    """
    return asyncio.create_task(_again(name, work) if restart else _once(name, work, then), name=f"sandbox: {name}")


def report(name: str, problem: BaseException, more: str = "") -> None:
    """Log a failure: what the system refused in one line, what should not have happened with its traceback."""
    refused = isinstance(problem, OSError)
    words = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    log.error("%s: %s.%s", name, words, more, exc_info=None if refused else problem)


async def finish(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work` to its end even when the waiting task is cancelled. Its exceptions come out here."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _once(name: str, work: Work, then: Callable[[], object] | None) -> None:
    try:
        await work()
    except Exception as problem:  # noqa: BLE001 - it is reported, and no one awaits it
        report(name, problem)
        if then is not None:
            then()


async def _again(name: str, work: Work) -> None:
    pause, reported = FIRST_PAUSE, ""
    while True:
        started_at = time.monotonic()
        try:
            return await work()
        except Exception as problem:  # noqa: BLE001 - whatever it was, the work goes on
            if time.monotonic() - started_at > LONGEST_PAUSE:
                pause, reported = FIRST_PAUSE, ""
            if repr(problem) != reported:  # the same failure again says nothing new
                report(name, problem, " Trying again.")
                reported = repr(problem)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
