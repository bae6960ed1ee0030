"""Starts the bot: `python -m bot`. Wiring only."""

import signal

if __name__ == "__main__":  # until it hears signals itself, Ctrl-C ends it as quietly as SIGTERM does
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

import aiohttp
import discord
from pydantic import ValidationError

from worker.contract.log_lines import log_to_stderr
from worker.contract.private_files import env_file_complaint, env_file_warning
from worker.contract.program import program
from worker.contract.redis_check.errors import RedisRefusedError
from worker.contract.setting_names import unknown_warning

from .app import Easel
from .discord_io.base_urls import point_discord_at
from .policy.limits_file import LimitsFileError
from .settings import Settings, complaint, variables

log = logging.getLogger("bot")

EXIT_FAILED = 1
EXIT_SETTINGS = 2
TOKEN_REFUSED = 4004  # how the gateway closes when the token was reset while it was in use
COPY_AGAIN = (
    "DISCORD_TOKEN is not usable: Discord does not know this token. "
    "Copy it again from https://discord.com/developers/applications (Bot → Reset Token)."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped; returns the exit status: 0 stopped, 1 Discord not reached, 2 a setting to put right."""
    _parser().parse_args(arguments)
    if unread := env_file_complaint():
        print(unread, file=sys.stderr)
        return EXIT_SETTINGS
    try:
        settings = Settings()
    except ValidationError as error:
        print(complaint(error), file=sys.stderr)
        return EXIT_SETTINGS
    log_to_stderr(settings.log_level, settings.log_format, "%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    for warning in filter(None, (env_file_warning(), unknown_warning())):
        log.warning("%s", warning)
    # Below this, discord.py logs whole events, with what people wrote and the tokens of interactions.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLevelName(settings.log_level)))
    point_discord_at(settings)
    return asyncio.run(run(settings))


async def run(settings: Settings) -> int:
    """The bot until it is told to stop; returns the exit status."""
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    try:
        await _serve(Easel(settings), settings, stop)
    except LimitsFileError as error:
        print(f"EASEL_LIMITS is not usable: {error}", file=sys.stderr)
        return EXIT_SETTINGS
    except RedisRefusedError as error:
        print(f"easel: {error}", file=sys.stderr)
        return EXIT_SETTINGS
    except discord.LoginFailure:
        print(COPY_AGAIN, file=sys.stderr)
        return EXIT_SETTINGS
    except discord.ConnectionClosed as error:
        refused = error.code == TOKEN_REFUSED
        print(COPY_AGAIN if refused else f"Discord ended the connection, with code {error.code}", file=sys.stderr)
        return EXIT_SETTINGS if refused else EXIT_FAILED
    except (aiohttp.ClientConnectionError, discord.HTTPException, discord.GatewayNotFound) as error:
        why = f"status {error.status}" if isinstance(error, discord.HTTPException) else type(error).__name__
        print(f"Discord can't be reached at {settings.discord_api}: {why}", file=sys.stderr)
        return EXIT_FAILED
    return 0


async def _serve(bot: Easel, settings: Settings, stop: asyncio.Event) -> None:
    async with bot:
        serving = asyncio.create_task(bot.start(settings.discord_token.get_secret_value()))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set():
            await bot.close()
            serving.cancel()
            # In the middle of its log-in it fails over what was just closed; nobody wants to know.
            await asyncio.gather(serving, return_exceptions=True)
        else:
            await serving


def _parser() -> argparse.ArgumentParser:
    rows = "\n".join(f"  {name:<24} {what} [{default}]" for name, default, what in variables())
    return argparse.ArgumentParser(
        prog=program("bot"),
        description="Easel's bot: hears Discord, puts requests in line. Settings come from the environment or .env:",
        epilog=rows,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


if __name__ == "__main__":
    raise SystemExit(main())
