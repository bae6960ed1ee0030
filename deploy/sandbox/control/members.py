"""People and what they may do: roles, overwrites, timeouts, commands, languages, installations."""

from deploy.sandbox import views
from deploy.sandbox.errors import UNKNOWN_COMMAND, UNKNOWN_MEMBER, ApiError, bad_field
from deploy.sandbox.permissions import Permission
from deploy.sandbox.services.command_visibility import CHANNEL, PERSON, ROLE
from deploy.sandbox.state.model import Guild, Json, Member, Overwrite, User
from deploy.sandbox.validate.locales import LOCALES

from .request import Ask, Handler, find_channel, find_person, find_role


def overwrite(ask: Ask) -> object:
    """channel, `of` (a role's or person's name or id), `allow` and `deny` as lists of permission names."""
    channel, box = ask.channel(), ask.box
    guild = box.world.guild_of(channel)
    if guild is None or channel.thread is not None:
        raise bad_field("channel", "CHANNEL_TYPE", "Only a server's channels have overwrites.")
    target, kind = _role_or_person(ask, guild, str(ask.need("of")))
    made = Overwrite(target, kind, _bits(ask, "allow"), _bits(ask, "deny"))
    with ask.box.announce.access(guild):
        channel.overwrites.pop(target, None)
        if made.allow or made.deny:
            channel.overwrites[target] = made
        box.announce.channel("CHANNEL_UPDATE", channel)
    return None


def _role_or_person(ask: Ask, guild: Guild, name: str) -> tuple[int, int]:
    """Whose id, and 0 for a role or 1 for a person. A role wins over a person of its name, as with the bot's."""
    try:
        return find_role(guild, name).id, 0
    except ApiError:
        return find_person(ask.box.world, name).id, 1


def _bits(ask: Ask, name: str) -> int:
    value = ask.get(name) or 0
    if isinstance(value, int):
        return value
    known = Permission.__members__
    names = [str(each).upper() for each in value] if isinstance(value, list) else []
    for each in names:
        if each not in known:
            raise bad_field(name, "BASE_TYPE_CHOICES", f"{each} is none of {', '.join(known)}.")
    return sum(int(known[each]) for each in names)


def role(ask: Ask) -> object:
    """guild, role, `allow` and `deny`: permission names to give to the role or take from it."""
    guild = ask.guild()
    found = find_role(guild, str(ask.need("role")))
    with ask.box.announce.access(guild):
        found.permissions = (found.permissions | _bits(ask, "allow")) & ~_bits(ask, "deny")
        ask.box.announce.role(guild, found.id)
    return {"permissions": str(found.permissions)}


def member(ask: Ask) -> object:
    """guild, person, and what changes: `roles` (names), `nick`, `timeout` (seconds; 0 ends it)."""
    guild, person = ask.guild(), ask.person()
    found = guild.members.get(person.id)
    if found is None:
        raise ApiError(UNKNOWN_MEMBER)
    with ask.box.announce.access(guild):
        named = ask.get("roles")
        if isinstance(named, list):
            found.roles = [find_role(guild, str(each)).id for each in named]
        if "nick" in ask.body:
            found.nick = str(ask.body["nick"] or "") or None
        if ask.get("timeout") is not None:
            seconds = ask.number("timeout")
            found.timeout_until = ask.box.clock.now() + seconds if seconds > 0 else None
        ask.box.announce.member(guild, person.id)
    return None


def person(ask: Ask) -> object:
    """person, and what changes: `locale` ("de"), `installed` (the application, for themselves), `dms_open`."""
    found = ask.person()
    locale = str(ask.get("locale") or found.locale)
    if locale not in LOCALES:
        raise bad_field("locale", "BASE_TYPE_CHOICES", f"{locale} is none of Discord's languages.")
    found.locale = locale
    found.installed = bool(ask.body.get("installed", found.installed))
    found.dms_open = bool(ask.body.get("dms_open", found.dms_open))
    ask.box.announce.world_changed()
    return views.person(found)


def dms(ask: Ask) -> object:
    """person, `open`: whether the bot may write to this person."""
    ask.person().dms_open = bool(ask.need("open"))
    ask.box.announce.world_changed()
    return None


def command_permissions(ask: Ask) -> object:
    """guild, `command` (a name; none for all commands), `permissions`: a list of `{"of", "allow"}`.

    `of` is a role, a person, `#channel` or `#` for all channels.
    """
    guild, world = ask.guild(), ask.box.world
    target = _command_id(ask, guild)
    given = ask.need("permissions")
    rows = [_row(ask, guild, each) for each in given] if isinstance(given, list) else []
    world.command_permissions[guild.id, target] = rows
    ask.box.announce.command_permissions(guild, target)
    return None


def _command_id(ask: Ask, guild: Guild) -> int:
    name = ask.get("command")
    if name is None:
        return ask.box.world.app_id
    for command in ask.box.world.commands.values():
        if command["name"] == name and command.get("guild_id") in (None, str(guild.id)):
            return int(command["id"])
    raise ApiError(UNKNOWN_COMMAND)


def _row(ask: Ask, guild: Guild, given: Json) -> Json:
    name, allow = str(given["of"]), bool(given["allow"])
    if name == "#":
        return {"id": str(guild.id - 1), "type": CHANNEL, "permission": allow}
    if name.startswith("#"):
        return {"id": str(find_channel(ask.box, f"{guild.name}/{name}").id), "type": CHANNEL, "permission": allow}
    target, kind = _role_or_person(ask, guild, name)
    return {"id": str(target), "type": PERSON if kind else ROLE, "permission": allow}


def add_people(ask: Ask) -> object:
    """`count` more people, members of every server."""
    world, made = ask.box.world, []
    for _ in range(int(ask.number("count", 1))):
        number = len(world.users)
        added = User(ask.box.ids.next(), f"person{number}", f"Person {number}")
        world.users[added.id] = added
        for guild in world.guilds.values():
            guild.members[added.id] = Member(added.id)
        made.append({"id": str(added.id), "name": added.display})
    ask.box.announce.world_changed()
    return made


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/overwrite", overwrite),
    ("POST", "/role", role),
    ("POST", "/member", member),
    ("POST", "/person", person),
    ("POST", "/people", add_people),
    ("POST", "/dms", dms),
    ("POST", "/command-permissions", command_permissions),
]
