"""One log line a record, as text for people or as JSON for programs, which tells whose job it was about as well."""

import copy
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

from .traces import trace

LogFormat = Literal["text", "json"]

job_at_hand: ContextVar[str] = ContextVar("job_at_hand", default="")  # what the running task is about


@contextmanager
def of_job(job: str) -> Iterator[None]:
    """What is logged in this block, and in tasks that begin there, is about this job."""
    before = job_at_hand.set(job)
    try:
        yield
    finally:
        job_at_hand.reset(before)


class TextLines(logging.Formatter):
    """As logging has it, save that errors of kinds that may quote people's words are told without what they say.

    Args:
        shape, moment: what a line and its time look like.
        words: let errors say what they say; for DEBUG, where words of people are logged anyway.
    """

    def __init__(self, shape: str | None = None, moment: str | None = None, *, words: bool = False) -> None:
        super().__init__(shape, moment)
        self._words = words

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        return super().format(self.abridged(record))

    def abridged(self, record: logging.LogRecord) -> logging.LogRecord:
        """What may be logged of it: asyncio writes out tasks below its first line, with their errors."""
        if self._words:
            return record
        found = copy.copy(record)
        found.exc_text = None  # another handler's
        if record.name == "asyncio":
            found.msg, found.args = record.getMessage().partition("\n")[0], ()
        return found

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The traceback."""
        return super().formatException(ei) if self._words or ei[1] is None else trace(ei[1])


class JsonLines(TextLines):
    """One object a line: `time` (UTC), `level`, `logger`, `message`, and where there is one `job` and `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        record = self.abridged(record)
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if job := job_at_hand.get():
            told["job"] = job
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_to_stderr(level: str, form: LogFormat, shape: str, moment: str | None = None) -> None:
    """Log there from now on, if nothing logs yet; `shape` and `moment` are what `text` looks like."""
    handler = logging.StreamHandler(sys.stderr)
    words = level == "DEBUG"
    handler.setFormatter(JsonLines(words=words) if form == "json" else TextLines(shape, moment, words=words))
    logging.basicConfig(level=level, handlers=[handler])


def from_part(part: str, line: str) -> str:
    """A line of JSON with the name of the process that wrote it; any other line as one."""
    if line.startswith("{") and line.endswith("}"):
        return f'{{"part": {json.dumps(part)}, {line[1:]}'
    return json.dumps({"part": part, "message": line}, ensure_ascii=False)


def message_of(line: str) -> str:
    """What a line of JSON says; of any other all of it."""
    try:
        return str(json.loads(line)["message"]) if line.startswith("{") else line
    except (ValueError, KeyError, TypeError):
        return line
