"""The operator's command: `easel operator`, or `python -m bot.operator`. Whatever it sets holds at the next request."""

import signal

if __name__ == "__main__":  # until it hears signals itself, Ctrl-C ends it as quietly as SIGTERM does
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pydantic import Field, SecretStr, TypeAdapter, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.policy.limits_file import LimitsFileError, tiers_in
from worker.contract.private_files import env_file_complaint
from worker.contract.redis_check.outage import out_of_reach
from worker.contract.setting_files import FiledSettings
from worker.contract.settings_errors import complaints, redis_address
from worker.contract.types.operator_settings import DIRECT, WEIGHT_MAX, WEIGHT_MIN, OperatorSettings, TierName, Weight
from worker.contract.types.server_settings import SENTENCE_MAX, Block

from . import tables
from .desk import Busy, OperatorDesk, Unreadable

_NOTHING = "none"  # takes away what was set
_TIMEOUT = 5.0  # seconds
_DAYS = 7
_ALONE = frozenset({"pause", "resume"})
_UNREADABLE = (
    "What was set before cannot be read, and nothing of it counts. Look at it with HGET easel:operator doc, put it "
    "right there, or start anew with DEL easel:operator"
)
Do = Callable[[OperatorDesk, argparse.Namespace], Awaitable[str]]


