"""What the gateway's events hold: the objects of the OpenAPI description, in envelopes as the documentation has them.

The description covers HTTP only; its component schemas stand for the objects inside events. The envelopes follow
"Gateway Events" and "Receiving and Responding" in Discord's documentation.
"""

from typing import Any

Json = dict[str, Any]

TEXT, NUMBER, YES_NO = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}


def component(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


ID, USER, MESSAGE = component("SnowflakeType"), component("UserResponse"), component("MessageResponse")
MEMBER, ROLE = component("GuildMemberResponse"), component("GuildRoleResponse")
THREAD, THREAD_MEMBER = component("ThreadResponse"), component("ThreadMemberResponse")
MOMENT: Json = {"type": "string", "format": "date-time"}


def thing(fields: Json, base: Json | None = None) -> Json:
    """An object with these fields, and those of `base`; a name that ends with "?" may be left out."""
    body: Json = {
        "type": "object",
        "properties": {name.rstrip("?"): schema for name, schema in fields.items()},
        "required": [name for name in fields if not name.endswith("?")],
    }
    return {"allOf": [base, body]} if base else body


def many(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def by_id(schema: Json) -> Json:
    return {"type": "object", "additionalProperties": schema, "propertyNames": {"pattern": "^[0-9]+$"}}


def by_name(schema: Json) -> Json:
    return {"type": "object", "additionalProperties": schema}


def one_of(*values: Any) -> Json:
    return {"enum": list(values)}


CHANNEL: Json = {
    "oneOf": [
        component(f"{kind}ChannelResponse") for kind in ("Guild", "Private", "PrivateGroup")] + [THREAD]
}  # fmt: skip
# Members beside their user, as in messages and in what an interaction resolves.
PART_OF_MEMBER = thing({"mute?": YES_NO, "deaf?": YES_NO, "permissions?": TEXT}, component("BasicGuildMemberResponse"))
MENTIONED = thing({"member?": PART_OF_MEMBER}, USER)
SENT = thing(
    {"guild_id?": ID, "member?": PART_OF_MEMBER, "channel_type?": NUMBER, "mentions": many(MENTIONED)}, MESSAGE
)
EMOJI = thing({"id": {"type": ["string", "null"]}, "name": {"type": ["string", "null"]}, "animated?": YES_NO})
WHERE: Json = {"channel_id": ID, "guild_id?": ID}
REACTED: Json = {**WHERE, "message_id": ID, "user_id": ID, "emoji": EMOJI, "burst": YES_NO, "type": one_of(0, 1)}
UNAVAILABLE: Json = {"id": ID, "unavailable?": YES_NO}

RESOLVED = thing(
    {
        "users?": by_id(USER), "members?": by_id(PART_OF_MEMBER), "roles?": by_id(ROLE),
        "channels?": by_id(thing({
            "id": ID, "type": NUMBER, "name": TEXT, "permissions": TEXT, "app_permissions?": TEXT, "flags?": NUMBER,
            "last_message_id?": {"type": ["string", "null"]}, "last_pin_timestamp?": {"type": ["string", "null"]},
            "nsfw?": YES_NO, "parent_id?": {"type": ["string", "null"]}, "guild_id?": ID, "position?": NUMBER,
            "rate_limit_per_user?": NUMBER, "topic?": {"type": ["string", "null"]}, "thread_metadata?": {},
        })),
        "messages?": by_id(MESSAGE), "attachments?": by_id(component("MessageAttachmentResponse")),
    }
)  # fmt: skip
COMMAND_DATA = thing(
    {
        "id": ID, "name": TEXT, "type": one_of(1, 2, 3), "resolved?": RESOLVED, "guild_id?": ID, "target_id?": ID,
        "options?": many({"$ref": "#/components/schemas/GivenOption"}),
    }
)  # fmt: skip
GIVEN_OPTION = thing(
    {
        "name": TEXT, "type": one_of(*range(1, 12)), "value?": {"type": ["string", "number", "boolean"]},
        "focused?": YES_NO, "options?": many({"$ref": "#/components/schemas/GivenOption"}),
    }
)  # fmt: skip
GIVEN_COMPONENT = thing(
    {
        "type": NUMBER, "id": NUMBER, "custom_id?": {"type": "string", "maxLength": 100},
        "value?": {"type": ["string", "boolean", "null"]}, "values?": many(TEXT),
        "component?": component("GivenComponent"), "components?": many(component("GivenComponent")),
    }
)  # fmt: skip
COMPONENT_DATA = thing(
    {"custom_id": TEXT, "component_type": one_of(2, 3, 5, 6, 7, 8), "id?": NUMBER, "values?": many(TEXT),
     "resolved?": RESOLVED}
)  # fmt: skip
MODAL_DATA = thing({"custom_id": TEXT, "components": many(component("GivenComponent")), "resolved?": RESOLVED})
OWN_SCHEMAS = {"GivenOption": GIVEN_OPTION, "GivenComponent": GIVEN_COMPONENT}


def interaction(kind: int, data: Json) -> Json:
    return thing(
        {
            "id": ID, "application_id": ID, "type": one_of(kind), "data": data, "token": TEXT, "version": one_of(1),
            "guild?": thing({"id": ID, "locale": TEXT, "features": many(TEXT)}), "guild_id?": ID, "guild_locale?": TEXT,
            "channel": CHANNEL, "channel_id": ID, "member?": thing({"permissions": TEXT}, MEMBER), "user?": USER,
            "message?": MESSAGE, "app_permissions": {"type": "string", "pattern": "^[0-9]+$"}, "locale": TEXT,
            "entitlements": many({}), "entitlement_sku_ids?": many(ID), "context": one_of(0, 1, 2),
            "authorizing_integration_owners": thing({"0?": ID, "1?": ID}),
            "attachment_size_limit": {"type": "integer", "minimum": 1},
        }
    )  # fmt: skip


EVENTS: dict[str, Json] = {
    "READY": thing({
        "v": one_of(9, 10), "user": component("UserPIIResponse"), "guilds": many(thing(UNAVAILABLE)),
        "session_id": TEXT, "resume_gateway_url": {"type": "string", "format": "uri"}, "session_type?": TEXT,
        "shard?": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
        "application": thing({"id": ID, "flags": NUMBER}),
        # Not documented, but sent to bots as well, and empty.
        "private_channels?": many({}), "relationships?": many({}), "presences?": many({}),
        "user_settings?": {}, "geo_ordered_rtc_regions?": many(TEXT), "_trace?": many(TEXT),
    }),
    "RESUMED": {"type": "object"},
    "GUILD_CREATE": thing({
        "joined_at": MOMENT, "large": YES_NO, "unavailable?": YES_NO, "member_count": NUMBER, "voice_states": many({}),
        "members": many(MEMBER), "channels": many(component("GuildChannelResponse")), "threads": many(THREAD),
        "presences": many({}), "stage_instances": many({}), "guild_scheduled_events": many({}),
        "soundboard_sounds": many({}),
    }, component("GuildResponse")),
    "GUILD_UPDATE": component("GuildResponse"),
    "GUILD_DELETE": thing(UNAVAILABLE),
    "APPLICATION_COMMAND_PERMISSIONS_UPDATE": component("CommandPermissionsResponse"),
    "GUILD_ROLE_CREATE": thing({"guild_id": ID, "role": ROLE}),
    "GUILD_ROLE_UPDATE": thing({"guild_id": ID, "role": ROLE}),
    "GUILD_ROLE_DELETE": thing({"guild_id": ID, "role_id": ID}),
    "GUILD_MEMBER_ADD": thing({"guild_id": ID}, MEMBER),
    "GUILD_MEMBER_UPDATE": thing({"guild_id": ID}, MEMBER),
    "GUILD_MEMBER_REMOVE": thing({"guild_id": ID, "user": USER}),
    "GUILD_MEMBERS_CHUNK": thing({
        "guild_id": ID, "members": many(MEMBER), "chunk_index": NUMBER, "chunk_count": NUMBER, "not_found?": many(ID),
        "presences?": many({}), "nonce?": TEXT,
    }),
    "CHANNEL_CREATE": CHANNEL, "CHANNEL_UPDATE": CHANNEL, "CHANNEL_DELETE": CHANNEL,
    "CHANNEL_PINS_UPDATE": thing({**WHERE, "last_pin_timestamp?": {"type": ["string", "null"], "format": "date-time"}}),
    "THREAD_CREATE": thing({"newly_created?": YES_NO}, THREAD),
    "THREAD_UPDATE": THREAD,
    "THREAD_DELETE": thing({"id": ID, "guild_id": ID, "parent_id": ID, "type": one_of(10, 11, 12)}),
    "THREAD_LIST_SYNC": thing({
        "guild_id": ID, "channel_ids?": many(ID), "threads": many(THREAD), "members": many(THREAD_MEMBER)}),
    "THREAD_MEMBER_UPDATE": thing({"guild_id": ID}, THREAD_MEMBER),
    "THREAD_MEMBERS_UPDATE": thing({
        "id": ID, "guild_id": ID, "member_count": NUMBER, "removed_member_ids?": many(ID),
        "added_members?": many(thing({"member?": MEMBER, "presence?": {}}, THREAD_MEMBER)),
    }),
    "MESSAGE_CREATE": SENT, "MESSAGE_UPDATE": SENT,
    "MESSAGE_DELETE": thing({"id": ID, **WHERE}),
    "MESSAGE_DELETE_BULK": thing({"ids": many(ID), **WHERE}),
    "MESSAGE_REACTION_ADD": thing({
        **REACTED, "member?": MEMBER, "message_author_id?": ID, "burst_colors?": many(TEXT)}),
    "MESSAGE_REACTION_REMOVE": thing(REACTED),
    "MESSAGE_REACTION_REMOVE_ALL": thing({**WHERE, "message_id": ID}),
    "MESSAGE_REACTION_REMOVE_EMOJI": thing({**WHERE, "message_id": ID, "emoji": EMOJI}),
    "TYPING_START": thing({**WHERE, "user_id": ID, "timestamp": NUMBER, "member?": MEMBER}),
    "USER_UPDATE": USER,
    "WEBHOOKS_UPDATE": thing({"guild_id": ID, "channel_id": ID}),
    "PRESENCE_UPDATE": thing({
        "guild_id": ID, "user": thing({"id": ID}), "status": TEXT, "activities": many({"type": "object"}),
        "client_status": by_name(TEXT),
    }),
    "CHANNEL_INFO": thing({"guild_id": ID, "channels": many(thing({
        "id": ID, "status?": {"type": ["string", "null"]}, "voice_start_time?": {"type": ["integer", "null"]}}))}),
    "SOUNDBOARD_SOUNDS": thing({"guild_id": ID, "soundboard_sounds": many(component("SoundboardSoundResponse"))}),
    "RATE_LIMITED": thing({"opcode": NUMBER, "retry_after": {"type": "number"}, "meta": {"type": "object"}}),
}  # fmt: skip
INTERACTIONS = {
    2: interaction(2, COMMAND_DATA), 3: interaction(3, COMPONENT_DATA),
    4: interaction(4, COMMAND_DATA), 5: interaction(5, MODAL_DATA),
}  # fmt: skip
