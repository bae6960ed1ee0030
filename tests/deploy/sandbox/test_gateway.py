"""The gateway's handshake: transports, IDENTIFY, and what each mistake is answered with."""

import aiohttp
import pytest

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.gateway.intents import Intent
from deploy.sandbox.server import Sandbox
from deploy.sandbox.state.defaults import add_guild
from tests.deploy.sandbox.parts import Api
from tests.deploy.sandbox.raw_gateway import PLAIN, ZLIB, ZSTD, dial, identity

SERVERS = ["Studio", "Atelier", "Night Lab"]


@pytest.mark.parametrize("query", [PLAIN, ZLIB, ZSTD, "", "v=9"])
async def test_identify_and_heartbeat(box: Sandbox, query: str) -> None:
    async with dial(box, query) as wire:
        await wire.send(1)
        assert (await wire.receive())["op"] == 11
        await wire.send(2, identity(box))
        ready = await wire.receive()
        assert (ready["t"], ready["s"], ready["d"]["shard"]) == ("READY", 1, [0, 1])
        assert ready["d"]["resume_gateway_url"] == box.gateway_url
        assert [(await wire.receive())["d"]["name"] for _ in range(3)] == SERVERS
        assert bool(wire.packed) is ("compress" in query)


async def test_payloads_packed_one_by_one(box: Sandbox) -> None:
    async with dial(box) as wire:
        await wire.start(box, compress=True)
        assert [(await wire.receive())["d"]["name"] for _ in range(3)] == SERVERS
        assert wire.packed >= 3  # each by itself, the larger ones only
        before = wire.packed
        await wire.quiet()
        assert wire.packed == before


async def test_a_stream_is_not_packed_twice(box: Sandbox) -> None:
    async with dial(box, ZLIB) as wire:
        await wire.start(box, compress=True)
        assert (await wire.until("GUILD_CREATE"))["d"]["name"] == "Studio"


async def test_shards_share_the_servers(box: Sandbox) -> None:
    found = []
    for shard in range(2):
        async with dial(box) as wire:
            ready = await wire.start(box, shard=[shard, 2])
            found.append({int(each["id"]) for each in ready["guilds"]})
    assert all(found)
    assert found[0] | found[1] == set(box.world.guilds)
    assert all((guild >> 22) % 2 == shard for shard in range(2) for guild in found[shard])


async def test_direct_messages_go_to_shard_0_alone(box: Sandbox, sandbox: SandboxClient) -> None:
    async with dial(box) as first, dial(box) as second:
        for shard, wire in enumerate((first, second)):
            await wire.start(box, shard=[shard, 2], intents=int(Intent.DM_MESSAGES))
        await sandbox.say("dm:Bea", "Bea", "psst")
        assert (await first.until("MESSAGE_CREATE"))["d"]["content"] == "psst"
        await second.quiet()


async def test_without_the_guilds_intent_there_are_no_servers(box: Sandbox) -> None:
    async with dial(box) as wire:
        await wire.start(box, intents=0)
        await wire.quiet()


@pytest.mark.parametrize(
    ("op", "change", "code"),
    [
        (2, {"token": "wrong"}, 4004), (2, {"token": None}, 4004), (2, {"properties": None}, 4002),
        (2, {"shard": [2, 2]}, 4010), (2, {"shard": [0, 0]}, 4010), (2, {"shard": [-1, 2]}, 4010),
        (2, {"shard": 0}, 4010), (2, {"shard": ["0", "1"]}, 4010), (2, {"shard": [True, 2]}, 4010),
        (2, {"intents": -1}, 4013), (2, {"intents": 1 << 26}, 4013), (2, {"intents": 1 << 17}, 4013),
        (2, {"intents": "1"}, 4013), (2, {"intents": None}, 4013), (2, {"intents": 1 << 15}, 4014),
        (2, {"presence": {"status": "away", "activities": []}}, 4002),
        (2, None, 4002), (6, None, 4002), (6, {"token": "wrong"}, 4004),
        (3, {}, 4003), (8, {}, 4003), (0, {}, 4001), (10, {}, 4001), (77, {}, 4001), ("1", {}, 4002), (None, {}, 4002),
    ],
)  # fmt: skip
async def test_mistakes_close_with_their_code(
    box: Sandbox, op: object, change: dict[str, object] | None, code: int
) -> None:
    async with dial(box) as wire:
        await wire.send(op, None if change is None else identity(box, **change))
        assert await wire.close_code() == code


