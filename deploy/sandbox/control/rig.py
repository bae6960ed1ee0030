"""Changing the stage: tokens, permissions, channels, servers, people."""

from deploy.sandbox import permissions
from deploy.sandbox.defaults import add_guild
from deploy.sandbox.errors import UNKNOWN_ROLE, ApiError, bad_field
from deploy.sandbox.model import Member, Overwrite, User

from .ask import Ask, Handler

FIRST_ADDED = 10_000


def expire(ask: Ask) -> object:
    """End one interaction's token now."""
    ask.box.interactions.expire(ask.interaction())
    return None


def application(ask: Ask) -> object:
    """`privileged_intents`: whether they are switched on in the developer portal."""
    ask.box.world.privileged_intents = bool(ask.need("privileged_intents"))
    return None


def overwrite(ask: Ask) -> object:
    """channel, `of` (a role's or person's name or id), `allow` and `deny` as lists of permission names."""
    channel, box = ask.channel(), ask.box
    guild = box.world.guild_of(channel)
    if guild is None:
        raise bad_field("channel", "CHANNEL_TYPE", "Direct messages have no overwrites.")
    wanted = str(ask.need("of"))
    role = next((each for each in guild.roles.values() if wanted.lower() in (str(each.id), each.name.lower())), None)
    target, kind = (role.id, 0) if role else (ask.person("of").id, 1)
    made = Overwrite(target, kind, _bits(ask, "allow"), _bits(ask, "deny"))
    channel.overwrites.pop(target, None)
    if made.allow or made.deny:
        channel.overwrites[target] = made
    box.announce.channel("CHANNEL_UPDATE", channel)
    return None


def _bits(ask: Ask, name: str) -> int:
    value = ask.get(name) or 0
    if isinstance(value, int):
        return value
    known = permissions.Permission.__members__
    names = [str(each).upper() for each in value] if isinstance(value, list) else []
    for each in names:
        if each not in known:
            raise bad_field(name, "BASE_TYPE_CHOICES", f"{each} is none of {', '.join(known)}.")
    return sum(int(known[each]) for each in names)


def role(ask: Ask) -> object:
    """guild, role, `allow` and `deny`: permission names to give to the role or take from it."""
    guild, wanted = ask.guild(), str(ask.need("role")).lower()
    found = next((each for each in guild.roles.values() if wanted in (str(each.id), each.name.lower())), None)
    if found is None:
        raise ApiError(UNKNOWN_ROLE)
    found.permissions = (found.permissions | _bits(ask, "allow")) & ~_bits(ask, "deny")
    ask.box.announce.role(guild, found.id)
    return {"permissions": str(found.permissions)}


def member(ask: Ask) -> object:
    """guild, person, `roles`: the names of the roles that the person has from now on."""
    guild, person, named = ask.guild(), ask.person(), ask.need("roles")
    wanted = {str(each).lower() for each in named} if isinstance(named, list) else set()
    guild.members[person.id].roles = [each.id for each in guild.roles.values() if each.name.lower() in wanted]
    ask.box.announce.member(guild, person.id)
    return None


def dms(ask: Ask) -> object:
    """person, `open`: whether the bot may write to this person."""
    ask.person().dms_open = bool(ask.need("open"))
    ask.box.announce.world_changed()
    return None


def delete_channel(ask: Ask) -> object:
    channel = ask.channel()
    ask.box.announce.channel("CHANNEL_DELETE", channel)
    ask.box.world.drop_channel(channel)
    ask.box.announce.world_changed()
    return None


def install(ask: Ask) -> object:
    """guild, `installed`: add the bot to a server or throw it out."""
    guild = ask.guild()
    guild.bot_installed = bool(ask.need("installed"))
    announce = ask.box.announce
    (announce.guild_joined if guild.bot_installed else announce.guild_left)(guild)
    return None


def add_guilds(ask: Ask) -> object:
    """`count` more servers, with the usual channels, for load tests."""
    world, made = ask.box.world, []
    for _ in range(int(ask.number("count", 1))):
        number = FIRST_ADDED + 101 * len(world.guilds)
        guild = add_guild(world, number, f"Server {len(world.guilds) + 1}", world.people[0].id)
        ask.box.announce.guild_joined(guild)
        made.append({"id": str(guild.id), "name": guild.name})
    return made


def add_people(ask: Ask) -> object:
    """`count` more people, members of every server."""
    world, made = ask.box.world, []
    for _ in range(int(ask.number("count", 1))):
        number = len(world.users)
        person = User(ask.box.ids.next(), f"person{number}", f"Person {number}")
        world.users[person.id] = person
        for guild in world.guilds.values():
            guild.members[person.id] = Member(person.id)
        made.append({"id": str(person.id), "name": person.display})
    ask.box.announce.world_changed()
    return made


def reset(ask: Ask) -> object:
    ask.box.reset()
    return None


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/interactions/{interaction}/expire", expire),
    ("POST", "/application", application),
    ("POST", "/overwrite", overwrite),
    ("POST", "/role", role),
    ("POST", "/member", member),
    ("POST", "/dms", dms),
    ("POST", "/delete-channel", delete_channel),
    ("POST", "/install", install),
    ("POST", "/guilds", add_guilds),
    ("POST", "/people", add_people),
    ("POST", "/reset", reset),
]
