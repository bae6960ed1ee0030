"""The world on disk: what a restart keeps, and what happens to a file that cannot be read."""

import asyncio
import signal
import sys
import time
from pathlib import Path

import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.state.store import Store
from tests.deploy.sandbox.parts import RED, button, form, row, started


async def test_a_restart_goes_on_where_the_world_was(tmp_path: Path) -> None:
    async with started(tmp_path) as (sandbox, api):
        app = sandbox.info.application_id
        _, command = await api("POST", f"/applications/{app}/commands", {"name": "hold", "description": "x"})
        where = f"/channels/{(await sandbox.get('/channel', channel='gallery'))['id']}/messages"
        body = {"content": "kept", "components": [row(button(label="Again"))]}
        _, sent = await api("POST", where, data=form(body, RED))
        await sandbox.react(int(sent["id"]), "🔁", "Bea")
        thread = await sandbox.thread("Bea", "Talk", message=int(sent["id"]), auto_archive_duration=60)
        await sandbox.timeout("Studio", "Cem", 7 * 86_400)
        await sandbox.change_person("Dua", locale="de")
        await sandbox.clock(jump=86_400)
        then = await sandbox.clock()
        old_link = sent["attachments"][0]["url"]
    async with started(tmp_path) as (sandbox, api):
        assert await sandbox.clock() >= then
        assert [each["id"] for each in await sandbox.commands()] == [command["id"]]
        [kept] = await sandbox.messages("gallery")
        assert (kept.content, list(kept.reactions)) == ("kept", ["🔁"])
        assert kept.attachments[0].url.partition("?")[0] != old_link.partition("?")[0]  # another port
        assert await sandbox.download(kept.attachments[0]) == RED
        pressed = await sandbox.press(kept, "Again", "Bea", wait=False)
        assert pressed.id > kept.id
        assert (await sandbox.get("/channel", channel="Talk"))["id"] == str(thread)
        people = {each["global_name"]: each for each in (await sandbox.world())["people"]}
        assert people["Dua"]["locale"] == "de"
        with pytest.raises(SandboxError, match="50013"):
            await sandbox.say("gallery", "Cem", "I may not")
        await sandbox.reset()
    async with started(tmp_path) as (sandbox, api):
        assert await sandbox.messages("gallery") == []
    assert list((tmp_path / "files").iterdir()) == []


async def test_what_waited_for_an_answer_has_failed_after_a_restart(tmp_path: Path) -> None:
    async with started(tmp_path) as (sandbox, api):
        await api("POST", f"/applications/{sandbox.info.application_id}/commands", {"name": "a", "description": "x"})
        await api("POST", f"/applications/{sandbox.info.application_id}/commands", {"name": "b", "description": "x"})
        open_one = await sandbox.slash("gallery", "Bea", "a", wait=False)
        deferred = await sandbox.slash("gallery", "Bea", "b", wait=False)
        await api("POST", f"/interactions/{deferred.id}/{deferred.token}/callback", {"type": 5}, token=False)
    async with started(tmp_path) as (sandbox, api):
        assert (await sandbox.interaction(open_one)).failed
        edit = f"/webhooks/{sandbox.info.application_id}/{deferred.token}/messages/@original"
        assert (await api("PATCH", edit, {"content": "done"}, token=False))[0] == 200  # its token still lives
        assert (await sandbox.messages("gallery"))[0].content == "done"


@pytest.mark.parametrize("content", ["{", '{"version": 1}', ""])
async def test_a_damaged_file_is_set_aside(tmp_path: Path, content: str) -> None:
    (tmp_path / "world.json").write_text(content)
    async with started(tmp_path) as (sandbox, _):
        assert (await sandbox.world())["guilds"][0]["name"] == "Studio"
    [aside] = list(tmp_path.glob("*.damaged"))  # noqa: ASYNC240 - a small folder
    assert aside.read_text() == content
    complaint = Store(tmp_path)
    assert complaint.load() is not None
    assert complaint.warning == ""


async def test_a_killed_sandbox_has_kept_what_was_a_moment_ago(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text("not json")
    arguments = ["-m", "deploy.sandbox", "--data", str(tmp_path)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(30):
        printed = dict([(await process.stdout.readline()).decode().split() for _ in range(6)])
        said = (await process.stderr.readline()).decode()
    assert said.startswith(f"The sandbox's world in {tmp_path / 'world.json'} is damaged: it is kept as world.")
    async with SandboxClient.connect(printed["page"]) as client:
        await client.say("gallery", "Bea", "keep me")
    await asyncio.to_thread(wait_for, tmp_path / "world.json", b"keep me")
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with started(tmp_path) as (sandbox, _):
        assert [each.content for each in await sandbox.messages("gallery")] == ["keep me"]


def wait_for(path: Path, content: bytes) -> None:
    """Nothing tells when a file was written."""
    deadline = time.monotonic() + 30
    while not path.exists() or content not in path.read_bytes():
        assert time.monotonic() < deadline, f"{path} never held {content!r}"
        time.sleep(0.05)


async def test_a_folder_that_cannot_be_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    arguments = ["-m", "deploy.sandbox", "--data", str(tmp_path / "taken")]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, said.count(b"\n")) == (1, 1)
    assert said.decode().startswith(f"The sandbox cannot keep its world in {tmp_path / 'taken'}:")