@pytest.mark.parametrize("text", ["{", "[]", "1", '{"op": 1, "d": "' + "ü" * 2048 + '"}'])
async def test_what_is_no_payload_closes_with_4002(box: Sandbox, text: str) -> None:
    async with dial(box) as wire:
        await wire.send_text(text)
        assert await wire.close_code() == 4002


@pytest.mark.parametrize("op", [2, 6])
async def test_a_second_handshake_closes_with_4005(box: Sandbox, op: int) -> None:
    async with dial(box) as wire:
        session = (await wire.start(box))["session_id"]
        await wire.send(op, identity(box, session_id=session, seq=1))
        assert await wire.close_code() == 4005


async def test_more_than_120_payloads_a_minute_close_with_4008(box: Sandbox) -> None:
    async with dial(box) as wire:
        for _ in range(121):
            await wire.send(1)
        assert await wire.close_code() == 4008


@pytest.mark.parametrize(("query", "code"), [("v=6", 4012), ("v=ten", 4012), ("v=10&encoding=etf", 4002)])
async def test_other_versions_and_encodings_are_refused(box: Sandbox, query: str, code: int) -> None:
    async with dial(box, query, greeted=False) as wire:
        assert await wire.close_code() == code


async def test_more_than_2500_servers_need_shards(box: Sandbox) -> None:
    for number in range(2_498):
        guild = add_guild(box.world, 100_000 + 2 * number, f"Server {number}", box.world.people[0].id)
        guild.channels.clear()
    async with dial(box) as wire:
        await wire.send(2, identity(box, intents=0))
        assert await wire.close_code() == 4011
    async with dial(box) as wire:
        assert len((await wire.start(box, intents=0, shard=[0, 2]))["guilds"]) < 2_501


async def test_one_start_for_each_key_in_five_seconds(box: Sandbox) -> None:
    box.enforce_limits(True)
    box.hub.session_limits.max_concurrency = 2
    async with dial(box) as first, dial(box) as second, dial(box) as third:
        await first.start(box, shard=[0, 3])
        await second.start(box, shard=[1, 3])
        await third.send(2, identity(box, shard=[2, 3]))  # the key of shard 0 again
        packet = await third.receive()
        assert (packet["op"], packet["d"]) == (9, False)
        box.hub.session_limits.enabled = False
        await third.start(box, shard=[2, 3])  # on the same connection


async def test_session_starts_count_down_and_come_back(box: Sandbox, api: Api, sandbox: SandboxClient) -> None:
    box.hub.session_limits.total = 2
    async with dial(box) as first, dial(box) as second:
        await first.start(box)
        _, answer = await api("GET", "/gateway/bot")
        limit = answer["session_start_limit"]
        assert (limit["total"], limit["remaining"], limit["max_concurrency"]) == (2, 1, 1)
        assert 86_300_000 < limit["reset_after"] <= 86_400_000
        await second.start(box)
        async with dial(box) as third:
            await third.send(2, identity(box))
            assert await third.close_code() == 4004
        assert await first.close_code() == 4004  # all sessions end with the last start
    await sandbox.clock(jump=24 * 3600)
    async with dial(box) as wire:
        await wire.start(box)


async def test_a_gateway_that_refuses_connections(box: Sandbox, sandbox: SandboxClient) -> None:
    await sandbox.gateway_faults(refuse=503)
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        async with dial(box):
            pass
    assert caught.value.status == 503


async def test_without_its_package_zstd_is_plain_text(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.sandbox.gateway.transport.zstandard", None)
    async with dial(box, ZSTD) as wire:
        await wire.start(box)
        assert wire.packed == 0
