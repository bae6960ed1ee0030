"""People and what they may do: roles, overwrites, timeouts, commands, languages, installations."""

from deploy.sandbox import views
from deploy.sandbox.errors import UNKNOWN_COMMAND, UNKNOWN_MEMBER, ApiError, bad_field
from deploy.sandbox.permissions import Permission
from deploy.sandbox.services.command_visibility import CHANNEL, PERSON, ROLE
from deploy.sandbox.state.model import Guild, Json, Member, Overwrite, User
from deploy.sandbox.validate.locales import LOCALES

from .request import ControlRequest, Handler, find_channel, find_person, find_role

TIMEOUT_MOST = 28 * 86_400  # seconds


def overwrite(request: ControlRequest) -> object:
    """channel, `of` (a role's or person's name or id), `allow` and `deny` as lists of permission names."""
    channel, box = request.channel(), request.box
    guild = box.world.guild_of(channel)
    if guild is None or channel.thread is not None:
        raise bad_field("channel", "CHANNEL_TYPE", "Only a server's channels have overwrites.")
    target, kind = _role_or_person(request, guild, str(request.need("of")))
    made = Overwrite(target, kind, _bits(request, "allow"), _bits(request, "deny"))
    with request.box.announce.access(guild):
        channel.overwrites.pop(target, None)
        if made.allow or made.deny:
            channel.overwrites[target] = made
        box.announce.channel("CHANNEL_UPDATE", channel)
    return None


def _role_or_person(request: ControlRequest, guild: Guild, name: str) -> tuple[int, int]:
    """Whose id, and 0 for a role or 1 for a person. A role wins over a person of its name, as with the bot's."""
    try:
        return find_role(guild, name).id, 0
    except ApiError:
        return find_person(request.box.world, name).id, 1


def _bits(request: ControlRequest, name: str) -> int:
    value = request.get(name) or 0
    if isinstance(value, int):
        return value
    known = Permission.__members__
    names = [str(each).upper() for each in value] if isinstance(value, list) else []
    for each in names:
        if each not in known:
            raise bad_field(name, "BASE_TYPE_CHOICES", f"{each} is none of {', '.join(known)}.")
    return sum(int(known[each]) for each in names)


def role(request: ControlRequest) -> object:
    """guild, role, `allow` and `deny`: permission names to give to the role or take from it."""
    guild = request.guild()
    found = find_role(guild, str(request.need("role")))
    with request.box.announce.access(guild):
        found.permissions = (found.permissions | _bits(request, "allow")) & ~_bits(request, "deny")
        request.box.announce.role(guild, found.id)
    return {"permissions": str(found.permissions)}


def member(request: ControlRequest) -> object:
    """guild, person, and what changes: `roles` (names), `nick`, `timeout` (seconds; 0 ends it)."""
    guild, person = request.guild(), request.person()
    found = guild.members.get(person.id)
    if found is None:
        raise ApiError(UNKNOWN_MEMBER)
    with request.box.announce.access(guild):
        named = request.get("roles")
        if isinstance(named, list):
            found.roles = [find_role(guild, str(each)).id for each in named]
        if "nick" in request.body:
            found.nick = str(request.body["nick"] or "") or None
        if request.get("timeout") is not None:
            seconds = request.number("timeout")
            if seconds > TIMEOUT_MOST:
                raise bad_field("timeout", "NUMBER_TYPE_MAX", f"A timeout is at most {TIMEOUT_MOST} seconds: 28 days.")
            found.timeout_until = request.box.clock.now() + seconds if seconds > 0 else None
        request.box.announce.member(guild, person.id)
    return None


def person(request: ControlRequest) -> object:
    """person, and what changes: `locale` ("de"), `installed` (the application, for themselves), `dms_open`."""
    found = request.person()
    locale = str(request.get("locale") or found.locale)
    if locale not in LOCALES:
        raise bad_field("locale", "BASE_TYPE_CHOICES", f"{locale} is none of Discord's languages.")
    found.locale = locale
    found.installed = bool(request.body.get("installed", found.installed))
    found.dms_open = bool(request.body.get("dms_open", found.dms_open))
    request.box.announce.world_changed()
    return views.person(found)


def dms(request: ControlRequest) -> object:
    """person, `open`: whether the bot may write to this person."""
    request.person().dms_open = bool(request.need("open"))
    request.box.announce.world_changed()
    return None


def command_permissions(request: ControlRequest) -> object:
    """guild, `command` (a name; none for all commands), `permissions`: a list of `{"of", "allow"}`.

    `of` is a role, a person, `#channel` or `#` for all channels.
    """
    guild, world = request.guild(), request.box.world
    target = _command_id(request, guild)
    given = request.need("permissions")
    rows = [_row(request, guild, each) for each in given] if isinstance(given, list) else []
    world.command_permissions[guild.id, target] = rows
    request.box.announce.command_permissions(guild, target)
    return None


def _command_id(request: ControlRequest, guild: Guild) -> int:
    name = request.get("command")
    if name is None:
        return request.box.world.app_id
    for command in request.box.world.commands.values():
        if command["name"] == name and command.get("guild_id") in (None, str(guild.id)):
            return int(command["id"])
    raise ApiError(UNKNOWN_COMMAND)


def _row(request: ControlRequest, guild: Guild, given: object) -> Json:
    if not isinstance(given, dict) or not {"of", "allow"} <= given.keys():
        raise bad_field("permissions", "MODEL_TYPE_CONVERT", 'Each permission is an object with "of" and "allow".')
    name, allow = str(given["of"]), bool(given["allow"])
    if name == "#":
        return {"id": str(guild.id - 1), "type": CHANNEL, "permission": allow}
    if name.startswith("#"):
        return {"id": str(find_channel(request.box, f"{guild.name}/{name}").id), "type": CHANNEL, "permission": allow}
    target, kind = _role_or_person(request, guild, name)
    return {"id": str(target), "type": PERSON if kind else ROLE, "permission": allow}


def add_people(request: ControlRequest) -> object:
    """`count` more people, members of every server."""
    world, made = request.box.world, []
    for _ in range(int(request.number("count", 1))):
        number = len(world.users)
        added = User(request.box.ids.next(), f"person{number}", f"Person {number}")
        world.users[added.id] = added
        for guild in world.guilds.values():
            guild.members[added.id] = Member(added.id)
        made.append({"id": str(added.id), "name": added.display})
    request.box.announce.world_changed()
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
