"""`python -m deploy.local`: what it says when something is wrong, and that it leaves nothing behind."""

import asyncio
import contextlib
import errno
import importlib.util
import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import create_autospec

import psutil
import pytest
import redis
from pydantic import SecretStr
from redis.asyncio import Redis
from yarl import URL

from deploy import folder, invite, local, stack
from deploy.folder import FolderError
from deploy.parts import Part
from deploy.screen import Screen
from deploy.stack import Stack, StackError
from deploy.valkey import EmbeddedValkey
from tests.e2e.local import ROOT, running, until
from worker.contract.store import keys
from worker.contract.types import recipe

WAIT = 120.0
MANGLED = "MTIzNDU2Nzg5.not-a-token"


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "DISCORD_"))}


def say(*arguments: str, folder: Path, **variables: str) -> tuple[int, str]:
    """Run it to its end; returns its exit status and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "--engine", "fake", *arguments],
        cwd=folder, env=clean() | {"PYTHONPATH": str(ROOT)} | variables, capture_output=True, text=True, timeout=WAIT,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def environments(family: list[psutil.Process]) -> dict[str, dict[str, str]]:
    """What each running process was told, by its role, as the kernel tells it."""
    marks = {"valkey-server": "Valkey", "deploy.sandbox": "sandbox", "-m bot": "bot"} | {
        f"-m worker {part}": part for part in ("engine", "slot", "poster")
    }
    told = {}
    for process in family:
        command = " ".join(process.cmdline())
        told[next((role for mark, role in marks.items() if mark in command), "worker")] = process.environ()
    return told


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DISCORD_TOKEN": MANGLED}, "DISCORD_TOKEN is not a bot's token"),
        (
            {"DISCORD_TOKEN": "a" * 24 + ".bbbbbb." + "c" * 30, "EASEL_DISCORD_API": "http://127.0.0.1:9/api/v10"},
            "Discord does not answer at http://127.0.0.1:9/api/v10",
        ),
        ({"EASEL_REDIS_URL": "redis://127.0.0.1:9/0"}, "no Redis at EASEL_REDIS_URL"),
        ({"EASEL_REDIS_URL": "foo"}, "EASEL_REDIS_URL is not usable: it must look like redis://host:6379/0"),
        ({"EASEL_REDIS_URL": "redis://:a/b@127.0.0.1:9/0"}, "must be percent-encoded in user and password"),
        ({"EASEL_CAP_PERSON": "many"}, "Cannot go on: EASEL_CAP_PERSON is not usable"),
        ({"EASEL_SLOTS": "many"}, "Cannot go on: EASEL_SLOTS is not usable: it must be a whole number"),
        ({"EASEL_THREADS": "many"}, "Cannot go on: EASEL_THREADS is not usable: it must be a whole number"),
    ],
)
def test_what_is_wrong_is_one_clear_line(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    status, said = say(folder=tmp_path, **variables)
    assert status == 1
    assert words in said
    assert "Traceback" not in said
    assert MANGLED not in said
    assert said.count(words) == 1


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("EASEL_ENGINE", "banana", 'it must be real or fake; now "banana"'),
        ("EASEL_DISCORD_API", "junk", "it must be a whole address such as https://discord.com/api/v10"),
    ],
)
def test_a_bad_setting_of_ours_starts_nothing(tmp_path: Path, variable: str, value: str, words: str) -> None:
    status, said = say(folder=tmp_path, **{variable: value})
    assert status == 2
    assert f"Cannot start: {variable} is not usable: {words}" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(("arguments", "engine"), [([], "fake"), (["--engine", "real"], "real")])
def test_the_engine_is_a_setting_and_an_argument_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], engine: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EASEL_ENGINE", "fake")
    made = create_autospec(Stack)
    made.return_value.start.side_effect = StackError("enough")
    monkeypatch.setattr(local, "Stack", made)
    assert local.main(arguments) == 1
    assert made.call_args.kwargs["engine"] == engine


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device", "smoke/a.png"), "smoke/a.png: No space left on device"),
        (BlockingIOError(11, "Resource temporarily unavailable"), "Resource temporarily unavailable"),
        (ConnectionError("the sandbox went away"), "the sandbox went away"),
    ],
)
def test_what_the_system_refuses_is_one_line_at_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], error: OSError, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    made = create_autospec(Stack)
    made.return_value.start.side_effect = error
    monkeypatch.setattr(local, "Stack", made)
    assert local.main([]) == 1
    assert capsys.readouterr().out.endswith(f" easel    Cannot go on: {words}\n")
    assert made.return_value.drain.await_count == 1


@pytest.mark.parametrize(("arguments", "status"), [([], 0), (["--smoke"], 1)])
def test_who_stops_a_smoke_test_has_no_pictures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], status: int
) -> None:
    async def starting() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    monkeypatch.chdir(tmp_path)
    made = create_autospec(Stack)
    made.return_value.start.side_effect = starting
    monkeypatch.setattr(local, "Stack", made)
    assert local.main(arguments) == status


def test_a_port_that_we_may_not_have_is_not_called_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    with pytest.raises(StackError, match=r"port 80 cannot be used \(Permission denied\); choose another with --port"):
        stack._choose_port(80)


def test_without_a_place_for_short_lived_files_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    assert local.main([]) == 1
    assert "Cannot go on: " in capsys.readouterr().out


async def test_the_world_of_another_easel_is_left_alone(tmp_path: Path) -> None:
    """A Redis of one's own is no lock: it may serve several."""
    with folder.take(tmp_path / "sandbox"):
        other = Stack(create_autospec(Screen), data=tmp_path, scratch=tmp_path, engine="fake")
        with pytest.raises(FolderError, match="another Easel already uses the folder"):
            await other._start_sandbox({})
    folder.take(tmp_path / "sandbox").close()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "sandbox").write_text("a file")
    with pytest.raises(FolderError, match="sandbox cannot be used: "):
        folder.take(tmp_path / "sandbox")
    (tmp_path / "valkey" / "lock").mkdir(parents=True)
    with pytest.raises(FolderError, match="valkey cannot be used: Is a directory"):
        folder.take(tmp_path / "valkey")


