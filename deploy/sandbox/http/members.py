"""Members of servers: reading them, and what moderators' bots do to them."""

from datetime import datetime

from deploy.sandbox import rules, serialise
from deploy.sandbox.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_MEMBER,
    UNKNOWN_ROLE,
    ApiError,
    Form,
    bad_field,
)
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.permissions import Permission, rank
from deploy.sandbox.state.model import Guild, Json, Member

from .call import Answer, Call, Endpoint

LONGEST_TIMEOUT = 28 * 86_400.0
NICK = 32


def _found(call: Call) -> tuple[Guild, Member]:
    guild = call.box.world.guild(call.id("guild"))
    user = call.box.world.user(call.id("user"))
    if user.id not in guild.members:
        raise ApiError(UNKNOWN_MEMBER)
    return guild, guild.members[user.id]


def _shown(call: Call, member: Member) -> Json:
    return serialise.member(member, call.box.world.users[member.user_id])


def one(call: Call) -> Answer:
    """One member. Refuses 10007."""
    return _shown(call, _found(call)[1])


def listing(call: Call) -> Answer:
    """Only with the members intent, by the id of the last page's last."""
    guild = call.box.world.guild(call.id("guild"))
    if not call.box.world.privileged_intents:
        raise ApiError(MISSING_ACCESS)
    after, most = call.number("after", 0, 0, 2**63), call.number("limit", 1, 1, 1000)
    return [_shown(call, guild.members[each]) for each in sorted(guild.members) if each > after][:most]


def search(call: Call) -> Answer:
    """Members whose name or nick begins with `query`."""
    guild, words = call.box.world.guild(call.id("guild")), call.query.get("query", "").lower()
    users = call.box.world.users
    found = [
        each for each in guild.members.values()
        if users[each.user_id].name.lower().startswith(words) or (each.nick or "").lower().startswith(words)
    ]  # fmt: skip
    return [_shown(call, each) for each in found[: call.number("limit", 1, 1, 1000)]]


def change_own(call: Call) -> Answer:
    """The bot's own nick."""
    world = call.box.world
    guild = world.guild(call.id("guild"))
    if "nick" in call.payload:
        rules.require_above(world, world.bot.id, guild, world.bot.id, Permission.CHANGE_NICKNAME)
        guild.members[world.bot.id].nick = _nick(call)
        call.box.announce.member(guild, world.bot.id)
    return _shown(call, guild.members[world.bot.id])


def _nick(call: Call) -> str | None:
    nick, form = call.payload["nick"], Form()
    if nick is None:
        return None
    form.text("nick", nick, 0, NICK)
    form.check()
    return str(nick) or None


def change(call: Call) -> Answer:
    """Another member's nick, roles and timeout, each with its permission and only below the bot's highest role."""
    world, asked = call.box.world, call.payload
    guild, member = _found(call)
    if asked.get("flags") is not None:  # what they bypass is not here, but they are no less numbers
        form = Form()
        form.whole("flags", asked["flags"], 0, 2**31 - 1)
        form.check()
    if "nick" in asked:
        rules.require_above(world, world.bot.id, guild, member.user_id, Permission.MANAGE_NICKNAMES)
        member.nick = _nick(call)
    if asked.get("roles") is not None:
        wanted = call.snowflakes("roles")
        for each in set(wanted) ^ set(member.roles):
            _check_role(call, guild, each)
        member.roles = wanted
    if "communication_disabled_until" in asked:
        rules.require_above(world, world.bot.id, guild, member.user_id, Permission.MODERATE_MEMBERS)
        member.timeout_until = _until(call)
    call.box.announce.member(guild, member.user_id)
    return _shown(call, member)


def _until(call: Call) -> float | None:
    given = call.payload["communication_disabled_until"]
    if given is None:
        return None
    try:
        until = datetime.fromisoformat(str(given)).timestamp()
    except ValueError:
        raise bad_field("communication_disabled_until", "DATETIME_TYPE_PARSE",
                        f"Could not parse {given}. Should be ISO8601.") from None  # fmt: skip
    if until > call.box.clock.now() + LONGEST_TIMEOUT:
        raise bad_field("communication_disabled_until", "GUILD_MEMBER_TIMEOUT_TOO_LONG",
                        "Timeouts last 28 days at most.")  # fmt: skip
    return until


def _check_role(call: Call, guild: Guild, role_id: int) -> None:
    """A bot gives and takes roles below its own highest, except managed ones."""
    world, role = call.box.world, guild.roles.get(role_id)
    if role is None:
        raise ApiError(UNKNOWN_ROLE)
    rules.require_above(world, world.bot.id, guild, world.bot.id, Permission.MANAGE_ROLES)
    if role.managed or role.position >= rank(guild, world.bot.id):
        raise ApiError(MISSING_PERMISSIONS)


def give_role(call: Call) -> Answer:
    """Give a member a role; nothing happens when they have it."""
    guild, member = _found(call)
    role_id = call.id("role")
    _check_role(call, guild, role_id)
    if role_id not in member.roles:
        member.roles.append(role_id)
        call.box.announce.member(guild, member.user_id)
    return None


def take_role(call: Call) -> Answer:
    """Take a role from a member; nothing happens when they do not have it."""
    guild, member = _found(call)
    role_id = call.id("role")
    _check_role(call, guild, role_id)
    if role_id in member.roles:
        member.roles.remove(role_id)
        call.box.announce.member(guild, member.user_id)
    return None


_BASE = "/guilds/{guild}/members"
_FEW = Limit(10, 10.0)
ROUTES = [
    Endpoint("GET", _BASE, listing, _FEW, ("guild",)),
    Endpoint("GET", _BASE + "/search", search, _FEW, ("guild",)),
    Endpoint("PATCH", _BASE + "/@me", change_own, Limit(2, 10.0), ("guild",)),
    Endpoint("GET", _BASE + "/{user}", one, Limit(5, 1.0), ("guild",)),
    Endpoint("PATCH", _BASE + "/{user}", change, _FEW, ("guild",)),
    Endpoint("PUT", _BASE + "/{user}/roles/{role}", give_role, _FEW, ("guild",)),
    Endpoint("DELETE", _BASE + "/{user}/roles/{role}", take_role, _FEW, ("guild",)),
]
