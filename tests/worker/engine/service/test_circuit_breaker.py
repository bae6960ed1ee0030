"""What the breaker remembers over the death of its process."""

from pathlib import Path

import pytest

from worker.engine.service.circuit_breaker import CircuitBreaker

MODEL = "m"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "e.sock.breaker"


def test_a_process_that_died_over_a_job_has_failed_it(path: Path):
    for job in ("one", "two", "three"):
        breaker = CircuitBreaker(path, after=3)
        assert not breaker.rests(MODEL)
        breaker.began(job, MODEL)
    breaker = CircuitBreaker(path, after=3)
    assert breaker.rests(MODEL)
    (words,) = breaker.words
    assert "3 jobs in a row failed here with m (the last: The engine died in the middle of it); resting until" in words


def test_a_model_that_fails_leaves_the_others_alone(path: Path):
    breaker = CircuitBreaker(path, after=2)
    for job in ("one", "two"):
        breaker.failed(job, "bad", "odd")
        breaker.began(job, "good")
        breaker.drew(job, "good")
    for again in (breaker, CircuitBreaker(path, after=2)):
        assert again.rests("bad")
        assert not again.rests("good")
        assert len(again.words) == 1


def test_a_clock_that_is_set_back_makes_no_rest_longer_than_twice_the_longest(path: Path):
    clock = Clock()
    clock.now = 10_000.0
    CircuitBreaker(path, after=1, most=60, first=60, clock=clock).failed("one", MODEL, "odd")
    for back, rests in (0, True), (30, True), (61, False), (9000, False):
        clock.now = 10_000.0 - back
        assert CircuitBreaker(path, after=1, most=60, first=60, clock=clock).rests(MODEL) is rests


def test_of_several_that_an_engine_died_with_each_is_a_suspect_and_none_has_failed(path: Path):
    breaker = CircuitBreaker(path, after=1)
    for job in ("one", "two", "three"):
        breaker.began(job, MODEL)
    breaker.drew("three", MODEL)
    again = CircuitBreaker(path, after=1)
    assert not again.rests(MODEL)
    assert [job for job in ("one", "two", "three", "four") if again.suspects(job)] == ["one", "two"]
    again.began("two", MODEL)
    again.drew("two", MODEL)
    again.began("one", MODEL)  # alone, and dies once more
    last = CircuitBreaker(path, after=1)
    assert last.rests(MODEL)
    assert not last.suspects("two")


def test_one_job_that_kills_every_engine_makes_none_look_sick(path: Path):
    for _ in range(5):
        CircuitBreaker(path, after=2).began("poison", MODEL)
    assert not CircuitBreaker(path, after=2).rests(MODEL)


def test_a_process_that_died_with_its_supervisor_has_failed_nothing(path: Path):
    for supervisor in ("1", "2", "3"):
        CircuitBreaker(path, after=1, keeper=supervisor).began("one", MODEL)
    assert not CircuitBreaker(path, after=1, keeper="4").rests(MODEL)
    assert CircuitBreaker(path, after=1, keeper="3").rests(MODEL)


def test_a_process_that_died_idle_has_failed_nothing(path: Path):
    for end in (CircuitBreaker.ended, lambda breaker, job: breaker.drew(job, MODEL)):
        breaker = CircuitBreaker(path, after=1)
        breaker.began("one", MODEL)
        end(breaker, "one")
        assert not CircuitBreaker(path, after=1).rests(MODEL)


def test_a_success_is_remembered_too(path: Path):
    CircuitBreaker(path, after=2).failed("one", MODEL, "odd")
    CircuitBreaker(path, after=2).drew("one", MODEL)
    breaker = CircuitBreaker(path, after=2)
    breaker.failed("two", MODEL, "odd")
    assert not breaker.rests(MODEL)


def test_rests_grow_up_to_the_most(path: Path):
    clock = Clock()
    breaker = CircuitBreaker(path, after=1, first=10, most=25, clock=clock)
    for rest in (10, 20, 25, 25):
        breaker.failed("one", MODEL, "odd")
        clock.now += rest - 1
        assert breaker.rests(MODEL)
        clock.now += 1
        assert not breaker.rests(MODEL)


OLDER = '{"failed": ["one"], "rests": 1, "until": 9e9, "last": "odd", "running": "one", "keeper": ""}'


@pytest.mark.parametrize("text", ["", "{", "[]", '{"failed": 3}', '{"models": 3, "running": 3}', OLDER])
def test_what_cannot_be_read_is_forgotten(path: Path, text: str, caplog: pytest.LogCaptureFixture):
    path.write_text(text)
    assert not CircuitBreaker(path).rests(MODEL)
    assert "starting afresh" in caplog.text


def test_without_a_folder_it_works_while_it_lives(tmp_path: Path):
    breaker = CircuitBreaker(tmp_path / "gone" / "file", after=1)
    breaker.failed("one", MODEL, "odd")
    assert breaker.rests(MODEL)


def test_it_may_be_switched_off(path: Path):
    breaker = CircuitBreaker(path, after=0)
    for job in range(9):
        breaker.failed(str(job), MODEL, "odd")
    assert not breaker.rests(MODEL)
