"""Every kind of place that a message can be in, and what a bot may do there: with its token, and an interaction's."""

from dataclasses import dataclass
from typing import Any

import discord
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.gateway.intents import Intent
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect, form, refused
from tests.deploy.sandbox.raw_gateway import dial

OK = 0  # as a code: not refused
ARCHIVED, LOCKED, NO_ACCESS, NO_PERMISSION, NOT_TEXT = 50083, 160005, 50001, 50013, 50008


@dataclass
class Place:
    """A channel with a message of the bot's and one of Bea's in it."""

    api: Api
    sandbox: SandboxClient
    channel: int
    own: str = ""
    said: str = ""

    async def fill(self) -> None:
        where = f"/channels/{self.channel}/messages"
        self.own = (await self.api("POST", where, {"content": "mine"}))[1]["id"]
        self.said = str((await self.sandbox.say(self.channel, "Bea", "hers")).id)

    async def code(self, method: str, path: str, body: object = None) -> int:
        status, answer = await self.api(method, f"/channels/{self.channel}{path}", body)
        return OK if status < 300 else int(answer["code"])

    async def can(self, what: str) -> int:
        """The code that this meets, OK when it is done."""
        method, path, body = {
            "read": ("GET", "/messages", None),
            "send": ("POST", "/messages", {"content": "more"}),
            "edit": ("PATCH", f"/messages/{self.own}", {"content": "changed"}),
            "react": ("PUT", f"/messages/{self.said}/reactions/%F0%9F%94%81/@me", None),
            "typing": ("POST", "/typing", None),
            "delete": ("DELETE", f"/messages/{self.own}", None),
        }[what]
        return await self.code(method, path, body)


async def thread(sandbox: SandboxClient, **more: Any) -> int:
    return await sandbox.thread("Bea", "Below", channel="gallery", **more)


# What the bot does in each kind of place, in this order, and the codes that it meets.
DEEDS = ("read", "edit", "react", "typing", "delete")
TABLE: dict[str, tuple[int, ...]] = {
    "gallery": (OK, OK, OK, OK, OK),
    "news": (OK, OK, OK, OK, OK),
    "lounge": (OK, OK, OK, OK, OK),
    "stage": (OK, OK, OK, OK, OK),
    "lounge without Connect": (NO_ACCESS,) * 5,
    "stage without Connect": (NO_ACCESS,) * 5,
    "lounge without Send Messages": (OK, OK, OK, NO_PERMISSION, OK),
    "thread": (OK, OK, OK, OK, OK),
    "post of a forum": (OK, OK, OK, OK, OK),
    "thread, archived": (OK, ARCHIVED, ARCHIVED, OK, OK),
    "thread, locked": (OK, LOCKED, OK, LOCKED, OK),
    "thread, archived and locked": (OK, ARCHIVED, ARCHIVED, ARCHIVED, ARCHIVED),
    "private thread without the bot": (NO_ACCESS,) * 5,
    "private thread with the bot": (OK, OK, OK, OK, OK),
}  # fmt: skip
SENDING = {
    "lounge without Connect": NO_ACCESS, "stage without Connect": NO_ACCESS, "thread, locked": LOCKED,
    "lounge without Send Messages": NO_PERMISSION, "thread, archived and locked": ARCHIVED,
    "private thread without the bot": NO_ACCESS,
}  # fmt: skip


async def prepare(kind: str, api: Api, sandbox: SandboxClient) -> Place:
    base, _, rest = kind.partition(" without ")
    if kind.startswith("private thread"):
        channel = await thread(sandbox, private=True)
        await sandbox.join_thread(channel, "Bea", "Easel")
    elif kind.startswith("thread"):
        channel = await thread(sandbox)
    elif kind.startswith("post"):
        channel = await sandbox.thread("Bea", "A post", channel="showcase", content="look")
    else:
        channel = int((await sandbox.get("/channel", channel=base))["id"])
    place = Place(api, sandbox, channel)
    await place.fill()
    if kind == "private thread without the bot":
        await sandbox.leave_thread(channel, "Max", "Easel")
    elif rest:
        await sandbox.overwrite(channel, "Easel", deny=[rest.upper().replace(" ", "_")])
    if "locked" in kind:
        await sandbox.change_thread(channel, "Max", locked=True)
    if "archived" in kind:
        await sandbox.change_thread(channel, "Max", archived=True)
    return place


@pytest.mark.parametrize("kind", TABLE)
async def test_what_the_bots_token_may_in_each_kind_of_place(api: Api, sandbox: SandboxClient, kind: str) -> None:
    place = await prepare(kind, api, sandbox)
    assert tuple([await place.can(deed) for deed in DEEDS]) == TABLE[kind]


