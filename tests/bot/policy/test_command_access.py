"""Discord's rule of who may use a command, against a table by hand and against the sandbox's own reading of it."""

from dataclasses import replace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Denied
from bot.policy.command_access import ADMINISTRATOR, USE_COMMANDS, Asker, Rule, Target, denied
from deploy.sandbox.permissions import Permission
from deploy.sandbox.services import command_visibility
from deploy.sandbox.state import defaults
from deploy.sandbox.state.model import Channel
from worker.contract.message.verbs import VERBS, Verb

SERVER, CHANNEL, OTHER_CHANNEL, PERSON, ROLE, OTHER_ROLE = 100, 11, 12, 21, 31, 32
ASKER = Asker(SERVER, CHANNEL, PERSON, frozenset({ROLE, OTHER_ROLE}), USE_COMMANDS)


def channel(which: int, *, allowed: bool) -> Rule:
    return Rule(Target.CHANNEL, which, allowed)


def role(which: int, *, allowed: bool) -> Rule:
    return Rule(Target.ROLE, which, allowed)


def person(which: int, *, allowed: bool) -> Rule:
    return Rule(Target.PERSON, which, allowed)


NOBODY, ALL_CHANNELS = role(SERVER, allowed=False), SERVER - 1
TABLE = [
    ("nothing is set", [], [], None),
    ("everyone is denied", [NOBODY], [], Denied.PERSON),
    ("everyone but a role", [NOBODY, role(ROLE, allowed=True)], [], None),
    ("one role of theirs is enough", [role(ROLE, allowed=False), role(OTHER_ROLE, allowed=True)], [], None),
    ("a role goes before everyone", [role(SERVER, allowed=True), role(ROLE, allowed=False)], [], Denied.PERSON),
    ("a person goes before roles", [person(PERSON, allowed=False), role(ROLE, allowed=True)], [], Denied.PERSON),
    ("another person", [person(22, allowed=False)], [], None),
    ("another role", [role(33, allowed=False)], [], None),
    ("all commands are denied", [], [NOBODY], Denied.PERSON),
    ("the command goes before all commands", [role(SERVER, allowed=True)], [person(PERSON, allowed=False)], None),
    ("also where it denies", [NOBODY], [person(PERSON, allowed=True)], Denied.PERSON),
    ("a channel", [channel(CHANNEL, allowed=False)], [], Denied.CHANNEL),
    ("another channel", [channel(OTHER_CHANNEL, allowed=False)], [], None),
    ("all channels", [channel(ALL_CHANNELS, allowed=False)], [], Denied.CHANNEL),
    ("all but this", [channel(ALL_CHANNELS, allowed=False), channel(CHANNEL, allowed=True)], [], None),
    ("all commands in no channel", [], [channel(ALL_CHANNELS, allowed=False)], Denied.CHANNEL),
    ("the command everywhere", [channel(ALL_CHANNELS, allowed=True)], [channel(CHANNEL, allowed=False)], None),
    ("people open no channel", [person(PERSON, allowed=True), channel(CHANNEL, allowed=False)], [], Denied.CHANNEL),
    ("nor does a channel let people in", [channel(CHANNEL, allowed=True), NOBODY], [], Denied.PERSON),
    ("a role with the id of a channel", [role(CHANNEL, allowed=False)], [], None),
]  # fmt: skip


@pytest.mark.parametrize(("command", "application", "why"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_rule(command: list[Rule], application: list[Rule], why: Denied | None) -> None:
    assert denied(ASKER, command, application) is why
    assert denied(replace(ASKER, permissions=ADMINISTRATOR), command, application) is None
    if why is None:  # without the permission to use commands, no rule helps
        assert denied(replace(ASKER, permissions=discord.Permissions.none()), command, application) is Denied.PERMISSION


WORLD = defaults.build()
GUILD = next(iter(WORLD.guilds.values()))
PLACES = list(GUILD.channels.values())[:3]
PLACES += [Channel(999, 11, "thread", GUILD.id, parent_id=PLACES[0].id)]
ROLES = [each for each in GUILD.roles if each != GUILD.id][:3]
RULES = st.lists(
    st.builds(
        Rule,
        st.sampled_from([Target.ROLE, Target.PERSON, Target.CHANNEL]).map(int),
        st.sampled_from([*ROLES, GUILD.id, GUILD.id - 1, *(each.id for each in WORLD.people), *(p.id for p in PLACES)]),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda each: (each.target, each.id),
)


@given(st.sampled_from(WORLD.people), st.sampled_from(PLACES), RULES, RULES)
def test_the_sandbox_reads_it_alike(someone, place: Channel, command: list[Rule], application: list[Rule]) -> None:
    """Two readings of Discord's documentation, written apart, of which Easel may import only its own."""
    for target, rules in ((7, command), (WORLD.app_id, application)):
        rows = [{"type": each.target, "id": str(each.id), "permission": each.allowed} for each in rules]
        WORLD.command_permissions[GUILD.id, target] = rows
    seen = WORLD.channels[place.parent_id] if place.parent_id else place
    theirs = command_visibility._permitted(WORLD, GUILD, someone, seen, {"id": "7"})
    bits = WORLD.bits(someone.id, seen) | Permission.USE_APPLICATION_COMMANDS
    roles = frozenset(GUILD.members[someone.id].roles)
    asker = Asker(GUILD.id, seen.id, someone.id, roles, discord.Permissions(int(bits)))
    assert (denied(asker, command, application) is None) is theirs


def test_all_that_draws_obeys_the_rules_of_the_command_that_draws() -> None:
    assert {verb for verb, row in VERBS.items() if row.rules_of != "imagine" and row.asks} == set()
    draws = {verb for verb, row in VERBS.items() if row.rules_of and not row.asks}
    assert draws == {Verb.EDIT}  # its form does; who may undo is said by its row
