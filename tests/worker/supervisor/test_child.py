"""What a child says is passed on; where that cannot be, it is read all the same, or the child would block."""

import asyncio
import errno
import io
import os
import sys

import pytest

from worker.supervisor.child import Backoff, Child


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
