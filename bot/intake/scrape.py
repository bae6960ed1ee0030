"""What Prometheus reads of the bot: what it counted, and what lies in Redis at that moment."""

import asyncio
import logging
import math
from collections.abc import Iterable

import aiohttp
import discord
from redis.exceptions import RedisError

from bot.discord_io.interactions import REQUESTS
from worker.contract.metrics.board import Board
from worker.contract.metrics.counts import Metrics
from worker.contract.metrics.table import status
from worker.contract.store.jobs import Jobs
from worker.contract.store.totals import Totals, totals

log = logging.getLogger(__name__)

_PATIENCE = 2.0  # seconds; Prometheus gives up after ten


def traced(metrics: Metrics) -> aiohttp.TraceConfig:
    """For discord.py: counts its requests, beside those that the bot makes itself."""
    trace = aiohttp.TraceConfig()

    async def ended(_session: object, _context: object, told: aiohttp.TraceRequestEndParams) -> None:
        metrics.count(REQUESTS, status=status(told.response.status))

    async def failed(_session: object, _context: object, _told: object) -> None:
        metrics.count(REQUESTS, status=status(0))

    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace


async def scrape(board: Board, jobs: Jobs, shards: Iterable[discord.ShardInfo]) -> str:
    """All of it as text. Where Redis is away, what lies there is what it was."""
    _tell_shards(board, list(shards))
    try:
        async with asyncio.timeout(_PATIENCE):
            _tell_totals(board, await totals(jobs))
    except (RedisError, TimeoutError) as error:
        log.debug("no totals for metrics: %s", type(error).__name__)
        board.set("easel_bot_redis_up", 0)
    else:
        board.set("easel_bot_redis_up", 1)
    return board.text()


def _tell_shards(board: Board, shards: list[discord.ShardInfo]) -> None:
    connected = [each for each in shards if not each.is_closed()]
    latencies = [each.latency for each in connected if math.isfinite(each.latency)]
    board.set("easel_bot_shards_connected", len(connected))
    board.set("easel_bot_gateway_latency_seconds", max(latencies, default=0.0))


def _tell_totals(board: Board, found: Totals) -> None:
    board.replace("easel_waiting_jobs", {model: float(jobs) for model, jobs in found.waiting.items()})
    board.replace("easel_waiting_oldest_seconds", found.oldest)
    for name, value in {
        "easel_running_jobs": found.running,
        "easel_outbox_messages": found.outbox,
        "easel_outbox_late_seconds": found.late,
        "easel_unposted_bytes": found.unposted,
        "easel_quarantined_records": found.quarantined,
        "easel_workers_alive": found.workers,
    }.items():
        board.set(name, value)
    board.set("easel_redis_memory_bytes", found.memory_used, kind="used")
    board.set("easel_redis_memory_bytes", found.memory_max, kind="max")
