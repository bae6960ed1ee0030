"""The application on Discord: whose token, which intents, what it may do in each server, its commands."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from deploy.invite import PERMISSIONS, Application, TokenError, check_form, network_advice

from .finding import Finding, warning, well, wrong

Json = dict[str, Any]
_TIMEOUT = aiohttp.ClientTimeout(total=15)
_PORTAL = "https://discord.com/developers/applications"
_ADMINISTRATOR = 1 << 3
_NOT_NEEDED_YET = {"Add Reactions", "Embed Links"}
_INTENTS = {
    "Presence": 1 << 12 | 1 << 13, "Server Members": 1 << 14 | 1 << 15, "Message Content": 1 << 18 | 1 << 19,
}  # fmt: skip
_DRIFT = 10.0  # seconds between our clock and Discord's that do no harm
_MANY = 100  # of servers, as many as Discord tells at once


async def look(token: str, api: str) -> list[Finding]:
    """Everything that Discord tells of us; without a usable token that alone."""
    if not token:
        return [wrong("token", "DISCORD_TOKEN is not set", f"Copy it from {_PORTAL} (Bot → Reset Token) into .env")]
    try:
        check_form(token)
        return [each async for each in _ask(token, api.rstrip("/"))]
    except TokenError as error:
        what, _, how = str(error).partition(". ")
        return [wrong("token", what, how.rstrip("."))]
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError, TypeError) as error:
        why = str(error) or type(error).__name__
        return [wrong("discord", f"no usable answer from {api} ({why})", network_advice())]


async def _ask(token: str, api: str) -> AsyncIterator[Finding]:
    headers = {"Authorization": f"Bot {token}"}
    async with aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers) as session:

        async def get(path: str) -> Any:
            async with session.get(f"{api}{path}") as answer:
                answer.raise_for_status()
                return await answer.json()

        async with session.get(f"{api}/applications/@me") as answer:
            if answer.status == 401:
                yield wrong("token", "Discord does not accept DISCORD_TOKEN", f"Reset it at {_PORTAL} → Bot")
                return
            answer.raise_for_status()
            told: Json = await answer.json()
            date = answer.headers.get("Date")
        mine = Application(int(told["id"]), str(told["name"]))
        yield well("token", f"it is that of {mine.name} ({mine.id})")
        if date:
            yield _clock(date)
        for each in of_application(told):
            yield each
        for each in of_servers(await get(f"/users/@me/guilds?limit={_MANY}"), mine):
            yield each
        yield of_commands(await get(f"/applications/{mine.id}/commands"))


def of_application(told: Json) -> list[Finding]:
    """What its owner has set in the portal."""
    page = f"{_PORTAL}/{told['id']}"
    found = []
    if told.get("interactions_endpoint_url"):
        found.append(
            wrong(
                "discord",
                "commands go to an Interactions Endpoint URL, and not to the bot",
                f"Empty that field at {page}/information",
            )
        )
    if told.get("bot_require_code_grant"):
        found.append(
            warning("discord", "nobody can invite the bot", f"Turn off Requires OAuth2 Code Grant, {page}/bot")
        )
    on = [name for name, bits in _INTENTS.items() if int(told.get("flags") or 0) & bits]
    if on:
        found.append(
            warning(
                "intents", f"{', '.join(on)} is on, and Easel needs no privileged intent", f"Turn it off, {page}/bot"
            )
        )
    return found or [well("discord", "commands reach the bot, and no privileged intent is on")]


def of_servers(told: list[Json], mine: Application) -> list[Finding]:
    """In which servers it is, and what it may not do there."""
    if not told:
        return [warning("servers", "the bot is in no server", f"Invite it: {mine.invitation}")]
    found = [each for server in told for each in _server(server, mine)]
    rest = " or more" if len(told) == _MANY else ""
    return found or [well("servers", f"{len(told)}{rest}; the bot has all permissions in each")]


def _server(told: Json, mine: Application) -> list[Finding]:
    has = int(told["permissions"])
    if has & _ADMINISTRATOR:
        return []
    missing = [name for name, bit in PERMISSIONS.items() if not has & bit and name not in _NOT_NEEDED_YET]
    if not missing:
        return []
    how = f"There: Server Settings → Roles → {mine.name}, or invite it anew: {mine.invitation}&guild_id={told['id']}"
    return [warning("servers", f"“{told['name']}” does not allow the bot {', '.join(missing)}", how)]


def of_commands(told: list[Json]) -> Finding:
    """Which commands people can type."""
    names = sorted(each["name"] for each in told if each.get("type", 1) == 1)
    if "imagine" not in names:
        return wrong("commands", "/imagine is not registered", "Start the bot, which registers its commands")
    return well("commands", " ".join(f"/{name}" for name in names))


def _clock(date: str) -> Finding:
    apart = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    if abs(apart) > _DRIFT:
        how = "Let this machine set its clock by itself (timedatectl set-ntp true)"
        return warning("clock", f"it is {apart:+.0f} s apart from Discord's", how)
    return well("clock", "as Discord's")
