"""`python -m worker poster`: the process that edits jobs' messages."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Sequence

from redis.asyncio import Redis

from worker.contract.message.languages import language
from worker.contract.metrics.lines import metrics_of
from worker.contract.program import program
from worker.contract.store.outbox import Outbox
from worker.contract.store.settings_in_force import SettingsInForce
from worker.process import log_to_stderr, supervised
from worker.redis_client import AWAY, RedisRefusedError, Role, connect, wait_for_redis
from worker.settings import EX_USAGE, PosterSettings, load
from worker.tasks import end

from .deliver import Deliverer
from .discord import Discord
from .poster import Poster

log = logging.getLogger("poster")

_SETTINGS_EVERY = 10.0  # seconds between two looks at the shared settings


def main(argv: Sequence[str] = ()) -> int:
    """Post until SIGTERM or SIGINT, then finish what is due."""
    parser = argparse.ArgumentParser(
        prog=program("worker", "poster"), description="Brings jobs' messages on Discord to their desired state."
    )
    parser.parse_args(argv)
    settings = load(PosterSettings)
    log_to_stderr(settings.log_level, settings.log_format)
    try:
        asyncio.run(_run(settings))
    except RedisRefusedError as refused:
        print(f"easel: {refused}", file=sys.stderr)  # noqa: T201
        return EX_USAGE
    return 0


async def _run(settings: PosterSettings) -> None:
    stop, metrics = asyncio.Event(), metrics_of(os.environ)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with (
        connect(settings.redis_url.get_secret_value()) as redis,
        Discord(settings.discord_api, settings.discord_token, settings.post_timeout, metrics) as discord,
    ):
        waiting = asyncio.create_task(wait_for_redis(redis, Role.POSTER, log, quiet=supervised()))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            waiting.result()
            log.info("posting to %s", settings.discord_api)
            outbox = Outbox(redis, settings.timings)
            deliverer = Deliverer(outbox, discord, language(settings.language))
            poster = Poster(outbox, deliverer, places=settings.posts, lease=settings.post_lease, metrics=metrics)
            comparing = asyncio.create_task(_see_to_settings(SettingsInForce(settings, "poster", log), redis))
            await poster.run(stop, flush=settings.drain)
            await end(comparing)
        await end(waiting, stopping)


async def _see_to_settings(in_force: SettingsInForce, redis: Redis) -> None:
    """See to the shared settings; nothing where a supervisor, which has the same, does so."""
    while not supervised():
        with contextlib.suppress(*AWAY):
            await in_force.refresh(redis)
        await asyncio.sleep(_SETTINGS_EVERY)
