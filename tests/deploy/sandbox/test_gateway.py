"""The gateway: what a real client lives through, and what each mistake is answered with."""

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import Bot, Connect


class Wire:
    """A gateway connection by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, packed: bool) -> None:
        self._socket = socket
        self._inflate = zlib.decompressobj() if packed else None

    async def send(self, op: object, data: object = None) -> None:
        await self._socket.send_json({"op": op, "d": data})

    async def send_text(self, text: str) -> None:
        await self._socket.send_str(text)

    async def receive(self) -> dict[str, Any]:
        message = await self._socket.receive(timeout=10)
        if self._inflate is None:
            found: dict[str, Any] = json.loads(message.data)
            return found
        assert message.data.endswith(b"\x00\x00\xff\xff")
        return json.loads(self._inflate.decompress(message.data))  # type: ignore[no-any-return]

    async def until(self, event: str) -> dict[str, Any]:
        while (packet := await self.receive())["t"] != event:
            pass
        return packet

    async def close_code(self) -> int | None:
        while (await self._socket.receive(timeout=10)).type is aiohttp.WSMsgType.TEXT:
            pass
        return self._socket.close_code


@asynccontextmanager
async def dial(box: Sandbox, query: str = "v=10&encoding=json") -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{box.gateway_url}?{query}") as socket:
        wire = Wire(socket, "zlib-stream" in query)
        if "v=10" in query:
            hello = await wire.receive()
            assert (hello["op"], hello["d"]["heartbeat_interval"]) == (10, 41_250)
        yield wire


def identity(box: Sandbox, **more: object) -> dict[str, object]:
    return {"token": box.token, "intents": 1, "properties": {}, **more}


@pytest.mark.parametrize("query", ["v=10&encoding=json", "v=10&encoding=json&compress=zlib-stream"])
async def test_identify_and_heartbeat(box: Sandbox, query: str) -> None:
    async with dial(box, query) as wire:
        await wire.send(1)
        assert (await wire.receive())["op"] == 11
        await wire.send(2, identity(box))
        ready = await wire.receive()
        assert (ready["t"], ready["s"], ready["d"]["shard"]) == ("READY", 1, [0, 1])
        names = [(await wire.receive())["d"]["name"] for _ in range(3)]
        assert names == ["Studio", "Atelier", "Night Lab"]


async def test_shards_share_the_servers(box: Sandbox) -> None:
    found = []
    for shard in range(2):
        async with dial(box) as wire:
            await wire.send(2, identity(box, shard=[shard, 2]))
            ready = await wire.receive()
            found.append({int(each["id"]) for each in ready["d"]["guilds"]})
    assert all(found)
    assert found[0] | found[1] == set(box.world.guilds)
    assert all((guild >> 22) % 2 == shard for shard in range(2) for guild in found[shard])


async def test_without_the_guilds_intent_there_are_no_servers(box: Sandbox) -> None:
    async with dial(box) as wire:
        await wire.send(2, identity(box, intents=0))
        assert (await wire.receive())["t"] == "READY"
        await wire.send(1)
        assert (await wire.receive())["op"] == 11


@pytest.mark.parametrize(
    ("op", "change", "code"),
    [
        (2, {"token": "wrong"}, 4004), (2, {"shard": [2, 2]}, 4010), (2, {"intents": -1}, 4013),
        (2, {"intents": 1 << 15}, 4014), (3, {}, 4003), (77, {}, 4001), (6, {"token": "wrong"}, 4004),
    ],
)  # fmt: skip
async def test_mistakes_close_with_their_code(box: Sandbox, op: int, change: dict[str, object], code: int) -> None:
    async with dial(box) as wire:
        await wire.send(op, identity(box, **change))
        assert await wire.close_code() == code


async def test_more_mistakes(box: Sandbox) -> None:
    async with dial(box) as wire:
        await wire.send_text("{")
        assert await wire.close_code() == 4002
    async with dial(box) as wire:
        await wire.send(2, identity(box))
        await wire.send(2, identity(box))
        assert await wire.close_code() == 4005
    async with dial(box) as wire:
        for _ in range(121):
            await wire.send(1)
        assert await wire.close_code() == 4008
    async with dial(box, "v=6") as wire:
        assert await wire.close_code() == 4012


async def test_a_session_that_is_not_there_must_identify_again(box: Sandbox) -> None:
    async with dial(box) as wire:
        await wire.send(6, {"token": box.token, "session_id": "gone", "seq": 5})
        packet = await wire.receive()
        assert (packet["op"], packet["d"]) == (9, False)


async def test_resume_sends_what_was_missed(box: Sandbox, sandbox: SandboxClient) -> None:
    async with dial(box) as wire:
        await wire.send(2, identity(box, intents=1 | 1 << 10))
        session = (await wire.until("READY"))["d"]["session_id"]
        seen = [await wire.until("GUILD_CREATE") for _ in range(3)][-1]["s"]
        await sandbox.cut_gateway(code=4000)
        assert await wire.close_code() == 4000
    said = await sandbox.say("gallery", "Bea", "while it was away")
    await sandbox.react(said, "🔁", "Bea")
    async with dial(box) as wire:
        await wire.send(6, {"token": box.token, "session_id": session, "seq": seen})
        missed = await wire.receive()
        assert (missed["t"], missed["s"], missed["d"]["emoji"]["name"]) == ("MESSAGE_REACTION_ADD", seen + 1, "🔁")
        resumed = await wire.receive()
        assert (resumed["t"], resumed["d"]) == ("RESUMED", {"_trace": []})


@pytest.mark.parametrize("how", ["close", "abort", "reconnect", "invalidate"])
async def test_a_real_client_comes_back(connect: Connect, sandbox: SandboxClient, how: str) -> None:
    bot = await connect(Bot())
    said = await sandbox.say("gallery", "Bea", "react to me")
    [before] = await sandbox.sessions()
    if how in ("close", "abort"):
        await sandbox.cut_gateway(abort=how == "abort")
    elif how == "reconnect":
        await sandbox.ask_reconnect()
    else:
        await sandbox.invalidate_sessions(resumable=True)
    await sandbox.react(said, "🔁", "Bea")
    assert (await bot.next("reaction")).message_id == said.id
    assert [each["session_id"] for each in await sandbox.sessions()] == [before["session_id"]]


async def test_an_ended_session_is_gone_at_once(box: Sandbox, sandbox: SandboxClient) -> None:
    with sandbox.listen() as events:
        async with dial(box) as wire:
            await wire.send(2, identity(box))
            await wire.until("READY")
        await sandbox.next_event(
            events, 10, "the end", lambda event: event["event"] == "gateway" and not event["session"]["connected"]
        )
    assert await sandbox.sessions() == []
