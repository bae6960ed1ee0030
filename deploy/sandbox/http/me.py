"""The bot itself: its user, its application, its gateway, and direct messages that it opens."""

from deploy.sandbox import permissions, serialise
from deploy.sandbox.errors import CANNOT_DM, ApiError, bad_field
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.state.ids import snowflake

from .call import Answer, Call, Endpoint

COUNTS = ("approximate_member_count", "approximate_presence_count")
MOST_LINKS = 50


def gateway(call: Call) -> Answer:
    """Where the gateway is."""
    return {"url": call.box.gateway_url}


def gateway_bot(call: Call) -> Answer:
    """Where the gateway is, how many shards to use, and how many session starts are left today."""
    box = call.box
    return {"url": box.gateway_url, "shards": box.shards, "session_start_limit": box.hub.session_limits.facts()}


def current_user(call: Call) -> Answer:
    """The bot's own user."""
    return serialise.me(call.box.world.bot)


def current_guilds(call: Call) -> Answer:
    """The servers that the bot is in, partial, with its permissions in each."""
    world = call.box.world
    keys = ("id", "name", "icon", "banner", "features")
    guilds = [(each, serialise.guild(each)) for each in world.guilds.values() if each.bot_installed]
    counts = COUNTS if call.flag("with_counts") else ()
    return [
        {**{key: body[key] for key in keys}, "owner": False,
         "permissions": str(permissions.in_guild(each, world.bot.id)), **dict.fromkeys(counts, len(each.members))}
        for each, body in guilds
    ]  # fmt: skip


def user(call: Call) -> Answer:
    """Any user. Refuses 10013."""
    return serialise.user(call.box.world.user(call.id("user")))


def application(call: Call) -> Answer:
    """The bot's own application."""
    return serialise.application(call.box.world)


def open_dm(call: Call) -> Answer:
    """The direct messages with a person, opened if need be. Refuses 50007 for bots."""
    given = call.payload.get("recipient_id")
    wanted = snowflake(given)
    if wanted is None:
        raise bad_field("recipient_id", "NUMBER_TYPE_COERCE", f'Value "{given}" is not snowflake.')
    person = call.box.world.user(wanted)
    if person.bot:
        raise ApiError(CANNOT_DM)
    return serialise.channel(call.box.actions.dm_channel(person), call.box.world)


def refresh_urls(call: Call) -> Answer:
    """Links of the CDN with a new term; what is no such link comes back as it is."""
    given = call.payload.get("attachment_urls")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_LINKS:
        raise bad_field("attachment_urls", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_LINKS} in length.")
    links = [(str(each), call.box.files.resign(str(each))) for each in given]
    return {"refreshed_urls": [{"original": old, "refreshed": new} for old, new in links]}


ROUTES = [
    Endpoint("GET", "/gateway", gateway, needs_token=False),
    Endpoint("GET", "/gateway/bot", gateway_bot),
    Endpoint("GET", "/users/@me", current_user),
    Endpoint("GET", "/users/@me/guilds", current_guilds),
    Endpoint("POST", "/users/@me/channels", open_dm, Limit(10, 10.0)),
    Endpoint("POST", "/attachments/refresh-urls", refresh_urls, Limit(10, 10.0)),
    Endpoint("GET", "/users/{user}", user),
    Endpoint("GET", "/oauth2/applications/@me", application),
    Endpoint("GET", "/applications/@me", application),
]
