"""The sandbox as a command."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from deploy.sandbox.__main__ import main, read_arguments
from deploy.sandbox.client import SandboxClient


@pytest.mark.parametrize("odd", ["--port=65536", "--port=-1", "--port=²", "--port=" + "9" * 5000, "--shards=0"])
def test_a_number_that_cannot_be_is_said(capsys: pytest.CaptureFixture[str], odd: str) -> None:
    with pytest.raises(SystemExit):
        read_arguments([odd])
    assert "it is a number from" in capsys.readouterr().err


def test_what_cannot_be_written_is_not_taken_for_the_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sandbox", "--info", str(tmp_path)])
    assert main() == 1
    assert capsys.readouterr().err == f"The sandbox cannot write {tmp_path}: Is a directory.\n"


async def test_it_runs_and_stops(tmp_path: Path) -> None:
    told = tmp_path / "info.json"
    command = [sys.executable, "-m", "deploy.sandbox", "--chaos", "7", "--shards", "3", "--token", "abc"]
    process = await asyncio.create_subprocess_exec(*command, "--info", str(told), stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    shown = dict([(await process.stdout.readline()).decode().split(maxsplit=1) for _ in range(6)])
    info = json.loads(told.read_text())
    assert {name: value.strip() for name, value in shown.items()} == info
    assert info["token"] == "abc"
    async with SandboxClient.connect(info["page"]) as sandbox:
        assert (await sandbox.chaos_so_far())["seed"] == "7"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0
