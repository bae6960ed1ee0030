"""What keeps Redis from serving for now, in words for a log, and what to do about it. What never passes: `errors`."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)

from .errors import refusal

_SHOWN = 160  # characters of an error of Redis's own
_PORT = 6379
# What stands round Redis's own words: redis-py names the command of a pipeline, which may hold a person's words; Redis
# names the script and its line, at the end or, 6.2, before.
_PIPELINE = re.compile(r"^Command # \d+ .* of pipeline caused error: ", re.DOTALL)
_RUNNING = re.compile(r"^(?:ERR )?Error running script \(call to \w+\): ")
_LINE = re.compile(r"^@user_script: ?\d+: ")
_SCRIPT = re.compile(r"\s*script: \w*,? ?on @user_script:\d+\.?\s*$")
_REASON = re.compile(r"errors writing to the AOF file: (.+)", re.IGNORECASE)
_NO_ROOM = ("no space left", "quota exceeded")


class Outage(NamedTuple):
    """`words` say what is so, without a full stop; `do` what to do about it."""

    words: str
    do: str


_FULL_DISK = Outage("Redis's disk is full, and it takes nothing", "Make room on the disk where Redis keeps its files")
_BY_CODE = {
    "MISCONF": Outage("Redis cannot write to its disk, and takes nothing", "Its log says why"),
    "OOM": Outage("Redis is full (maxmemory) and takes nothing", "Give it more (maxmemory), or lower EASEL_KEEP_DAYS"),
    "READONLY": Outage("Redis is a replica and takes nothing", "Name its primary in EASEL_REDIS_URL"),
    "MASTERDOWN": Outage("Redis is a replica that has lost its primary", "Start that, or name it in EASEL_REDIS_URL"),
    "NOREPLICAS": Outage("Redis has too few replicas and takes nothing", "Start them, or lower min-replicas-to-write"),
    "LOADING": Outage("Redis is still reading its data", "Wait until it has; its log tells how far it is"),
    "BUSY": Outage("Redis is held up by a script", "See in its log which; redis-cli SCRIPT KILL ends it"),
    "TRYAGAIN": Outage("Redis moves its data and does not serve all of it", "Wait until it has"),
    "CLUSTERDOWN": Outage("Redis is a cluster that is down", "Give Easel a Redis or Valkey without cluster mode"),
}
_BY_CLASS = {  # redis-py takes their code away
    BusyLoadingError: "LOADING",
    ClusterDownError: "CLUSTERDOWN",
    MasterDownError: "MASTERDOWN",
    OutOfMemoryError: "OOM",
    ReadOnlyError: "READONLY",
    TryAgainError: "TRYAGAIN",
}
_CROWDED = Outage("Redis has as many clients as it takes (maxclients)", "End some, or raise maxclients")
_UNSET = (
    "EASEL_REDIS_URL is not set: set it, or start a Redis there. The Valkey that `easel demo` brings serves that alone"
)
_SILENT = Outage("Redis does not answer", "Start it, and see whether EASEL_REDIS_URL names it")


def outage(error: BaseException) -> Outage:
    """What is wrong with Redis. The words of one trouble are the same whichever command or script met it."""
    if words := refusal(error):
        return Outage(words, "")
    if "max number of clients" in str(error):
        return _CROWDED
    code, text = _code(error), own_words(error)
    if code == "MISCONF":
        return _disk(text)
    if found := _BY_CODE.get(code):
        return found
    return Outage(f"Redis does not serve ({text[:_SHOWN]})", "") if isinstance(error, ResponseError) else _SILENT


def trouble(error: BaseException) -> str:
    """What is wrong with Redis, in words for a log."""
    return outage(error).words


def not_serving(error: BaseException) -> bool:
    """Does Redis answer, and serve nothing now? Anything else that it answers is an error of ours."""
    return _code(error) in _BY_CODE


def out_of_reach(error: BaseException, url: str, *, named: bool, besides: str = "") -> str:
    """One line for whoever called a command that found no Redis to serve it; it shows no password.

    Args:
        error: what it met.
        url: an address that `redis_address` takes.
        named: does EASEL_REDIS_URL name it, or is it where a Redis usually is?
        besides: a sentence that ends the line, without a full stop.
    """
    return ". ".join(filter(None, (*outage_at(error, url, named=named), besides)))


def outage_at(error: BaseException, url: str, *, named: bool) -> Outage:
    """The same, with the place where none answers."""
    found = outage(error)
    return Outage(f"{found.words} at {_place(url)}", found.do if named else _UNSET) if found == _SILENT else found


def _place(url: str) -> str:
    """Host and port of an address, or its socket: what may be shown of it."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port or _PORT}"


def own_words(error: BaseException) -> str:
    """What Redis itself says, without the command or the line of a script that met it."""
    text = _SCRIPT.sub("", _RUNNING.sub("", _PIPELINE.sub("", str(error))))
    while (shorter := _LINE.sub("", text)) != text:
        text = shorter
    return text.removeprefix("-")


def _code(error: BaseException) -> str:
    """The word with which Redis begins an error of a kind; empty where there is none."""
    if found := _BY_CLASS.get(type(error)):
        return found
    return own_words(error).partition(" ")[0] if isinstance(error, ResponseError) else ""


def _disk(text: str) -> Outage:
    reason = found[1].rstrip(".") if (found := _REASON.search(text)) else ""
    if any(each in reason.lower() for each in _NO_ROOM):
        return _FULL_DISK
    usual = _BY_CODE["MISCONF"]
    return Outage(f"Redis cannot write to its disk ({reason}), and takes nothing", usual.do) if reason else usual
