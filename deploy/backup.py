"""`easel backup FILE` and `easel restore FILE`: everything that Easel keeps in Redis as one file, and back.

A file of JSON lines, packed: a head, a line for each key, an end that says how many there were. Values are as Redis
holds them, so what another version wrote is read as it always is.
"""

import argparse
import asyncio
import base64
import gzip
import json
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker.contract.private_files import private
from worker.contract.redis_check.errors import is_denied
from worker.contract.redis_check.outage import trouble
from worker.contract.settings_errors import complaints
from worker.contract.store import keys

from .folder import FolderError
from .redis_environment import RedisEnvironment
from .valkey import EmbeddedValkey, ValkeyError

EXIT_FAILED, EXIT_USAGE = 1, 2
FORMAT = 1
# What tells only of processes that ran at the time.
PASSING = {keys.WORKERS, keys.REAPER, keys.RATE_SLOT, keys.ANNOUNCER, keys.BELL, keys.OUTBOX_BELL}
_LOOKED_AT = {keys.CLOCK.encode()}  # what `easel doctor` and `easel top` leave in an empty one
_RIGHTS = (
    "EASEL_REDIS_URL names a user of Redis who may not do all that this needs. Name one who may do everything, for "
    "this command alone: EASEL_REDIS_URL=redis://default:PASSWORD@HOST:6379/0 easel {what} {file}"
)
_ENDED = {
    "backup": "Ended; nothing was written.",
    "restore": "Ended; a part of it may be in Redis. Empty that (FLUSHDB, if nothing else is in it) and restore again.",
}
_TIMEOUT = 30.0  # seconds
_PAUSE = 60_000  # milliseconds for which writers wait at most; they go on as soon as all is read
_BATCH = 500  # keys
Source = RedisEnvironment | Path  # the Redis of the settings, or the folder of `easel demo`
Item = tuple[str, str, int, Any]  # key, kind, milliseconds since 1970 at which it ends (0: never), value


class BackupError(Exception):
    """It was not done; the message says why and what to do."""


