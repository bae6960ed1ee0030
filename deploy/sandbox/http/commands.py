"""Application commands: registering, reading, removing; global ones and those of one server."""

from deploy.sandbox.errors import MISSING_ACCESS, TOO_MANY_COMMAND_CREATES, UNKNOWN_COMMAND, ApiError, Form
from deploy.sandbox.model import Json
from deploy.sandbox.ratelimit import Limit
from deploy.sandbox.validate import commands

from .call import Answer, Call, Created, Endpoint

DAILY_CREATES = 200


def _owner(call: Call) -> str | None:
    """The server whose commands are meant; None for the global ones. Checks the application too."""
    if call.id("application") != call.box.world.app_id:
        raise ApiError(MISSING_ACCESS)
    return str(call.box.world.guild(call.id("guild")).id) if "guild" in call.params else None


def _held(call: Call, owner: str | None) -> list[Json]:
    return [each for each in call.box.world.commands.values() if each.get("guild_id") == owner]


def _one(call: Call) -> Json:
    found = call.box.world.commands.get(call.id("command"))
    if found is None or found.get("guild_id") != _owner(call):
        raise ApiError(UNKNOWN_COMMAND)
    return found


def _same(call: Call, body: Json, owner: str | None) -> Json | None:
    """The command that has this name and type already."""
    named = (body["name"], body["type"])
    return next((each for each in _held(call, owner) if (each["name"], each["type"]) == named), None)


def _store(call: Call, body: Json, owner: str | None) -> Json:
    """Add a command, or change the one of the same name and type."""
    world, ids, same = call.box.world, call.box.ids, _same(call, body, owner)
    if same is None:
        call.box.command_creates.append(call.box.clock.now())
        recent = [at for at in call.box.command_creates if call.box.clock.now() - at < 86_400]
        call.box.command_creates[:] = recent
        if len(recent) > DAILY_CREATES:
            raise ApiError(TOO_MANY_COMMAND_CREATES)
    command_id = int(same["id"]) if same else ids.next()
    stored = {"id": str(command_id), "application_id": str(world.app_id), "version": str(ids.next()), **body}
    if owner is not None:
        stored["guild_id"] = owner
        del stored["dm_permission"]
        stored["contexts"] = None
    world.commands[command_id] = stored
    return stored


def _changed(call: Call) -> None:
    call.box.stream.publish("commands")


def listing(call: Call) -> Answer:
    return _held(call, _owner(call))


def one(call: Call) -> Answer:
    return _one(call)


def create(call: Call) -> Answer:
    owner, form = _owner(call), Form()
    body = commands.check(call.payload, form)
    form.check()
    known = _same(call, body, owner)
    stored = _store(call, body, owner)
    _changed(call)
    return stored if known else Created(stored)


def overwrite(call: Call) -> Answer:
    """Replace all commands at once."""
    world, owner, form = call.box.world, _owner(call), Form()
    given = form.items("", call.body.payload, 0, 110)
    bodies = [commands.check(each, form, str(number)) for number, each in enumerate(given)]
    names = [(body.get("type"), body.get("name")) for body in bodies]
    for number, name in enumerate(names):
        if name in names[:number]:
            form.add(str(number), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    form.check()
    for old in _held(call, owner):
        if (old["type"], old["name"]) not in names:
            del world.commands[int(old["id"])]
    world.command_syncs += 1
    stored = [_store(call, body, owner) for body in bodies]
    _changed(call)
    return stored


def edit(call: Call) -> Answer:
    old, form = _one(call), Form()
    body = commands.check({**old, **call.payload}, form)
    form.check()
    old.update(body, version=str(call.box.ids.next()))
    _changed(call)
    return old


def remove(call: Call) -> Answer:
    del call.box.world.commands[int(_one(call)["id"])]
    _changed(call)
    return None


def _routes(base: str) -> list[Endpoint]:
    slow = Limit(5, 20.0)
    return [
        Endpoint("GET", base, listing, slow),
        Endpoint("POST", base, create, slow),
        Endpoint("PUT", base, overwrite, slow),
        Endpoint("GET", base + "/{command}", one, slow),
        Endpoint("PATCH", base + "/{command}", edit, slow),
        Endpoint("DELETE", base + "/{command}", remove, slow),
    ]


ROUTES = [
    *_routes("/applications/{application}/commands"),
    *_routes("/applications/{application}/guilds/{guild}/commands"),
]
