"""What goes on beside the calls: nothing of it ends without a word, and one failure does not end the rest."""

import ast
import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

import deploy.sandbox
from deploy.sandbox import background
from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve
from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.store import Store
from tests.deploy.sandbox.parts import RED, Api, form, started
from tests.deploy.sandbox.raw_gateway import dial

ROOM = Path(deploy.sandbox.__file__).parent
STARTERS = {"create_task", "ensure_future", "TaskGroup", "run_in_executor", "run_coroutine_threadsafe"}


async def until(reached: Callable[[], bool], what: str) -> None:
    async with asyncio.timeout(20):
        while not reached():  # noqa: ASYNC110 - a log and a file tell no one that they changed
            await asyncio.sleep(0.01)
    assert reached(), what


def starters(path: Path) -> list[str]:
    """Where a file starts work that goes on by itself."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found += [f"{path.relative_to(ROOM)}:{node.lineno} {name}"] if name in STARTERS else []
    return found


def test_all_work_in_the_background_is_started_by_the_one_helper() -> None:
    files = [path for path in ROOM.rglob("*.py") if path.name != "background.py"]
    assert len(files) > 80
    assert [place for path in files for place in starters(path)] == []
    assert starters(ROOM / "background.py") != []  # what is looked for can be found


async def test_work_that_fails_is_logged_and_someone_is_told(caplog: pytest.LogCaptureFixture) -> None:
    told = asyncio.Event()

    async def work() -> None:
        raise ValueError("a reason")

    task = background.start("the work", work, then=told.set)
    await asyncio.wait_for(told.wait(), 10)
    assert task.done()
    assert ("the work" in caplog.text, "ValueError: a reason" in caplog.text) == (True, True)


async def test_work_that_is_to_go_on_is_begun_again(caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.01)
    runs: list[int] = []
    forever = asyncio.Event()

    async def work() -> None:
        runs.append(len(runs))
        if len(runs) < 4:
            raise OSError(28, "No space left on device")
        await forever.wait()

    task = background.start("the work", work, restart=True)
    await until(lambda: len(runs) == 4, "begun four times")
    task.cancel()
    lines = [each.getMessage() for each in caplog.records]
    assert lines == ["the work: No space left on device. Trying again."]  # once, in words, without a traceback
    assert caplog.records[0].exc_info is None


async def test_a_world_that_cannot_be_written_is_written_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr("deploy.sandbox.state.store.PAUSE", 0.01)
    in_the_way = tmp_path / "world.new"
    in_the_way.mkdir()
    async with started(tmp_path) as (sandbox, _):
        await sandbox.say("gallery", "Bea", "keep me")
        await until(lambda: "could not be saved" in caplog.text, "said so")
        in_the_way.rmdir()
        file = tmp_path / "world.json"
        await until(lambda: file.exists() and b"keep me" in file.read_bytes(), "written after all")
        await until(lambda: "is saved again" in caplog.text, "said so as well")
        await sandbox.say("gallery", "Bea", "and me")
        await until(lambda: b"and me" in file.read_bytes(), "goes on")


async def test_a_world_that_cannot_be_written_at_the_end_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with started(tmp_path) as (sandbox, _):
        await sandbox.say("gallery", "Bea", "hello")
        file = tmp_path / "world.json"
        await until(lambda: file.exists() and b"hello" in file.read_bytes(), "written once")
        (tmp_path / "world.new").mkdir()
    assert "could not be saved" in caplog.text


LONE = "half of a pair: \ud83c."


@pytest.mark.parametrize("by", ["bot", "file name", "person", "interaction"])
async def test_half_a_surrogate_pair_does_no_harm(tmp_path: Path, by: str) -> None:
    async with started(tmp_path) as (sandbox, api):
        where = f"/channels/{(await sandbox.get('/channel', channel='gallery'))['id']}/messages"
        if by == "bot":
            assert (await api("POST", where, {"content": LONE}))[0] == 200
        elif by == "file name":
            body = {"content": LONE, "attachments": [{"id": 0, "description": LONE, "filename": f"{LONE}.png"}]}
            assert (await api("POST", where, data=form(body, RED)))[0] == 200
        elif by == "person":
            await sandbox.say("gallery", "Bea", LONE)
        else:
            me = sandbox.info.application_id
            option = {"type": 3, "name": "text", "description": "x"}
            await api("POST", f"/applications/{me}/commands", {"name": "a", "description": "x", "options": [option]})
            asked = await sandbox.slash("gallery", "Bea", "a", {"text": LONE}, wait=False)
            answer = {"type": 4, "data": {"content": LONE}}
            hook = f"/interactions/{asked.id}/{asked.token}/callback"
            assert (await api("POST", hook, answer, token=False))[0] == 204
    async with started(tmp_path) as (sandbox, api):
        [kept] = await sandbox.messages("gallery")
        assert kept.content == LONE.replace("\ud83c", "\ufffd")


async def test_a_whole_pair_stays_what_it_is(api: Api, sandbox: SandboxClient) -> None:
    where = f"/channels/{(await sandbox.get('/channel', channel='gallery'))['id']}/messages"
    assert (await api("POST", where, {"content": "🌄 \\ud83c"}))[1]["content"] == "🌄 \\ud83c"


async def test_a_world_that_holds_half_a_pair_is_saved_all_the_same(tmp_path: Path) -> None:
    box = Sandbox(store=Store(tmp_path))
    async with serve(box):
        box.world.people[0].display = LONE
    again = Sandbox(store=Store(tmp_path))
    assert again.store is not None
    assert again.store.warning == ""
    assert again.world.people[0].display == LONE.replace("\ud83c", "\ufffd")


async def test_a_timer_that_fails_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    clock, rang = Clock(), asyncio.Event()

    def fail() -> None:
        raise ValueError("a reason")

    clock.call_later(5, fail)
    clock.call_later(6, rang.set)
    clock.jump(10)
    await asyncio.wait_for(rang.wait(), 10)
    clock.stop()
    assert "ValueError: a reason" in caplog.text


async def test_a_live_stream_that_fails_is_closed_so_that_the_page_connects_again(
    box: Sandbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{box.base_url}/sandbox/events") as events:
        await events.receive()

        async def fail(*_: object) -> None:
            raise ValueError("a reason")

        monkeypatch.setattr(web.WebSocketResponse, "send_str", fail)
        box.stream.publish("world")
        end = await asyncio.wait_for(events.receive(), 10)
        assert end.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert "ValueError: a reason" in caplog.text


async def test_a_gateway_that_fails_to_send_cuts_the_connection(
    box: Sandbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dial(box) as wire:
        await wire.start(box, intents=0)
        [session] = box.hub.sessions.values()

        def fail(_: str) -> str:
            raise ValueError("a reason")

        assert session.link is not None
        monkeypatch.setattr(session.link._out, "_pack", fail)  # type: ignore[attr-defined]
        session.dispatch("RESUMED", '{"_trace":[]}')
        await until(lambda: session.link is None, "the session has lost its connection, and can be resumed")
    assert "ValueError: a reason" in caplog.text
