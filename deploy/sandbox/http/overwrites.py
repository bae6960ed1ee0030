"""Permission overwrites of channels, as moderators' bots set them."""

from deploy.sandbox import rules
from deploy.sandbox.errors import UNKNOWN_OVERWRITE, WRONG_CHANNEL_TYPE, ApiError, Form, bad_field
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.permissions import Permission
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import Channel, Guild, Overwrite

from . import guard
from .call import Answer, Call, Endpoint

ROLE, MEMBER = 0, 1


def _place(call: Call) -> tuple[Guild, Channel]:
    channel = guard.seen(call.box.world, call.id("channel"))
    guild = call.box.world.guild_of(channel)
    if guild is None or channel.thread is not None:
        raise ApiError(WRONG_CHANNEL_TYPE)
    rules.require(call.box.world, call.box.world.bot.id, channel, Permission.MANAGE_ROLES)
    return guild, channel


def _bits(call: Call, name: str, form: Form) -> int:
    value = call.payload.get(name) or 0
    found = snowflake(value)  # of the same digits as an id
    if found is None:
        form.add(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
    return found or 0


def put(call: Call) -> Answer:
    """Set one; a bot hands out and takes only what it has itself."""
    (guild, channel), target, form = _place(call), call.id("overwrite"), Form()
    kind = call.payload.get("type", ROLE)
    if isinstance(kind, bool) or kind not in (ROLE, MEMBER):
        form.add("type", "BASE_TYPE_CHOICES", "Value must be one of {0, 1}.")
    made = Overwrite(target, kind, _bits(call, "allow", form), _bits(call, "deny", form))
    form.check()
    if target not in (guild.roles if kind == ROLE else guild.members):
        raise bad_field("overwrite", "INVALID_OVERWRITE_TARGET", "Unknown role or member")
    rules.require(call.box.world, call.box.world.bot.id, channel, made.allow | made.deny)
    with call.box.announce.access(guild):
        channel.overwrites[target] = made
        call.box.announce.channel("CHANNEL_UPDATE", channel)
    return None


def remove(call: Call) -> Answer:
    """Delete an overwrite. Refuses 10009."""
    (guild, channel), target = _place(call), call.id("overwrite")
    if target not in channel.overwrites:
        raise ApiError(UNKNOWN_OVERWRITE)
    with call.box.announce.access(guild):
        del channel.overwrites[target]
        call.box.announce.channel("CHANNEL_UPDATE", channel)
    return None


_ONE = "/channels/{channel}/permissions/{overwrite}"
_FEW = Limit(10, 15.0)
ROUTES = [
    Endpoint("PUT", _ONE, put, _FEW, ("channel",)),
    Endpoint("DELETE", _ONE, remove, _FEW, ("channel",)),
]
