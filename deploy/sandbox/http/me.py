"""The bot itself: its user, its application, its gateway, and direct messages that it opens."""

from deploy.sandbox import wire
from deploy.sandbox.errors import bad_field
from deploy.sandbox.ratelimit import Limit

from .call import Answer, Call, Endpoint


def gateway(call: Call) -> Answer:
    return {"url": call.box.gateway_url}


def gateway_bot(call: Call) -> Answer:
    box = call.box
    return {"url": box.gateway_url, "shards": box.shards, "session_start_limit": box.hub.starts.facts()}


def current_user(call: Call) -> Answer:
    return wire.me(call.box.world.bot)


def current_guilds(call: Call) -> Answer:
    world = call.box.world
    keys = ("id", "name", "icon", "banner", "features")
    guilds = [wire.guild(each) for each in world.guilds.values() if each.bot_installed]
    return [{**{key: each[key] for key in keys}, "owner": False, "permissions": "0"} for each in guilds]


def user(call: Call) -> Answer:
    return wire.user(call.box.world.user(call.id("user")))


def application(call: Call) -> Answer:
    return wire.application(call.box.world)


def open_dm(call: Call) -> Answer:
    wanted = str(call.payload.get("recipient_id", ""))
    if not wanted.isdigit():
        raise bad_field("recipient_id", "NUMBER_TYPE_COERCE", f'Value "{wanted}" is not snowflake.')
    person = call.box.world.user(int(wanted))
    return wire.channel(call.box.acts.dm_channel(person), call.box.world)


ROUTES = [
    Endpoint("GET", "/gateway", gateway, needs_token=False),
    Endpoint("GET", "/gateway/bot", gateway_bot),
    Endpoint("GET", "/users/@me", current_user),
    Endpoint("GET", "/users/@me/guilds", current_guilds),
    Endpoint("POST", "/users/@me/channels", open_dm, Limit(10, 10.0)),
    Endpoint("GET", "/users/{user}", user),
    Endpoint("GET", "/oauth2/applications/@me", application),
    Endpoint("GET", "/applications/@me", application),
]
