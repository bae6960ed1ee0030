import discord
import pytest

from bot.policy.permissions import missing

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
