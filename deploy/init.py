"""`easel init`: asks for the bot's token, checks it with Discord, writes `.env`, prints the invitation."""

import argparse
import asyncio
import getpass
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from worker.contract.private_files import ENV_FILE
from worker.contract.setting_files import END, FiledSettings
from worker.contract.settings_errors import complaints
from worker.settings import http_address

from .invite import TokenError, check_form, who

EXIT_FAILED, EXIT_USAGE = 1, 2
_VARIABLE = "DISCORD_TOKEN"
_HEAD = (
    "# Settings of Easel; .env.example explains every one. Nobody else may read this file: it holds your bot's token.\n"
)
_STEPS = """\
1. Open https://discord.com/developers/applications, choose New Application and give it a name.
2. On its page Bot, press Reset Token and copy the token. Leave the three Privileged Gateway Intents off.
"""


class Where(FiledSettings):
    """Whom to ask about the token, as the bot reads it."""

    model_config = SettingsConfigDict(env_prefix="EASEL_", env_file=ENV_FILE, env_ignore_empty=True, extra="ignore")

    discord_api: str = "https://discord.com/api/v10"

    @field_validator("discord_api")
    @classmethod
    def _address(cls, address: str) -> str:
        return http_address(address)


def hidden(question: str) -> str:
    """What a person types, unseen; from a pipe its first line. Raises EOFError."""
    if sys.stdin.isatty():
        return getpass.getpass(question)
    if line := sys.stdin.readline():
        return line
    raise EOFError


def main(argv: Sequence[str] | None = None, *, ask: Callable[[str], str] = hidden) -> int:
    """Returns 0 when `.env` holds a token that Discord knows, 1 when it does not, 2 when nothing was asked."""
    arguments = _parser().parse_args(argv)
    if ENV_FILE.is_dir():
        print(f"{ENV_FILE} is a folder here, so no settings can be written; run this in another one.", file=sys.stderr)
        return EXIT_USAGE
    if _written(ENV_FILE) and not arguments.again:
        print(f"{ENV_FILE} holds a {_VARIABLE} already; `easel init --again` asks for another")
        return EXIT_USAGE
    try:
        api = Where().discord_api
    except ValidationError as error:
        print("\n".join(complaints(Where, error)), file=sys.stderr)
        return EXIT_USAGE
    print(_STEPS)
    try:
        token = ask("3. Paste the token here (it is not shown): ").strip()
        check_form(token)
        application = asyncio.run(who(token, api))
        write(ENV_FILE, token)
    except (TokenError, OSError) as error:
        said = f"{ENV_FILE} cannot be written: {error.strerror}." if isinstance(error, OSError) else error
        print(f"{said}\nNothing was written.", file=sys.stderr)
        return EXIT_FAILED
    except (EOFError, KeyboardInterrupt):
        print("\nNothing was written.", file=sys.stderr)
        return EXIT_FAILED
    print(f"{ENV_FILE} is written; it is the token of {application.name}. Invite the bot to your server:")
    print(f"\n  {application.invitation}\n")
    print("Then: `easel demo` for everything in this terminal, `easel doctor` to look around.")
    if goes_first := [name for name in (_VARIABLE, f"{_VARIABLE}{END}") if os.environ.get(name)]:
        print(f"{goes_first[0]} is set in this terminal as well, and goes before {ENV_FILE}: unset {goes_first[0]}")
    return 0


def write(path: Path, token: str) -> None:
    """Put the token into the file, for our user alone; what else stands there stays. Whole, or OSError."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else [_HEAD]
    kept = [line if line.endswith("\n") else f"{line}\n" for line in lines if not _sets(line)]
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".env-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as new:
            new.write("".join([*kept, f"{_VARIABLE}={token}\n"]))
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)  # it holds the token, and a full disk may have cut it off


def _written(path: Path) -> bool:
    return path.exists() and any(
        _sets(line) and line.partition("=")[2].strip().strip("'\"")
        for line in path.read_text(encoding="utf-8").splitlines()
    )


def _sets(line: str) -> bool:
    name, equals, _ = line.removeprefix("export ").partition("=")
    return bool(equals) and name.strip() == _VARIABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="easel init",
        description="Asks for the bot's token, checks it with Discord, writes it into .env in this folder (readable by "
        "you alone), and prints the address with which the bot is invited to a server.",
    )
    parser.add_argument("--again", action="store_true", help="ask although .env holds a token, and replace it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
