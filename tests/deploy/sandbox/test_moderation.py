"""What moderators' bots do to members: timeouts, nicks and roles, within the order of roles."""

import datetime as dt

import discord
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from tests.deploy.sandbox.parts import Api, Bot, Connect, refused


async def test_a_bot_silences_those_below_it(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    guild = discord.utils.get(bot.guilds, name="Studio")
    assert guild is not None
    people = {each["global_name"]: int(each["id"]) for each in (await sandbox.world())["people"]}
    bea, max_, ada = [await guild.fetch_member(people[name]) for name in ("Bea", "Max", "Ada")]
    hour = dt.timedelta(hours=1)
    async with refused(50013):
        await bea.timeout(hour)
    await sandbox.role("Studio", "Easel", allow=["MODERATE_MEMBERS", "MANAGE_NICKNAMES", "MANAGE_ROLES"])
    await bea.timeout(hour)
    assert (await guild.fetch_member(bea.id)).timed_out_until is not None
    with pytest.raises(SandboxError, match="50013"):
        await sandbox.say("gallery", "Bea", "x")
    await bea.timeout(None)
    await sandbox.say("gallery", "Bea", "x")
    await bea.edit(nick="Bee")
    for above in (max_, ada):  # their roles stand above the bot's
        async with refused(50013):
            await above.timeout(hour)
    moderator = discord.utils.get(guild.roles, name="Moderator")
    assert moderator is not None
    async with refused(50013):
        await bea.add_roles(moderator)
    async with refused(50035):
        await bea.timeout(dt.timedelta(days=29))


async def test_a_bot_sets_overwrites_of_what_it_has_itself(connect: Connect, sandbox: SandboxClient, api: Api) -> None:
    bot = await connect(Bot())
    guild = discord.utils.get(bot.guilds, name="Studio")
    assert guild is not None
    gallery = discord.utils.get(guild.text_channels, name="gallery")
    assert gallery is not None
    async with refused(50013):
        await gallery.set_permissions(guild.default_role, send_messages=False)
    await sandbox.role("Studio", "Easel", allow=["MANAGE_ROLES"])
    await gallery.set_permissions(guild.default_role, send_messages=False)
    with pytest.raises(SandboxError, match="50013"):
        await sandbox.say("gallery", "Bea", "hush")
    async with refused(50013):
        await gallery.set_permissions(guild.default_role, manage_messages=True)
    await gallery.set_permissions(guild.default_role, overwrite=None)
    await sandbox.say("gallery", "Bea", "again")
    path = f"/channels/{gallery.id}/permissions"
    assert (await api("DELETE", f"{path}/{guild.id}"))[1]["code"] == 10009
    assert (await api("PUT", f"{path}/{guild.id}", {"type": 5}))[1]["code"] == 50035
    assert (await api("PUT", f"{path}/5", {"type": 1, "allow": "0"}))[1]["code"] == 50035


async def test_the_bots_own_nick(connect: Connect, sandbox: SandboxClient, api: Api) -> None:
    bot = await connect(Bot())
    guild = discord.utils.get(bot.guilds, name="Studio")
    assert guild is not None
    await guild.me.edit(nick="Painter")
    assert (await guild.fetch_member(guild.me.id)).nick == "Painter"
    await sandbox.role("Studio", "@everyone", deny=["CHANGE_NICKNAME"])
    async with refused(50013):
        await guild.me.edit(nick="Other")
    assert (await api("PATCH", f"/guilds/{guild.id}/members/@me", {"nick": "x" * 33}))[1]["code"] in (50013, 50035)


async def test_what_is_read_of_a_server(api: Api, sandbox: SandboxClient) -> None:
    guild = (await sandbox.world())["guilds"][0]["id"]
    assert (await api("GET", f"/guilds/{guild}?with_counts=true"))[1]["approximate_member_count"] == 7
    assert (await api("GET", f"/guilds/{guild}/preview"))[1]["name"] == "Studio"
    assert (await api("GET", f"/guilds/{guild}/roles/{guild}"))[1]["name"] == "@everyone"
    assert (await api("GET", f"/guilds/{guild}/roles/5"))[1]["code"] == 10011
    assert (await api("GET", f"/guilds/{guild}/members?limit=9"))[1]["code"] == 50001
    found = (await api("GET", f"/guilds/{guild}/members/search?query=be"))[1]
    assert [each["user"]["username"] for each in found] == ["bea"]
    assert {each["permissions"] != "0" for each in (await api("GET", "/users/@me/guilds"))[1]} == {True}
