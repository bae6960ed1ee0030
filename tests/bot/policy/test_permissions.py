from unittest.mock import Mock, create_autospec

import discord
import pytest

from bot.errors import MissingPermissions
from bot.policy.permissions import check_channel, check_interaction, missing, moderates

ENOUGH = {"view_channel": True, "send_messages": True, "send_messages_in_threads": True, "attach_files": True}


@pytest.mark.parametrize("thread", [False, True])
def test_nothing_is_missing(thread):
    assert missing(discord.Permissions(**ENOUGH), thread=thread) == []


@pytest.mark.parametrize(
    ("taken", "thread", "name"),
    [
        ("view_channel", False, "view_channel"),
        ("send_messages", False, "send_messages"),
        ("send_messages_in_threads", True, "send_messages_in_threads"),
        ("attach_files", True, "attach_files"),
    ],
)
def test_what_is_missing_is_named_as_discord_names_it(taken, thread, name):
    assert missing(discord.Permissions(**ENOUGH | {taken: False}), thread=thread) == [name]


def test_threads_and_channels_have_different_permissions_to_send():
    assert missing(discord.Permissions(**ENOUGH | {"send_messages": False}), thread=True) == []
    assert missing(discord.Permissions(**ENOUGH | {"send_messages_in_threads": False}), thread=False) == []


def interaction(kind: discord.ChannelType | None, *, server: int | None = 5, **granted: bool) -> discord.Interaction:
    made = create_autospec(discord.Interaction, instance=True)
    made.guild_id, made.channel_id = server, 9
    made.app_permissions = discord.Permissions(**granted)
    made.channel = create_autospec(discord.Thread, instance=True) if kind else None
    if kind:
        made.channel.type = kind
    return made


CHANNEL = {"view_channel": True, "send_messages": True, "attach_files": True}
THREAD = {"view_channel": True, "send_messages_in_threads": True, "attach_files": True}
THREADS = [discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread]


@pytest.mark.parametrize("kind", [None, discord.ChannelType.text, discord.ChannelType.voice])
def test_a_command_in_a_channel_needs_what_channels_need(kind):
    check_interaction(interaction(kind, **CHANNEL))
    with pytest.raises(MissingPermissions):
        check_interaction(interaction(kind, **THREAD))


@pytest.mark.parametrize("kind", THREADS)
def test_a_command_in_a_thread_needs_what_threads_need(kind):
    check_interaction(interaction(kind, **THREAD))
    with pytest.raises(MissingPermissions):
        check_interaction(interaction(kind, **CHANNEL))


def test_in_a_direct_message_nothing_is_missing():
    check_interaction(interaction(None, server=None))


def guild(**granted: bool) -> Mock:
    """A server in which everybody may do so much in its one channel."""
    made: Mock = create_autospec(discord.Guild, instance=True)
    made.get_channel_or_thread.return_value.type = discord.ChannelType.text
    made.get_channel_or_thread.return_value.permissions_for.return_value = discord.Permissions(**granted)
    return made


def test_a_reaction_needs_the_same_where_the_channel_is_known():
    check_channel(guild(**CHANNEL), 9)
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
