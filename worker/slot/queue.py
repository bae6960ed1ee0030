"""Where RQ gets its next job from: its own list first, then the line."""

import logging
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import ClassVar

from redis import Redis
from rq import Queue
from rq.exceptions import DequeueTimeout
from rq.intermediate_queue import IntermediateQueue

from worker.contract.redis_check.errors import RedisRefusedError, raise_refused
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.failpoints import failpoint
from worker.contract.types.job import Progress
from worker.contract.types.timings import Timings
from worker.redis_client import AWAY

from .engine_turn import ClaimOnWay, EngineTurn
from .stopping import Stopping

log = logging.getLogger("slot")

_BELL_WAIT = 1.0  # seconds in BLPOP: a token may be taken by a slot that then finds no room
_BUSY_WAIT = 0.1  # the engine draws: storing the last result takes about as long as finding the free place
_AWAY_WAIT = 0.3


@dataclass
class Claimer:
    """What a slot claims with.

    Attributes:
        worker: who claims.
        timings: lease and caps.
        function: the one function that an attempt calls.
        job_timeout: RQ's backstop in seconds.
        turn: the engine's places.
        on_way: what was claimed last.
        on_claim, on_idle: tell RQ's worker that it has a job, or looks for one.
        on_visit: called whenever Redis was asked for a job, and answered.
        on_served: called when it did all that this takes, the wait for the bell as well, which counts as a write.
        stopping: of RQ's worker.
        refused: what Redis refuses for good; RQ ends its worker then, and says no more than that it did.
    """

    worker: str
    timings: Timings
    function: str
    job_timeout: int
    turn: EngineTurn
    on_claim: Callable[[], None] = lambda: None
    on_idle: Callable[[], None] = lambda: None
    on_visit: Callable[[], None] = lambda: None
    on_served: Callable[[], None] = lambda: None
    stopping: Stopping = field(default_factory=Stopping)
    refused: RedisRefusedError | None = None
    on_way: ClaimOnWay | None = None

    def arrived(self) -> None:
        """What was claimed last is at the engine, or will never be. Said by the work horse, and again by its slot."""
        if self.on_way:
            self.on_way.arrived()

    def next(self, connection: Redis, *, patient: bool = True) -> str | None:
        """Claim a job if the engine has room for it, which is kept for it until it has `arrived`.

        Without a job it returns None, if `patient` only after a wait for the bell or for room.
        """
        capabilities = self.turn.take()
        if not capabilities:
            if patient:
                with self.stopping.wait():
                    time.sleep(_AWAY_WAIT if self.turn.away else _BUSY_WAIT)
            return None
        claimed = None
        try:
            claimed = self._claim(connection, capabilities)
        finally:
            if not claimed:
                self.turn.leave()
        if not claimed and patient:
            with self.stopping.wait():
                connection.blpop([keys.BELL], timeout=_BELL_WAIT)
        if claimed or patient:
            self.on_served()
        return claimed

    def _claim(self, connection: Redis, capabilities: tuple[str, ...]) -> str | None:
        with signals_deferred():
            self.stopping.look()
            claimed = claim(
                connection,
                worker=self.worker,
                capabilities=capabilities,
                timings=self.timings,
                function=self.function,
                job_timeout=self.job_timeout,
                warm=self.turn.warm,
                progress=Progress(phase="wait"),
            )
            if claimed:
                self.on_way = self.turn.claimed()
                failpoint("fork-before")
                self.on_claim()
        return claimed


class ClaimQueue(Queue):  # type: ignore[misc]
    """RQ's queue with one method of its own: the move that takes the next job.

    RQ's own list comes first, because requeueing by hand, its scheduler and its dashboards push there.
    """

    source: ClassVar[Claimer]

    @classmethod
    def lmove(cls, connection: Redis, queue_key: str, timeout: int | None) -> tuple[str, str | bytes] | None:
        """The next job's id, on RQ's intermediate list already; None when not blocking and there is none.

        Raises:
            DequeueTimeout: nothing came within `timeout` seconds.
            StopRequested: the worker is to stop, and nothing was claimed.
            RedisRefusedError: Redis will never let us.
        """
        try:
            return cls._next(connection, queue_key, timeout)
        except AWAY as error:
            try:
                raise_refused(error)
            except RedisRefusedError as refused:
                cls.source.refused = refused
                raise
            raise

    @classmethod
    def lpop(
        cls, queue_keys: Sequence[str], timeout: int | None, connection: Redis | None = None
    ) -> tuple[str, str | bytes] | None:
        """The same. RQ comes this way where INFO is refused or names a server below 6.2, whatever that server can do.

        Its own way would pop its plain list, where nothing of ours waits, without a word.
        """
        assert connection is not None  # noqa: S101 - RQ always hands it over
        return cls.lmove(connection, queue_keys[0], timeout)

    @classmethod
    def _next(cls, connection: Redis, queue_key: str, timeout: int | None) -> tuple[str, str | bytes] | None:
        source = cls.source
        source.stopping.look()
        source.on_idle()
        source.arrived()
        until = None if timeout is None else time.monotonic() + timeout
        intermediate = IntermediateQueue.get_intermediate_queue_key(queue_key)
        while True:
            listed: bytes | str | None = connection.lmove(queue_key, intermediate)
            found = listed or source.next(connection, patient=until is not None)
            source.on_visit()
            if found:
                return queue_key, found
            if until is None:
                return None
            if time.monotonic() >= until:
                raise DequeueTimeout(timeout, queue_key)
            source.stopping.look()


def claim_queue(source: Claimer) -> type[ClaimQueue]:
    """A ClaimQueue bound to a slot's source; RQ wants classes, not objects."""
    return type("ClaimQueue", (ClaimQueue,), {"source": source})


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Keep SIGTERM and SIGINT back until the block is over, whichever thread the kernel gives them to.

    A second one ends RQ's worker at once: between the claim in Redis and its return that would lose the claimed job
    until its lease ends.
    """
    caught: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        caught.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
    for number in caught:
        signal.raise_signal(number)
