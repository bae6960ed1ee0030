"""Which commands a person is offered in a place, and by which installation of the application."""

from deploy.sandbox import rules
from deploy.sandbox.errors import MISSING_PERMISSIONS, UNKNOWN_COMMAND, ApiError
from deploy.sandbox.permissions import Permission
from deploy.sandbox.state.model import (
    BOT_DM,
    BY_SERVER,
    BY_USER,
    IN_SERVER,
    PRIVATE_CHANNEL,
    Channel,
    Guild,
    Json,
    MessageRecord,
    User,
)
from deploy.sandbox.state.world import World

ROLE, PERSON, CHANNEL = 1, 2, 3  # types of a command's permission overwrites


def find(world: World, person: User, channel: Channel, name: str, kind: int) -> Json:
    """The command that this person means here, by its name or by the one in their language.

    Refuses 10063 for what is not offered, 50001 and 50013 for what may not be used, 50008 in a forum.
    """
    rules.require(world, person.id, channel, Permission.USE_APPLICATION_COMMANDS)
    rules.refuse_in_forum(channel)
    rules.require_unlocked(world, person.id, channel)
    command = _named(world, person, name, kind, channel.guild_id)
    if command is None or not owners_of_command(world, person, channel, command):
        raise ApiError(UNKNOWN_COMMAND)
    guild = world.guild_of(channel)
    if guild is not None and command.get("nsfw") and not channel.nsfw:
        raise ApiError(UNKNOWN_COMMAND)
    if guild is not None and guild.bot_installed and not _permitted(world, guild, person, channel, command):
        raise ApiError(MISSING_PERMISSIONS)
    return command


def all_of(world: World, person: User, channel: Channel) -> list[Json]:
    """All commands that this person is offered in this channel."""
    shown = []
    for command in world.commands.values():
        try:
            found = find(world, person, channel, command["name"], command["type"])
        except ApiError:
            continue
        if found is command:
            shown.append(command)
    return shown


def owners_of_command(world: World, person: User, channel: Channel, command: Json) -> dict[str, str]:
    """`authorizing_integration_owners` of a command that is used here; empty when it is not offered."""
    context, contexts = world.context(channel), command.get("contexts")
    if contexts is not None and context not in contexts:
        return {}
    if context == BOT_DM and command.get("dm_permission") is False:
        return {}
    types = [BY_SERVER] if "guild_id" in command else command["integration_types"]
    return {key: owner for key, owner in _installed(world, person, channel).items() if int(key) in types}


def owners_of_message(channel: Channel, message: MessageRecord) -> dict[str, str]:
    """The same for a component: the interaction that made the application post the message authorised it."""
    asked = message.data.get("interaction_metadata")
    if asked is not None:
        owners: dict[str, str] = asked["authorizing_integration_owners"]
        return owners
    return {str(BY_SERVER): str(channel.guild_id or 0)}


def hides(world: World, person: User, channel: Channel, owners: dict[str, str]) -> bool:
    """Whether answers are ephemeral: the server has not installed the app, and this person lacks USE_EXTERNAL_APPS."""
    outside = channel.guild_id is not None and str(BY_SERVER) not in owners
    return outside and not world.bits(person.id, channel) & Permission.USE_EXTERNAL_APPS


def _installed(world: World, person: User, channel: Channel) -> dict[str, str]:
    context, owners = world.context(channel), {}
    guild = world.guild_of(channel)
    if context == IN_SERVER and guild is not None and guild.bot_installed:
        owners[str(BY_SERVER)] = str(guild.id)
    elif context == BOT_DM:
        owners[str(BY_SERVER)] = "0"
    if person.installed:
        owners[str(BY_USER)] = str(person.id)
    return owners if context != PRIVATE_CHANNEL or person.installed else {}


def _named(world: World, person: User, name: str, kind: int, guild_id: int | None) -> Json | None:
    """The server's own command before the global one."""
    found = None
    for command in world.commands.values():
        if command["type"] != kind or name not in (command["name"], localized(command, "name", person.locale)):
            continue
        owner = command.get("guild_id")
        if owner is not None and owner == str(guild_id):
            return command
        if owner is None:
            found = command
    return found


def in_language(thing: Json, locale: str) -> Json:
    """A command, option or choice with `name_localized` and `description_localized`, and so its parts."""
    body = {**thing, "name_localized": localized(thing, "name", locale)}
    if "description" in thing:
        body["description_localized"] = localized(thing, "description", locale)
    for key in ("options", "choices"):
        if thing.get(key):
            body[key] = [in_language(each, locale) for each in thing[key]]
    return body


def localized(thing: Json, key: str, locale: str) -> str:
    """A command's or option's name or description in this language."""
    return str((thing.get(f"{key}_localizations") or {}).get(locale) or thing.get(key) or "")


def _permitted(world: World, guild: Guild, person: User, channel: Channel, command: Json) -> bool:
    """What server admins set for this command, then for the whole application, then what its makers ask for."""
    bits = world.bits(person.id, channel)
    if bits & Permission.ADMINISTRATOR:
        return True
    own = world.command_permissions.get((guild.id, int(command["id"])), [])
    general = world.command_permissions.get((guild.id, world.app_id), [])
    where = channel.parent_id or channel.id
    for layer in (own, general):
        here = _says(layer, CHANNEL, where)
        here = _says(layer, CHANNEL, guild.id - 1) if here is None else here
        if here is not None:
            if not here:
                return False
            break
    explicit = _says_of_person(own, guild, person)
    if explicit is not None:
        return explicit
    if _says_of_person(general, guild, person) is False:
        return False
    needed = command.get("default_member_permissions")
    if needed is None:
        return True
    return bool(int(needed)) and not int(needed) & ~bits


def _says(layer: list[Json], kind: int, target: int) -> bool | None:
    found = next((each for each in layer if each["type"] == kind and int(each["id"]) == target), None)
    return None if found is None else bool(found["permission"])


def _says_of_person(layer: list[Json], guild: Guild, person: User) -> bool | None:
    own = _says(layer, PERSON, person.id)
    if own is not None:
        return own
    of_roles = [said for each in guild.members[person.id].roles if (said := _says(layer, ROLE, each)) is not None]
    return any(of_roles) if of_roles else _says(layer, ROLE, guild.id)
