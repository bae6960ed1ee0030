"""Threads: started by people and by the bot, archived and locked, with their own permissions and events."""

import discord
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect, form, refused


class ThreadBot(Bot):
    """Notes what it hears of threads."""

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.heard.put_nowait(("created", thread))

    async def on_thread_join(self, thread: discord.Thread) -> None:
        self.heard.put_nowait(("joined", thread))

    async def on_thread_update(self, _: discord.Thread, after: discord.Thread) -> None:
        self.heard.put_nowait(("updated", after))

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        self.heard.put_nowait(("deleted", event))


def hold_bot() -> ThreadBot:
    bot = ThreadBot()

    @bot.tree.command()
    async def hold(interaction: discord.Interaction) -> None:
        bot.heard.put_nowait(("held", interaction))

    return bot


async def test_a_command_is_used_in_a_thread_that_a_person_opened(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(hold_bot())
    said = await sandbox.say("gallery", "Bea", "apples?")
    thread_id = await sandbox.thread("Bea", "Apples", message=said)
    assert thread_id == said.id
    heard = await bot.next("created")
    assert (heard.name, heard.parent.name, heard.owner_id) == ("Apples", "gallery", said.author_id)
    await sandbox.slash(thread_id, "Bea", "hold", wait=False)
    interaction: discord.Interaction = await bot.next("held")
    assert isinstance(interaction.channel, discord.Thread)
    assert interaction.app_permissions.send_messages_in_threads
    answer = await interaction.response.send_message("in the thread")
    await interaction.edit_original_response(content="edited")
    message = interaction.channel.get_partial_message(answer.message_id or 0)
    await message.edit(content="edited again")
    shown = await sandbox.messages("Apples", "Cem")
    assert [each.content for each in shown] == ["", "edited again"]
    assert shown[0].raw["referenced_message"]["content"] == "apples?"
    assert (await sandbox.message(said)).raw["thread"]["name"] == "Apples"


async def test_a_bot_starts_changes_and_deletes_threads(connect: Connect, sandbox: SandboxClient, api: Api) -> None:
    bot = await connect(hold_bot())
    channel = await bot.fetch_channel(int((await sandbox.get("/channel", channel="gallery"))["id"]))
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="Made here", type=discord.ChannelType.public_thread)
    await bot.next("created")
    await thread.send("hello")
    assert [each.raw["type"] for each in await sandbox.messages("gallery")] == [18]
    assert (await channel.guild.active_threads())[0].id == thread.id
    await thread.edit(name="Renamed", auto_archive_duration=60)
    assert (await bot.next("updated")).name == "Renamed"
    async with refused(50013):
        await thread.edit(locked=True)
    async with refused(50013):
        await thread.delete()
    await sandbox.role("Studio", "Easel", allow=["MANAGE_THREADS"])
    await thread.delete()
    assert (await bot.next("deleted")).thread_id == thread.id
    assert (await api("GET", f"/channels/{thread.id}"))[1]["code"] == 10003


async def test_sending_in_threads_is_a_permission_of_its_own(api: Api, sandbox: SandboxClient) -> None:
    thread = await sandbox.thread("Ada", "Talk", channel="announcements")
    where = f"/channels/{thread}/messages"
    assert (await api("POST", where, data=form({}, RED)))[0] == 200  # nobody may write in the channel itself
    await sandbox.overwrite("announcements", "Easel", deny=["SEND_MESSAGES_IN_THREADS"])
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 50013
    await sandbox.overwrite("announcements", "Easel", deny=["VIEW_CHANNEL"])
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 50001


async def test_archived_threads_wake_up_by_a_message_unless_they_are_locked(api: Api, sandbox: SandboxClient) -> None:
    thread = await sandbox.thread("Bea", "Nap", channel="gallery")
    where = f"/channels/{thread}/messages"
    _, sent = await api("POST", where, {"content": "x"})
    await sandbox.change_thread(thread, "Bea", archived=True)
    assert await api("PATCH", f"{where}/{sent['id']}", {"content": "y"}) == (
        400, {"message": "Thread is archived", "code": 50083},
    )  # fmt: skip
    assert (await api("PUT", f"{where}/{sent['id']}/reactions/%F0%9F%94%81/@me"))[1]["code"] == 50083
    with pytest.raises(SandboxError, match="50083"):
        await sandbox.react(int(sent["id"]), "🔁", "Cem")
    assert (await api("POST", where, {"content": "awake"}))[0] == 200
    assert not (await api("GET", f"/channels/{thread}"))[1]["thread_metadata"]["archived"]
    await sandbox.change_thread(thread, "Max", locked=True)
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 160005
    await sandbox.change_thread(thread, "Max", archived=True)
    assert (await api("POST", where, {"content": "x"}))[1]["code"] == 50083
    assert (await api("PATCH", f"/channels/{thread}", {"archived": False}))[1]["code"] == 50013


