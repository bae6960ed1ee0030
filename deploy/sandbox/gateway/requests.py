"""What a client asks for over the gateway: a server's members in chunks (op 8), and what the sandbox has none of."""

import json
import time
from typing import Any

from deploy.sandbox import serialise
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import Guild, Json, Member
from deploy.sandbox.state.world import World

from .codes import Close, CloseError
from .guilds import presence
from .intents import Intent
from .session import Session

CHUNK = 1_000
NAMED = 100  # most members by name or by id
NONCE_BYTES = 32
ALL_AGAIN_SECONDS = 30.0


def members(session: Session, world: World, data: Any) -> None:
    """Send GUILD_MEMBERS_CHUNK, or RATE_LIMITED when a session asks for everyone again within half a minute.

    Nothing comes for servers of other shards, and without the members intent no one may ask for everyone.
    """
    guild_id = _guild_id(data)
    query, ids = data.get("query"), data.get("user_ids")
    if query is None and ids is None:
        raise CloseError(Close.NOT_DECODED)
    guild = world.guilds.get(guild_id)
    if guild is None or not guild.bot_installed or not session.takes(guild.id, None):
        return
    if ids is not None:
        found, missing = _by_id(guild, ids if isinstance(ids, list) else [ids])
        _send(session, world, guild, data, found, missing)
    elif query == "" and data.get("limit") == 0:
        _everyone(session, world, guild, data)
    else:
        _send(session, world, guild, data, _named(world, guild, query, data.get("limit")))


def sounds(session: Session, data: Any) -> None:
    """Op 31: there is no soundboard."""
    wanted = data.get("guild_ids") if isinstance(data, dict) else None
    if not isinstance(wanted, list):
        raise CloseError(Close.NOT_DECODED)
    for guild_id in wanted:
        session.dispatch("SOUNDBOARD_SOUNDS", json.dumps({"guild_id": str(guild_id), "soundboard_sounds": []}))


def channel_info(session: Session, data: Any) -> None:
    """Op 43: there are no voice channels."""
    session.dispatch("CHANNEL_INFO", json.dumps({"guild_id": str(_guild_id(data)), "channels": []}))


def _everyone(session: Session, world: World, guild: Guild, data: Json) -> None:
    if not session.intents & Intent.GUILD_MEMBERS:
        return
    now = time.monotonic()
    waited = now - session.listed.get(guild.id, -ALL_AGAIN_SECONDS)
    if waited < ALL_AGAIN_SECONDS:
        body = {"opcode": 8, "retry_after": round(ALL_AGAIN_SECONDS - waited, 3),
                "meta": {"guild_id": str(guild.id), **_nonce(data)}}  # fmt: skip
        session.dispatch("RATE_LIMITED", json.dumps(body))
        return
    session.listed[guild.id] = now
    _send(session, world, guild, data, list(guild.members.values()))


def _send(
    session: Session, world: World, guild: Guild, data: Json, found: list[Member], missing: list[str] | None = None
) -> None:
    chunks = [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)] or [[]]
    with_presences = data.get("presences") is True and session.intents & Intent.GUILD_PRESENCES
    for index, chunk in enumerate(chunks):
        body: Json = {
            "guild_id": str(guild.id), "members": [serialise.member(each, world.users[each.user_id]) for each in chunk],
            "chunk_index": index, "chunk_count": len(chunks), "not_found": missing or [], **_nonce(data),
        }  # fmt: skip
        if with_presences:
            body["presences"] = [presence(each) for each in chunk]
        session.dispatch("GUILD_MEMBERS_CHUNK", json.dumps(body))


def _guild_id(data: Any) -> int:
    wanted = data.get("guild_id") if isinstance(data, dict) else None
    if isinstance(wanted, list):
        wanted = wanted[0] if len(wanted) == 1 else None  # one server a request
    found = snowflake(wanted)
    if found is None:
        raise CloseError(Close.NOT_DECODED)
    return found


def _by_id(guild: Guild, ids: list[Any]) -> tuple[list[Member], list[str]]:
    wanted = [each for each in map(snowflake, ids[:NAMED]) if each is not None]
    found = [guild.members[each] for each in wanted if each in guild.members]
    return found, [str(each) for each in wanted if each not in guild.members]


def _named(world: World, guild: Guild, query: Any, most: Any) -> list[Member]:
    if not isinstance(query, str) or not isinstance(most, int) or most < 0:
        raise CloseError(Close.NOT_DECODED)
    found = [each for each in guild.members.values() if _begins(world, each, query.lower())]
    return found[: min(most or NAMED, NAMED)]


def _begins(world: World, member: Member, query: str) -> bool:
    user = world.users[member.user_id]
    return any(name.lower().startswith(query) for name in (user.name, user.display, member.nick or user.name))


def _nonce(data: Json) -> Json:
    nonce = data.get("nonce")
    fits = isinstance(nonce, str) and len(nonce.encode()) <= NONCE_BYTES
    return {"nonce": nonce} if fits else {}
