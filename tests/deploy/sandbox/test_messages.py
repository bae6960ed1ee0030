"""Messages as bots read, change and remove them: pages, old edits, pins, many at once, attachments, links."""

import base64
import io
import json
from typing import Any

import discord
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.client import file as upload
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect, form


async def place(sandbox: SandboxClient, channel: str = "gallery") -> str:
    return f"/channels/{(await sandbox.get('/channel', channel=channel))['id']}"


async def test_pages_go_back_forth_and_around(api: Api, sandbox: SandboxClient) -> None:
    where = f"{await place(sandbox)}/messages"
    ids = [(await api("POST", where, {"content": str(number)}))[1]["id"] for number in range(7)]

    async def page(query: str) -> list[int]:
        return [ids.index(each["id"]) for each in (await api("GET", f"{where}?{query}"))[1]]

    assert await page("limit=3") == [6, 5, 4]
    assert await page(f"limit=2&before={ids[4]}") == [3, 2]
    assert await page(f"limit=2&after={ids[1]}") == [3, 2]
    assert await page(f"limit=3&around={ids[3]}") == [4, 3, 2]
    assert (await api("GET", f"{where}?limit=101"))[1]["code"] == 50035
    assert (await api("GET", f"{where}?before={ids[0]}&after={ids[0]}"))[1]["code"] == 50035
    await sandbox.overwrite("gallery", "Easel", deny=["READ_MESSAGE_HISTORY"])
    assert await page("limit=3") == []
    assert (await api("GET", f"{where}/{ids[0]}"))[1]["code"] == 50013
    reply = {"content": "x", "message_reference": {"message_id": ids[0]}}
    assert (await api("POST", where, reply))[1]["code"] == 160002


async def test_old_messages_can_be_edited_a_few_times_only(api: Api, sandbox: SandboxClient, box: Sandbox) -> None:
    where = f"{await place(sandbox)}/messages"
    path = f"{where}/{(await api('POST', where, {'content': 'x'}))[1]['id']}"
    await sandbox.clock(jump=3700)
    box.limits.enabled = True
    await sandbox.clock(scale=100)  # so that the usual limits of five seconds are out of the way
    answers = [await api.raw("PATCH", path, json={"content": str(number)}) for number in range(4)]
    assert [each.status for each in answers] == [200, 200, 200, 429]
    body = await answers[3].json()
    assert (body["code"], body["global"]) == (30046, False)
    assert 0 < body["retry_after"] <= 0.2
    assert answers[3].headers["Retry-After"] == "1"
    assert "Via" in answers[3].headers


