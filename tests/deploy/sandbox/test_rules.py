"""What Discord enforces: time, tokens, sizes, permissions, nonces; each with its own error code."""

import asyncio
import io

import discord
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect, form, refused

MIB = 1024 * 1024


def named_bot(seen: "asyncio.Future[discord.Interaction]") -> Bot:
    """A bot whose /hold hands the interaction to the test."""
    bot = Bot()

    @bot.tree.command()
    async def hold(interaction: discord.Interaction) -> None:
        seen.set_result(interaction)

    return bot


async def held(connect: Connect, sandbox: SandboxClient, channel: str = "gallery") -> discord.Interaction:
    seen: asyncio.Future[discord.Interaction] = asyncio.get_running_loop().create_future()
    await connect(named_bot(seen))
    await sandbox.slash(channel, "Bea", "hold", wait=False)
    return await asyncio.wait_for(seen, 10)


async def test_an_answer_after_three_seconds_is_too_late(connect: Connect, sandbox: SandboxClient) -> None:
    interaction = await held(connect, sandbox)
    await sandbox.clock(jump=3.1)
    assert (await sandbox.wait_interaction(interaction.id)).failed
    async with refused(10062):
        await interaction.response.send_message("late")
    async with refused(10015):
        await interaction.followup.send("later")


async def test_a_scaled_clock_makes_the_three_seconds_short(connect: Connect, sandbox: SandboxClient) -> None:
    interaction = await held(connect, sandbox)
    await sandbox.clock(scale=1000)
    assert (await sandbox.wait_interaction(interaction.id, timeout=5)).failed


async def test_a_second_answer_is_refused(connect: Connect, sandbox: SandboxClient) -> None:
    interaction = await held(connect, sandbox)
    await interaction.response.send_message("one")
    interaction.response._response_type = None  # discord.py would not even ask
    async with refused(40060):
        await interaction.response.send_message("two")


@pytest.mark.parametrize("by_hand", [False, True])
async def test_a_dead_token_leaves_the_channel(connect: Connect, sandbox: SandboxClient, by_hand: bool) -> None:
    interaction = await held(connect, sandbox)
    answer = await interaction.response.send_message("queued")
    if by_hand:
        await sandbox.expire_token(interaction.id)
    else:
        await sandbox.clock(jump=15 * 60)
    async with refused(50027):
        await interaction.edit_original_response(content="done")
    assert isinstance(interaction.channel, discord.TextChannel)
    message = interaction.channel.get_partial_message(answer.message_id or 0)
    await message.edit(content="done", attachments=[discord.File(io.BytesIO(RED), "a.png")])
    assert (await sandbox.message(message.id)).content == "done"


async def test_a_deferral_that_is_never_taken_up_is_given_up(connect: Connect, sandbox: SandboxClient) -> None:
    interaction = await held(connect, sandbox)
    answer = await interaction.response.defer(thinking=True)
    assert answer is not None
    assert not (await sandbox.message(answer.message_id or 0)).raw["sandbox"]["failed"]
    await sandbox.clock(jump=15 * 60)
    await sandbox.wait_edit(answer.message_id or 0, lambda message: message.raw["sandbox"]["failed"])


@pytest.mark.parametrize("late", [False, True])
async def test_a_deferral_whose_token_died_can_still_be_taken_up_through_its_channel(
    connect: Connect, sandbox: SandboxClient, late: bool
) -> None:
    interaction = await held(connect, sandbox)
    answer = await interaction.response.defer(thinking=True)
    assert answer is not None
    message = answer.message_id or 0
    if late:
        await sandbox.clock(jump=15 * 60)
        await sandbox.wait_edit(message, lambda shown: shown.raw["sandbox"]["failed"])
    else:
        await sandbox.expire_token(interaction.id)
    assert isinstance(interaction.channel, discord.TextChannel)
    await interaction.channel.get_partial_message(message).edit(content="done")
    shown = await sandbox.message(message)
    assert (shown.content, shown.thinking, shown.raw["sandbox"]["failed"]) == ("done", False, False)
    assert shown.raw["edited_timestamp"] is None


async def test_a_deleted_answer_cannot_be_edited(connect: Connect, sandbox: SandboxClient) -> None:
    interaction = await held(connect, sandbox)
    answer = await interaction.response.send_message("queued")
    await sandbox.delete(answer.message_id or 0, "Max")
    async with refused(10008):
        await interaction.edit_original_response(content="done")


async def test_in_a_channel_without_files_the_app_is_told_and_refused(connect: Connect, sandbox: SandboxClient) -> None:
    interaction = await held(connect, sandbox, "no-files")
    assert not interaction.app_permissions.attach_files
    await interaction.response.defer()
    async with refused(50013):
        await interaction.edit_original_response(attachments=[discord.File(io.BytesIO(RED), "a.png")])


async def test_an_admin_channel_takes_answers_of_an_app_that_does_not_see_it(
    connect: Connect, sandbox: SandboxClient
) -> None:
    seen: asyncio.Future[discord.Interaction] = asyncio.get_running_loop().create_future()
    await connect(named_bot(seen))
    await sandbox.slash("admins", "Ada", "hold", wait=False)
    interaction = await asyncio.wait_for(seen, 10)
    answer = await interaction.response.send_message("here", ephemeral=True)
    assert (await sandbox.message(answer.message_id or 0)).content == "here"
    assert interaction.channel_id is not None
    async with refused(50001):
        await interaction.client.get_partial_messageable(interaction.channel_id).send("here")
    with pytest.raises(SandboxError) as caught:
        await sandbox.slash("admins", "Bea", "hold")
    assert caught.value.code == 50001


async def channel_id(sandbox: SandboxClient, name: str) -> int:
    return int((await sandbox.get("/channel", channel=name))["id"])


