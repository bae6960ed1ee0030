"""Which events reach a session, what of them it may read, and what it can ask for."""

from typing import Any

import discord
import pytest

from deploy.sandbox.client import SandboxClient, file
from deploy.sandbox.gateway.intents import Intent
from deploy.sandbox.server import Sandbox
from deploy.sandbox.state.model import Member, User
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect
from tests.deploy.sandbox.raw_gateway import Wire, dial

EVENTS = {
    Intent.GUILD_MESSAGES: "MESSAGE_CREATE", Intent.GUILD_REACTIONS: "MESSAGE_REACTION_ADD",
    Intent.DM_MESSAGES: "MESSAGE_CREATE", Intent.DM_REACTIONS: "MESSAGE_REACTION_ADD",
}  # fmt: skip


async def heard(wire: Wire) -> list[tuple[str, bool]]:
    """The events that have come, each with whether it is a server's."""
    await wire.send(1)
    found = []
    while (packet := await wire.receive())["op"] != 11:
        found.append((packet["t"], "guild_id" in packet["d"]))
    return found


@pytest.mark.parametrize("intent", EVENTS)
async def test_an_intent_brings_its_events_and_no_others(box: Sandbox, sandbox: SandboxClient, intent: Intent) -> None:
    async with dial(box) as wire:
        await wire.start(box, intents=int(intent))
        for channel in ("gallery", "dm:Bea"):
            said = await sandbox.say(channel, "Bea", "hello")
            await sandbox.react(said, "👋", "Bea")
        in_guild = intent in (Intent.GUILD_MESSAGES, Intent.GUILD_REACTIONS)
        assert await heard(wire) == [(EVENTS[intent], in_guild)]


async def test_content_is_blank_without_its_intent_but_for_what_concerns_the_app(
    box: Sandbox, sandbox: SandboxClient, api: Api
) -> None:
    me = sandbox.info.application_id
    async with dial(box) as wire:
        await wire.start(box, intents=int(Intent.GUILD_MESSAGES | Intent.DM_MESSAGES))

        async def told() -> dict[str, Any]:
            body: dict[str, Any] = (await wire.until("MESSAGE_CREATE"))["d"]
            return body

        said = await sandbox.say("gallery", "Bea", "a secret")
        hidden = await told()
        assert (hidden["content"], hidden["attachments"], hidden["author"]["username"]) == ("", [], "bea")
        await sandbox.say("gallery", "Bea", f"<@{me}> look", reply_to=said.id)
        mention = await told()
        assert mention["content"] == f"<@{me}> look"
        assert mention["referenced_message"]["content"] == ""  # someone else's, still
        await sandbox.say("dm:Bea", "Bea", "between us")
        assert (await told())["content"] == "between us"
        where = (await sandbox.get("/channel", channel="gallery"))["id"]
        await api("POST", f"/channels/{where}/messages", {"content": "its own"})
        assert (await told())["content"] == "its own"


async def test_a_reply_to_an_answered_command_pings_no_one_and_carries_no_text(
    box: Sandbox, sandbox: SandboxClient, api: Api
) -> None:
    """Unlike a reply to a message that the bot sent by itself."""
    me = sandbox.info.application_id
    await api("POST", f"/applications/{me}/commands", {"name": "hold", "description": "x"})
    asked = await sandbox.slash("gallery", "Bea", "hold", wait=False)
    answer = {"type": 4, "data": {"content": "answered"}}
    await api("POST", f"/interactions/{asked.id}/{asked.token}/callback", answer, token=False)
    where = (await sandbox.get("/channel", channel="gallery"))["id"]
    _, plain = await api("POST", f"/channels/{where}/messages", {"content": "by itself"})
    answered = (await sandbox.wait_interaction(asked)).message_id
    async with dial(box) as wire:
        await wire.start(box, intents=int(Intent.GUILD_MESSAGES))

        async def heard(reply_to: int | None, text: str) -> tuple[str, list[str], str]:
            await sandbox.say("gallery", "Bea", text, reply_to=reply_to)
            body = (await wire.until("MESSAGE_CREATE"))["d"]
            return body["content"], [each["id"] for each in body["mentions"]], body["referenced_message"]["content"]

        assert await heard(int(plain["id"]), "more") == ("more", [me], "by itself")
        assert await heard(answered, "more") == ("", [], "answered")
        assert await heard(answered, f"more, <@{me}>") == (f"more, <@{me}>", [me], "answered")


async def test_content_is_there_with_its_intent(box: Sandbox, sandbox: SandboxClient) -> None:
    box.world.privileged_intents = True
    async with dial(box) as wire:
        await wire.start(box, intents=int(Intent.GUILD_MESSAGES | Intent.MESSAGE_CONTENT))
        said = await sandbox.say("gallery", "Bea", "a secret")
        await sandbox.say("gallery", "Max", "which?", reply_to=said.id)
        assert (await wire.until("MESSAGE_CREATE"))["d"]["content"] == "a secret"
        assert (await wire.until("MESSAGE_CREATE"))["d"]["referenced_message"]["content"] == "a secret"


