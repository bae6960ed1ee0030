"""One question to the control API, with names looked up: people, servers and channels may be named or numbered."""

import base64
import binascii
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from aiohttp import web

from deploy.sandbox.errors import (
    INVALID_JSON,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_ROLE,
    UNKNOWN_USER,
    ApiError,
    Refusal,
    bad_field,
)
from deploy.sandbox.http.bodies import read_body
from deploy.sandbox.state.files import Upload
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import GROUP, Channel, Guild, InteractionRecord, Json, MessageRecord, Role, User
from deploy.sandbox.state.world import World

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox


FOREIGN_ORIGIN = Refusal(403, 0, "Only the sandbox's own page may call this from a browser.")
_OWN = ("same-origin", "none")  # none: a person typed the address
T = TypeVar("T")


@dataclass(slots=True)
class ControlRequest:
    """One call of the control API. Its methods look up what fields name, and refuse what does not exist."""

    box: "Sandbox"
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    files: dict[int, Upload]

    def get(self, name: str) -> object:
        """A value from the path, the body or the query, in this order."""
        for source in (self.params, self.body, self.query):
            if name in source:
                return source[name]
        return None

    def need(self, name: str) -> object:
        """A value that has to be given. Refuses 50035."""
        value = self.get(name)
        if value is None:
            raise bad_field(name, "BASE_TYPE_REQUIRED", "This field is required")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A finite number, also as text. Refuses 50035."""
        value = self.get(name)
        if value is None and default is not None:
            return default
        try:
            found = float(str(self.need(name)))
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise bad_field(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
        return found

    def person(self, name: str = "person") -> User:
        """The person or bot named there. Refuses 10013."""
        return find_person(self.box.world, str(self.need(name)))

    def channel(self, name: str = "channel") -> Channel:
        """The channel or thread named there (see `find_channel`). Refuses 10003."""
        return find_channel(self.box, str(self.need(name)))

    def guild(self, name: str = "guild") -> Guild:
        """The server named there. Refuses 10004."""
        return find_guild(self.box.world, str(self.need(name)))

    def message(self, name: str = "message") -> MessageRecord:
        """The message with this id, even a deleted one. Refuses 10008."""
        return _numbered(self.box.world.messages, self.need(name), UNKNOWN_MESSAGE)

    def interaction(self, name: str = "interaction") -> InteractionRecord:
        """The interaction with this id. Refuses 10062."""
        return _numbered(self.box.world.interactions, self.need(name), UNKNOWN_INTERACTION)

    def options(self, name: str = "options") -> dict[str, object]:
        """An object whose values may be files (see `as_upload`)."""
        given = self.get(name) or {}
        if not isinstance(given, dict):
            raise bad_field(name, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {key: _plain(value) for key, value in given.items()}

    def uploads(self, name: str = "files") -> dict[int, Upload]:
        """Files of a multipart body, or written into the JSON."""
        given = self.body.get(name) or []
        if not isinstance(given, list):
            raise bad_field(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return self.files or {number: as_upload(each) for number, each in enumerate(given)}

    def people(self, name: str = "people") -> list[User]:
        """A list of people. Refuses 50035 and 10013."""
        given = self.need(name)
        if not isinstance(given, list):
            raise bad_field(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return [find_person(self.box.world, str(each)) for each in given]

    def chosen(self, *names: str) -> Json:
        """Those of the body's fields that were given."""
        return {name: self.body[name] for name in names if self.body.get(name) is not None}


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return as_upload(value) if is_file(value) else value


def is_file(value: object) -> TypeGuard[Json]:
    """Whether this JSON value is a file (see `as_upload`)."""
    return isinstance(value, dict) and "filename" in value and "data" in value


def as_upload(value: Json) -> Upload:
    """A file in JSON: `{"filename", "data": base64, "content_type"?, "description"?}`."""
    try:
        content = base64.b64decode(value["data"], validate=True)
        return Upload(str(value["filename"]), content, value.get("content_type"), value.get("description"))
    except (KeyError, TypeError, binascii.Error):
        raise bad_field("files", "BASE64_INVALID", "A file needs a filename and base64 data.") from None


def _numbered(held: Mapping[int, T], value: object, missing: Refusal) -> T:
    number = snowflake(value)
    if number is None or number not in held:
        raise ApiError(missing)
    return held[number]


def find_person(world: World, name: str) -> User:
    """By id, user name or display name, with or without "@". Refuses 10013."""
    wanted = name.removeprefix("@").lower()
    for user in world.users.values():
        if wanted in (str(user.id), user.name.lower(), user.display.lower()):
            return user
    raise ApiError(UNKNOWN_USER)


def find_role(guild: Guild, name: str) -> Role:
    """By id or name. Refuses 10011."""
    for role in guild.roles.values():
        if name.lower() in (str(role.id), role.name.lower()):
            return role
    raise ApiError(UNKNOWN_ROLE)


def find_guild(world: World, name: str) -> Guild:
    """By id or name. Refuses 10004."""
    for guild in world.guilds.values():
        if name.lower() in (str(guild.id), guild.name.lower()):
            return guild
    raise ApiError(UNKNOWN_GUILD)


def find_channel(box: "Sandbox", name: str) -> Channel:
    """By id, `Server/channel`, `channel` (in the first server; threads too), `dm:Bea`, `dm:Bea+Cem` or `group:Name`."""
    world = box.world
    if (number := snowflake(name)) is not None:
        return world.channel(number)
    if name.lower().startswith("dm:"):
        return box.actions.private_channel([find_person(world, each) for each in name[3:].split("+")][:2])
    if name.lower().startswith("group:"):
        groups = (each for each in world.channels.values() if each.kind == GROUP)
        return _named(groups, name[6:])
    server, slash, inner = name.partition("/")
    guild = find_guild(world, server) if slash else next(iter(world.guilds.values()))
    return _named([*guild.channels.values(), *guild.threads.values()], inner if slash else server)


def _named(channels: Iterable[Channel], name: str) -> Channel:
    wanted = name.removeprefix("#").lower()
    for channel in channels:
        if channel.name.lower() == wanted:
            return channel
    raise ApiError(UNKNOWN_CHANNEL)


Handler = Callable[[ControlRequest], object]


def refuse_foreign_origin(request: web.Request) -> None:
    """A page of another site, open in the same browser, must not play people here.

    A plain GET, as of an `<img>`, tells no origin; whose it is stands in Sec-Fetch-Site. Programs send neither.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        own = request.headers.get("Sec-Fetch-Site", _OWN[0]) in _OWN
    else:
        own = origin.partition("://")[2] == request.host
    if not own:
        raise ApiError(FOREIGN_ORIGIN)


def bind(box: "Sandbox", handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The aiohttp handler of one route: reads the body, calls `handler`, answers 200 with its result as JSON."""

    async def enter(request: web.Request) -> web.Response:
        refuse_foreign_origin(request)
        read = await read_body(request)
        body = {} if read.payload is None else read.payload
        if not isinstance(body, dict):
            raise ApiError(INVALID_JSON)
        result = handler(ControlRequest(box, request.match_info, request.query, body, read.uploads))
        return web.json_response({} if result is None else result)

    return enter
