"""What a child says is passed on; where that cannot be, it is read all the same, or the child would block."""

import asyncio
import errno
import io
import os
import sys
from typing import Any

import pytest

from worker.supervisor.child import Backoff, Child


async def test_what_cannot_start_now_is_started_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As when an engine has just ended for want of memory, and there is none yet for the next."""
    lacks, tried, refused, deaths = 2, 0, asyncio.Event(), list[int]()

    async def start(*command: str, **options: Any) -> asyncio.subprocess.Process:
        nonlocal tried
        tried += 1
        if tried <= lacks:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return await really(*command, **options)

    really = asyncio.create_subprocess_exec
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    command = [sys.executable, "-c", "raise SystemExit(2)"]  # what no restart can help ends the keeping
    child = Child(
        "slot-0", command, dict(os.environ), Backoff(0.01, 0.01), on_refusal=lambda _: refused.set(),
        on_death=lambda: deaths.append(tried),
    )  # fmt: skip
    child.start()
    async with asyncio.timeout(60):
        await refused.wait()
    await child.end(60)
    assert deaths == [lacks + 1]
    assert caplog.text.count("slot-0 cannot start (Resource temporarily unavailable); starting again in") == lacks


async def passed_on(said: str) -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(said.encode())
    stream.feed_eof()
    await Child("slot-0", [], {}, Backoff(1, 1))._pass_on(stream)
    assert stream.at_eof()


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EIO, errno.ENOSPC])
async def test_output_that_cannot_be_written_is_read(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Of a pipe, a terminal that was closed, a disk."""

    class Out(io.StringIO):
        def flush(self) -> None:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(sys, "stdout", Out())
    await passed_on("one\ntwo\n")


async def test_a_sign_that_the_output_does_not_know_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="latin-1"))
    await passed_on("loading …\nready\n")
    assert held.getvalue() == b"slot-0 | loading ?\nslot-0 | ready\n"


async def test_what_is_just_being_started_ends_as_soon_as_it_is_told() -> None:
    """And not only when everybody's patience is over."""
    child = Child("part", ["sleep", "600"], dict(os.environ), Backoff(0.01, 0.02))
    child.start()
    await asyncio.sleep(0)  # its keeper has asked for a process, and has not got it yet
    assert child.started
    assert child.pid is None
    async with asyncio.timeout(60):
        await child.end(600)
