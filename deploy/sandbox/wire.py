"""The sandbox's objects in the JSON shapes of Discord's API v10."""

from . import permissions
from .ids import DISCORD_EPOCH_MS, LOW_BITS
from .model import DM, Channel, Guild, Interaction, Json, Member, Role, User
from .world import World

JOINED = "2024-01-01T12:00:00.000000+00:00"
PRIVILEGED_FLAGS = 1 << 13 | 1 << 15 | 1 << 19  # presences, members, message content (limited)


def user(of: User) -> Json:
    return {
        "id": str(of.id), "username": of.name, "global_name": of.display, "discriminator": "0",
        "avatar": None, "bot": of.bot, "public_flags": 0, "flags": 0, "banner": None, "accent_color": None,
        "avatar_decoration_data": None, "collectibles": None, "primary_guild": None,
    }  # fmt: skip


def me(of: User) -> Json:
    return {**user(of), "mfa_enabled": False, "locale": of.locale, "verified": True, "email": None}


def member(of: Member, owner: User) -> Json:
    return {
        "user": user(owner), "nick": of.nick, "avatar": None, "banner": None,
        "roles": [str(role_id) for role_id in of.roles], "joined_at": JOINED, "premium_since": None,
        "deaf": False, "mute": False, "flags": 0, "pending": False, "communication_disabled_until": None,
    }  # fmt: skip


def role(of: Role) -> Json:
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
    last = str(of.last_message_id) if of.last_message_id is not None else None
    if of.kind == DM:
        return {
            "id": str(of.id), "type": DM, "last_message_id": last, "flags": 0,
            "recipients": [user(world.users[each]) for each in of.recipients],
        }  # fmt: skip
    return {
        "id": str(of.id), "type": of.kind, "guild_id": str(of.guild_id), "name": of.name, "topic": of.topic,
        "position": of.position, "parent_id": None, "nsfw": False, "rate_limit_per_user": 0, "flags": 0,
        "last_message_id": last, "last_pin_timestamp": None,
        "permission_overwrites": [
            {"id": str(each.id), "type": each.kind, "allow": str(each.allow), "deny": str(each.deny)}
            for each in of.overwrites.values()
        ],
    }  # fmt: skip


def guild(of: Guild) -> Json:
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
        "member_count": len(of.members), "voice_states": [], "threads": [], "presences": [],
        "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
        "channels": [channel(each, world) for each in of.channels.values()],
        "members": [member(each, world.users[each.user_id]) for each in shown],
    }  # fmt: skip


def application(world: World) -> Json:
    owner = world.people[0]
    return {
        "id": str(world.app_id), "name": world.bot.display, "icon": None, "description": "", "type": None,
        "bot": user(world.bot), "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64,
        "flags": application_flags(world), "flags_new": str(application_flags(world)),
        "redirect_uris": [], "interactions_endpoint_url": None,
        "role_connections_verification_url": None, "owner": user(owner),
        "approximate_guild_count": sum(g.bot_installed for g in world.guilds.values()),
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
        "event_webhooks_url": None, "event_webhooks_status": 1, "explicit_content_filter": 0, "team": None,
        "integration_types_config": {"0": {}}, "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }  # fmt: skip


def application_flags(world: World) -> int:
    return PRIVILEGED_FLAGS if world.privileged_intents else 0


def interaction(of: Interaction, world: World) -> Json:
    """The INTERACTION_CREATE event, but for a message it may come from."""
    where = world.channels[of.channel_id]
    at = world.guild_of(where)
    person = world.users[of.person_id]
    body: Json = {
        "id": str(of.id), "application_id": str(world.app_id), "type": of.kind, "data": of.data,
        "token": of.token, "version": 1, "channel_id": str(where.id), "channel": channel(where, world),
        "locale": person.locale, "entitlements": [], "authorizing_integration_owners": owners(of),
        "app_permissions": str(world.app_bits(where)), "context": 0 if at else 1,
        "attachment_size_limit": at.file_limit if at else 10 * 1024 * 1024,
    }  # fmt: skip
    if at is None:
        body["user"] = user(person)
        return body
    body["member"] = {
        **member(at.members[person.id], person),
        "permissions": str(permissions.in_channel(at, person.id, where)),
    }
    body["guild_id"], body["guild_locale"] = str(at.id), at.locale
    body["guild"] = {"id": str(at.id), "locale": at.locale, "features": []}
    return body


def owners(of: Interaction) -> dict[str, str]:
    """Who installed the app where this happened: "0" is an installation in the server."""
    return {"0": str(of.guild_id) if of.guild_id is not None else "0"}


def created_at(snowflake: int) -> float:
    return ((snowflake >> LOW_BITS) + DISCORD_EPOCH_MS) / 1000
