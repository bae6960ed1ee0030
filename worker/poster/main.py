"""`python -m worker poster`: the process that edits jobs' messages."""

import argparse
import asyncio
import logging
import signal
from collections.abc import Sequence

from worker.contract.store.outbox import Outbox
from worker.process import log_to_stderr
from worker.redis_client import AuthenticationError, connect, wait_for_redis
from worker.settings import PosterSettings, load
from worker.tasks import end

from .deliver import Deliverer
from .discord import Discord
from .poster import Poster

log = logging.getLogger("poster")


def main(argv: Sequence[str] = ()) -> int:
    """Post until SIGTERM or SIGINT, then finish what is due."""
    parser = argparse.ArgumentParser(
        prog="python -m worker poster", description="Brings jobs' messages on Discord to their desired state."
    )
    parser.parse_args(argv)
    settings = load(PosterSettings)
    log_to_stderr(settings.log_level)
    try:
        asyncio.run(_run(settings))
    except AuthenticationError as error:
        log.error("Redis refuses EASEL_REDIS_URL: %s", error)  # noqa: TRY400
        return 1
    return 0


async def _run(settings: PosterSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with (
        connect(settings.redis_url.get_secret_value()) as redis,
        Discord(settings.discord_api, settings.discord_token, settings.post_timeout) as discord,
    ):
        waiting = asyncio.create_task(wait_for_redis(redis, log))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            waiting.result()
            log.info("posting to %s", settings.discord_api)
            outbox = Outbox(redis, settings.timings)
            poster = Poster(outbox, Deliverer(outbox, discord), places=settings.posts, lease=settings.post_lease)
            await poster.run(stop, flush=settings.drain)
        await end(waiting, stopping)