def test_the_first_line_says_what_starts(tmp_path: Path) -> None:
    _, said = say("--port", "1", folder=tmp_path, EASEL_CAP_PERSON="many", EASEL_REDIS_URL="redis://127.0.0.1:9/0")
    assert said.splitlines()[0].endswith("Starting the sandbox, the bot and a worker …")


def test_an_interrupt_among_the_imports_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "aiohttp.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    assert say(folder=tmp_path) == (-signal.SIGINT, "")


@pytest.mark.parametrize("hurried", [True, False])
async def test_only_our_own_impatience_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, hurried: bool
) -> None:
    monkeypatch.setattr("deploy.parts._HURRY", 0.01)
    (tmp_path / "deaf.py").write_text(
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('here', flush=True)\nsignal.pause()\n"
    )
    out = io.StringIO()
    part = Part("deaf", "deaf", [], os.environ | {"PYTHONPATH": str(tmp_path)}, Screen(out), mark="here")
    await part.start()
    await part.ready()
    hurry = asyncio.Event()
    if hurried:
        hurry.set()
    await part.stop(0.01, hurry)
    assert ("has not ended yet" in out.getvalue()) is not hurried


async def test_a_part_that_cannot_start_again_now_is_started_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("deploy.parts.RESTART_FIRST", 0.01)
    (tmp_path / "brief.py").write_text("print('here', flush=True)\n")
    out, again = io.StringIO(), asyncio.Event()
    part = Part("brief", "brief", [], os.environ | {"PYTHONPATH": str(tmp_path)}, Screen(out))
    await part.start()
    command, part._command = part._command, (str(tmp_path / "nothing"),)

    def mend(self: Screen, text: str) -> None:
        say_as_ever(self, text)
        if "cannot start" in text:
            part._command = command

    say_as_ever = Screen.say
    monkeypatch.setattr(Screen, "say", mend)
    part.keep(again.set)
    await asyncio.wait_for(again.wait(), 20)
    await part.stop(5, asyncio.Event())
    assert "brief cannot start: No such file or directory" in out.getvalue()


async def test_a_store_that_dies_while_everything_starts_is_one_line(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.local", "--engine", "fake", "--data", str(tmp_path / "data"),
        cwd=tmp_path, env=clean() | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip

    def below(words: str) -> list[psutil.Process]:
        found = []
        for each in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):  # it may just be ending
                found += [each] if words in " ".join(each.cmdline()) else []
        return found

    try:
        await until(lambda: bool(below("-m bot")), "a bot that starts")
        below("valkey-server")[0].kill()
        said, _ = await asyncio.wait_for(process.communicate(), WAIT)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert process.returncode == 1
    words = said.decode()
    assert "Cannot go on: the embedded Valkey ended while Easel was starting" in words
    assert "valkey.log" in words
    assert "Traceback" not in words


@pytest.mark.parametrize("embedded", [True, False])
async def test_a_redis_that_went_away_meanwhile_is_named(tmp_path: Path, embedded: bool) -> None:
    url = SecretStr("redis://127.0.0.1:9/0")
    made = Stack(create_autospec(Screen), data=tmp_path, scratch=tmp_path, engine="fake", redis_url=url)
    made._valkey = EmbeddedValkey(tmp_path) if embedded else None
    words = "the embedded Valkey ended" if embedded else "the Redis at EASEL_REDIS_URL went away"
    with pytest.raises(StackError, match=words):
        await made._drawing(0)


