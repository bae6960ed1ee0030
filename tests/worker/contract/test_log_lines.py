"""Lines of JSON: one a record, whatever is in it, with the job that it is about."""

import asyncio
import json
import logging
import sys

import pytest

from worker.contract.log_lines import JsonLines, from_part, job_at_hand, log_to_stderr, message_of, of_job


def _line(message: str, *arguments: object, trace: bool = False) -> dict[str, str]:
    error = sys.exc_info() if trace else None
    record = logging.LogRecord("slot", logging.WARNING, "a.py", 1, message, arguments, error)
    line = JsonLines().format(record)
    assert "\n" not in line
    found: dict[str, str] = json.loads(line)
    return found


def test_a_line_is_one_object_whatever_it_says() -> None:
    found = _line('two\nlines "quoted" é %s', {"a": 1})
    assert found["message"] == "two\nlines \"quoted\" é {'a': 1}"
    assert (found["level"], found["logger"]) == ("WARNING", "slot")
    assert found["time"].endswith("+00:00")
    assert "job" not in found
    try:
        int("so")
    except ValueError:
        assert "in test_a_line_is_one_object" in (told := _line("it failed", trace=True)["trace"])
        assert "ValueError: […]" in told


async def test_a_job_is_told_where_it_is_at_hand_and_nowhere_else() -> None:
    async def later() -> dict[str, str]:
        await asyncio.sleep(0)
        return _line("later")

    async def another() -> dict[str, str]:
        job_at_hand.set("8")
        return _line("another")

    with of_job("7"):
        begun, other = asyncio.create_task(later()), asyncio.create_task(another())
        assert _line("now")["job"] == "7"
    assert "job" not in _line("after")
    assert ((await begun)["job"], (await other)["job"]) == ("7", "8")


def test_a_supervisor_says_which_part_it_was() -> None:
    line = JsonLines().format(logging.LogRecord("slot", logging.INFO, "a.py", 1, "it ends", (), None))
    assert json.loads(from_part("slot-1", line))["part"] == "slot-1"
    assert json.loads(from_part("engine", 'a driver\'s {"own" words'))["message"] == 'a driver\'s {"own" words'
    assert message_of(line) == "it ends"
    for other in ("easel: DISCORD_TOKEN is not set.", "{", '{"a": 1}', "[]"):
        assert message_of(other) == other


def test_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    root, before = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    try:
        root.handlers[:] = []
        log_to_stderr("INFO", "json", "%(message)s")
        logging.getLogger("x").info("hello")
        root.handlers[:] = []
        log_to_stderr("INFO", "text", "%(name)s: %(message)s")
        logging.getLogger("x").info("hello")
    finally:
        root.handlers[:], root.level = before
    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["message"] == "hello"
    assert second == "x: hello"
