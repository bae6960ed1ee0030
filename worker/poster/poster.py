"""The poster's loop: take what is due, deliver it, or say when to try again."""

import asyncio
import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import RedisError

from worker.contract.log_lines import job_at_hand
from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.redis_check.errors import RedisRefusedError, refusal
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.job import Job, State
from worker.redis_client import AWAY, RedisOutage, trouble
from worker.tasks import end

from .deliver import Deliverer
from .discord import BadTokenError, BrokenError, RateLimitedError, UnreachableError
from .errors import DoubtedError, LostHoldError

log = logging.getLogger("poster")

_LOOK = 0.4  # seconds: cosmetic entries ring no bell
_ANNOUNCE = 0.5
_AWAY_PAUSE = 0.5
_BACKOFF_FIRST, _BACKOFF_MAX = 0.5, 30.0
_DOUBTED_FIRST, _DOUBTED_MAX = 1.0, 120.0
_LIMITED_MAX = 120.0  # seconds after which it is looked again whether another way has opened
_BAD_TOKEN_PAUSE = 30.0
_UNDECIDED = frozenset({504, 524})  # what stands before Discord has waited long enough, Discord may go on


class Poster:
    """Delivers several messages at once, each by one task.

    Args:
        outbox: what is due.
        deliverer: how to deliver it.
        places: messages worked on at once.
        lease: seconds for which a message is held, extended while it is worked on; what a killed poster
            held comes to another after that time.
        metrics: where deliveries are counted.
    """

    def __init__(
        self, outbox: Outbox, deliverer: Deliverer, *, places: int = 8, lease: float = 10.0,
        metrics: Metrics = NO_METRICS,
    ) -> None:  # fmt: skip
        self._outbox, self._deliverer = outbox, deliverer
        self._places = asyncio.Semaphore(places)
        self._lease, self._metrics = lease, metrics
        self._tasks: set[asyncio.Task[None]] = set()
        self._redis = RedisOutage(log)
        self._refused = ""

    async def run(self, stop: asyncio.Event, flush: float = 20.0) -> None:
        """Post until `stop`, then for at most `flush` seconds what is due or under way.

        Raises RedisRefusedError when Redis refuses for good what posting needs: a right was taken away, say.
        """
        announcer = asyncio.create_task(self._announce())
        try:
            while not stop.is_set():
                if self._refused:
                    raise RedisRefusedError(self._refused)
                if not await self._claim():
                    await self._rest()
        finally:
            await end(announcer)
        with suppress(TimeoutError):
            async with asyncio.timeout(flush):
                await self._flush()

    async def _flush(self) -> None:
        while await self._claim() or self._tasks:
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _claim(self) -> bool:
        """Start the delivery of one entry that is due; False when none is."""
        await self._places.acquire()
        try:
            entry = await self._outbox.claim(self._lease)
        except AWAY as error:
            self._places.release()
            await self._wait_for_redis(error)
            return False
        if entry is None:  # which changed nothing, so a Redis that takes no writes gives this answer, too: see `_rest`
            self._places.release()
            return False
        self._redis.back()
        task = asyncio.create_task(self._work(entry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _rest(self) -> None:
        try:
            await self._outbox.wait(_LOOK)
        except AWAY as error:
            await self._wait_for_redis(error)
        else:
            self._redis.back()

    async def _wait_for_redis(self, error: RedisError) -> None:
        self._redis.away(error)
        await asyncio.sleep(_AWAY_PAUSE)

    @contextmanager
    def _while_away(self) -> Iterator[None]:
        """Go on where Redis is away. What it refuses for good is left to the loop, which ends with it."""
        try:
            yield
        except AWAY as error:
            self._refused = self._refused or refusal(error)

    async def _announce(self) -> None:
        while True:
            with self._while_away():
                await self._outbox.announce()
            await asyncio.sleep(_ANNOUNCE)

    async def _hold(self, entry: OutboxEntry) -> None:
        """Keep it while a long upload or a re-encoding runs. The guard before each request notices a loss."""
        while True:
            await asyncio.sleep(self._lease / 3)
            with self._while_away():
                await self._outbox.extend(entry, self._lease)

    async def _work(self, entry: OutboxEntry) -> None:
        job_at_hand.set(entry.job.id)  # of this delivery's task
        holder = asyncio.create_task(self._hold(entry))
        try:
            await self._deliver(entry)
        except LostHoldError:
            log.info("%s: another poster has it", entry.job.id)
            self._count("lost")
        except AWAY as error:
            log.info("%s: %s; its message comes again", entry.job.id, trouble(error))
            self._refused = self._refused or refusal(error)
        except Exception:  # a bug in one message must not stop the others
            log.exception("%s: could not be delivered", entry.job.id)
            self._count("failed")
            with self._while_away():
                await self._outbox.later(entry, backoff(entry.job), failed=True)
        finally:
            await end(holder)
            self._places.release()

    async def _deliver(self, entry: OutboxEntry) -> None:
        job = entry.job
        try:
            await self._deliverer.deliver(entry)
            self._delivered(job)
        except RateLimitedError as error:
            await self._put_off(entry, min(error.retry_after, _LIMITED_MAX))
        except (UnreachableError, BrokenError) as error:
            if isinstance(error, UnreachableError) or error.status in _UNDECIDED:
                await self._outbox.unanswered(entry, self._lease)
            wait = backoff(job)
            log.warning("%s: Discord does not take it (%s); again in %.1f s", job.id, error, wait)
            await self._put_off(entry, wait, failed=True)
        except DoubtedError as error:
            wait = backoff(job, _DOUBTED_FIRST, _DOUBTED_MAX)
            log.warning("%s: Discord refuses it (%s); again in %.1f s", job.id, error, wait)
            await self._put_off(entry, wait, failed=True)
        except BadTokenError:
            log.error("Discord does not accept DISCORD_TOKEN; set the right one and restart")  # noqa: TRY400
            self._count("put off")
            await self._outbox.later(entry, _BAD_TOKEN_PAUSE)

    def _delivered(self, job: Job) -> None:
        rendered = job.state is State.RENDERED
        self._count("posted" if rendered else "shown")
        if rendered:
            self._metrics.observe("easel_poster_post_seconds", time.time() - job.changed / 1000)

    def _count(self, outcome: str) -> None:
        self._metrics.count("easel_poster_posts_total", outcome=outcome)

    async def _put_off(self, entry: OutboxEntry, seconds: float, *, failed: bool = False) -> None:
        """What matters is tried again; a cosmetic edit is dropped, the next change will ask for one."""
        self._count("dropped" if cosmetic(entry.job) else "put off")
        if cosmetic(entry.job):
            await self._outbox.done(entry)
        else:
            await self._outbox.later(entry, seconds * random.uniform(1.0, 1.2), failed=failed)


def backoff(job: Job, first: float | None = None, most: float | None = None) -> float:
    """Seconds until the next try at a message. Its record counts those that failed, for posters come and go."""
    first, most = first or _BACKOFF_FIRST, most or _BACKOFF_MAX
    return min(most, first * 2.0 ** min(job.tries, 30))


def cosmetic(job: Job) -> bool:
    """Only places and progress would be missing from its message, which shows its job already."""
    return job.state in {State.QUEUED, State.CLAIMED} and job.destination.message is not None and job.shown_at > 0