@pytest.mark.parametrize("kind", TABLE)
async def test_where_the_bots_token_may_send(api: Api, sandbox: SandboxClient, kind: str) -> None:
    place = await prepare(kind, api, sandbox)
    assert await place.can("send") == SENDING.get(kind, OK)
    metadata = (await sandbox.get("/channel", channel=place.channel)).get("thread_metadata", {"archived": False})
    assert metadata["archived"] is (kind == "thread, archived and locked")  # a message reopens what is only archived


@pytest.mark.parametrize("kind", TABLE)
async def test_an_interactions_token_needs_no_access_but_no_closed_thread(
    api: Api, sandbox: SandboxClient, kind: str
) -> None:
    """The command is used before the place is closed: its token is all that is left then."""
    me = sandbox.info.application_id
    await api("POST", f"/applications/{me}/commands", {"name": "hold", "description": "x"})
    place = await prepare(kind.replace(", archived and locked", "").replace(", archived", "").replace(", locked", ""),
                          api, sandbox)  # fmt: skip
    asked = await sandbox.slash(place.channel, "Bea", "hold", wait=False)
    hook = f"/interactions/{asked.id}/{asked.token}/callback"
    assert (await api("POST", hook, {"type": 4, "data": {"content": "answered"}}, token=False))[0] == 204
    if "locked" in kind:
        await sandbox.change_thread(place.channel, "Max", locked=True)
    if "archived" in kind:
        await sandbox.change_thread(place.channel, "Max", archived=True)
    base = f"/webhooks/{me}/{asked.token}"

    async def code(method: str, path: str) -> int:
        status, answer = await api(method, base + path, {"content": "more"}, token=False)
        return OK if status < 300 else int(answer["code"])

    closed = ARCHIVED if "archived" in kind else LOCKED if "locked" in kind else OK
    assert await code("PATCH", "/messages/@original") == closed
    assert await code("POST", "") == (OK if kind == "thread, archived" else closed)
    if kind == "thread, archived":
        assert await code("PATCH", "/messages/@original") == OK  # the follow-up has reopened it


async def test_nothing_is_said_in_a_forum_itself(api: Api, sandbox: SandboxClient) -> None:
    forum = int((await sandbox.get("/channel", channel="showcase"))["id"])
    status, answer = await api("POST", f"/channels/{forum}/messages", {"content": "x"})
    assert (status, answer) == (400, {"message": "Cannot send messages in a non-text channel", "code": NOT_TEXT})
    assert (await api("GET", f"/channels/{forum}/messages")) == (200, [])
    with pytest.raises(SandboxError, match="50008"):
        await sandbox.say("showcase", "Bea", "x")
    await api("POST", f"/applications/{sandbox.info.application_id}/commands", {"name": "hold", "description": "x"})
    with pytest.raises(SandboxError, match="50008"):
        await sandbox.slash("showcase", "Bea", "hold")
    post = await sandbox.thread("Bea", "A post", channel="showcase", content="look")
    assert (await sandbox.slash(post, "Bea", "hold", wait=False)).state == "pending"


async def test_a_post_begins_with_its_message(api: Api, sandbox: SandboxClient) -> None:
    forum = (await sandbox.get("/channel", channel="showcase"))["id"]
    body = {"name": "Apples", "message": {"content": "red ones", "attachments": [{"id": 0, "description": "an apple"}]}}
    status, made = await api("POST", f"/channels/{forum}/threads", data=form(body, RED))
    assert (status, made["type"], made["parent_id"], made["name"]) == (201, 11, forum, "Apples")
    [first] = await sandbox.messages(int(made["id"]))
    assert (str(first.id), first.content, first.attachments[0].description) == (made["id"], "red ones", "an apple")
    assert (await sandbox.get("/channel", channel=made["id"]))["message_count"] == 0  # the first one does not count
    assert (await api("POST", f"/channels/{made['id']}/messages", {"content": "more"}))[0] == 200
    assert (await sandbox.get("/channel", channel=made["id"]))["message_count"] == 1


@pytest.mark.parametrize(
    ("body", "code", "at"),
    [
        ({"name": "x"}, 50035, "message"), ({"name": "x", "message": "words"}, 50035, "message"),
        ({"message": {"content": "x"}}, 50035, "name"), ({"name": "x", "message": {}}, 50006, None),
        ({"name": "x", "message": {"content": "x" * 2001}}, 50035, "message"),
    ],
)  # fmt: skip
async def test_posts_that_cannot_be(api: Api, sandbox: SandboxClient, body: object, code: int, at: str | None) -> None:
    forum = (await sandbox.get("/channel", channel="showcase"))["id"]
    status, answer = await api("POST", f"/channels/{forum}/threads", body)
    assert (status, answer["code"], next(iter(answer.get("errors", {})), None)) == (400, code, at)


