"""One log line a record, as text for people or as JSON for programs, which tells whose job it was about as well."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

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


class JsonLines(logging.Formatter):
    """One object a line: `time` (UTC), `level`, `logger`, `message`, and where there is one `job` and `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
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
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(shape, moment))
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