async def test_a_thread_falls_asleep_when_nobody_writes(sandbox: SandboxClient, api: Api) -> None:
    thread = await sandbox.thread("Bea", "Sleepy", channel="gallery", auto_archive_duration=60)

    async def asleep() -> bool:
        return bool((await api("GET", f"/channels/{thread}"))[1]["thread_metadata"]["archived"])

    for _ in range(2):  # the second time after someone woke it
        with sandbox.listen() as events:
            await sandbox.clock(jump=1800)
            await sandbox.say(thread, "Bea", "still here")
            await sandbox.clock(jump=3500)
            assert not await asleep()
            await sandbox.clock(jump=200)
            while not await asleep():
                await sandbox.next_event(events, 10, "the world", lambda event: event["event"] == "world")
    channel = (await sandbox.get("/channel", channel="gallery"))["id"]
    _, listed = await api("GET", f"/channels/{channel}/threads/archived/public")
    assert [each["id"] for each in listed["threads"]] == [str(thread)]
    guild = (await sandbox.world())["guilds"][0]["id"]
    assert (await api("GET", f"/guilds/{guild}/threads/active"))[1]["threads"] == []


async def test_private_threads_are_for_their_members(connect: Connect, api: Api, sandbox: SandboxClient) -> None:
    bot = await connect(hold_bot())
    thread = await sandbox.thread("Bea", "Secret", channel="gallery", private=True)
    assert (await api("GET", f"/channels/{thread}"))[1]["code"] == 50001
    with pytest.raises(SandboxError, match="50001"):
        await sandbox.say(thread, "Cem", "me too")
    await sandbox.join_thread(thread, "Bea", "Cem")
    await sandbox.say(thread, "Cem", "me too")
    await sandbox.join_thread(thread, "Bea", "Easel")
    assert (await bot.next("joined")).id == thread
    assert (await api("GET", f"/channels/{thread}"))[1]["member"]["user_id"] == sandbox.info.application_id
    assert (await api("DELETE", f"/channels/{thread}/thread-members/@me"))[0] == 204
    assert (await api("GET", f"/channels/{thread}"))[1]["code"] == 50001


async def test_active_threads_come_with_the_server_and_with_new_access(
    connect: Connect, sandbox: SandboxClient
) -> None:
    await sandbox.thread("Bea", "Before", channel="gallery")
    await sandbox.thread("Ada", "Hidden", channel="admins")
    bot = await connect(hold_bot())
    guild = discord.utils.get(bot.guilds, name="Studio")
    assert guild is not None
    assert [each.name for each in guild.threads] == ["Before"]
    await sandbox.overwrite("admins", "Easel", allow=["VIEW_CHANNEL"])
    await sandbox.say("Hidden", "Ada", "now you hear me")
    assert (await bot.next("message")).channel.name == "Hidden"
    assert {each.name for each in guild.threads} == {"Before", "Hidden"}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/channels/{dm}/threads", {"name": "x", "type": 11}, 50024), ("/channels/{c}/threads", {"name": ""}, 50035),
        ("/channels/{c}/threads", {"name": "x", "type": 5}, 50035),
        ("/channels/{c}/messages/5/threads", {"name": "x"}, 10008),
        ("/channels/{c}/threads", {"name": "x", "auto_archive_duration": 61}, 50035),
        ("/channels/{c}/messages/{m}/threads", {"name": "x"}, 160004),
    ],
)  # fmt: skip
async def test_what_cannot_become_a_thread(
    api: Api, sandbox: SandboxClient, path: str, body: dict[str, object], code: int
) -> None:
    said = await sandbox.say("gallery", "Bea", "here")
    await sandbox.thread("Bea", "Taken", message=said)
    where = path.format(dm=await sandbox.open_dm("Bea"), c=said.channel_id, m=said.id)
    assert (await api("POST", where, body))[1]["code"] == code
