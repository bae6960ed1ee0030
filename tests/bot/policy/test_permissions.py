from unittest.mock import Mock, create_autospec

import discord
import pytest
from discord import ChannelType

from bot.errors import MissingPermissions
from bot.policy.permissions import check_channel, check_interaction, missing, moderates

ENOUGH = {
    "view_channel": True, "connect": True, "send_messages": True, "send_messages_in_threads": True,
    "attach_files": True,
}  # fmt: skip
TEXT, THREAD, VOICE, STAGE = ChannelType.text, ChannelType.public_thread, ChannelType.voice, ChannelType.stage_voice


@pytest.mark.parametrize("kind", [*ChannelType, None])
def test_nothing_is_missing(kind):
    assert missing(discord.Permissions(**ENOUGH), kind) == []


@pytest.mark.parametrize(
    ("taken", "kind"),
    [
        ("view_channel", TEXT), ("send_messages", TEXT), ("send_messages_in_threads", THREAD), ("attach_files", THREAD),
        ("connect", VOICE), ("connect", STAGE), ("send_messages", VOICE),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_as_discord_names_it(taken, kind):
    assert missing(discord.Permissions(**ENOUGH | {taken: False}), kind) == [taken]


@pytest.mark.parametrize(
    ("taken", "kind"),
    [("send_messages", THREAD), ("send_messages_in_threads", TEXT), ("connect", TEXT), ("connect", THREAD)],
)
def test_what_another_kind_of_channel_needs_is_not_missed(taken, kind):
    assert missing(discord.Permissions(**ENOUGH | {taken: False}), kind) == []


def interaction(kind: discord.ChannelType | None, *, server: int | None = 5, **granted: bool) -> discord.Interaction:
    made = create_autospec(discord.Interaction, instance=True)
    made.guild_id, made.channel_id = server, 9
    made.app_permissions = discord.Permissions(**granted)
    made.channel = create_autospec(discord.Thread, instance=True) if kind else None
    if kind:
        made.channel.type = kind
    return made


IN_CHANNEL = {"view_channel": True, "send_messages": True, "attach_files": True}
IN_THREAD = {"view_channel": True, "send_messages_in_threads": True, "attach_files": True}
THREADS = [discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread]


@pytest.mark.parametrize("kind", [None, TEXT])
def test_a_command_in_a_channel_needs_what_channels_need(kind):
    check_interaction(interaction(kind, **IN_CHANNEL))
    with pytest.raises(MissingPermissions):
        check_interaction(interaction(kind, **IN_THREAD))


@pytest.mark.parametrize("kind", THREADS)
def test_a_command_in_a_thread_needs_what_threads_need(kind):
    check_interaction(interaction(kind, **IN_THREAD))
    with pytest.raises(MissingPermissions):
        check_interaction(interaction(kind, **IN_CHANNEL))


@pytest.mark.parametrize("kind", [VOICE, STAGE])
def test_a_command_where_people_speak_needs_to_be_let_in(kind):
    check_interaction(interaction(kind, **IN_CHANNEL, connect=True))
    with pytest.raises(MissingPermissions):
        check_interaction(interaction(kind, **IN_CHANNEL))


def test_in_a_direct_message_nothing_is_missing():
    check_interaction(interaction(None, server=None))


def guild(**granted: bool) -> Mock:
    """A server in which everybody may do so much in its one channel."""
    made: Mock = create_autospec(discord.Guild, instance=True)
    made.get_channel_or_thread.return_value.type = discord.ChannelType.text
    made.get_channel_or_thread.return_value.permissions_for.return_value = discord.Permissions(**granted)
    return made


def test_a_reaction_needs_the_same_where_the_channel_is_known():
    check_channel(guild(**IN_CHANNEL), 9)
    with pytest.raises(MissingPermissions):
        check_channel(guild(), 9)
    unknown = guild()
    unknown.get_channel_or_thread.return_value = None
    check_channel(unknown, 9)


def test_moderators_are_members_who_may_manage_messages_there():
    member = create_autospec(discord.Member, instance=True)
    assert moderates(guild(manage_messages=True), 9, member)
    assert not moderates(guild(view_channel=True), 9, member)
    assert not moderates(guild(manage_messages=True), 9, None)
    assert not moderates(None, 9, member)