@pytest.mark.parametrize(
    ("channel", "sizes", "status"),
    [
        ("gallery", (10 * MIB,), 200), ("gallery", (10 * MIB + 1,), 413), ("gallery", (9 * MIB,) * 3, 413),
        ("Night Lab/gallery", (20 * MIB,), 200),
    ],
)  # fmt: skip
async def test_uploads_have_a_limit_by_file_and_by_request(
    api: Api, sandbox: SandboxClient, channel: str, sizes: tuple[int, ...], status: int
) -> None:
    where = f"/channels/{await channel_id(sandbox, channel)}/messages"
    found, body = await api("POST", where, data=form({}, *map(bytes, sizes)))
    assert found == status
    assert status == 200 or body == {"message": "Request entity too large", "code": 40005}


async def test_eleven_files_are_too_many(api: Api, sandbox: SandboxClient) -> None:
    where = f"/channels/{await channel_id(sandbox, 'gallery')}/messages"
    status, body = await api("POST", where, data=form({}, *[b"x"] * 11))
    assert (status, body["code"]) == (400, 50035)
    assert body["errors"]["attachments"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"


async def test_the_same_nonce_returns_the_first_message(api: Api, sandbox: SandboxClient) -> None:
    where = f"/channels/{await channel_id(sandbox, 'gallery')}/messages"
    body = {"content": "once", "nonce": "job-1", "enforce_nonce": True}
    _, first = await api("POST", where, body)
    _, second = await api("POST", where, body)
    assert first["id"] == second["id"]
    assert len(await sandbox.messages("gallery")) == 1
    _, free = await api("POST", where, {"content": "again", "nonce": "job-1"})
    assert free["id"] != first["id"]
    await sandbox.clock(jump=600)
    _, later = await api("POST", where, body)
    assert later["id"] not in (first["id"], free["id"])


async def test_permissions_follow_roles_and_overwrites(api: Api, sandbox: SandboxClient) -> None:
    where = f"/channels/{await channel_id(sandbox, 'gallery')}/messages"
    await sandbox.overwrite("gallery", "@everyone", deny=["SEND_MESSAGES"])
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 50013
    await sandbox.overwrite("gallery", "Easel", allow=["SEND_MESSAGES"])
    assert (await api("POST", where, {"content": "x"}))[0] == 200
    await sandbox.overwrite("gallery", "Easel", deny=["VIEW_CHANNEL"])
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 50001
    await sandbox.role("Studio", "Easel", allow=["ADMINISTRATOR"])
    assert (await api("POST", where, {"content": "x"}))[0] == 200
    await sandbox.delete_channel("gallery")
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 10003


async def test_moderators_delete_what_members_cannot(api: Api, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Bea", "mine")
    with pytest.raises(SandboxError) as caught:
        await sandbox.delete(said, "Cem")
    assert caught.value.code == 50013
    path = f"/channels/{said.channel_id}/messages/{said.id}"
    assert (await api("DELETE", path))[1]["code"] == 50013
    assert (await api("PATCH", path, {"content": "theirs"}))[1]["code"] == 50005
    await sandbox.delete(said, "Max")
    assert (await api("GET", path))[1]["code"] == 10008
    assert (await sandbox.message(said)).deleted


async def test_twenty_kinds_of_reactions_are_the_most(api: Api, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Bea", "react")
    for number in range(20):
        await sandbox.react(said, chr(0x1F600 + number), "Cem")
    path = f"/channels/{said.channel_id}/messages/{said.id}/reactions"
    assert (await api("PUT", f"{path}/%F0%9F%94%81/@me"))[1]["code"] == 30010
    assert (await api("PUT", f"{path}/%F0%9F%98%80/@me"))[0] == 204
    for nonsense in ("nonsense", "%C3%A9", "1"):
        assert (await api("PUT", f"{path}/{nonsense}/@me"))[1]["code"] == 10014
    _, people = await api("GET", f"{path}/%F0%9F%98%80")
    assert [each["username"] for each in people] == ["cem", "easel"]


async def test_links_are_signed_expire_and_are_renewed(sandbox: SandboxClient, api: Api, box: Sandbox) -> None:
    where = f"/channels/{await channel_id(sandbox, 'gallery')}/messages"
    _, sent = await api("POST", where, data=form({}, bytes(5)))
    url = sent["attachments"][0]["url"]
    assert await sandbox.fetch(url) == bytes(5)
    with pytest.raises(SandboxError, match="404"):
        await sandbox.fetch(url[:-1] + ("0" if url[-1] != "0" else "1"))
    await sandbox.clock(jump=25 * 3600)
    with pytest.raises(SandboxError, match="no longer available"):
        await sandbox.fetch(url)
    _, again = await api("GET", f"{where}/{sent['id']}")
    assert await sandbox.fetch(again["attachments"][0]["url"]) == bytes(5)


async def test_a_server_without_the_bot_is_closed_to_it(api: Api, sandbox: SandboxClient) -> None:
    world = await sandbox.world()
    guild = world["guilds"][1]["id"]
    assert (await api("GET", f"/guilds/{guild}"))[1]["name"] == "Atelier"
    await sandbox.install("Atelier", installed=False)
    assert (await api("GET", f"/guilds/{guild}"))[1]["code"] == 50001
    where = f"/channels/{await channel_id(sandbox, 'Atelier/gallery')}/messages"
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 50001


async def test_reset_keeps_the_bot_and_its_commands(connect: Connect, sandbox: SandboxClient) -> None:
    interaction = await held(connect, sandbox)
    await interaction.response.send_message("old")
    await sandbox.reset()
    assert await sandbox.messages("gallery") == []
    assert [each["name"] for each in await sandbox.commands()] == ["hold"]
    assert [each["connected"] for each in await sandbox.sessions()] == [True]
