"""All of Easel in one terminal: `python -m deploy.local`, behind `make demo` and `make smoke`.

Starts an embedded Valkey (unless EASEL_REDIS_URL names a Redis), the sandbox (unless DISCORD_TOKEN is set), the
bot and a worker; prints what they say under their names; Ctrl-C drains them in order.
"""

import signal

if __name__ == "__main__":  # until it hears signals itself, Ctrl-C ends it as quietly as SIGTERM does
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict
from redis.exceptions import RedisError

from worker.contract.private_files import env_file_complaint
from worker.contract.program import program
from worker.contract.redis_check.errors import refusal
from worker.contract.setting_files import FiledSettings
from worker.contract.settings_errors import complaints
from worker.settings import http_address

from .folder import FolderError
from .invite import TokenError
from .parts import PartError
from .screen import Screen
from .smoke import SmokeError, play
from .stack import Stack, StackError
from .valkey import ValkeyError

DATA = Path(".easel")
EXIT_FAILED, EXIT_USAGE = 1, 2


class LocalSettings(FiledSettings):
    """The settings that decide what is started; the parts read theirs themselves."""

    model_config = SettingsConfigDict(env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore")

    discord_token: SecretStr | None = Field(None, validation_alias="DISCORD_TOKEN")
    redis_url: SecretStr | None = None
    discord_api: str = "https://discord.com/api/v10"
    engine: Literal["real", "fake"] = "real"

    @field_validator("discord_api")
    @classmethod
    def _address(cls, address: str) -> str:
        return http_address(address)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C, or until the smoke test has its pictures.

    Returns:
        0 when all went well, 1 when something failed, 2 when the command or a setting must be put right.
    """
    arguments = _parser().parse_args(argv)
    screen = Screen()
    if complaint := env_file_complaint():
        screen.say(f"Cannot start: {complaint}")
        return EXIT_USAGE
    try:
        return asyncio.run(_run(arguments, LocalSettings(), screen))
    except ValidationError as error:
        for line in complaints(LocalSettings, error):
            screen.say(f"Cannot start: {line}")
        return EXIT_USAGE
    except OSError as error:  # a disk that is full, a folder that cannot be written, a process that cannot start
        words = error.strerror or str(error)
        screen.say(f"Cannot go on: {f'{error.filename}: {words}' if error.filename else words}")
        return EXIT_FAILED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


async def _run(arguments: argparse.Namespace, settings: LocalSettings, screen: Screen) -> int:
    stop, hurry = _signals(screen)
    scratch = Path(tempfile.mkdtemp(prefix="easel-"))  # short, for the engine's socket; private to this user
    data = arguments.data or (scratch / "data" if arguments.smoke else DATA)
    stack = Stack(
        screen,
        data=data.absolute(),
        scratch=scratch,
        engine=arguments.engine or settings.engine,
        port=arguments.port,
        token=None if arguments.smoke else settings.discord_token,
        redis_url=None if arguments.smoke else settings.redis_url,
        discord_api=settings.discord_api,
    )
    try:
        status = await _until(stop, _serve(stack, screen, arguments))
        return EXIT_FAILED if status is None and arguments.smoke else status or 0  # ended before it had its pictures
    except (StackError, PartError, TokenError, FolderError, ValkeyError, SmokeError) as error:
        return _give_up(screen, str(error))
    except RedisError as error:
        return _give_up(screen, refusal(error) or f"Redis went away ({error})")
    finally:
        await stack.drain(hurry)
        shutil.rmtree(scratch, ignore_errors=True)


def _give_up(screen: Screen, why: str) -> int:
    screen.say(f"Cannot go on: {why}")
    screen.mute()
    return EXIT_FAILED


async def _serve(stack: Stack, screen: Screen, arguments: argparse.Namespace) -> int:
    await stack.start()
    if arguments.smoke:
        return 0 if await play(stack, screen, arguments.out) else EXIT_FAILED
    screen.box(*stack.welcome())
    await stack.watch()
    return EXIT_FAILED


async def _until(stop: asyncio.Event, work: Coroutine[None, None, int]) -> int | None:
    """Do the work, or leave off when asked to stop: None."""
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if working.done():
        return working.result()
    working.cancel()
    await asyncio.wait({working})
    return None


def _signals(screen: Screen) -> tuple[asyncio.Event, asyncio.Event]:
    """The first signal asks to stop, the second to hurry."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def heard() -> None:
        if stop.is_set():
            hurry.set()
            screen.say("Stopping at once")
        else:
            stop.set()
            screen.say("Stopping: what runs is finished first (Ctrl-C again: at once)")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, heard)
    return stop, hurry


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program("deploy.local"),
        description="Run all of Easel in this terminal: Valkey, the sandbox or the real Discord, bot, worker.",
        epilog="With DISCORD_TOKEN set (environment or .env) it serves the real Discord instead of the sandbox. "
        "Every other setting: see .env.example.",
    )
    parser.add_argument("--data", type=Path, help="folder for what is kept between runs (default: .easel)")
    parser.add_argument("--engine", choices=("real", "fake"), help="fake: test pictures, no torch (EASEL_ENGINE)")
    parser.add_argument("--port", type=_port, help="port of the sandbox's page (default: 8420, or any free one)")
    parser.add_argument("--smoke", action="store_true", help="play one /imagine in the sandbox, save it and end")
    parser.add_argument("--out", type=Path, default=Path("smoke"), help="where --smoke saves (default: smoke/)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
