"""How sessions live on and end: RESUME, heartbeats, what Discord does by itself, and how real clients take it."""

import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import Bot, Connect
from tests.deploy.sandbox.raw_gateway import PLAIN, ZLIB, ZSTD, Wire, dial, identity

REACTIONS = 1 | 1 << 10


async def started(box: Sandbox, wire: Wire, **more: object) -> tuple[str, int]:
    """A session with all its servers; its id and last sequence number."""
    session = (await wire.start(box, **{"intents": REACTIONS, **more}))["session_id"]
    return session, [await wire.until("GUILD_CREATE") for _ in range(3)][-1]["s"]


async def resume(box: Sandbox, wire: Wire, session: str, seq: object) -> None:
    await wire.send(6, {"token": box.token, "session_id": session, "seq": seq})


async def gone(sandbox: SandboxClient) -> None:
    """Wait until no session is connected."""
    with sandbox.listen() as events:
        while any(each["connected"] for each in await sandbox.sessions()):
            await sandbox.next_event(events, 10, "the end", lambda event: event["event"] == "gateway")


@pytest.mark.parametrize("query", [PLAIN, ZLIB, ZSTD])
async def test_resume_sends_what_was_missed(box: Sandbox, sandbox: SandboxClient, query: str) -> None:
    async with dial(box, query) as wire:
        session, seen = await started(box, wire)
        await sandbox.cut_gateway(code=4000)
        assert await wire.close_code() == 4000
    said = await sandbox.say("gallery", "Bea", "while it was away")
    await sandbox.react(said, "🔁", "Bea")
    async with dial(box, query) as wire:
        await resume(box, wire, session, seen)
        missed = await wire.receive()
        assert (missed["t"], missed["s"], missed["d"]["emoji"]["name"]) == ("MESSAGE_REACTION_ADD", seen + 1, "🔁")
        resumed = await wire.receive()
        assert (resumed["t"], resumed["s"]) == ("RESUMED", seen + 2)
        await wire.quiet()


async def test_an_older_number_replays_more(box: Sandbox) -> None:
    async with dial(box) as wire:
        session, seen = await started(box, wire)
        await wire.leave(4000)
    async with dial(box) as wire:
        await resume(box, wire, session, seen - 2)
        assert [(await wire.receive())["s"] for _ in range(3)] == [seen - 1, seen, seen + 1]


async def test_what_fell_out_of_the_buffer_cannot_be_replayed(box: Sandbox) -> None:
    async with dial(box) as wire:
        session, _ = await started(box, wire)
        await wire.leave(4000)
    box.hub.sessions[session].sent.popleft()  # READY, as if four thousand events had come since
    async with dial(box) as wire:
        await resume(box, wire, session, 0)
        packet = await wire.receive()
        assert (packet["op"], packet["d"]) == (9, False)
        await wire.start(box)  # on the same connection
    assert session not in box.hub.sessions


@pytest.mark.parametrize("seq", [99, -1, None, "3"])
async def test_a_number_that_cannot_be_ends_the_session(box: Sandbox, seq: object) -> None:
    async with dial(box) as wire:
        session, _ = await started(box, wire)
        await wire.leave(4000)
    async with dial(box) as wire:
        await resume(box, wire, session, seq)
        assert await wire.close_code() == 4007
    assert box.hub.sessions == {}


@pytest.mark.parametrize("session", ["gone", None])
async def test_a_session_that_is_not_there_must_identify_again(box: Sandbox, session: object) -> None:
    async with dial(box) as wire:
        await wire.send(6, {"token": box.token, "session_id": session, "seq": 5})
        packet = await wire.receive()
        assert (packet["op"], packet["d"]) == (9, False)


async def test_a_session_moves_to_the_connection_that_resumes_it(box: Sandbox, sandbox: SandboxClient) -> None:
    async with dial(box) as old, dial(box) as new:
        session, seen = await started(box, old)
        await resume(box, new, session, seen)
        await new.until("RESUMED")
        assert await old.close_code() == 4000
        said = await sandbox.say("gallery", "Bea", "still there?")
        await sandbox.react(said, "👋", "Bea")
        await new.until("MESSAGE_REACTION_ADD")


@pytest.mark.parametrize(("code", "stays"), [(1000, False), (1001, False), (4000, True), (4900, True)])
async def test_how_a_client_leaves_decides(box: Sandbox, sandbox: SandboxClient, code: int, stays: bool) -> None:
    async with dial(box) as wire:
        await started(box, wire)
        await wire.leave(code)
    await gone(sandbox)
    assert bool(await sandbox.sessions()) is stays