async def test_what_other_workers_told_may_be_damaged(tmp_path: Path, valkey_url: str, redis_async: Redis) -> None:
    made = Stack(
        create_autospec(Screen), data=tmp_path, scratch=tmp_path, engine="fake", redis_url=SecretStr(valkey_url)
    )
    await redis_async.hset(keys.WORKERS, mapping={"cut": "{", "a list": "[]", "old": '{"seen": 4}'})
    assert not await made._has_heartbeat(5)
    await redis_async.hset(keys.WORKERS, "ours", '{"seen": 5}')
    assert await made._has_heartbeat(5)


def test_smoke_ends_well_with_all_pictures_only(tmp_path: Path) -> None:
    status, said = say("--smoke", folder=tmp_path)
    assert status == 0, said
    assert "command → pictures" in said
    pictures = list((tmp_path / "smoke").iterdir())
    assert len(pictures) == 4
    assert all(recipe.read(each.read_bytes()) for each in pictures)


def test_smoke_says_why_there_are_no_pictures(tmp_path: Path) -> None:
    status, said = say("--smoke", folder=tmp_path, EASEL_BUDGET_STEP="0.01", EASEL_FAKE_STEP_MS="3000")
    assert status == 1
    assert "0 pictures came; The steps took longer than 0.01 s." in said.splitlines()[-1]


def test_a_folder_belongs_to_one_easel_and_nothing_outlives_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = {"EASEL_REDIS_URL": "", "AWS_SECRET_ACCESS_KEY": "not-for-us", "EASEL_STRANGE": "not-for-us"}
    with running(tmp_path / "first", settings=settings, arguments=("--data", str(data))) as local:
        status, said = say("--data", str(data), folder=tmp_path)
        assert status == 1
        assert "another Easel already uses the folder" in said
        status, said = say("--port", str(local.port), "--data", str(tmp_path / "other"), folder=tmp_path)
        assert status == 1
        assert f"port {local.port} is taken" in said
        assert not [path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]
        told = environments(family := local.family())
        url, token = "EASEL_REDIS_URL", "DISCORD_TOKEN"
        assert all("not-for-us" not in each.values() for each in told.values())
        assert {role: {url, token} & each.keys() for role, each in told.items()} == {
            "Valkey": set(), "sandbox": set(), "bot": {url, token}, "worker": {url, token},
            "engine": set(), "slot": {url}, "poster": {url, token},
        }  # fmt: skip
        known = URL(told["bot"][url])
        with redis.Redis(port=known.port or 0) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert known.password
        assert known.password not in local.log() + str([each.cmdline() for each in family])
        assert len(family) >= 7  # Valkey, sandbox, bot, supervisor, engine, slots, poster
        assert local.stop() == 0
        assert "Stopped" in local.log().splitlines()[-1]
        assert not [each for each in family if each.is_running()]


async def test_parts_die_with_a_killed_parent(tmp_path: Path) -> None:
    with running(tmp_path) as local:
        family = local.family()
        local.strike()
        await until(lambda: not any(_lives(each) for each in family), "the parts to die")


def test_nobody_is_told_a_secret() -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.hide("hush")
    screen.line("bot", "2026-01-01 10:00:00,123 INFO it says hush\x1b[31m")
    assert re.fullmatch(r"\d\d:\d\d:\d\d bot      INFO it says \(hidden\)\[31m\n", out.getvalue())


@pytest.mark.parametrize("token", ["", "abc", "Bot a.b.c", MANGLED, "a" * 24 + ".bbbbbb." + "c" * 30 + "\n"])
def test_a_mangled_token_is_found_before_anything_starts(token: str) -> None:
    with pytest.raises(invite.TokenError, match="DISCORD_TOKEN"):
        invite.check_form(token)


def test_the_invitation_asks_for_what_is_needed_and_no_more() -> None:
    address = invite.Application(42, "Easel").invitation
    assert "client_id=42" in address
    assert "scope=bot+applications.commands" in address
    assert "permissions=274878024768" in address


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(StackError, match=r"missing: torch\. `make venv`"):
        Stack(Screen(), data=tmp_path, scratch=tmp_path, engine="real")._check_packages()


def test_without_a_wish_any_port_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(stack, "PORT", taken.getsockname()[1])
        assert stack._choose_port(None) != taken.getsockname()[1]


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_dotenv_that_others_can_read_is_told_once(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("EASEL_REDIS_URL=redis://:hush@127.0.0.1:9/0\n")
    env.chmod(0o644)
    _, said = say(folder=tmp_path)
    assert said.count("chmod 600 .env") == 1
    assert "hush" not in said