@pytest.mark.parametrize(("lacking", "files"), [("SEND_MESSAGES", 0), ("ATTACH_FILES", 1)])
async def test_posts_need_what_messages_need(api: Api, sandbox: SandboxClient, lacking: str, files: int) -> None:
    forum = (await sandbox.get("/channel", channel="showcase"))["id"]
    await sandbox.overwrite("showcase", "Easel", deny=[lacking])
    body = form({"name": "x", "message": {"content": "x"}}, *[RED] * files)
    assert (await api("POST", f"/channels/{forum}/threads", data=body))[1]["code"] == NO_PERMISSION


@pytest.mark.parametrize(
    ("channel", "kind", "code"),
    [
        ("gallery", 11, OK), ("gallery", 12, OK), ("gallery", 10, 50024), ("news", 10, OK), ("news", 11, 50024),
        ("news", 12, 50024), ("lounge", 11, 50024), ("stage", 11, 50024),
    ],
)  # fmt: skip
async def test_which_threads_each_kind_of_channel_has(
    api: Api, sandbox: SandboxClient, channel: str, kind: int, code: int
) -> None:
    where = (await sandbox.get("/channel", channel=channel))["id"]
    await sandbox.role("Studio", "Easel", allow=["CREATE_PUBLIC_THREADS", "CREATE_PRIVATE_THREADS"])
    status, answer = await api("POST", f"/channels/{where}/threads", {"name": "x", "type": kind})
    assert (status, answer["type"]) == (201, kind) if code == OK else answer["code"] == code


async def test_a_thread_below_an_announcement_is_of_its_own_type(api: Api, sandbox: SandboxClient) -> None:
    said = await sandbox.say("news", "Ada", "big news")
    thread = await sandbox.thread("Bea", "About it", message=said)
    assert (await sandbox.get("/channel", channel=thread))["type"] == 10
    assert (await api("POST", f"/channels/{thread}/messages", {"content": "x"}))[0] == 200


async def test_people_need_connect_as_well(sandbox: SandboxClient) -> None:
    said = await sandbox.say("lounge", "Bea", "hello")
    await sandbox.overwrite("lounge", "Cem", deny=["CONNECT"])
    assert await sandbox.messages("lounge", "Cem") == []
    with pytest.raises(SandboxError, match="50001"):
        await sandbox.say("lounge", "Cem", "me too")
    with pytest.raises(SandboxError, match="50001"):
        await sandbox.react(said, "🔁", "Cem")
    assert len(await sandbox.messages("lounge", "Bea")) == 1


async def test_without_connect_the_bot_hears_nothing_and_is_told_so_by_app_permissions(
    box: Sandbox, sandbox: SandboxClient, api: Api
) -> None:
    await api("POST", f"/applications/{sandbox.info.application_id}/commands", {"name": "hold", "description": "x"})
    await sandbox.overwrite("lounge", "Easel", deny=["CONNECT"])
    async with dial(box) as wire:
        await wire.start(box, intents=int(Intent.GUILD_MESSAGES))
        await sandbox.say("lounge", "Bea", "not for you")
        await sandbox.say("stage", "Bea", "for you")
        heard = (await wire.until("MESSAGE_CREATE"))["d"]
        assert heard["channel_id"] == (await sandbox.get("/channel", channel="stage"))["id"]
        await sandbox.slash("lounge", "Bea", "hold", wait=False)
        asked = (await wire.until("INTERACTION_CREATE"))["d"]
        permissions = discord.Permissions(int(asked["app_permissions"]))
        assert (permissions.view_channel, permissions.send_messages, permissions.connect) == (True, True, False)


async def test_a_real_client_knows_them_all(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    guild = discord.utils.get(bot.guilds, name="Studio")
    assert guild is not None
    kinds = {each.name: type(each) for each in guild.channels}
    assert kinds["lounge"] is discord.VoiceChannel
    assert kinds["stage"] is discord.StageChannel
    assert kinds["showcase"] is discord.ForumChannel
    news = discord.utils.get(guild.text_channels, name="news")
    assert news is not None
    assert news.is_news()
    forum = discord.utils.get(guild.forums, name="showcase")
    assert forum is not None
    made = await forum.create_thread(name="From the bot", content="hello")
    assert made.message.id == made.thread.id
    lounge = discord.utils.get(guild.voice_channels, name="lounge")
    assert lounge is not None
    await lounge.send("in the lounge")
    await sandbox.overwrite("lounge", "Easel", deny=["CONNECT"])
    async with refused(NO_ACCESS):
        await lounge.send("not any more")