def main(argv: Sequence[str]) -> int:
    """`backup FILE` or `restore FILE`; returns 0 done, 1 Redis or the disk is in the way, 2 something to put right."""
    asked = _parser().parse_args(argv)
    try:
        source: Source = asked.data or RedisEnvironment()
        with _redis(source, there=asked.what == "backup") as url:
            print((save if asked.what == "backup" else load)(url, asked.file))
    except ValidationError as error:
        print("\n".join(complaints(RedisEnvironment, error)), file=sys.stderr)
        return EXIT_USAGE
    except BackupError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except RedisError as error:
        rights = _RIGHTS.format(what=asked.what, file=asked.file) if is_denied(error) else ""
        print(rights or _away(source, error), file=sys.stderr)
        return EXIT_FAILED
    except OSError as error:
        print(f"{asked.file}: {error.strerror or error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print(_ENDED[asked.what], file=sys.stderr)
        return EXIT_FAILED
    return 0


@contextmanager
def _redis(source: Source, *, there: bool) -> Iterator[str]:
    """The address of the Redis that the settings name, or of the Valkey of `easel demo`, which runs meanwhile.

    `there`: it has to hold something already. Raises BackupError, OSError.
    """
    if isinstance(source, RedisEnvironment):
        yield source.redis_url.get_secret_value()
        return
    folder = (source / "valkey").absolute()
    if there and not folder.is_dir():
        raise BackupError(f"{source} is no folder of `easel demo`; that is .easel, beside where it was started.")
    valkey = EmbeddedValkey(folder)
    try:
        valkey.start()
        yield valkey.url
    except (FolderError, ValkeyError) as error:
        raise BackupError(str(error)) from None
    finally:
        valkey.stop()


def _away(source: Source, error: RedisError) -> str:
    if isinstance(source, RedisEnvironment):
        return source.away(error, "" if source.named else "`--data .easel` is for that one")
    return f"{trouble(error)}. {source / 'valkey' / 'valkey.log'} says more"


def save(url: str, file: Path) -> str:
    """Write all into a new file, readable by us alone. Raises BackupError, OSError, RedisError."""
    if file.exists():
        raise BackupError(f"{file} is there already; name another file.")
    items = asyncio.run(_everything(url))
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with open(unfinished, "wb", opener=private) as plain:
            with gzip.open(plain, "wt", encoding="utf-8") as out:
                for line in ({"easel": "backup", "format": FORMAT}, *items, {"keys": len(items)}):
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
            plain.flush()
            os.fsync(plain.fileno())  # before it is said to be there, which a power cut must not undo
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return (
        f"{len(items)} keys are in {file}. It holds what people asked for, and tokens of their requests: "
        "keep it to yourself."
    )


def load(url: str, file: Path) -> str:
    """Bring all back into a Redis without anything of Easel. Raises BackupError, OSError, RedisError."""
    items = read(file)
    asyncio.run(_bring(url, items))
    return f"{len(items)} keys are back. Start workers and bot; what was being drawn is drawn again."


def read(file: Path) -> list[Item]:
    """What a file holds, once it is known to be whole. Raises BackupError, OSError."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            head, *told, end = [json.loads(line) for line in lines]
        newer = head["easel"] == "backup" and head["format"] > FORMAT
        items = [] if newer else [_item(each) for each in told]
        whole = newer or (head["easel"] == "backup" and end["keys"] == len(items))
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError, LookupError, TypeError):
        whole, newer = False, False
    if not whole:
        raise BackupError(f"{file} is no whole backup of Easel. Take another one.")
    if newer:
        raise BackupError(f"{file} is of a newer Easel (format {head['format']}). Restore it with that one.")
    return items


async def _bring(url: str, items: Sequence[Item]) -> None:
    async with Redis.from_url(url, socket_timeout=_TIMEOUT) as redis:
        async for key in redis.scan_iter(f"{keys.PREFIX}*", count=_BATCH):
            if key in _LOOKED_AT:
                continue
            raise BackupError(
                f"This Redis holds something of Easel already ({key.decode(errors='replace')}). Stop bot and workers, "
                "and restore into an empty one, or take away what it holds (FLUSHDB, if nothing else is in it)."
            )
        await redis.delete(*_LOOKED_AT)
        for start in range(0, len(items), _BATCH):
            async with redis.pipeline(transaction=False) as pipe:
                for item in items[start : start + _BATCH]:
                    _put(pipe, item)
                await pipe.execute()


async def _everything(url: str) -> list[list[Any]]:
    """Every key as a line tells it, all of one moment: whoever writes waits until they are read."""
    began = time.monotonic()
    async with Redis.from_url(url, socket_timeout=_TIMEOUT) as redis:
        await redis.execute_command("CLIENT", "PAUSE", _PAUSE, "WRITE")  # type: ignore[no-untyped-call]
        try:
            found = sorted({name async for name in redis.scan_iter(f"{keys.PREFIX}*", count=_BATCH)})
            names = [name for name in found if name.decode() not in PASSING]
            told = [line for n in range(0, len(names), _BATCH) for line in await _lines(redis, names[n : n + _BATCH])]
        finally:
            await redis.execute_command("CLIENT", "UNPAUSE")  # type: ignore[no-untyped-call]
    if time.monotonic() - began > _PAUSE / 1000:
        raise BackupError("Redis was too slow to be read in one moment. Nothing was written; please try again.")
    return told


async def _lines(redis: Redis, names: Sequence[bytes]) -> list[list[Any]]:
    async with redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.type(name)
            pipe.pttl(name)
        told = await pipe.execute()
    kinds, left = [kind.decode() for kind in told[::2]], told[1::2]
    there = [each for each in zip(names, kinds, left, strict=True) if each[1] != "none"]
    async with redis.pipeline(transaction=False) as pipe:
        for name, kind, _ in there:
            _GET[kind](pipe, name)
        values = await pipe.execute()
    now = int(time.time() * 1000)
    return [
        [name.decode(), kind, now + ms if ms >= 0 else 0, _out(_AS_LINE.get(kind, list)(value))]
        for (name, kind, ms), value in zip(there, values, strict=True)
        if not _ended(kind, value)
    ]


def _ended(kind: str, value: Any) -> bool:
    """Whether a key's time was over before its value was read, which no pause of writers puts off.

    Nothing in Redis is empty but text.
    """
    return value is None if kind == "string" else not value


_GET: dict[str, Callable[[Any, bytes], Any]] = {
    "string": lambda pipe, key: pipe.get(key),
    "hash": lambda pipe, key: pipe.hgetall(key),
    "list": lambda pipe, key: pipe.lrange(key, 0, -1),
    "set": lambda pipe, key: pipe.smembers(key),
    "zset": lambda pipe, key: pipe.zrange(key, 0, -1, withscores=True),
}
_AS_LINE: dict[str, Callable[[Any], Any]] = {
    "string": lambda value: value,
    "hash": lambda value: value.items(),
    "zset": lambda value: [(member, repr(score)) for member, score in value],
}


def _put(pipe: Any, item: Item) -> None:
    key, kind, ends, value = item
    match kind:
        case "string":
            pipe.set(key, value)
        case "hash":
            pipe.hset(key, mapping=dict(value))
        case "list":
            pipe.rpush(key, *value)
        case "set":
            pipe.sadd(key, *value)
        case _:
            pipe.zadd(key, {member: float(score) for member, score in value})
    if ends:
        pipe.pexpireat(key, ends)


def _out(value: Any) -> Any:
    """Bytes as text where they are, as base64 in an object where they are not."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    return value if isinstance(value, str) else [_out(each) for each in value]


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return [_in(each) for each in value]
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _item(told: list[Any]) -> Item:
    key, kind, ends, value = told
    if kind not in _GET or not key.startswith(keys.PREFIX):
        raise ValueError(kind)
    return key, kind, int(ends), _in(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="easel",
        description="All that Easel keeps in Redis (EASEL_REDIS_URL) as one file, and back: settings, limits, jobs.",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND", dest="what")
    abouts = {"backup": "all that Easel keeps in Redis into one file", "restore": "and back, into an empty Redis"}
    for name, about in abouts.items():
        one = verbs.add_parser(name, help=about, description=f"{parser.description} `{name}`: {about}.")
        one.add_argument("file", type=Path, help="such as easel-2026-11-28.gz")
        words = "instead of EASEL_REDIS_URL the folder of `easel demo`, which must not run (.easel)"
        one.add_argument("--data", type=Path, help=words)
    return parser