async def test_a_channel_that_the_bot_does_not_see_is_silent(box: Sandbox, sandbox: SandboxClient) -> None:
    async with dial(box) as wire:
        await wire.start(box, intents=int(Intent.GUILD_MESSAGES))
        await sandbox.say("admins", "Ada", "about the bot")
        await wire.quiet()


async def test_presence(box: Sandbox, sandbox: SandboxClient) -> None:
    idle = {"status": "idle", "activities": [{"name": "painting", "type": 0}], "since": None, "afk": False}
    async with dial(box) as wire:
        await wire.start(box, intents=0, presence={**idle, "status": "dnd"})
        assert [each["presence"]["status"] for each in await sandbox.sessions()] == ["dnd"]
        await wire.send(3, idle)
        await wire.quiet()
        assert [each["presence"]["activities"][0]["name"] for each in await sandbox.sessions()] == ["painting"]
        await wire.send(3, {**idle, "status": "painting"})
        assert await wire.close_code() == 4002


async def test_members_come_in_chunks(box: Sandbox) -> None:
    box.world.privileged_intents = True
    guild = next(iter(box.world.guilds.values()))
    for number in range(1, 2_000):
        box.world.users[number] = User(number, f"u{number}", f"User {number}")
        guild.members[number] = Member(number)
    async with dial(box) as wire:
        await wire.start(box, intents=int(Intent.GUILD_MEMBERS))
        ask = {"guild_id": str(guild.id), "query": "", "limit": 0, "nonce": "mine"}
        await wire.send(8, ask)
        chunks = [(await wire.receive())["d"] for _ in range(3)]
        assert [len(each["members"]) for each in chunks] == [1_000, 1_000, len(guild.members) - 2_000]
        assert [(each["chunk_index"], each["chunk_count"], each["nonce"]) for each in chunks] == [
            (0, 3, "mine"), (1, 3, "mine"), (2, 3, "mine"),
        ]  # fmt: skip
        await wire.send(8, ask)
        refused = await wire.receive()
        assert (refused["t"], refused["d"]["opcode"]) == ("RATE_LIMITED", 8)
        assert 0 < refused["d"]["retry_after"] <= 30
        assert refused["d"]["meta"] == {"guild_id": str(guild.id), "nonce": "mine"}


async def test_members_by_name_and_by_id(box: Sandbox) -> None:
    box.world.privileged_intents = True
    guild = next(iter(box.world.guilds.values()))
    bea = next(each for each in box.world.people if each.name == "bea")
    async with dial(box) as wire:
        await wire.start(box, intents=int(Intent.GUILD_PRESENCES))
        await wire.send(8, {"guild_id": str(guild.id), "query": "BE", "limit": 5, "nonce": "n" * 33})
        found = (await wire.receive())["d"]
        assert [each["user"]["username"] for each in found["members"]] == ["bea"]
        assert "nonce" not in found  # too long to be one
        ids = [str(bea.id), "12345"]
        await wire.send(8, {"guild_id": [str(guild.id)], "user_ids": ids, "presences": True})
        found = (await wire.receive())["d"]
        assert [each["user"]["id"] for each in found["presences"]] == [str(bea.id)]
        assert found["not_found"] == ["12345"]
        await wire.send(8, {"guild_id": str(guild.id), "query": "", "limit": 0})
        await wire.quiet()  # everyone only with the members intent


@pytest.mark.parametrize(
    "data", [None, {"guild_id": "x", "query": ""}, {"guild_id": ["1", "2"], "query": ""}, {"guild_id": "1"}]
)
async def test_members_asked_for_wrongly(box: Sandbox, data: object) -> None:
    async with dial(box) as wire:
        await wire.start(box, intents=0)
        await wire.send(8, data)
        assert await wire.close_code() == 4002


async def test_what_there_is_none_of(box: Sandbox) -> None:
    guild = str(next(iter(box.world.guilds)))
    async with dial(box) as wire:
        await wire.start(box, intents=0)
        await wire.send(4, {"guild_id": guild, "channel_id": None, "self_mute": False, "self_deaf": False})
        await wire.send(31, {"guild_ids": [guild]})
        assert (await wire.receive())["d"] == {"guild_id": guild, "soundboard_sounds": []}
        await wire.send(43, {"guild_id": guild, "fields": ["status"]})
        assert (await wire.receive())["d"] == {"guild_id": guild, "channels": []}


async def test_a_real_client_gathers_the_members(box: Sandbox, connect: Connect) -> None:
    box.world.privileged_intents = True
    bot = await connect(Bot(discord.Intents(guilds=True, members=True)))
    await bot.wait_until_ready()  # discord.py asks for the members of each server before it is
    assert {len(each.members) for each in bot.guilds} == {len(box.world.people) + 1}


async def test_a_real_client_reads_content_with_the_intent(
    box: Sandbox, connect: Connect, sandbox: SandboxClient
) -> None:
    box.world.privileged_intents = True
    bot = await connect(Bot(discord.Intents(guilds=True, guild_messages=True, message_content=True)))
    await sandbox.say("gallery", "Bea", "a secret", files=[file("a.png", RED)])
    message = await bot.next("message")
    assert (message.content, [each.filename for each in message.attachments]) == ("a secret", ["a.png"])
