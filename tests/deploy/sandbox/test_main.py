"""The sandbox as a command."""

import asyncio
import json
import signal
import sys
from pathlib import Path

from deploy.sandbox.client import SandboxClient


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
