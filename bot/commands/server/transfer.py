"""Settings as a file: what one server exports, and how another takes it in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord

from bot.discord_io.interactions import File
from bot.discord_io.responder import Responder
from bot.policy.permissions import heard_of
from bot.setting_errors import BadImport
from bot.texts.server import panel
from bot.texts.server import transfer as said
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.types.server_changes import changes_between, dump, undone
from worker.contract.types.server_settings import Change, ServerSettings

from . import parts, summary
from .desk import Desk
from .effects import warnings

KIND, FORMAT = "easel server settings", 1
FILE_MAX = 256 * 1024  # bytes
_NAME = "easel-settings.json"
_NOTHING = ServerSettings()
_CHANNEL_KEYS = ("results_to", "log_channel")


@dataclass
class Imported:
    """What a file holds, as it fits into a server.

    Attributes:
        renamed: roles and channels that go by another id here, by their names.
        lost: roles and channels that there are none of here.
    """

    document: dict[str, Any]
    renamed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def exported(
    settings: ServerSettings, server: int, name: str, roles: Mapping[int, str], channels: Mapping[int, str]
) -> dict[str, Any]:
    """The whole file: settings with ids, and the names of those roles and channels that they are about."""
    document = dump(settings)
    return {
        "kind": KIND,
        "format": FORMAT,
        "server": {"id": str(server), "name": name},
        "roles": {each: roles.get(int(each), "") for each in document.get("roles", {})},
        "channels": {str(each): channels.get(each, "") for each in sorted(_channels(document))},
        "settings": document,
    }


def fitted(text: bytes, roles: Mapping[int, str] | None, channels: Mapping[int, str] | None) -> Imported:
    """What a file holds with the ids of this server: the same id where there is one, else the only one of that name.

    None for roles or channels: nobody knows yet which there are, so ids stay. Raises BadImport for what no export is.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):  # no text, no JSON, or nested beyond all measure
        raise BadImport from None
    if not isinstance(told, dict) or told.get("kind") != KIND or not isinstance(told.get("settings"), dict):
        raise BadImport
    if told.get("format") != FORMAT:
        raise BadImport(newer=True)
    found = Imported(dict(told["settings"]))
    role_ids = _mapped(told.get("roles"), roles, found, "@")
    channel_ids = _mapped(told.get("channels"), channels, found, "#")
    document = found.document
    document["roles"] = _keyed(document.get("roles"), role_ids)
    document["channels"] = _keyed(document.get("channels"), channel_ids)
    for table in (document, *document["channels"].values()):
        for key in _CHANNEL_KEYS:
            if isinstance(table, dict) and table.get(key) is not None:
                table[key] = channel_ids.get(str(table[key]))
    return found


def settings_of(document: Mapping[str, Any]) -> ServerSettings:
    """The settings in a document, all of which can be undone. Raises BadImport."""
    try:
        found = ServerSettings.model_validate(document)
        made = changes_between(_NOTHING, found, by=0, by_name="", at=0)
        clean = undone(found, made) == _NOTHING
    except (ValueError, RecursionError):  # of other kinds, or nested beyond all measure
        raise BadImport from None
    if not clean:  # it has names that no Easel gave
        raise BadImport
    return found


async def export(desk: Desk, guild: discord.Guild, to: Responder) -> None:
    """Answer with the file. Raises RedisError."""
    held = await desk.store.read(guild.id)
    told = exported(held.settings, guild.id, guild.name, _names(guild.roles), _names(guild.channels))
    await to.tell({"content": said.exported(desk.intake.language)}, [_file(told)])


async def question(desk: Desk, guild: discord.Guild, attachment: discord.Attachment, to: Responder) -> None:
    """Show what a file would change, with the button that does it. Raises BadImport or RedisError."""
    if attachment.size > FILE_MAX:
        raise BadImport
    body, told = await _asked(desk, guild, attachment)
    await to.tell(body, [_file(told)] if body["components"] else [])


async def ask_again(desk: Desk, guild: discord.Guild, message: discord.Message, to: Responder) -> None:
    """Show in such a question what its file would change by now. Raises BadImport or RedisError."""
    body, _ = await _asked(desk, guild, message.attachments[0])
    await to.show_in_place(body if body["components"] else {**body, "attachments": []})


async def _asked(
    desk: Desk, guild: discord.Guild, attachment: discord.Attachment
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The question, and the file that goes with it."""
    found = fitted(await _read(attachment), *_here(guild))
    held, known = await desk.store.read(guild.id), await desk.known(guild.id)
    new = _safe_here(settings_of(found.document), held.settings, guild)
    diff = changes_between(held.settings, new, by=0, by_name="", at=0)
    told = [summary.changed(each, known) for each in diff]
    text = said.would_change(told, found.renamed, found.lost, warnings(diff, new, known, guild), known.language)
    sure = ServerId(ServerStep.IMPORT, number=held.version)
    button = parts.button(panel.button("import", known.language), sure)
    file = exported(new, guild.id, guild.name, _names(guild.roles), _names(guild.channels))
    return {"content": text, "components": [parts.row(button)] if diff else []}, file


async def apply(
    desk: Desk, guild: discord.Guild, by: discord.abc.User, version: int, message: discord.Message | None
) -> list[Change]:
    """Set what the file of that question holds. Raises BadImport, ChangedMeanwhile or RedisError."""
    if message is None or not message.attachments:
        raise BadImport
    found = fitted(await _read(message.attachments[0]), *_here(guild))
    new = settings_of(found.document)
    return await desk.change(guild.id, by, version, lambda now: _safe_here(new, now, guild), None, "import")


def _safe_here(new: ServerSettings, now: ServerSettings, guild: discord.Guild) -> ServerSettings:
    """News of changes go nowhere but where they went, as long as nobody knows which channels are this server's."""
    return new if heard_of(guild) else new.model_copy(update={"log_channel": now.log_channel})


async def _read(attachment: discord.Attachment) -> bytes:
    try:
        return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError):
        raise BadImport from None


def _file(told: Mapping[str, Any]) -> File:
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    return File(_NAME, text.encode(), "application/json")


def _here(guild: discord.Guild) -> tuple[Mapping[int, str] | None, Mapping[int, str] | None]:
    """The roles and channels of a server by their names; None while Easel has not heard of them."""
    return (_names(guild.roles), _names(guild.channels)) if heard_of(guild) else (None, None)


def _names(places: Iterable[discord.Role | discord.abc.GuildChannel]) -> dict[int, str]:
    return {each.id: each.name for each in places}


def _channels(document: Mapping[str, Any]) -> set[int]:
    tables = [document, *document.get("channels", {}).values()]
    named = {int(table[key]) for table in tables for key in _CHANNEL_KEYS if table.get(key)}
    return named | {int(each) for each in document.get("channels", {})}


def _mapped(told: Any, here: Mapping[int, str] | None, found: Imported, sign: str) -> dict[str, str]:
    """The id here for each that the file names; those that there are none of are noted and left out."""
    named = told if isinstance(told, dict) else {}
    if here is None:
        return {number: number for number in named}
    ids, own = {}, set(map(str, here))
    for number, name in named.items():
        same = [each for each, called in here.items() if called == name]
        if number in own:
            ids[number] = number
        elif len(same) == 1:
            ids[number] = str(same[0])
            found.renamed.append(f"{sign}{name}")
        else:
            found.lost.append(f"{sign}{name or number}")
    return ids


def _keyed(table: Any, ids: Mapping[str, str]) -> dict[str, Any]:
    return {ids[key]: value for key, value in (table if isinstance(table, dict) else {}).items() if key in ids}
