"""A row that fails is told, and the next is measured; nothing begins when time is up."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.card.row import Row, tell


def fail() -> dict[str, Any]:
    raise ArithmeticError("odd")


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_row_that_fails_is_told_and_the_next_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [Row({"rows": 1}, fail), Row({"rows": 2}, lambda: {"ms": 1.23456})]
    assert tell(rows, {"arch": "a"}, 10, lambda: 0) == 1
    assert told(capsys) == [
        {"arch": "a", "rows": 1, "error": "ArithmeticError: odd", "took_s": 0},
        {"arch": "a", "rows": 2, "ms": 1.235, "took_s": 0},
    ]


def test_what_keeps_rows_from_beginning_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def rows() -> Iterator[Row]:
        yield Row({"rows": 1}, dict)
        fail()

    assert tell(rows(), {}, 10, lambda: 0) == 1
    assert [row.get("error") for row in told(capsys)] == [None, "ArithmeticError: odd"]


def test_nothing_begins_when_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0, 0, 11, 11])
    assert tell([Row({"rows": 1}, dict), Row({"rows": 2}, fail)], {}, 10, lambda: next(clock)) == 0
    assert told(capsys)[1] == {"rows": 2, "left_out": "no time"}
