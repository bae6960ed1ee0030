"""Application commands: registering, reading, removing; global ones and those of one server, and who may use them."""

from collections import Counter

from deploy.sandbox import serialise
from deploy.sandbox.errors import (
    NOT_FOR_BOTS,
    TOO_MANY_COMMAND_CREATES,
    TOO_MANY_COMMANDS,
    UNKNOWN_APPLICATION,
    UNKNOWN_COMMAND,
    UNKNOWN_COMMAND_PERMISSIONS,
    ApiError,
    Form,
)
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.services import command_visibility
from deploy.sandbox.state.model import Json
from deploy.sandbox.validate import commands

from .call import Answer, Call, Created, Endpoint

DAILY_CREATES = 200
MOST = {commands.CHAT: 100, commands.USER: 15, commands.MESSAGE: 15}


def _owner(call: Call) -> str | None:
    """The server whose commands are meant; None for the global ones. Checks the application too."""
    if call.id("application") != call.box.world.app_id:
        raise ApiError(UNKNOWN_APPLICATION)
    return str(call.box.world.guild(call.id("guild")).id) if "guild" in call.params else None


def _held(call: Call, owner: str | None) -> list[Json]:
    return [each for each in call.box.world.commands.values() if each.get("guild_id") == owner]


def _one(call: Call) -> Json:
    owner, found = _owner(call), call.box.world.commands.get(call.id("command"))
    if found is None or found.get("guild_id") != owner:
        raise ApiError(UNKNOWN_COMMAND)
    return found


def _same(held: list[Json], body: Json) -> Json | None:
    return next((each for each in held if (each["name"], each["type"]) == (body["name"], body["type"])), None)


def _store(call: Call, body: Json, owner: str | None, old: Json | None) -> Json:
    """Add a command, or put it in the place of an old one, whose id it keeps."""
    world, ids = call.box.world, call.box.ids
    if old is None:
        _charge(call)
    command_id = int(old["id"]) if old is not None else ids.next()
    stored = {"id": str(command_id), "application_id": str(world.app_id), "version": str(ids.next()), **body}
    if owner is not None:
        stored["guild_id"] = owner
        stored["contexts"] = None
        stored["integration_types"] = [0]
        del stored["dm_permission"]
    world.commands[command_id] = stored
    return stored


def _charge(call: Call) -> None:
    """Only new commands count, and 200 of them a day."""
    now = call.box.clock.now()
    recent = [at for at in call.box.command_creates if now - at < 86_400]
    if len(recent) >= DAILY_CREATES:
        raise ApiError(TOO_MANY_COMMAND_CREATES)
    call.box.command_creates[:] = [*recent, now]


def _check_caps(bodies: list[Json]) -> None:
    for kind, count in Counter(body["type"] for body in bodies).items():
        if count > MOST[kind]:
            raise ApiError(TOO_MANY_COMMANDS)


def _shown(call: Call, stored: Json) -> Json:
    """As reading shows it: its texts in the language asked for, or with `with_localizations` in all of them."""
    if call.flag("with_localizations"):
        return stored
    return _without_languages(command_visibility.in_language(stored, call.locale) if call.locale else stored)


def _without_languages(thing: Json) -> Json:
    body = {key: value for key, value in thing.items() if not key.endswith("_localizations")}
    for key in ("options", "choices"):
        if body.get(key):
            body[key] = [_without_languages(each) for each in body[key]]
    return body


def listing(call: Call) -> Answer:
    """All commands, global ones or those of a server."""
    return [_shown(call, each) for each in _held(call, _owner(call))]


def one(call: Call) -> Answer:
    """One command. Refuses 10063."""
    return _shown(call, _one(call))


def create(call: Call) -> Answer:
    """A new command (201), or one in place of that of the same name and type (200)."""
    owner, form = _owner(call), Form()
    body = commands.check(call.payload, form)
    form.check()
    held = _held(call, owner)
    old = _same(held, body)
    if old is None:
        _check_caps([*held, body])
    stored = _store(call, body, owner, old)
    call.box.announce.commands_changed()
    return stored if old is not None else Created(stored)


