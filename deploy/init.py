"""`easel init`: asks for the bot's token, checks it with Discord, writes `.env`, prints the invitation."""

import argparse
import asyncio
import base64
import getpass
import os
import re
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

from .invite import TOKEN, TokenError, check_form, who

EXIT_FAILED, EXIT_USAGE = 1, 2
_VARIABLE = "DISCORD_TOKEN"
_BEFORE = re.compile(
    r"^\W*(?:export\s+)?(?:[\w-]+\s*[=:]\W*)?(?:Bot\s+)?\W*", re.IGNORECASE
)  # what may precede a token
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
        token = taken_from(ask("3. Paste the token here (it is not shown): "))
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


def taken_from(pasted: str) -> str:
    """The token, whatever was copied with it: `Bot `, quotes, a name before it, spaces, a line break within.

    As it was pasted, without spaces at its ends, where no token, or more than one, stands there.
    """
    bare = _BEFORE.sub("", pasted)
    as_it_is, joined = (list(dict.fromkeys(TOKEN.findall(each))) for each in (pasted, re.sub(r"\s+", "", bare)))
    usual = [each for each in (*as_it_is, *joined) if _is_usual(each)]
    found = usual[:1] if len(as_it_is) <= 1 else []  # of two, nobody knows which was meant
    found = found or (as_it_is if len(as_it_is) == 1 else [] if as_it_is else joined)
    return found[0] if found else pasted.strip()


def _is_usual(token: str) -> bool:
    """Whether it is whole: it begins with the id of the application, in Base64, and ends with all of its signature."""
    who, _, signature = token.split(".")
    try:
        told = base64.urlsafe_b64decode(who + "=" * (-len(who) % 4))
    except ValueError:
        return False
    return bool(re.fullmatch(rb"\d{17,20}", told)) and len(signature) in {27, 38}


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