class Environment(FiledSettings):
    """What this command reads of the environment and `.env`: the two that the bot has as well."""

    model_config = SettingsConfigDict(
        env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    redis_url: SecretStr = Field(SecretStr("redis://127.0.0.1:6379/0"), description="Redis or Valkey")
    limits: str = Field("", description="the file with the tiers")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr) -> SecretStr:
        redis_address(value.get_secret_value())
        return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one thing; returns the exit status: 0 done, 1 Redis is in the way, 2 something to put right."""
    parser = _parser()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] and given[0] in _ALONE:  # what is wrong is then told of this command
        parser.prog = "easel"
    asked = parser.parse_args(given)
    if asked.do is _set and asked.tier is None and asked.weight is None:
        asked.parser.error("nothing was asked for; say --tier, --weight or both")
    if unread := env_file_complaint():
        print(unread, file=sys.stderr)
        return 2
    try:
        environment = Environment()
        asked.tiers = tiers_in(environment.limits) if environment.limits else None
    except ValidationError as error:
        print("\n".join(complaints(Environment, error)), file=sys.stderr)
        return 2
    except LimitsFileError as error:
        print(f"EASEL_LIMITS is not usable: {error}", file=sys.stderr)
        return 2
    return asyncio.run(_run(environment, asked))


async def _run(environment: Environment, asked: argparse.Namespace) -> int:
    do: Do = asked.do
    url = environment.redis_url.get_secret_value()
    async with Redis.from_url(url, socket_connect_timeout=_TIMEOUT, socket_timeout=_TIMEOUT) as redis:
        try:
            print(tables.plain(await do(OperatorDesk(redis), asked)))
        except RedisError as error:
            named = "redis_url" in environment.model_fields_set
            print(out_of_reach(error, url, named=named, besides="Nothing was changed"), file=sys.stderr)
            return 1
        except Unreadable:
            print(f"{_UNREADABLE}; nothing was changed.", file=sys.stderr)
            return 2
        except Busy:
            print("Someone else is changing the same; please try again.", file=sys.stderr)
            return 1
    return 0


async def _list(desk: OperatorDesk, _asked: argparse.Namespace) -> str:
    held = await desk.read()
    told = f"{_UNREADABLE}." if held.damaged else tables.status(held.settings)
    return f"{tables.servers(await desk.lines())}\n\n{told}"


async def _show(desk: OperatorDesk, asked: argparse.Namespace) -> str:
    return tables.sheet(await desk.sheet(asked.server, asked.days))


async def _set(desk: OperatorDesk, asked: argparse.Namespace) -> str:
    wanted = {name: getattr(asked, name) for name in ("tier", "weight") if getattr(asked, name) is not None}
    found = await desk.of_server(asked.server, **{k: None if v == _NOTHING else v for k, v in wanted.items()})
    said = f"{asked.server}: tier {found.tier or '-'}, weight {1 if found.weight is None else found.weight:g}"
    if found.tier and asked.tiers is None:
        return f"{said}\nEASEL_LIMITS is not set here; the bot's must have [tier.{found.tier}…], or it changes nothing."
    if found.tier and found.tier not in asked.tiers:
        return f"{said}\nEASEL_LIMITS has no tier {found.tier!r}, so it changes nothing yet."
    return said


async def _block_server(desk: OperatorDesk, asked: argparse.Namespace) -> str:
    await desk.of_server(asked.server, blocked=asked.sentence)
    return f"{asked.server} is blocked: nobody there can ask for anything. What waits is still drawn."


async def _unblock_server(desk: OperatorDesk, asked: argparse.Namespace) -> str:
    await desk.of_server(asked.server, blocked=None)
    return f"{asked.server} is not blocked."


async def _block(desk: OperatorDesk, asked: argparse.Namespace) -> str:
    block = Block(at=time.time_ns() // 1_000_000, why=asked.sentence)

    def make(settings: OperatorSettings) -> OperatorSettings:
        return settings.model_copy(update={"blocked": settings.blocked | {asked.person: block}})

    await desk.change(make)
    return f"{asked.person} is blocked everywhere."


async def _unblock(desk: OperatorDesk, asked: argparse.Namespace) -> str:
    def make(settings: OperatorSettings) -> OperatorSettings:
        kept = {person: each for person, each in settings.blocked.items() if person != asked.person}
        return settings.model_copy(update={"blocked": kept})

    await desk.change(make)
    return f"{asked.person} is not blocked."


async def _pause(desk: OperatorDesk, asked: argparse.Namespace) -> str:
    await desk.change(lambda settings: settings.model_copy(update={"paused": asked.sentence}))
    return "Paused: nobody can ask for anything. What waits is still drawn."


async def _resume(desk: OperatorDesk, _asked: argparse.Namespace) -> str:
    await desk.change(lambda settings: settings.model_copy(update={"paused": None}))
    return "Resumed."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="easel operator",
        description="What whoever runs Easel does while it runs. It talks to Redis alone (EASEL_REDIS_URL, from the "
        "environment or .env), and whatever it sets holds at the next request.",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, do: Do, about: str) -> argparse.ArgumentParser:
        prog = f"easel {name}" if name in _ALONE else None  # a command of `easel` by itself, too
        made = verbs.add_parser(name, help=about, description=about, prog=prog)
        made.set_defaults(do=do, parser=made)
        return made

    verb("list", _list, "servers that used something today, wait or have something set; who is blocked or paused")
    show = verb("show", _show, "one server: usage by day, what its admins have set, the last changes")
    show.add_argument("--days", type=_days, default=_DAYS, help=f"how many days (default {_DAYS}, at most 40)")
    change = verb("set", _set, "the tier and the weight of a server")
    change.add_argument("--tier", type=_tier, help=f"a tier of limits.toml, or {_NOTHING}")
    change.add_argument("--weight", type=_weight, help=f"its share in line beside others, usually 1; or {_NOTHING}")
    block_server = verb("block-server", _block_server, "let nobody in a server ask for anything")
    unblock_server = verb("unblock-server", _unblock_server, "let them again")
    for each in (show, change, block_server, unblock_server):
        each.add_argument("server", type=_server, help=f"its id, or {DIRECT} for all direct messages")
    block = verb("block", _block, "let a person ask for nothing, anywhere")
    unblock = verb("unblock", _unblock, "let them again")
    for each in (block, unblock):
        each.add_argument("person", type=person_id, help="their id")
    pause = verb("pause", _pause, "let nobody ask for anything; what waits is still drawn")
    verb("resume", _resume, "let everybody again")
    for each in (block_server, block, pause):
        each.add_argument("sentence", action=_Sentence, nargs="*", default="", help="what people are told besides")
    return parser


def _server(text: str) -> str:
    if text == DIRECT:
        return text
    if re.fullmatch(r"[0-9]{1,20}", text):
        return str(int(text))
    raise argparse.ArgumentTypeError(
        f"a server's id is a number (Discord: Developer Mode → Copy Server ID), or {DIRECT}"
    )


def person_id(text: str) -> int:
    """Of an argument: a number, or a mention."""
    found = re.fullmatch(r"(?:<@!?)?([0-9]{1,20})>?", text)
    if found is None:
        raise argparse.ArgumentTypeError("a person's id is a number (Discord: Developer Mode → Copy User ID)")
    return int(found[1])


class _Sentence(argparse.Action):
    """All words that follow, with or without quotation marks around them."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, _option: str | None = None
    ) -> None:
        text = " ".join(values)
        if len(text) > SENTENCE_MAX:
            parser.error(f"argument sentence: at most {SENTENCE_MAX} characters")
        setattr(namespace, self.dest, text)


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 40:
        raise argparse.ArgumentTypeError("a whole number from 1 to 40")
    return int(text)


def _tier(text: str) -> str:
    try:
        return str(TypeAdapter(TierName).validate_python(text))
    except ValidationError:
        raise argparse.ArgumentTypeError("small letters, digits, - and _") from None


def _weight(text: str) -> float | str:
    try:
        return text if text == _NOTHING else float(TypeAdapter(Weight).validate_python(text))
    except ValidationError:
        raise argparse.ArgumentTypeError(f"a number from {WEIGHT_MIN} to {WEIGHT_MAX:g}") from None


if __name__ == "__main__":
    raise SystemExit(main())
