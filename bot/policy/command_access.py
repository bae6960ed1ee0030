"""Who may use a command, and where: what a server's admins set in Discord under Server settings → Integrations.

Discord itself asks this of whoever types a command, and of nobody who presses a button or reacts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import discord

from bot.errors import Denied

ADMINISTRATOR = discord.Permissions(administrator=True)
USE_COMMANDS = discord.Permissions(use_application_commands=True)


class Target(IntEnum):
    """What a rule is about, as Discord's API numbers it."""

    ROLE = 1
    PERSON = 2
    CHANNEL = 3


@dataclass(frozen=True)
class Rule:
    """One line of that page: a role, a person or a channel is allowed or denied.

    The id of the server stands for everyone, the one before it for all channels.
    """

    target: int
    id: int
    allowed: bool


@dataclass(frozen=True)
class Asker:
    """Who does something in a server, and where.

    Attributes:
        channel: of a thread the channel that it belongs to; rules are made for channels.
        roles: ids, without that of everyone.
        permissions: what they may do in that channel.
    """

    server: int
    channel: int
    person: int
    roles: frozenset[int]
    permissions: discord.Permissions


def denied(asker: Asker, command: Sequence[Rule], application: Sequence[Rule]) -> Denied | None:
    """Why this person may not use a command here; None when they may.

    Args:
        asker: who, and where.
        command: the rules of the command itself. Whatever they say goes before what is said of all commands.
        application: the rules of all commands of the application.
    """
    if asker.permissions >= ADMINISTRATOR:
        return None
    if not asker.permissions >= USE_COMMANDS:
        return Denied.PERMISSION
    if _first(_of_channel(command, asker), _of_channel(application, asker)) is False:
        return Denied.CHANNEL
    if _first(_of_person(command, asker), _of_person(application, asker)) is False:
        return Denied.PERSON
    return None


def named(asker: Asker, command: Sequence[Rule]) -> bool:
    """Whether the rules of a command let this person use it by name, role or as everyone.

    That goes before the permissions which the command asks for by itself; rules of all commands do not.
    """
    return _of_person(command, asker) is True


def asker_of(server: int, channel: object, channel_id: int, member: discord.Member) -> Asker:
    """The asker that a member is in a channel, given as far as discord.py knows it.

    Of a thread that it was never told of, nobody knows the channel; then only the rule for all channels can apply.
    """
    where = channel.parent_id if isinstance(channel, discord.Thread) else channel_id
    place = channel.parent if isinstance(channel, discord.Thread) else channel
    granted = place.permissions_for(member) if isinstance(place, discord.abc.GuildChannel) else USE_COMMANDS
    # `member.roles` leaves out what the gateway has not told yet; the event itself names them all.
    return Asker(server, where, member.id, frozenset(member._roles), granted)  # noqa: SLF001


def _first(*said: bool | None) -> bool | None:
    return next((each for each in said if each is not None), None)


def _of_channel(rules: Sequence[Rule], asker: Asker) -> bool | None:
    """One channel before all channels."""
    return _first(*(_said(rules, Target.CHANNEL, each) for each in (asker.channel, asker.server - 1)))


def _of_person(rules: Sequence[Rule], asker: Asker) -> bool | None:
    """The person before their roles, of which one that is allowed is enough, before everyone."""
    of_roles = [said for each in asker.roles if (said := _said(rules, Target.ROLE, each)) is not None]
    return _first(
        _said(rules, Target.PERSON, asker.person),
        any(of_roles) if of_roles else None,
        _said(rules, Target.ROLE, asker.server),
    )


def _said(rules: Sequence[Rule], target: Target, wanted: int) -> bool | None:
    return next((each.allowed for each in rules if (each.target, each.id) == (target, wanted)), None)
