"""`easel forget PERSON`: everything that is kept about one person goes."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from bot.operator.__main__ import person_id
from worker.contract.settings_errors import complaints
from worker.contract.store.forget import Forgetting, Forgotten
from worker.contract.store.forget_settings import BusyError

from .redis_environment import RedisEnvironment

EXIT_FAILED, EXIT_USAGE = 1, 2
_TIMEOUT = 30.0  # seconds
_AGAIN = "Call this again, for a part may be left"
_LOOK = 0.5  # seconds between two looks at what has yet to end
_WAIT = 30  # seconds
_WAIT_MAX = 3600
WORDS = {
    "requests": "requests with their words, settings and places",
    "cancelled": "of them waiting or being drawn: cancelled",
    "favourites": "results that they kept",
    "habits": "choice of when to be told",
    "rates": "notes of how quickly they asked",
    "turns": "notes of their turns in line",
    "days": "days of servers with their share; the sums stay",
    "hints": "servers that noted having told them of settings",
    "grants": "servers that granted them more pictures a day",
    "audit": "lines of servers' changes that named them; they stay, without who it was",
}
_ELSEWHERE = (
    "Messages on Discord stay, with recipes in their pictures; so do backups and logs. docs/privacy.md tells of each."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0 done, 1 something is in the way or has yet to end, 2 something to put right."""
    asked = _parser().parse_args(argv)
    try:
        environment = RedisEnvironment()
        found, anew = asyncio.run(_forget(environment.redis_url.get_secret_value(), asked))
    except ValidationError as error:
        print("\n".join(complaints(RedisEnvironment, error)), file=sys.stderr)
        return EXIT_USAGE
    except RedisError as error:
        print(environment.away(error, "" if asked.dry_run else _AGAIN), file=sys.stderr)
        return EXIT_FAILED
    except BusyError:
        print(
            "A server's admins are changing its settings; please call this again, for a part is left.", file=sys.stderr
        )
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("Ended; nothing was changed." if asked.dry_run else f"Ended. {_AGAIN}.", file=sys.stderr)
        return EXIT_FAILED
    if asked.json:
        print(json.dumps(found.as_dict() | {"looked_only": asked.dry_run, "file_written_anew": anew}))
    else:
        print("\n".join(told(found, look_only=asked.dry_run, blocks=asked.blocks, anew=anew)))
    if found.unfinished and not asked.dry_run:
        print(_unfinished(found), file=sys.stderr)
        return EXIT_FAILED
    return 0


async def _forget(url: str, asked: argparse.Namespace) -> tuple[Forgotten, bool]:
    async with Redis.from_url(url, socket_connect_timeout=_TIMEOUT, socket_timeout=_TIMEOUT) as redis:
        forgetting = Forgetting(redis, asked.person, look_only=asked.dry_run, blocks=asked.blocks)
        await forgetting.cancel()
        ends = time.monotonic() + (0 if asked.dry_run else asked.wait)
        while time.monotonic() < ends and await forgetting.unfinished():  # noqa: ASYNC110 - it is Redis that is asked
            await asyncio.sleep(_LOOK)
        found = await forgetting.forget()
        return found, not asked.dry_run and await _written_anew(redis)


async def _written_anew(redis: Redis) -> bool:
    """Redis's append-only file is a diary, which tells of what was removed until it is written anew."""
    try:
        await redis.bgrewriteaof()
    except ResponseError:  # no rights, or it is about to do so
        return False
    return True


def told(found: Forgotten, *, look_only: bool, blocks: bool, anew: bool) -> list[str]:
    """What a person reads."""
    rows = [(number, words) for name, words in WORDS.items() if (number := getattr(found, name))]
    if not rows and not found.blocks:
        return [f"Nothing is kept about {found.person}."]
    head = "is kept, and would go" if look_only else "was kept, and is gone"
    lines = [f"This {head}, of {found.person}:"] if rows else []
    lines += [f"{number:>7}  {words}" for number, words in rows]
    if found.blocks:
        taken = "would be taken away" if look_only else "are taken away"
        what = taken if blocks else "stay, or asking would end them; --blocks takes them away"
        lines.append(f"Blocks ({', '.join(found.blocks)}) {what}.")
    if not look_only:
        file = (
            "Redis writes its file anew, without it." if anew else "Its file tells of it until: redis-cli BGREWRITEAOF"
        )
        lines += [file, _ELSEWHERE]
    return lines


def _unfinished(found: Forgotten) -> str:
    number = len(found.unfinished)
    return (
        f"{number} request{'s have' if number > 1 else ' has'} not come to rest: a message on Discord has yet to show "
        "it. Is a worker with a poster running? Then call this again; all else is gone."
    )


def _seconds(text: str) -> float:
    if not text.isascii() or not text.isdigit() or int(text) > _WAIT_MAX:
        raise argparse.ArgumentTypeError(f"a whole number of seconds, at most {_WAIT_MAX}")
    return float(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="easel forget",
        description="Everything that Easel keeps in Redis about one person (EASEL_REDIS_URL) goes: what waits or is "
        "drawn is cancelled, requests and favourites are removed, and what has to stay no longer tells who it was. Bot "
        "and workers may run. docs/privacy.md lists all of it.",
    )
    parser.add_argument("person", type=person_id, help="their id (Discord: Developer Mode → Copy User ID)")
    parser.add_argument("--dry-run", action="store_true", help="say what is kept, and change nothing")
    parser.add_argument("--blocks", action="store_true", help="take their blocks away, too; they stay otherwise")
    words = f"how long messages on Discord get to show what was cancelled ({_WAIT})"
    parser.add_argument("--wait", type=_seconds, default=float(_WAIT), metavar="SECONDS", help=words)
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
