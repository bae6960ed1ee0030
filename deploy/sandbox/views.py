"""What the page and clients of the control API see: Discord's shapes plus what only the sandbox knows."""

from . import serialise
from .state.model import Channel, InteractionRecord, Json, Member, MessageRecord, User
from .state.world import World


def message(of: MessageRecord) -> Json:
    """A message object with `sandbox`: who sees it, its reactions, how often it changed."""
    return {
        **of.data,
        "sandbox": {
            "ephemeral_to": str(of.ephemeral_to) if of.ephemeral_to is not None else None,
            "thinking": of.loading,
            "revisions": len(of.revisions),
            "deleted": of.deleted,
            "interaction_id": str(of.interaction_id) if of.interaction_id is not None else None,
            "failed": of.abandoned,
            "files": [each.data for each in of.files],
            "reactions": {emoji: [str(each) for each in users] for emoji, users in of.reactions.items()},
        },
    }


def interaction(of: InteractionRecord) -> Json:
    """An interaction: who did what, and how it was answered."""
    first = None if of.answered_at is None else round((of.answered_at - of.created) * 1000, 3)
    return {
        "id": str(of.id), "kind": of.kind, "name": of.name, "token": of.token, "state": of.state,
        "person_id": str(of.person_id), "channel_id": str(of.channel_id),
        "guild_id": str(of.guild_id) if of.guild_id is not None else None,
        "context": of.context, "owners": of.owners,
        "created": of.created, "first_answer_ms": first, "answer_type": of.answer_type,
        "message_id": str(of.original_id) if of.original_id is not None else None,
        "source_id": str(of.source_id) if of.source_id is not None else None,
        "modal": of.modal, "choices": of.choices, "followups": of.followups, "data": of.data,
    }  # fmt: skip


def person(of: User) -> Json:
    """A user object with what this person has set for themselves."""
    return {**serialise.user(of), "dms_open": of.dms_open, "locale": of.locale, "installed": of.installed}


def member(of: Member) -> Json:
    """A member, short: the page looks up the user."""
    until = serialise.iso(of.timeout_until) if of.timeout_until is not None else None
    return {
        "id": str(of.user_id), "roles": [str(role) for role in of.roles], "nick": of.nick,
        "communication_disabled_until": until,
    }  # fmt: skip


def thread(of: Channel, world: World) -> Json:
    """A channel object with the ids of its members."""
    members = [str(each) for each in of.thread.members] if of.thread is not None else []
    return {**serialise.channel(of, world), "member_ids": members}


def world(of: World) -> Json:
    """Servers with their channels and members, people, and open direct messages."""
    return {
        "application_id": str(of.app_id),
        "bot": serialise.user(of.bot),
        "people": [person(each) for each in of.people],
        "guilds": [
            {
                "id": str(guild.id), "name": guild.name, "owner_id": str(guild.owner_id),
                "boost_tier": guild.boost_tier, "bot_installed": guild.bot_installed,
                "roles": [serialise.role(each) for each in guild.roles.values()],
                "members": [member(each) for each in guild.members.values()],
                "channels": [serialise.channel(each, of) for each in guild.channels.values()],
                "threads": [thread(each, of) for each in guild.threads.values()],
            }
            for guild in of.guilds.values()
        ],
        "dms": [serialise.channel(each, of) for each in of.channels.values() if each.guild_id is None],
    }  # fmt: skip
