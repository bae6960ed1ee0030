"""`easel doctor [--json] [--only PART …]`: looks at everything, changes nothing."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from worker.contract.setting_files import FiledSettings
from worker.contract.settings_errors import complaints
from worker.engine.settings import EngineSettings

from . import account, configured, machine, store
from .finding import Finding, Level

EXIT_WELL, EXIT_WRONG = 0, 1
PARTS = ("settings", "discord", "redis", "machine")
_DATA = Path(".easel")


class Asked(FiledSettings):
    """What says whom to ask, as it is written: that a setting is wrong must not end the doctor.

    One setting each, so that a file that cannot be read takes no other one along.
    """

    model_config = SettingsConfigDict(env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore")


class Token(Asked):
    """Of the application on Discord."""

    value: SecretStr = Field(SecretStr(""), validation_alias="DISCORD_TOKEN")


class Api(Asked):
    """Where Discord is."""

    value: SecretStr = Field(SecretStr("https://discord.com/api/v10"), validation_alias="EASEL_DISCORD_API")


class RedisAddress(Asked):
    """Where Redis is, with its password."""

    value: SecretStr = Field(SecretStr("redis://127.0.0.1:6379/0"), validation_alias="EASEL_REDIS_URL")


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was found; returns 0, or 1 when something keeps Easel from working."""
    arguments = _parser().parse_args(argv)
    found = asyncio.run(look(arguments.only or PARTS))
    if arguments.json:
        print(json.dumps([each.record() for each in found], indent=1, ensure_ascii=False))
    else:
        print("\n".join(each.line() for each in found))
    return EXIT_WRONG if any(each.level is Level.WRONG for each in found) else EXIT_WELL


async def look(parts: Sequence[str]) -> list[Finding]:
    """These parts, in their order."""
    found: list[Finding] = []
    if "settings" in parts:
        found += configured.look()
    unread = {part: _unread(part) for part in (Token, Api, RedisAddress)}
    if "settings" not in parts:  # else `configured` has told
        named = {"discord": (Token, Api), "redis": (RedisAddress,)}
        found += [line for part in parts for each in named.get(part, ()) for line in unread[each]]
    if "discord" in parts and not (unread[Token] or unread[Api]):
        found += await account.look(_said(Token).strip(), _said(Api))
    if "redis" in parts and not unread[RedisAddress]:
        found += await store.look(_said(RedisAddress), named="value" in RedisAddress().model_fields_set)
    if "machine" in parts:
        try:
            found += machine.look(EngineSettings(), folder=_DATA)
        except ValidationError:  # `configured` has told
            found += [machine.disk(_DATA)]
    return found


def _said(asked: type[Token | Api | RedisAddress]) -> str:
    return asked().value.get_secret_value()


def _unread(asked: type[Token | Api | RedisAddress]) -> list[Finding]:
    """What keeps a setting from being read, if anything: whom it names cannot be asked then."""
    try:
        asked()
    except ValidationError as error:
        return [configured.unusable(line) for line in complaints(asked, error)]
    return []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="easel doctor",
        description="Looks at everything that Easel needs, in this folder's .env and environment, and changes nothing. "
        "✓ is well, ! may go wrong, ✗ keeps Easel from working. Ends with 1 if there is a ✗.",
    )
    parser.add_argument("--json", action="store_true", help="a list of objects: about, level, found, do")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