def overwrite(call: Call) -> Answer:
    """Replace all commands at once; those of the same name and type keep their ids."""
    world, owner, form = call.box.world, _owner(call), Form()
    given = form.items("", call.body.payload, 0, sum(MOST.values()))
    bodies = [commands.check(each, form, str(number)) for number, each in enumerate(given)]
    names = [(body.get("type"), body.get("name")) for body in bodies]
    for number, name in enumerate(names):
        if name in names[:number]:
            form.add(str(number), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    form.check()
    _check_caps(bodies)
    held = _held(call, owner)
    for old in held:
        if (old["type"], old["name"]) not in names:
            del world.commands[int(old["id"])]
    world.command_syncs += 1
    stored = [_store(call, body, owner, _same(held, body)) for body in bodies]
    call.box.announce.commands_changed()
    return stored


def edit(call: Call) -> Answer:
    """Change what is given, keep the rest. Another command of that name refuses it (50035)."""
    old, form = _one(call), Form()
    body = commands.check({**old, **call.payload, "type": old["type"]}, form)
    form.check()
    other = _same(_held(call, old.get("guild_id")), body)
    if other is not None and other is not old:
        form.add("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        form.check()
    stored = _store(call, body, old.get("guild_id"), old)
    call.box.announce.commands_changed()
    return stored


def remove(call: Call) -> Answer:
    """Delete a command."""
    del call.box.world.commands[int(_one(call)["id"])]
    call.box.announce.commands_changed()
    return None


def permissions(call: Call) -> Answer:
    """Who may use one command, where a server's admins said so. The application's id stands for all commands."""
    world, guild = call.box.world, int(_owner(call) or 0)
    target = call.id("command")
    if target != world.app_id:
        _check_known(call, target)
    if (guild, target) not in world.command_permissions:
        raise ApiError(UNKNOWN_COMMAND_PERMISSIONS)
    return serialise.command_permissions(guild, target, world)


def _check_known(call: Call, target: int) -> None:
    found = call.box.world.commands.get(target)
    if found is None or found.get("guild_id") not in (None, call.params["guild"]):
        raise ApiError(UNKNOWN_COMMAND)


def all_permissions(call: Call) -> Answer:
    """All permissions that a server's admins have set."""
    world, guild = call.box.world, int(_owner(call) or 0)
    return [serialise.command_permissions(at, target, world) for at, target in world.command_permissions if at == guild]


def set_permissions(call: Call) -> Answer:
    """Admins do this in the client; with a bot's token Discord refuses it."""
    _owner(call)
    if call.id("command") != call.box.world.app_id:
        _check_known(call, call.id("command"))
    raise ApiError(NOT_FOR_BOTS)


_SLOW = Limit(5, 20.0)


def _routes(base: str) -> list[Endpoint]:
    return [
        Endpoint("GET", base, listing, _SLOW),
        Endpoint("POST", base, create, _SLOW),
        Endpoint("PUT", base, overwrite, _SLOW),
        Endpoint("GET", base + "/{command}", one, _SLOW),
        Endpoint("PATCH", base + "/{command}", edit, _SLOW),
        Endpoint("DELETE", base + "/{command}", remove, _SLOW),
    ]


_OF_SERVER = "/applications/{application}/guilds/{guild}/commands"
ROUTES = [
    *_routes("/applications/{application}/commands"),
    Endpoint("GET", _OF_SERVER + "/permissions", all_permissions, _SLOW),
    Endpoint("GET", _OF_SERVER + "/{command}/permissions", permissions, _SLOW),
    Endpoint("PUT", _OF_SERVER + "/{command}/permissions", set_permissions, _SLOW),
    *_routes(_OF_SERVER),
]