async def test_pins(connect: Connect, sandbox: SandboxClient, api: Api) -> None:
    bot = await connect(Bot())
    said = await sandbox.say("gallery", "Bea", "keep this in view")
    channel = bot.get_channel(said.channel_id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.fetch_message(said.id)
    with pytest.raises(discord.Forbidden):
        await message.pin()
    await sandbox.role("Studio", "Easel", allow=["PIN_MESSAGES"])
    await message.pin()
    assert [each.id async for each in channel.pins()] == [said.id]
    note = (await sandbox.messages("gallery"))[-1]
    assert (note.raw["type"], note.reply_to) == (6, said.id)
    assert (await sandbox.message(said)).raw["pinned"]
    assert (await api("PATCH", f"/channels/{channel.id}/messages/{note.id}", {"content": "x"}))[1]["code"] == 50021
    await message.unpin()
    assert (await api("GET", f"/channels/{channel.id}/pins"))[1] == []
    await sandbox.pin(said, "Max")
    with pytest.raises(SandboxError, match="50013"):
        await sandbox.pin(said, "Bea", pinned=False)


async def test_many_are_deleted_at_once_unless_they_are_old(api: Api, sandbox: SandboxClient) -> None:
    where = f"{await place(sandbox)}/messages"
    ids = [(await api("POST", where, {"content": str(number)}))[1]["id"] for number in range(3)]
    bulk = f"{where}/bulk-delete"
    assert (await api("POST", bulk, {"messages": ids}))[1]["code"] == 50013
    await sandbox.role("Studio", "Easel", allow=["MANAGE_MESSAGES"])
    assert (await api("POST", bulk, {"messages": ids[:1]}))[1]["code"] == 50016
    assert (await api("POST", bulk, {"messages": [ids[0], ids[0]]}))[1]["code"] == 50035
    assert (await api("POST", bulk, {"messages": ids[:2]}))[0] == 204
    assert [each.content for each in await sandbox.messages("gallery")] == ["2"]
    await sandbox.clock(jump=15 * 86_400)
    assert (await api("POST", bulk, {"messages": ids}))[1]["code"] == 50034
    dm = await sandbox.open_dm("Bea")
    assert (await api("POST", f"/channels/{dm}/messages/bulk-delete", {"messages": ids}))[1]["code"] == 50003


async def test_a_reply_pings_whom_it_answers_unless_told_not_to(api: Api, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Bea", "hello")
    where, reply = f"/channels/{said.channel_id}/messages", {"message_reference": {"message_id": str(said.id)}}
    _, loud = await api("POST", where, {"content": "hi @everyone", **reply})
    assert [each["username"] for each in loud["mentions"]] == ["bea"]
    assert not loud["mention_everyone"]  # the bot may not
    _, quiet = await api("POST", where, {"content": f"<@{said.author_id}>", "allowed_mentions": {"parse": []}, **reply})
    assert quiet["mentions"] == []
    _, polite = await api("POST", where, {"content": "x", "allowed_mentions": {"replied_user": True}, **reply})
    assert [each["username"] for each in polite["mentions"]] == ["bea"]


async def test_edits_keep_remove_describe_and_add_files(api: Api, sandbox: SandboxClient) -> None:
    where = f"{await place(sandbox)}/messages"
    _, sent = await api("POST", where, data=form({"content": "x"}, RED, b"two"))
    first, second = (each["id"] for each in sent["attachments"])
    path = f"{where}/{sent['id']}"
    _, told = await api("PATCH", path, {"attachments": [{"id": first, "description": "red"}, {"id": second}]})
    assert [each.get("description") for each in told["attachments"]] == ["red", None]
    _, untouched = await api("PATCH", path, {"content": "y"})
    assert [each["id"] for each in untouched["attachments"]] == [first, second]
    notes = {"attachments": [{"id": second}, {"id": "0", "description": "new", "filename": "new.png"}]}
    _, mixed = await api("PATCH", path, data=form(notes, RED))
    assert [(each["id"] == second, each["filename"]) for each in mixed["attachments"]] == [
        (True, "1.bin"), (False, "new.png"),
    ]  # fmt: skip
    assert (mixed["attachments"][1]["description"], mixed["attachments"][1]["width"]) == ("new", 64)
    _, bare = await api("PATCH", path, {"attachments": []})
    assert bare["attachments"] == []
    _, wrong = await api("PATCH", path, {"attachments": [{"id": first, "description": "x" * 1025}]})
    assert "description" in wrong["errors"]["attachments"]["0"]


async def test_links_are_refreshed_and_refused_in_plain_words(api: Api, sandbox: SandboxClient) -> None:
    where = f"{await place(sandbox)}/messages"
    _, sent = await api("POST", where, data=form({}, RED))
    url = sent["attachments"][0]["url"]
    await sandbox.clock(jump=86_500)
    with pytest.raises(SandboxError, match="404 0: This content is no longer available"):
        await sandbox.fetch(url)
    _, answer = await api("POST", "/attachments/refresh-urls", {"attachment_urls": [url, "https://example.com/a"]})
    fresh, foreign = answer["refreshed_urls"]
    assert fresh["original"] == url
    assert await sandbox.fetch(fresh["refreshed"]) == RED
    assert foreign["refreshed"] == foreign["original"]


async def test_the_size_limit_follows_the_servers_boosts(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def limit(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.filesize_limit))

    await connect(bot)
    for tier, mib in ((0, 10), (2, 50), (3, 100)):
        await sandbox.boost("Studio", tier)
        await sandbox.slash("gallery", "Bea", "limit")
        assert (await sandbox.wait_message("gallery")).content == str(mib * 1024 * 1024)


async def test_people_have_the_same_limit(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def show(interaction: discord.Interaction, picture: discord.Attachment) -> None:
        await interaction.response.send_message(str(picture.size))

    await connect(bot)
    picture = upload("large.bin", bytes(10 * 1024 * 1024 + 1))
    for channel, code in (("gallery", 40005), ("Night Lab/gallery", None)):
        body = {"person": "Bea", "channel": channel, "command": "show", "options": {"picture": picture}}
        asking = sandbox.call("POST", "/slash", data=io.BytesIO(json.dumps(body).encode()))
        if code is None:
            await sandbox.wait_interaction(int((await asking)["id"]))
            continue
        with pytest.raises(SandboxError, match=str(code)):
            await asking
    assert (await sandbox.wait_message("Night Lab/gallery")).content == str(picture_size(picture))


def picture_size(given: dict[str, Any]) -> int:
    return len(base64.b64decode(given["data"]))


async def test_emojis_of_the_application(connect: Connect, sandbox: SandboxClient, api: Api) -> None:
    bot = await connect(Bot())
    emoji = await bot.create_application_emoji(name="brush", image=RED)
    assert [each.name for each in await bot.fetch_application_emojis()] == ["brush"]
    assert await emoji.read() == RED
    where = await place(sandbox)
    button: dict[str, Any] = {"type": 2, "style": 1, "custom_id": "x", "emoji": {"id": str(emoji.id), "name": "brush"}}
    body = {"content": "x", "components": [{"type": 1, "components": [button]}]}
    _, sent = await api("POST", f"{where}/messages", body)
    path = f"{where}/messages/{sent['id']}/reactions"
    assert (await api("PUT", f"{path}/brush:{emoji.id}/@me"))[0] == 204
    assert (await api("PUT", f"{path}/brush:123456789012345678/@me"))[1]["code"] == 10014
    await emoji.delete()
    assert (await api("POST", f"{where}/messages", body))[1]["code"] == 50035
    for name, image in (("x", RED), ("brush", b"x" * (256 * 1024 + 1))):
        with pytest.raises((discord.HTTPException, ValueError)):
            await bot.create_application_emoji(name=name, image=image)


async def test_who_takes_no_messages_and_who_cannot_be_reached(api: Api, sandbox: SandboxClient) -> None:
    for person, code in (("Bea", None), ("Eli", 50007)):
        dm = await sandbox.open_dm(person)
        status, answer = await api("POST", f"/channels/{dm}/messages", {"content": "x"})
        assert answer.get("code") == code if status != 200 else code is None
    for guild in ("Studio", "Atelier", "Night Lab"):
        await sandbox.install(guild, installed=False)
    dm = await sandbox.open_dm("Bea")
    assert (await api("POST", f"/channels/{dm}/messages", {"content": "x"}))[1]["code"] == 50278
    assert (await api("POST", "/users/@me/channels", {"recipient_id": sandbox.info.application_id}))[1]["code"] == 50007
