"""Whose bot a token is, and the address with which it is invited to a server."""

import os
import re
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

TOKEN = re.compile(r"[\w-]{16,}\.[\w-]{4,}\.[\w-]{20,}")
SCOPES = "bot applications.commands"
PERMISSIONS = {
    "Add Reactions": 1 << 6,
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}
_WHERE = "Copy it from https://discord.com/developers/applications (your application → Bot → Reset Token)."
_TIMEOUT = aiohttp.ClientTimeout(total=15)


class TokenError(Exception):
    """The token cannot be used; the message says why and what to do, without the token."""


@dataclass(frozen=True)
class Application:
    """The Discord application behind a token."""

    id: int
    name: str

    @property
    def invitation(self) -> str:
        """Where an admin adds the bot to a server, with the permissions that it needs and no other."""
        wants = {"client_id": self.id, "scope": SCOPES, "permissions": sum(PERMISSIONS.values())}
        return f"https://discord.com/oauth2/authorize?{urlencode(wants)}"


def check_form(token: str) -> None:
    """Find a mangled token before anything starts. Raises TokenError."""
    if not TOKEN.fullmatch(token):
        raise TokenError(f"DISCORD_TOKEN is not a bot's token: three parts with dots between them. {_WHERE}")


async def who(token: str, api: str) -> Application:
    """Ask Discord whose token it is. Raises TokenError."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(f"{api}/applications/@me", headers={"Authorization": f"Bot {token}"}) as answer,
        ):
            if answer.status == 401:
                raise TokenError(f"Discord does not accept DISCORD_TOKEN. {_WHERE}")
            answer.raise_for_status()
            found = await answer.json()
            return Application(int(found["id"]), str(found["name"]))
    except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError) as error:
        why = str(error) or type(error).__name__
        raise TokenError(f"Discord does not answer at {api} ({why}). {network_advice()}") from error


def network_advice() -> str:
    """What to look at where Discord does not answer."""
    if any(os.environ.get(name) or os.environ.get(name.lower()) for name in ("HTTPS_PROXY", "ALL_PROXY")):
        return "Easel goes through no proxy, and one is set here: let this machine reach Discord without it"
    return "Is the network up?"
