"""Servers, channels, threads and groups: made, changed and removed."""

from deploy.sandbox import serialise
from deploy.sandbox.errors import bad_field
from deploy.sandbox.state.defaults import add_guild
from deploy.sandbox.state.model import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    Json,
)
from deploy.sandbox.validate import messages
from deploy.sandbox.validate import threads as form

from .request import ControlRequest, Handler

FIRST_ADDED = 10_000
SLOWMODE_MOST = 21_600  # seconds
_CHANGES = ("name", "archived", "locked", "invitable", "auto_archive_duration", "rate_limit_per_user")


def start_thread(request: ControlRequest) -> object:
    """person, `name`, and `message` to start it from, or `channel` and `private`; in a forum `content` and `files`."""
    person = request.person()
    parent = request.channel() if request.get("message") is None else None
    kind = PRIVATE_THREAD if request.get("private") else PUBLIC_THREAD
    if parent is not None and parent.kind == ANNOUNCEMENT:
        kind = ANNOUNCEMENT_THREAD
    asked = form.check({**request.chosen(*_CHANGES), "type": kind})
    if parent is None:
        made = request.box.threads.start_from(person.id, request.message(), asked)
    elif parent.kind == FORUM:
        body = {"content": str(request.get("content") or "")}
        limit = request.box.world.file_limit(parent)
        draft = messages.check(body, request.uploads(), file_limit=limit)
        made, _ = request.box.threads.post(person.id, parent, asked, draft)
    else:
        made = request.box.threads.start(person.id, parent, asked)
    return serialise.channel(made, request.box.world)


def change_thread(request: ControlRequest) -> object:
    """person, thread, and what changes: name, archived, locked, invitable, auto_archive_duration (minutes)."""
    asked = form.check(request.chosen(*_CHANGES), new=False)
    return serialise.channel(
        request.box.threads.change(request.person().id, request.channel("thread"), asked), request.box.world
    )


def join_thread(request: ControlRequest) -> object:
    """person, thread, and `who` to bring in; the bot may be named too."""
    person = request.person()
    who = request.person("who") if request.get("who") is not None else person
    request.box.threads.add(person.id, request.channel("thread"), who.id)
    return None


def leave_thread(request: ControlRequest) -> object:
    """person, thread, and `who` to send out."""
    person = request.person()
    who = request.person("who") if request.get("who") is not None else person
    request.box.threads.remove(person.id, request.channel("thread"), who.id)
    return None


def delete_thread(request: ControlRequest) -> object:
    """person, thread."""
    request.box.threads.delete(request.person().id, request.channel("thread"))
    return None


def open_dm(request: ControlRequest) -> object:
    """The direct messages of `person` with the bot, or with someone else (`with`)."""
    people = [request.person()] + ([request.person("with")] if request.get("with") is not None else [])
    return serialise.channel(request.box.actions.private_channel(people), request.box.world)


def group(request: ControlRequest) -> object:
    """`people` (three or more names), `name`: a group of direct messages. The bot cannot be in one."""
    people = request.people()
    if len({each.id for each in people if not each.bot}) < 3:
        raise bad_field("people", "BASE_TYPE_BAD_LENGTH", "A group has three people or more, and no bot.")
    return serialise.channel(
        request.box.actions.private_channel(people, str(request.get("name") or "")), request.box.world
    )


def change_channel(request: ControlRequest) -> object:
    """channel, and what changes: `nsfw`, `slowmode` (seconds)."""
    channel = request.channel()
    channel.nsfw = bool(request.body.get("nsfw", channel.nsfw))
    slowmode = int(request.number("slowmode", channel.slowmode))
    if not 0 <= slowmode <= SLOWMODE_MOST:
        raise bad_field("slowmode", "NUMBER_TYPE_MAX", f"Slow mode is between 0 and {SLOWMODE_MOST} seconds.")
    channel.slowmode = slowmode
    if channel.thread is not None:
        request.box.announce.thread("THREAD_UPDATE", channel)
    else:
        request.box.announce.channel("CHANNEL_UPDATE", channel)
    return serialise.channel(channel, request.box.world)


def delete_channel(request: ControlRequest) -> object:
    """channel: delete it, or a thread, as an admin would."""
    channel = request.channel()
    if channel.thread is not None:
        request.box.announce.thread("THREAD_DELETE", channel)
    else:
        request.box.announce.channel("CHANNEL_DELETE", channel)
    request.box.world.drop_channel(channel)
    request.box.announce.world_changed()
    return None


def install(request: ControlRequest) -> object:
    """guild, `installed`: add the bot to a server or throw it out; `outage`: Discord cannot reach it, or can again."""
    guild = request.guild()
    guild.bot_installed = bool(request.need("installed"))
    announce = request.box.announce
    told = announce.guild_joined if guild.bot_installed else announce.guild_left
    told(guild, outage=bool(request.get("outage")))
    return None


def boost(request: ControlRequest) -> object:
    """guild, `tier` (0 to 3): how large its uploads may be."""
    guild, tier = request.guild(), int(request.number("tier"))
    if tier not in range(4):
        raise bad_field("tier", "NUMBER_TYPE_MAX", "A boost tier is between 0 and 3.")
    guild.boost_tier = tier
    request.box.announce.guild_changed(guild)
    return None


def add_guilds(request: ControlRequest) -> object:
    """`count` more servers, with the usual channels, for load tests."""
    world = request.box.world
    made: list[Json] = []
    for _ in range(int(request.number("count", 1))):
        number = FIRST_ADDED + 101 * len(world.guilds)
        guild = add_guild(world, number, f"Server {len(world.guilds) + 1}", world.people[0].id)
        request.box.announce.guild_joined(guild)
        made.append({"id": str(guild.id), "name": guild.name})
    return made


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/thread", start_thread),
    ("POST", "/thread/change", change_thread),
    ("POST", "/thread/join", join_thread),
    ("POST", "/thread/leave", leave_thread),
    ("POST", "/thread/delete", delete_thread),
    ("POST", "/open-dm", open_dm),
    ("POST", "/group", group),
    ("POST", "/channel", change_channel),
    ("POST", "/delete-channel", delete_channel),
    ("POST", "/install", install),
    ("POST", "/boost", boost),
    ("POST", "/guilds", add_guilds),
]
