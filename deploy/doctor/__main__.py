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
from worker.engine.settings import EngineSettings

from . import account, configured, machine, store
from .finding import Finding, Level

EXIT_WELL, EXIT_WRONG = 0, 1
PARTS = ("settings", "discord", "redis", "machine")
_DATA = Path(".easel")


class Environment(FiledSettings):
    """What says whom to ask, as it is written: that a setting is wrong must not end the doctor."""

    model_config = SettingsConfigDict(env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore")

    discord_token: SecretStr = Field(SecretStr(""), validation_alias="DISCORD_TOKEN")
    discord_api: str = "https://discord.com/api/v10"
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")


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
    try:
        environment = Environment()
    except ValidationError:  # a file that cannot be read; `configured` tells
        environment = Environment.model_construct()
    found = []
    if "settings" in parts:
        found += configured.look()
    if "discord" in parts:
        found += await account.look(environment.discord_token.get_secret_value().strip(), environment.discord_api)
    if "redis" in parts:
        found += await store.look(environment.redis_url.get_secret_value())
    if "machine" in parts:
        try:
            found += machine.look(EngineSettings(), folder=_DATA)
        except ValidationError:  # `configured` has told
            found += [machine.disk(_DATA)]
    return found


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
