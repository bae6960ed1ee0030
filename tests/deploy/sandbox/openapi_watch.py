"""Has everything judged that sandboxes exchange with bots: those of this process, and one that is asked for its log."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.gateway.session import Session
from deploy.sandbox.recording.exchanges import Exchange, Exchanges
from tests.deploy.sandbox.openapi import Json, description, judge_log

ENOUGH = 300  # of one kind in one test; more tell nothing new and take time


class Watch:
    """What sandboxes of this process exchanged since the start of a test."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._calls: list[Exchange] = []
        self._events: list[tuple[str, str]] = []

    def call(self, exchange: Exchange) -> None:
        if self._is_new(f"{exchange.method} {exchange.route} {exchange.status}"):
            self._calls.append(exchange)

    def event(self, name: str, text: str) -> None:
        if self._is_new(name):
            self._events.append((name, text))

    def log(self) -> Iterator[Json]:
        yield from (each.facts() for each in self._calls)
        yield from ({"event": name, "data": json.loads(text)} for name, text in self._events)

    def _is_new(self, kind: str) -> bool:
        self._seen[kind] += 1
        return self._seen[kind] <= ENOUGH


@contextmanager
def watching() -> Iterator[Watch]:
    """Fail when something that passed in the block is not as Discord describes it. Silent without a description."""
    judge, watch = description(), Watch()
    if judge is None:
        yield watch
        return
    add, dispatch = Exchanges.add, Session.dispatch

    def adding(log: Exchanges, exchange: Exchange) -> None:
        watch.call(exchange)
        add(log, exchange)

    def dispatching(session: Session, event: str, body: str) -> None:
        watch.event(event, body)
        dispatch(session, event, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exchanges, "add", adding)
        patch.setattr(Session, "dispatch", dispatching)
        yield watch
    _must_be_none(judge_log(judge, watch.log()))


class LogReader:
    """Reads the log of a sandbox in another process, a piece after each test."""

    def __init__(self) -> None:
        self._last = 0

    async def check(self, sandbox: SandboxClient) -> int:
        """Have judged what came since the last time; returns how much that was."""
        judge = description()
        if judge is None:
            return 0
        log = await sandbox.log(self._last)
        if not log and self._last:
            log = await sandbox.log(0)  # the sandbox may be another one than last time
            self._last = 0 if log and log[-1]["number"] < self._last else self._last
            log = [each for each in log if each["number"] > self._last]
        if log:
            assert log[0]["number"] == self._last + 1, "the sandbox's log is too short to be judged after this test"
            self._last = log[-1]["number"]
        _must_be_none(judge_log(judge, log))
        return len(log)


def _must_be_none(complaints: list[str]) -> None:
    if complaints:
        said = "\n".join(complaints[:20])
        pytest.fail(f"not as Discord describes it ({len(complaints)} complaints):\n{said}", pytrace=False)
