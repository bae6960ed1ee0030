"""IDENTIFY and presence as they come from a client: what is wrong with them, and what they ask for."""

import hmac
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.state.model import Json
from deploy.sandbox.state.world import World

from .codes import Close, CloseError
from .intents import KNOWN, PRIVILEGED

GUILDS_A_SESSION = 2_500
STATUSES = ("online", "dnd", "idle", "invisible", "offline")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a session is to be."""

    shard: int
    shards: int
    intents: int
    compress: bool
    presence: Json | None


def check_token(data: Any, token: str) -> Json:
    """The body of IDENTIFY or RESUME once its token is right."""
    if not isinstance(data, dict):
        raise CloseError(Close.NOT_DECODED)
    given = str(data.get("token") or "").removeprefix("Bot ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise CloseError(Close.BAD_TOKEN)
    return data


def read(data: Json, world: World) -> Identity:
    """Refuses, by close code, what Discord refuses."""
    if not isinstance(data.get("properties"), dict):
        raise CloseError(Close.NOT_DECODED)
    shard, shards = _shard(data.get("shard", [0, 1]))
    intents: Any = data.get("intents")
    if not _whole(intents) or intents & ~KNOWN:
        raise CloseError(Close.BAD_INTENTS)
    if intents & PRIVILEGED and not world.privileged_intents:
        raise CloseError(Close.DENIED_INTENTS)
    held = sum(each.bot_installed and (each.id >> 22) % shards == shard for each in world.guilds.values())
    if held > GUILDS_A_SESSION:
        raise CloseError(Close.MUST_SHARD)
    wanted = data.get("presence")
    compress = data.get("compress") is True
    return Identity(shard, shards, intents, compress, None if wanted is None else presence(wanted))


def presence(data: Any) -> Json:
    """What op 3 sets. Some libraries still name one activity, or none, in the older key `game`."""
    if not isinstance(data, dict) or data.get("status") not in STATUSES:
        raise CloseError(Close.NOT_DECODED)
    activities = data.get("activities", [data["game"]] if data.get("game") else [])
    if not isinstance(activities, list):
        raise CloseError(Close.NOT_DECODED)
    if not all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in activities):
        raise CloseError(Close.NOT_DECODED)
    return {"status": data["status"], "activities": activities}


def _shard(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or not all(_whole(each) for each in value):
        raise CloseError(Close.BAD_SHARD)
    shard, shards = value
    if not 0 <= shard < shards:
        raise CloseError(Close.BAD_SHARD)
    return shard, shards


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
