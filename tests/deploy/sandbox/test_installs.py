"""An application that people installed for themselves: in servers without the bot, in groups, between two people."""

from typing import Any

import discord
import pytest
from discord import app_commands

from deploy.sandbox.client import SandboxClient, SandboxError
from tests.deploy.sandbox.parts import Bot, Connect, refused


def everywhere_bot() -> Bot:
    bot = Bot()

    @bot.tree.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def anywhere(interaction: discord.Interaction) -> None:
        bot.heard.put_nowait(("asked", interaction))

    @bot.tree.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def servers_only(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")

    return bot


async def asked(bot: Bot, sandbox: SandboxClient, channel: str | int, person: str) -> discord.Interaction:
    await sandbox.slash(channel, person, "anywhere", wait=False)
    found: discord.Interaction = await bot.next("asked")
    return found


async def test_only_who_installed_it_uses_it_where_the_bot_is_not(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(everywhere_bot())
    await sandbox.install("Atelier", installed=False)
    await sandbox.change_person("Bea", installed=True)
    with pytest.raises(SandboxError, match="10063"):
        await sandbox.slash("Atelier/gallery", "Cem", "anywhere")
    with pytest.raises(SandboxError, match="10063"):
        await sandbox.slash("Atelier/gallery", "Bea", "servers_only")
    interaction = await asked(bot, sandbox, "Atelier/gallery", "Bea")
    assert interaction.context.guild
    assert interaction.is_user_integration()
    assert not interaction.is_guild_integration()
    assert interaction.app_permissions.attach_files
    await interaction.response.send_message("public all the same")
    assert (await sandbox.messages("Atelier/gallery", "Cem"))[0].content == "public all the same"
    assert interaction.channel_id is not None
    async with refused(50001):
        await bot.http.send_message(interaction.channel_id, params=discord.http.handle_message_parameters("x"))


async def test_five_follow_ups_and_fifteen_minutes_are_all(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(everywhere_bot())
    await sandbox.install("Atelier", installed=False)
    await sandbox.change_person("Bea", installed=True)
    interaction = await asked(bot, sandbox, "Atelier/gallery", "Bea")
    answer = await interaction.response.send_message("first")
    for number in range(5):
        await interaction.followup.send(f"more {number}")
    async with refused(40094):
        await interaction.followup.send("too many")
    await sandbox.clock(jump=900)
    async with refused(50027):
        await interaction.edit_original_response(content="late")
    assert interaction.channel_id is not None
    async with refused(50001):
        await bot.http.edit_message(
            interaction.channel_id, answer.message_id or 0, params=discord.http.handle_message_parameters("late")
        )


async def test_who_may_not_use_outside_apps_aloud_is_answered_in_private(
    connect: Connect, sandbox: SandboxClient
) -> None:
    bot = await connect(everywhere_bot())
    await sandbox.install("Atelier", installed=False)
    await sandbox.change_person("Cem", installed=True)
    await sandbox.role("Atelier", "@everyone", deny=["USE_EXTERNAL_APPS"])
    interaction = await asked(bot, sandbox, "Atelier/gallery", "Cem")
    await interaction.response.send_message("meant for all")
    assert [each.ephemeral for each in await sandbox.messages("Atelier/gallery")] == [True]


@pytest.mark.parametrize(("people", "kind"), [(("Bea", "Cem"), 1), (("Bea", "Cem", "Dua"), 3)])
async def test_between_people_the_bot_has_its_token_alone(
    connect: Connect, sandbox: SandboxClient, people: tuple[str, ...], kind: int
) -> None:
    bot = await connect(everywhere_bot())
    where = await sandbox.group(people, "Friends") if kind == 3 else await sandbox.open_dm(*people)
    with pytest.raises(SandboxError, match="10063"):
        await sandbox.slash(where, "Bea", "anywhere")
    await sandbox.change_person("Bea", installed=True)
    interaction = await asked(bot, sandbox, where, "Bea")
    assert interaction.context.private_channel
    assert interaction.app_permissions.value == 180224
    await interaction.response.send_message("hello you", view=pressable())
    shown = (await sandbox.messages(where, "Cem"))[0]
    assert shown.content == "hello you"
    await sandbox.press(shown, "Go", "Cem", wait=False)  # who did not install it may press its buttons
    pressed: discord.Interaction = await bot.next("interaction")
    assert pressed.user.name == "cem"
    assert pressed._integration_owners == interaction._integration_owners
    assert await sandbox.messages(where, "Ada") == []
    async with refused(50001):
        await bot.http.get_message(where, shown.id)


async def test_direct_messages_with_the_bot_say_so(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(everywhere_bot())
    await sandbox.change_person("Bea", installed=True)
    interaction = await asked(bot, sandbox, "dm:Bea", "Bea")
    assert interaction.context.dm_channel
    assert interaction._integration_owners == {0: 0, 1: interaction.user.id}
    assert interaction.app_permissions.value == 442368


def pressable() -> discord.ui.View:
    class Pressed(discord.ui.Button[Any]):
        async def callback(self, interaction: discord.Interaction) -> None:
            interaction.client.heard.put_nowait(("interaction", interaction))  # type: ignore[attr-defined]

    view = discord.ui.View(timeout=None)
    view.add_item(Pressed(label="Go", custom_id="go"))
    return view
