"""The sandbox's objects in the JSON shapes of Discord's API v10."""

from datetime import UTC, datetime

from .state.ids import DISCORD_EPOCH_MS, LOW_BITS
from .state.model import (
    DM,
    FORUM,
    PRIVATE,
    PRIVATE_THREAD,
    STAGE,
    VOICE,
    Channel,
    Guild,
    InteractionRecord,
    Json,
    Member,
    Role,
    Thread,
    User,
)
from .state.world import World

JOINED = "2024-01-01T12:00:00.000000+00:00"
PRIVILEGED_FLAGS = 1 << 13 | 1 << 15 | 1 << 19  # presences, members, message content (limited)


def user(of: User) -> Json:
    """A user object."""
    return {
        "id": str(of.id), "username": of.name, "global_name": of.display, "discriminator": "0",
        "avatar": None, "bot": of.bot, "public_flags": 0, "flags": 0, "banner": None, "accent_color": None,
        "avatar_decoration_data": None, "collectibles": None, "primary_guild": None,
    }  # fmt: skip


def me(of: User) -> Json:
    """The bot's own user object, which says more."""
    return {**user(of), "mfa_enabled": False, "locale": of.locale, "verified": True, "email": None}


def member(of: Member, owner: User) -> Json:
    """A guild member object."""
    return {
        "user": user(owner), "nick": of.nick, "avatar": None, "banner": None,
        "roles": [str(role_id) for role_id in of.roles], "joined_at": JOINED, "premium_since": None,
        "deaf": False, "mute": False, "flags": 0, "pending": False,
        "communication_disabled_until": iso(of.timeout_until) if of.timeout_until is not None else None,
    }  # fmt: skip


def role(of: Role) -> Json:
    """A role object."""
    body: Json = {
        "id": str(of.id), "name": of.name, "permissions": str(of.permissions), "position": of.position,
        "color": of.color, "colors": {"primary_color": of.color, "secondary_color": None, "tertiary_color": None},
        "hoist": False, "managed": of.managed, "mentionable": False, "icon": None, "unicode_emoji": None,
        "flags": 0,
    }  # fmt: skip
    if of.bot_id is not None:
        body["tags"] = {"bot_id": str(of.bot_id)}
    return body


def channel(of: Channel, world: World) -> Json:
    """A channel object: of a server, of direct messages, of a group, or a thread."""
    last = str(of.last_message_id) if of.last_message_id is not None else None
    if of.kind in PRIVATE:
        body: Json = {
            "id": str(of.id), "type": of.kind, "last_message_id": last, "flags": 0,
            "recipients": [user(world.users[each]) for each in of.recipients],
        }  # fmt: skip
        return body if of.kind == DM else {**body, "name": of.name, "icon": None, "owner_id": str(of.owner_id)}
    body = {
        "id": str(of.id), "type": of.kind, "guild_id": str(of.guild_id), "name": of.name,
        "parent_id": str(of.parent_id) if of.parent_id is not None else None,
        "rate_limit_per_user": of.slowmode, "flags": 0, "last_message_id": last,
        "last_pin_timestamp": iso(of.last_pin) if of.last_pin else None,
    }  # fmt: skip
    if of.thread is not None:
        return {**body, **_thread(of, of.thread, world)}
    return {
        **body, **_OF_KIND.get(of.kind, {}), "topic": of.topic, "position": of.position, "nsfw": of.nsfw,
        "permission_overwrites": [
            {"id": str(each.id), "type": each.kind, "allow": str(each.allow), "deny": str(each.deny)}
            for each in of.overwrites.values()
        ],
    }  # fmt: skip


