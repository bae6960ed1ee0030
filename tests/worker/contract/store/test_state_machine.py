"""Random lives of many jobs against a model of what must hold, on a real Valkey."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
import redis
import redis.asyncio
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from tests.worker.contract.factories import INFO, new_job
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Admitted, Cancelled, Hold, Jobs, Refused, Seen
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types.cause import pictures_expired
from worker.contract.types.job import Reason, State
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps, Timings

CAPS = Caps(person=4, server=6, total=8)
EXPIRING = Timings(lease=0, edit_every=0, answer_grace=0, attempts=3)
HELD = Timings(lease=3600, edit_every=0, answer_grace=0, attempts=3)
RESULT = Result(pictures=(Picture(seed=1, width=64, height=64, size=3),))
OUTCOMES = (State.POSTED, State.FAILED, State.CANCELLED)


class Lives(RuleBasedStateMachine):
    """Any order of what bots, slots, reapers and posters may do; stale ones do it too."""

    url: str
    attempts: Bundle[tuple[str, int]] = Bundle("attempts")
    entries: Bundle[OutboxEntry] = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.redis = redis.asyncio.Redis.from_url(self.url)
        self.sync = redis.Redis.from_url(self.url)
        self.sync.flushall()
        self.jobs = Jobs(self.redis, EXPIRING)
        self.outbox = Outbox(self.redis, EXPIRING)
        self.known: dict[str, int] = {}  # job → owner
        self.ended: dict[str, State] = {}
        self.fences: dict[str, int] = {}
        self.posts: dict[str, int] = {}

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        self.run(self.redis.aclose())
        self.sync.close()
        self.loop.close()

    def state(self, job: str) -> State:
        value = self.sync.hget(keys.job(job), "state")
        assert isinstance(value, bytes)
        return State(value.decode())

    @initialize()
    def start(self) -> None:
        self.run(self.jobs.heartbeat("w", [INFO], 1))

    @rule(number=st.integers(0, 14), owner=st.integers(1, 3))
    def admit(self, number: int, owner: int) -> None:
        name = f"j{number}"
        answer = self.run(self.jobs.admit(new_job(name, owner=owner), CAPS))
        if name in self.known:
            assert answer == Seen(name)
            return
        mine = [j for j, who in self.known.items() if who == owner and j not in self.ended]
        active = [j for j in self.known if j not in self.ended]
        if len(mine) >= CAPS.person or len(active) >= CAPS.server:
            assert isinstance(answer, Refused)
            return
        assert isinstance(answer, Admitted)
        self.known[name] = owner
        self.fences[name] = 0

    @rule(target=attempts, held=st.booleans())
    def claim(self, held: bool) -> Any:
        waiting = [j for j in self.known if self.state(j) is State.QUEUED]
        rq_id = claim(
            self.sync,
            worker="w",
            capabilities=["starter"],
            timings=HELD if held else EXPIRING,
            function="f",
            job_timeout=9,
        )
        assert (rq_id is None) == (not waiting)
        if rq_id is None:
            return multiple()
        job, _, number = rq_id.rpartition("-")
        assert job in waiting
        self.fences[job] += 1
        assert int(number) == self.fences[job]
        return job, int(number)

    def fresh(self, attempt: tuple[str, int]) -> bool:
        job, number = attempt
        return self.state(job) is State.CLAIMED and self.fences[job] == number

    @rule(attempt=attempts)
    def renew(self, attempt: tuple[str, int]) -> None:
        fresh, cancelled = self.fresh(attempt), self.state(attempt[0]) is State.CANCELLED
        hold = self.run(Jobs(self.redis, HELD).renew(*attempt))
        assert (hold is Hold.HELD) == fresh
        if hold is Hold.CANCELLED:
            assert cancelled

    @rule(attempt=attempts)
    def store(self, attempt: tuple[str, int]) -> None:
        job, number = attempt
        again = self.fences[job] == number and self.state(job) in {State.RENDERED, State.POSTED}
        fresh = self.fresh(attempt)
        assert self.run(self.jobs.store(*attempt, RESULT, [b"png"])) == (fresh or again)

    @rule(attempt=attempts)
    def fail(self, attempt: tuple[str, int]) -> None:
        fresh = self.fresh(attempt)
        assert self.run(self.jobs.fail(*attempt, Reason.ENGINE)) == fresh

    @rule(attempt=attempts)
    def give_up(self, attempt: tuple[str, int]) -> None:
        fresh = self.fresh(attempt)
        assert self.run(self.jobs.give_up(*attempt)) == fresh

    @rule(number=st.integers(0, 14))
    def cancel(self, number: int) -> None:
        name = f"j{number}"
        before = self.state(name) if name in self.known else None
        answer = self.run(self.jobs.cancel(name))
        if before is None:
            assert answer is Cancelled.UNKNOWN
        else:
            assert (answer is Cancelled.DONE) == (before in {State.QUEUED, State.CLAIMED})

    @rule()
    def reap(self) -> None:
        self.run(self.jobs.reap())

    @rule(target=entries, lease=st.sampled_from([0, 3600]))
    def take(self, lease: int) -> Any:
        entry = self.run(self.outbox.claim(lease))
        return entry or multiple()

    @rule(entry=entries, how=st.sampled_from(["posted", "done", "later", "unpostable"]))
    def post(self, entry: OutboxEntry, how: str) -> None:
        before = self.state(entry.job.id)
        if how == "later":
            self.run(self.outbox.later(entry, 0))
            return
        why = [pictures_expired()] if how == "unpostable" else []
        told = self.run(getattr(self.outbox, how)(entry, *why))
        if how == "posted" and told:
            assert before is State.RENDERED
            self.posts[entry.job.id] = self.posts.get(entry.job.id, 0) + 1

    @invariant()
    def the_record_is_whole(self) -> None:
        for name in self.known:
            state = self.state(name)
            if name in self.ended:
                assert state is self.ended[name], "a terminal state changed"
            if state in OUTCOMES:
                self.ended[name] = state
            owner = self.known[name]
            assert bool(self.sync.sismember(keys.person(owner), name)) == (state not in OUTCOMES)
            assert (self.sync.zscore(keys.WAITING, name) is not None) == (state is State.QUEUED)
            assert (self.sync.zscore(keys.LEASES, name) is not None) == (state is State.CLAIMED)
            if state is State.RENDERED:
                assert self.sync.zscore(keys.OUTBOX, name) is not None, "rendered but nobody will post it"
                attempt = self.fences[name]
                assert self.sync.exists(keys.picture(name, attempt, 0))

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        assert all(count == 1 for count in self.posts.values())


@pytest.mark.timeout(120)
def test_any_order_of_events_keeps_the_promises(valkey_url: str) -> None:
    case = type("Case", (Lives,), {"url": valkey_url}).TestCase  # type: ignore[attr-defined]
    case.settings = settings(
        max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck),
        derandomize=True, print_blob=True,
    )  # fmt: skip
    case().runTest()
