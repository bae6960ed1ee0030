"""Whose fault an engine's death may be, as a slot reads it from what the circuit breaker has written."""

from pathlib import Path

import pytest

from worker.engine.blame import breaker_file, died_over
from worker.engine.service.circuit_breaker import CircuitBreaker


def breaker(socket: Path) -> CircuitBreaker:
    return CircuitBreaker(breaker_file(socket))


@pytest.mark.parametrize("restarted", [False, True])
def test_a_death_over_one_job_is_that_jobs(folder: Path, restarted: bool) -> None:
    socket = folder / "e.sock"
    breaker(socket).began("one", "starter")
    if restarted:
        breaker(socket)
    assert died_over(socket, "one")
    assert not died_over(socket, "waits")


@pytest.mark.parametrize("restarted", [False, True])
def test_a_death_over_several_is_nobodys(folder: Path, restarted: bool) -> None:
    socket = folder / "e.sock"
    dying = breaker(socket)
    dying.began("one", "starter")
    dying.began("two", "starter")
    if restarted:
        breaker(socket)
    assert not died_over(socket, "one")
    assert not died_over(socket, "waits")


def test_a_suspect_that_is_alone_is_no_suspect(folder: Path) -> None:
    socket = folder / "e.sock"
    dying = breaker(socket)
    for job in ("one", "two"):
        dying.began(job, "starter")
    breaker(socket).began("one", "starter")
    assert died_over(socket, "one")


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"running": 1}'])
def test_where_nothing_is_known_it_counts(folder: Path, text: str | None) -> None:
    socket = folder / "e.sock"
    if text is not None:
        breaker_file(socket).write_text(text)
    assert died_over(socket, "one")
