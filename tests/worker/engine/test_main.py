"""The command line and what an operator reads when something is wrong."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.worker.engine import tiny
from tests.worker.engine.engines import asked, running
from worker.engine.main import main
from worker.engine.protocol import RenderRefusal
from worker.engine.settings import EngineSettings


def test_help_names_the_variables(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "EASEL_ENGINE_SOCKET" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("EASEL_THREADS", "many", 'it must be a whole number from 0 to 1024; now "many"'),
        ("EASEL_DTYPE", "half", 'it must be auto, float32, float16 or bfloat16; now "half"'),
        ("EASEL_DEVICE", "tpu", "it must be auto, cpu"),
    ],
)
async def test_a_bad_setting_is_named(folder: Path, name: str, value: str, words: str):
    async with running(folder, "--fake", wait=False, **{name: value}) as engine:
        assert await engine.ended() == 2
    assert f"easel: {name} is not usable: {words}" in engine.log
    assert "Traceback" not in engine.log


async def test_a_socket_path_too_long_is_told(folder: Path):
    (deep := folder / ("x" * 90)).mkdir()
    async with running(deep, "--fake", wait=False) as engine:
        assert await engine.ended() == 2
    assert "Unix sockets take at most 100" in engine.log


async def test_without_a_catalogue_the_engine_is_up_and_says_why_it_is_sick(folder: Path):
    async with running(folder, "--models", str(folder / "absent.toml"), wait=False) as engine:
        health = await engine.client.until(lambda health: health.state == "sick")
        assert (health.models, health.places) == ((), 0)
        assert "absent.toml cannot be read: No such file" in health.problems[0]
        async with engine.client.post(asked()) as answer:
            assert answer.status == 503
            refusal = RenderRefusal.model_validate_json(await answer.read())
        assert refusal.reason == "sick"
        assert "absent.toml" in refusal.detail
        engine.process.send_signal(signal.SIGTERM)
        assert await engine.ended() == 0


@pytest.mark.engine
async def test_a_real_engine_from_start_to_end(tmp_path: Path, folder: Path):
    build = "import sys, pathlib; from tests.worker.engine import tiny; tiny.build(pathlib.Path(sys.argv[1]))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-c", build, str(tmp_path), stderr=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0
    listed = tiny.catalogue(tmp_path, tmp_path / "model")
    # One place: how many there are otherwise depends on what this machine's rows cost.
    env: dict[str, Any] = {"EASEL_DEVICE": "cpu", "EASEL_THREADS": "1", "EASEL_ENGINE_WAITING": "0"}
    async with running(folder, "--models", str(listed), **env) as engine:
        request = asked("a secret", model="m0", count=2)
        assert (await engine.client.render(request))[-1].header.kind == "done"
        answer = await engine.client.post(request.model_copy(update={"steps": 150}))
        assert answer.status == 200
        answer.close()
        await engine.client.until(lambda health: health.places == 1)
        assert (await engine.client.render(request))[-1].header.kind == "done"
        health = await engine.client.health()
        assert (health.device, health.dtype) == ("cpu", "float32")
        engine.process.send_signal(signal.SIGTERM)
        assert await engine.ended() == 0
    assert "cancelled" in engine.log
    assert "secret" not in engine.log


def test_settings_come_from_the_environment_and_env_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("EASEL_")]:
        monkeypatch.delenv(name)
    (tmp_path / ".env").write_text("EASEL_ENGINE=fake\nEASEL_THREADS=3\nDISCORD_TOKEN=x\n")
    monkeypatch.setenv("EASEL_THREADS", "5")
    settings = EngineSettings()
    assert (settings.engine, settings.threads) == ("fake", 5)
    assert settings.budget("steps") == settings.budget_step
