"""`easel top [--once] [--json]`: again and again in a terminal, once into a pipe."""

import argparse
import asyncio
import json
import shutil
import signal
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from deploy.redis_environment import RedisEnvironment
from worker.contract.settings_errors import complaints

from .look import Looks
from .table import lines

EXIT_FAILED, EXIT_USAGE = 1, 2
_TIMEOUT = 5.0  # seconds
# ANSI: another screen without a cursor, and back; the top left corner; what is left of a line, and of the screen.
_OPEN, _CLOSE, _HOME, _LINE, _REST = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l", "\x1b[H", "\x1b[K", "\x1b[J"
_ASKED_AGAIN = "It is asked again and again; Ctrl-C ends this"
_UNBOUNDED = 10_000  # columns and lines of what is no terminal


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0, 1 when Redis is in the way, 2 when something has to be put right."""
    asked = _parser().parse_args(argv)
    try:
        environment = RedisEnvironment()
    except ValidationError as error:
        print("\n".join(complaints(RedisEnvironment, error)), file=sys.stderr)
        return EXIT_USAGE
    once = asked.once or asked.json or not sys.stdout.isatty()
    try:
        return asyncio.run(_once(environment, as_json=asked.json) if once else _again(environment, asked.every))
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:  # such as `easel top | head -1`
        sys.stderr.close()
        return 0


async def _once(environment: RedisEnvironment, *, as_json: bool) -> int:
    async with _connect(environment) as redis:
        try:
            view = await Looks(redis).look()
        except (RedisError, OSError) as error:
            print(environment.away(error), file=sys.stderr)
            return EXIT_FAILED
    if as_json:
        print(json.dumps(asdict(view), indent=1, ensure_ascii=False))
    else:
        print("\n".join(lines(view, _UNBOUNDED, _UNBOUNDED)))
    return 0


async def _again(environment: RedisEnvironment, every: float) -> int:
    """Until Ctrl-C. Being cancelled would not do: on Python 3.11 a `wait_for` inside redis-py may swallow that."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with _connect(environment) as redis:
        looks = Looks(redis)
        try:
            sys.stdout.write(_OPEN)
            while not ended.is_set():
                size = shutil.get_terminal_size()
                try:
                    told = lines(await looks.look(), size.columns, size.lines)
                except (RedisError, OSError) as error:
                    told = textwrap.wrap(environment.away(error, _ASKED_AGAIN), size.columns)
                sys.stdout.write(_HOME + "\n".join(f"{line}{_LINE}" for line in told[: size.lines]) + _REST)
                sys.stdout.flush()
                with suppress(TimeoutError):
                    async with asyncio.timeout(every):
                        await ended.wait()
        finally:
            sys.stdout.write(_CLOSE)
            sys.stdout.flush()
    return 0


def _connect(environment: RedisEnvironment) -> Redis:
    url = environment.redis_url.get_secret_value()
    return Redis.from_url(url, socket_connect_timeout=_TIMEOUT, socket_timeout=_TIMEOUT)


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0.2 <= found <= 3600:
        raise argparse.ArgumentTypeError("it must be 0.2 to 3600 seconds")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="easel top",
        description="Who waits, what is drawn at which step and pace, workers, and the cards of this machine. It talks "
        "to Redis alone (EASEL_REDIS_URL) and changes nothing. Into a pipe it tells once and ends. Ctrl-C ends it.",
    )
    parser.add_argument("--once", action="store_true", help="tell once, as it does into a pipe")
    parser.add_argument("--json", action="store_true", help="the same once, for programs")
    parser.add_argument("--every", type=_seconds, default=1.0, metavar="SECONDS", help="seconds between two looks (1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