_SPOKEN: Json = {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
_OF_KIND: dict[int, Json] = {
    VOICE: _SPOKEN, STAGE: _SPOKEN,
    FORUM: {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None,
            "default_forum_layout": 0},
}  # fmt: skip


def _thread(of: Channel, thread: Thread, world: World) -> Json:
    metadata: Json = {
        "archived": thread.archived, "archive_timestamp": iso(thread.archived_at), "locked": thread.locked,
        "auto_archive_duration": thread.auto_archive, "create_timestamp": iso(thread.created),
    }  # fmt: skip
    if of.kind == PRIVATE_THREAD:
        metadata["invitable"] = thread.invitable
    body: Json = {
        "owner_id": str(of.owner_id), "thread_metadata": metadata, "message_count": thread.message_count,
        "member_count": min(50, len(thread.members)), "total_message_sent": thread.total_sent,
    }  # fmt: skip
    if world.bot.id in thread.members:
        body["member"] = thread_member(of, world.bot.id)
    return body


def thread_member(of: Channel, user_id: int) -> Json:
    """A thread member object."""
    joined = of.thread.members[user_id] if of.thread is not None else 0.0
    return {"id": str(of.id), "user_id": str(user_id), "join_timestamp": iso(joined), "flags": 1}


def threads(shown: list[Channel], world: World) -> Json:
    """Threads of a server, and the bot's own memberships in them."""
    joined = [each for each in shown if each.thread is not None and world.bot.id in each.thread.members]
    return {
        "threads": [channel(each, world) for each in shown],
        "members": [thread_member(each, world.bot.id) for each in joined],
    }


def active_threads(of: Guild, world: World) -> list[Channel]:
    """The threads that the bot sees and that are not archived, as GUILD_CREATE holds them."""
    return [t for t in of.threads.values() if t.thread and not t.thread.archived and world.sees(world.bot.id, t)]


def guild(of: Guild) -> Json:
    """A guild object, without channels and members."""
    return {
        "id": str(of.id), "name": of.name, "icon": None, "description": None, "home_header": None,
        "splash": None, "discovery_splash": None, "features": [], "banner": None,
        "owner_id": str(of.owner_id), "application_id": None, "region": "deprecated",
        "afk_channel_id": None, "afk_timeout": 300, "system_channel_id": None, "system_channel_flags": 0,
        "widget_enabled": False, "widget_channel_id": None, "verification_level": 0,
        "roles": [role(each) for each in of.roles.values()], "default_message_notifications": 0,
        "mfa_level": 0, "explicit_content_filter": 0, "max_presences": None, "max_members": 25_000_000,
        "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": None,
        "premium_tier": of.boost_tier, "premium_subscription_count": (0, 2, 7, 14)[of.boost_tier],
        "preferred_locale": of.locale, "rules_channel_id": None, "safety_alerts_channel_id": None,
        "public_updates_channel_id": None, "premium_progress_bar_enabled": False, "nsfw": False,
        "nsfw_level": 0, "emojis": [], "stickers": [], "incidents_data": None,
    }  # fmt: skip


def guild_create(of: Guild, world: World, *, all_members: bool) -> Json:
    """The GUILD_CREATE event; without the members intent Discord sends the bot's own member only."""
    shown = of.members.values() if all_members else [of.members[world.bot.id]]
    return {
        **guild(of), "joined_at": JOINED, "large": False, "unavailable": False,
        "member_count": len(of.members), "voice_states": [], "presences": [],
        "threads": [channel(each, world) for each in active_threads(of, world)],
        "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
        "channels": [channel(each, world) for each in of.channels.values()],
        "members": [member(each, world.users[each.user_id]) for each in shown],
    }  # fmt: skip


def application(world: World) -> Json:
    """An application object, as its own bot may read it."""
    owner = world.people[0]
    return {
        "id": str(world.app_id), "name": world.bot.display, "icon": None, "description": "", "type": None,
        "bot": user(world.bot), "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64,
        "flags": application_flags(world), "flags_new": str(application_flags(world)),
        "redirect_uris": [], "interactions_endpoint_url": None,
        "role_connections_verification_url": None, "owner": user(owner),
        "approximate_guild_count": sum(g.bot_installed for g in world.guilds.values()),
        "approximate_user_install_count": sum(each.installed for each in world.people),
        "approximate_user_authorization_count": 0,
        "event_webhooks_url": None, "event_webhooks_status": 1, "explicit_content_filter": 0, "team": None,
        "integration_types_config": {"0": {}, "1": {}}, "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }  # fmt: skip


def command_permissions(guild_id: int, target: int, world: World) -> Json:
    """Who may use a command (`target`; the application's id stands for all commands) in a server."""
    return {
        "id": str(target), "application_id": str(world.app_id), "guild_id": str(guild_id),
        "permissions": world.command_permissions.get((guild_id, target), []),
    }  # fmt: skip


def application_flags(world: World) -> int:
    """The application's flags; they tell which privileged intents it may use."""
    return PRIVILEGED_FLAGS if world.privileged_intents else 0


def interaction(of: InteractionRecord, world: World) -> Json:
    """The INTERACTION_CREATE event, without the message that it may come from."""
    where = world.channels[of.channel_id]
    at = world.guild_of(where)
    person = world.users[of.person_id]
    body: Json = {
        "id": str(of.id), "application_id": str(world.app_id), "type": of.kind, "data": of.data,
        "token": of.token, "version": 1, "channel_id": str(where.id), "channel": channel(where, world),
        "locale": person.locale, "entitlements": [], "authorizing_integration_owners": of.owners,
        "app_permissions": str(world.app_bits(where, person.id)), "context": of.context,
        "attachment_size_limit": at.file_limit if at else 10 * 1024 * 1024,
    }  # fmt: skip
    if at is None:
        body["user"] = user(person)
        return body
    body["member"] = {
        **member(at.members[person.id], person),
        "permissions": str(world.bits(person.id, where)),
    }
    body["guild_id"], body["guild_locale"] = str(at.id), at.locale
    body["guild"] = {"id": str(at.id), "locale": at.locale, "features": []}
    return body


def iso(at: float) -> str:
    """A time in seconds of the epoch as ISO 8601 in UTC, with microseconds as Discord writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def created_at(snowflake: int) -> float:
    """When the thing with this snowflake was made, in seconds of the epoch."""
    return ((snowflake >> LOW_BITS) + DISCORD_EPOCH_MS) / 1000