@pytest.mark.parametrize(("code", "stays"), [(1001, True), (4000, True), (4008, True), (4009, False), (4007, False)])
async def test_how_the_server_cuts_decides(box: Sandbox, sandbox: SandboxClient, code: int, stays: bool) -> None:
    async with dial(box) as wire:
        await started(box, wire)
        await sandbox.cut_gateway(code=code)
        assert await wire.close_code() == code
    await gone(sandbox)
    assert bool(await sandbox.sessions()) is stays


async def test_a_lost_session_ends_after_a_while(
    box: Sandbox, sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.sandbox.gateway.hub.RESUMABLE_SECONDS", 0.01)
    with sandbox.listen() as events:
        async with dial(box) as wire:
            await started(box, wire)
            await wire.leave(4000)
        while await sandbox.sessions():
            await sandbox.next_event(events, 10, "the end", lambda event: event["event"] == "gateway")


async def test_who_sends_no_heartbeat_is_asked_then_cut_off(box: Sandbox, sandbox: SandboxClient) -> None:
    await sandbox.gateway_faults(heartbeat_seconds=1)  # on a busy machine it takes that long to log in
    async with dial(box) as wire:
        session, _ = await started(box, wire)
        await wire.until_op(1)
        assert await wire.close_code() == 4000
    await gone(sandbox)
    assert [each["session_id"] for each in await sandbox.sessions()] == [session]  # and may resume


async def test_who_falls_too_far_behind_is_cut_off(
    box: Sandbox, sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.sandbox.gateway.transport.BACKLOG", 10)
    async with dial(box) as wire:
        session, seen = await started(box, wire)
        for _ in range(20):  # without a moment in which any could go out
            box.hub.dispatch("TYPING_START", {"channel_id": "1", "user_id": "2", "timestamp": 3})
        assert await wire.close_code() == 1006
    await gone(sandbox)
    async with dial(box) as wire:
        monkeypatch.undo()
        await resume(box, wire, session, seen)
        assert [(await wire.receive())["s"] for _ in range(20)] == list(range(seen + 1, seen + 21))


async def test_after_op_9_only_a_handshake_counts(box: Sandbox, sandbox: SandboxClient) -> None:
    async with dial(box) as wire:
        await started(box, wire)
        await sandbox.invalidate_sessions()
        assert (await wire.receive())["d"] is False
        await wire.send(3, {"status": "idle", "activities": []})
        assert await wire.close_code() == 4003


async def test_who_does_not_heed_op_7_is_cut_off(
    box: Sandbox, sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.sandbox.gateway.hub.CLOSED_AFTER_RECONNECT", 0.01)
    async with dial(box) as wire:
        await started(box, wire)
        await sandbox.ask_reconnect()
        assert (await wire.receive())["op"] == 7
        assert await wire.close_code() == 4000


async def test_bad_manners(box: Sandbox, sandbox: SandboxClient) -> None:
    assert (await sandbox.gateway_faults(hello=False, ack=False))["heartbeat_seconds"] == 41.25
    async with dial(box, greeted=False) as wire:
        await wire.send(1)
        await wire.send(2, identity(box))
        assert (await wire.receive())["t"] == "READY"  # neither HELLO nor an answer to the heartbeat
    await sandbox.gateway_faults(hello=True, hello_delay=0.05, ack=True, late=0.05)
    async with dial(box) as wire:
        await started(box, wire)
        await wire.quiet()
    for wrong in ({"late": -1}, {"ack": 1}, {"refuse": 200}, {"colour": "red"}):
        with pytest.raises(SandboxError) as caught:
            await sandbox.gateway_faults(**wrong)
        assert list(caught.value.errors) == list(wrong)
    await sandbox.reset()
    assert (await sandbox.gateway_faults())["late"] == 0


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


async def test_a_real_client_leaves_a_gateway_that_has_died(connect: Connect, sandbox: SandboxClient) -> None:
    await sandbox.gateway_faults(heartbeat_seconds=0.6)
    bot = await connect(Bot(heartbeat_timeout=1.5))
    [before] = await sandbox.sessions()
    await sandbox.ask_heartbeat()
    with sandbox.listen() as events:
        await sandbox.gateway_faults(ack=False)
        await sandbox.next_event(
            events, 30, "the client to give up",
            lambda event: event["event"] == "gateway" and not event["session"]["connected"],
        )  # fmt: skip
        await sandbox.gateway_faults(ack=True)
    await bot.next("resumed")
    assert [each["session_id"] for each in await sandbox.sessions()] == [before["session_id"]]
