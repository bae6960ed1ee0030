"""Servers, channels, threads and groups: made, changed and removed."""

from deploy.sandbox import serialise
from deploy.sandbox.errors import bad_field
from deploy.sandbox.state.defaults import add_guild
from deploy.sandbox.state.model import PRIVATE_THREAD, PUBLIC_THREAD, Json
from deploy.sandbox.validate import threads as form

from .request import Ask, Handler

FIRST_ADDED = 10_000
_CHANGES = ("name", "archived", "locked", "invitable", "auto_archive_duration", "rate_limit_per_user")


def start_thread(ask: Ask) -> object:
    """person, `name`, and `message` to start it from, or `channel` and `private`."""
    person = ask.person()
    kind = PRIVATE_THREAD if ask.get("private") else PUBLIC_THREAD
    asked = form.check({**ask.chosen(*_CHANGES), "type": kind})
    if ask.get("message") is not None:
        made = ask.box.threads.start_from(person.id, ask.message(), asked)
    else:
        made = ask.box.threads.start(person.id, ask.channel(), asked)
    return serialise.channel(made, ask.box.world)


def change_thread(ask: Ask) -> object:
    """person, thread, and what changes: name, archived, locked, invitable, auto_archive_duration (minutes)."""
    asked = form.check(ask.chosen(*_CHANGES), new=False)
    return serialise.channel(ask.box.threads.change(ask.person().id, ask.channel("thread"), asked), ask.box.world)


def join_thread(ask: Ask) -> object:
    """person, thread, and `who` to bring in; the bot may be named too."""
    person = ask.person()
    who = ask.person("who") if ask.get("who") is not None else person
    ask.box.threads.add(person.id, ask.channel("thread"), who.id)
    return None


def leave_thread(ask: Ask) -> object:
    """person, thread, and `who` to send out."""
    person = ask.person()
    who = ask.person("who") if ask.get("who") is not None else person
    ask.box.threads.remove(person.id, ask.channel("thread"), who.id)
    return None


def delete_thread(ask: Ask) -> object:
    """person, thread."""
    ask.box.threads.delete(ask.person().id, ask.channel("thread"))
    return None


def open_dm(ask: Ask) -> object:
    """The direct messages of `person` with the bot, or with somebody else (`with`)."""
    people = [ask.person()] + ([ask.person("with")] if ask.get("with") is not None else [])
    return serialise.channel(ask.box.acts.private_channel(people), ask.box.world)


def group(ask: Ask) -> object:
    """`people` (three or more names), `name`: a group of direct messages. The bot cannot be in one."""
    people = ask.people()
    if len({each.id for each in people if not each.bot}) < 3:
        raise bad_field("people", "BASE_TYPE_BAD_LENGTH", "A group has three people or more, and no bot.")
    return serialise.channel(ask.box.acts.private_channel(people, str(ask.get("name") or "")), ask.box.world)


def change_channel(ask: Ask) -> object:
    """channel, and what changes: `nsfw`, `slowmode` (seconds)."""
    channel = ask.channel()
    channel.nsfw = bool(ask.body.get("nsfw", channel.nsfw))
    channel.slowmode = int(ask.number("slowmode", channel.slowmode))
    if channel.thread is not None:
        ask.box.announce.thread("THREAD_UPDATE", channel)
    else:
        ask.box.announce.channel("CHANNEL_UPDATE", channel)
    return serialise.channel(channel, ask.box.world)


def delete_channel(ask: Ask) -> object:
    channel = ask.channel()
    if channel.thread is not None:
        ask.box.announce.thread("THREAD_DELETE", channel)
    else:
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


def boost(ask: Ask) -> object:
    """guild, `tier` (0 to 3): how large its uploads may be."""
    guild, tier = ask.guild(), int(ask.number("tier"))
    if tier not in range(4):
        raise bad_field("tier", "NUMBER_TYPE_MAX", "A boost tier is between 0 and 3.")
    guild.boost_tier = tier
    ask.box.announce.guild_changed(guild)
    return None


def add_guilds(ask: Ask) -> object:
    """`count` more servers, with the usual channels, for load tests."""
    world = ask.box.world
    made: list[Json] = []
    for _ in range(int(ask.number("count", 1))):
        number = FIRST_ADDED + 101 * len(world.guilds)
        guild = add_guild(world, number, f"Server {len(world.guilds) + 1}", world.people[0].id)
        ask.box.announce.guild_joined(guild)
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
