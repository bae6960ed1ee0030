"""Servers as GUILD_CREATE describes them."""

import json

from deploy.sandbox import serialise
from deploy.sandbox.state.model import Guild, Json, Member
from deploy.sandbox.state.world import World

from .intents import Intent
from .session import Session


def create(guild: Guild, world: World, session: Session, *, joined: bool = False) -> str:
    """GUILD_CREATE: without the presences intent it holds no member but the bot, and the client has to ask (op 8).

    `joined`: the bot was put into it just now, which clients tell by there being no word of an outage.
    """
    with_presences = bool(session.intents & Intent.GUILD_PRESENCES)
    body = serialise.guild_create(guild, world, all_members=with_presences)
    if with_presences:
        body["presences"] = [presence(each) for each in guild.members.values()]
    if joined:
        del body["unavailable"]
    return json.dumps(body)


def presence(member: Member) -> Json:
    """Everyone is online here."""
    return {
        "user": {"id": str(member.user_id)}, "status": "online", "activities": [], "client_status": {"web": "online"}
    }  # fmt: skip
