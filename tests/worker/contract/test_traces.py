"""Tracebacks tell where an error came from; what it says only where that is not what people wrote."""

import asyncio
import json
import logging
from collections.abc import Callable

import pytest
from pydantic import BaseModel

from worker.contract.log_lines import JsonLines, LogFormat, TextLines, log_to_stderr

WORDS = "赤いりんご"


class Asked(BaseModel):
    steps: int


def _as_cause() -> None:
    raise KeyError(WORDS) from OSError(5, "no disk")


def _while_handled() -> None:
    try:
        int(WORDS)
    except ValueError:
        raise OSError(5, "no disk")  # noqa: B904 - that is what is tested


def _with_a_note() -> None:
    error = RuntimeError("CUDA error")
    error.add_note(WORDS)
    raise error


def _in_a_group() -> None:
    raise ExceptionGroup(WORDS, [ValueError(WORDS), OSError(5, "no disk")])


QUOTE: dict[str, Callable[[], object]] = {
    "a number that is none": lambda: int(WORDS),
    "a key": lambda: dict[str, int]()[WORDS],
    "what does not validate": lambda: Asked.model_validate({"steps": WORDS}),
    "what cannot be encoded": lambda: WORDS.encode("ascii"),
    "a type": lambda: (_ for _ in ()).throw(TypeError(f"{WORDS!r} is no number")),
    "an error of one's own": lambda: (_ for _ in ()).throw(type("OwnError", (Exception,), {})(WORDS)),
    "one that led to another": _as_cause,
    "one that was being handled": _while_handled,
    "a note": _with_a_note,
    "a group": _in_a_group,
}


def _record(work: Callable[[], object]) -> logging.LogRecord:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - any
        info = (type(error), error, error.__traceback__)
        return logging.LogRecord("slot", logging.ERROR, "a.py", 1, "ended", (), info)
    raise AssertionError("it did not raise")


@pytest.mark.parametrize("what", QUOTE)
def test_no_error_quotes_people_above_debug(what: str) -> None:
    for form in (TextLines("%(message)s"), JsonLines()):
        line = form.format(_record(QUOTE[what]))
        assert WORDS not in line.replace("\\u", "")
        assert "test_traces.py" in line, "where it came from"
        assert WORDS not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize("what", QUOTE)
def test_debug_has_it_all(what: str) -> None:
    line = JsonLines(words=True).format(_record(QUOTE[what]))
    assert WORDS in line or what == "what cannot be encoded"


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda: (_ for _ in ()).throw(RuntimeError("CUDA error: an assert")), "RuntimeError: CUDA error: an"),
        (lambda: open("/nowhere/at/all"), "No such file or directory"),  # noqa: PTH123, SIM115
        (lambda: 1 // 0, "ZeroDivisionError: integer division"),
        (_as_cause, "OSError: [Errno 5] no disk"),
        (_while_handled, "ValueError: […]"),
        (_in_a_group, "OSError: [Errno 5] no disk"),
        (QUOTE["what does not validate"], "pydantic_core._pydantic_core.ValidationError: […]"),
    ],
)
def test_what_drivers_and_the_system_say_stays_and_every_error_has_its_name(
    work: Callable[[], object], said: str
) -> None:
    assert said in TextLines("%(message)s").format(_record(work))


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = ValueError(WORDS), KeyError(WORDS)
    first.__context__, second.__context__ = second, first
    record = logging.LogRecord("slot", logging.ERROR, "a.py", 1, "ended", (), (ValueError, first, None))
    assert TextLines("%(message)s").format(record).count("ValueError") == 1


@pytest.mark.parametrize(("level", "there"), [("INFO", False), ("WARNING", False), ("DEBUG", True)])
@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_task_whose_error_nobody_asked_for(
    level: str, there: bool, form: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    root, before = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    try:
        root.handlers[:] = []
        log_to_stderr(level, form, "%(message)s")

        async def fails() -> None:
            raise ValueError(WORDS)

        task = asyncio.create_task(fails())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
    finally:
        root.handlers[:], root.level = before
    told = capsys.readouterr().err
    assert "Task exception was never retrieved" in told
    assert (WORDS in told) is there
